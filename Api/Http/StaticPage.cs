using System.Security.Cryptography;
using System.Text;

namespace MicroPlatform.Api.Http;

/// <summary>A text that is served as it is: part of this program, held in memory, asked for again by its hash.</summary>
/// <param name="policy">Content-Security-Policy of a page; null for what a page loads.</param>
internal sealed class StaticPage(string type, string text, string? policy = null)
{
    private readonly byte[] _bytes = Encoding.UTF8.GetBytes(text);
    private readonly string _etag = $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 12))}\"";

    /// <param name="folder">First part of the resource's name.</param>
    /// <param name="fill">Puts this installation's settings in.</param>
    public static StaticPage Of(string folder, string file, string type, string? policy = null, Func<string, string>? fill = null)
    {
        using var stream = typeof(StaticPage).Assembly.GetManifestResourceStream($"{folder}/{file}") ?? throw new InvalidOperationException($"{file} is not embedded.");
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        return new StaticPage(type, fill is null ? text : fill(text), policy);
    }

    public Task WriteAsync(HttpContext http)
    {
        var response = http.Response;
        response.Headers.ETag = _etag;
        response.Headers.CacheControl = "no-cache";
        if (policy is not null) response.Headers.ContentSecurityPolicy = policy;
        if (http.Request.Headers.IfNoneMatch == _etag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        response.ContentType = $"{type}; charset=utf-8";
        return response.Body.WriteAsync(_bytes, http.RequestAborted).AsTask();
    }
}
