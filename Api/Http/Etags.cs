using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MicroPlatform.Api.Http;

/// <summary>Conditional reads (RFC 9110 §13): polling costs a header when nothing has changed.</summary>
public static class Etags
{
    /// <summary>The value with its ETag, or 304 when the caller has it already.</summary>
    public static IResult Conditional<T>(HttpContext http, string version, T value)
    {
        var etag = $"\"{version}\"";
        http.Response.Headers.ETag = etag;
        http.Response.Headers.CacheControl = "private, no-cache";
        return Matches(http, etag) ? Results.StatusCode(StatusCodes.Status304NotModified) : Results.Json(value, WireJson.Options);
    }

    /// <summary>The same for what is public, with an ETag of its content: intermediaries may keep it for <paramref name="fresh"/>.</summary>
    public static IResult Public<T>(HttpContext http, T value, TimeSpan fresh)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, WireJson.Options);
        var etag = $"\"{Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 12))}\"";
        http.Response.Headers.ETag = etag;
        http.Response.Headers.CacheControl = $"public, max-age={(int)fresh.TotalSeconds}";
        return Matches(http, etag) ? Results.StatusCode(StatusCodes.Status304NotModified) : Results.Bytes(json, "application/json; charset=utf-8");
    }

    /// <summary>The same for a text that is not JSON and not public, with an ETag of its content.</summary>
    public static IResult Text(HttpContext http, string text, string contentType)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var etag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 12))}\"";
        http.Response.Headers.ETag = etag;
        http.Response.Headers.CacheControl = "private, no-cache";
        return Matches(http, etag) ? Results.StatusCode(StatusCodes.Status304NotModified) : Results.Bytes(bytes, contentType);
    }

    private static bool Matches(HttpContext http, string etag) =>
        http.Request.Headers.IfNoneMatch.Any(v => v is not null && v.Split(',', StringSplitOptions.TrimEntries).Any(t => t == etag || t == $"W/{etag}"));
}
