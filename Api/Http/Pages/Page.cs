using System.Security.Cryptography;
using System.Text;

namespace MicroPlatform.Api.Http.Pages;

/// <summary>A text that is served as it is, with an ETag of its content.</summary>
/// <param name="policy">Content-Security-Policy (CSP level 3) of a page; null for what is no page.</param>
internal sealed class Page(string type, string text, string? policy = null)
{
    private readonly byte[] _bytes = Encoding.UTF8.GetBytes(text);
    private readonly string _etag = $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 12))}\"";

    /// <param name="resource">Embedded in this program; its ending says what it is.</param>
    /// <param name="fill">Puts in what only the running program knows.</param>
    public static Page Of(string resource, string? policy = null, Func<string, string>? fill = null)
    {
        var text = Text(resource);
        return new Page(TypeOf(resource), fill is null ? text : fill(text), policy);
    }

    /// <summary>What is embedded, for pages to be filled with.</summary>
    public static string Text(string resource)
    {
        using var stream = typeof(Page).Assembly.GetManifestResourceStream(resource) ?? throw new InvalidOperationException($"{resource} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
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

    private static string TypeOf(string resource) => Path.GetExtension(resource) switch
    {
        ".html" => "text/html",
        ".css" => "text/css",
        ".js" => "text/javascript",
        ".txt" => "text/plain",
        var other => throw new InvalidOperationException($"No content type is known for {other}."),
    };
}
