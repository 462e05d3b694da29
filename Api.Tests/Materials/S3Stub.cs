using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MicroPlatform.Api.Tests.Materials;

/// <summary>
/// Speaks as much S3 as the store asks for, and looks at every signature (AWS Signature Version 4) as a real one would: headers, query and payload. Can be away or full.
/// </summary>
internal sealed class S3Stub : IAsyncDisposable
{
    public const string AccessKey = "test-access";
    public const string SecretKey = "test-secret-4f2a";
    public const string Bucket = "materials";

    private readonly ConcurrentDictionary<string, (byte[] Bytes, DateTimeOffset At)> _objects = new(StringComparer.Ordinal);
    private readonly WebApplication _app;

    private S3Stub(WebApplication app) => _app = app;

    /// <summary>503 to everything.</summary>
    public bool IsAway { get; set; }

    /// <summary>507 to every PUT.</summary>
    public bool IsFull { get; set; }

    public string Endpoint => _app.Urls.First();

    /// <summary>What objects say of when they were written.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    public ICollection<string> Keys => _objects.Keys;

    public byte[] this[string key] => _objects[key].Bytes;

    public void Corrupt(string key) => _objects[key].Bytes[100] ^= 1;

    public void Remove(string key) => _objects.TryRemove(key, out _);

    public string[] Settings => [$"Materials:Store=s3", $"Materials:S3:Endpoint={Endpoint}", $"Materials:S3:Bucket={Bucket}", $"Materials:S3:AccessKey={AccessKey}", $"Materials:S3:SecretKey={SecretKey}", "Materials:S3:Prefix=m/"];

    public static async Task<S3Stub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(k => k.Limits.MaxRequestBodySize = null);
        var app = builder.Build();
        var stub = new S3Stub(app);
        app.Run(stub.AnswerAsync);
        await app.StartAsync();
        return stub;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        if (IsAway)
        {
            await FailAsync(http, 503, "ServiceUnavailable");
            return;
        }
        if (!IsSigned(http.Request, body.ToArray()))
        {
            await FailAsync(http, 403, "SignatureDoesNotMatch");
            return;
        }
        var path = http.Request.Path.Value!;
        if (!path.StartsWith($"/{Bucket}", StringComparison.Ordinal)) await FailAsync(http, 404, "NoSuchBucket");
        else if (path.Trim('/') == Bucket) await ListAsync(http);
        else await ObjectAsync(http, path[(Bucket.Length + 2)..], body.ToArray());
    }

    private async Task ObjectAsync(HttpContext http, string key, byte[] body)
    {
        switch (http.Request.Method)
        {
            case "PUT" when IsFull:
                await FailAsync(http, 507, "XMinioStorageFull");
                break;
            case "PUT":
                _objects[key] = (body, Time.GetUtcNow());
                http.Response.Headers.ETag = $"\"{Convert.ToHexStringLower(MD5Of(body))}\"";
                break;
            case "DELETE":
                _objects.TryRemove(key, out _);
                http.Response.StatusCode = 204;
                break;
            case "GET" when _objects.TryGetValue(key, out var found):
                var from = http.Request.Headers.Range.ToString() is { Length: > 0 } range ? int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture) : 0;
                if (from > 0) (http.Response.StatusCode, http.Response.Headers.ContentRange) = (206, $"bytes {from}-{found.Bytes.Length - 1}/{found.Bytes.Length}");
                http.Response.ContentLength = found.Bytes.Length - from;
                await http.Response.Body.WriteAsync(found.Bytes.AsMemory(from));
                break;
            default:
                await FailAsync(http, 404, "NoSuchKey");
                break;
        }
    }

    private async Task ListAsync(HttpContext http)
    {
        const int PageSize = 3; // so that there is more than one page
        var prefix = http.Request.Query["prefix"].ToString();
        var after = http.Request.Query["continuation-token"].ToString();
        var keys = _objects.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(k, after) > 0).Order(StringComparer.Ordinal).Take(PageSize + 1).ToList();
        var xml = new StringBuilder($"<?xml version=\"1.0\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><IsTruncated>{(keys.Count > PageSize ? "true" : "false")}</IsTruncated>");
        if (keys.Count > PageSize) xml.Append(CultureInfo.InvariantCulture, $"<NextContinuationToken>{keys[PageSize - 1]}</NextContinuationToken>");
        foreach (var key in keys.Take(PageSize))
            if (_objects.TryGetValue(key, out var o))
                xml.Append(CultureInfo.InvariantCulture, $"<Contents><Key>{key}</Key><Size>{o.Bytes.Length}</Size><LastModified>{o.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}</LastModified></Contents>");
        http.Response.ContentType = "application/xml";
        await http.Response.WriteAsync(xml.Append("</ListBucketResult>").ToString());
    }

    /// <summary>By the description of AWS, "Authenticating Requests (AWS Signature Version 4)".</summary>
    private static bool IsSigned(HttpRequest request, byte[] body)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (!authorization.StartsWith("AWS4-HMAC-SHA256 ", StringComparison.Ordinal)) return false;
        var parts = authorization["AWS4-HMAC-SHA256 ".Length..].Split(", ").Select(p => p.Split('=', 2)).ToDictionary(p => p[0].Trim(), p => p[1]);
        var scope = parts["Credential"].Split('/');
        if (scope[0] != AccessKey) return false;
        var declared = request.Headers["x-amz-content-sha256"].ToString();
        if (declared != Convert.ToHexStringLower(SHA256.HashData(body))) return false;
        var signed = parts["SignedHeaders"].Split(';');
        var headers = string.Concat(signed.Select(h => $"{h}:{request.Headers[h].ToString().Trim()}\n"));
        var query = string.Join('&', request.Query.OrderBy(q => q.Key, StringComparer.Ordinal).Select(q => $"{Uri.EscapeDataString(q.Key)}={Uri.EscapeDataString(q.Value.ToString())}"));
        var canonical = $"{request.Method}\n{request.Path.Value}\n{query}\n{headers}\n{parts["SignedHeaders"]}\n{declared}";
        var toSign = $"AWS4-HMAC-SHA256\n{request.Headers["x-amz-date"]}\n{string.Join('/', scope[1..])}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = scope[1..].Aggregate(Encoding.UTF8.GetBytes("AWS4" + SecretKey), (k, part) => HMACSHA256.HashData(k, Encoding.UTF8.GetBytes(part)));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign))) == parts["Signature"];
    }

    private static byte[] MD5Of(byte[] body)
    {
#pragma warning disable CA5351 // What S3 calls an ETag.
        return MD5.HashData(body);
#pragma warning restore CA5351
    }

    private static Task FailAsync(HttpContext http, int status, string code)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/xml";
        return http.Response.WriteAsync($"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{code}</Message></Error>");
    }
}
