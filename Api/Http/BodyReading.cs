using System.Security.Cryptography;

namespace MicroPlatform.Api.Http;

/// <summary>Marks a route whose bodies may be larger than <see cref="BodyReading.MaxJson"/>.</summary>
public sealed record BodyLimit(int Bytes);

/// <summary>
/// Reads a body whole before anything else does: its size is known before it is parsed, and the Idempotency-Key can be tied to its hash.
/// </summary>
public static class BodyReading
{
    /// <summary>Bytes. A message of 5,000 characters is at most 15,000 bytes, or 30,000 escaped.</summary>
    public const int MaxJson = 128 * 1024;

    /// <summary>What the route of a request takes.</summary>
    public static int LimitOf(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<BodyLimit>()?.Bytes ?? MaxJson;

    private static readonly object HashKey = new();

    public static void UseBodyReading(this WebApplication app) => app.Use(async (http, next) =>
    {
        var request = http.Request;
        var multipart = request.HasFormContentType;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || multipart || http.GetEndpoint()?.Metadata.GetMetadata<StreamedBody>() is not null)
        {
            await next(http);
            return;
        }
        var limit = LimitOf(http);
        if (request.ContentLength > limit)
        {
            await Problems.WriteAsync(http, HttpRefusals.BodyTooLarge);
            return;
        }
        using var body = new MemoryStream((int)(request.ContentLength ?? 0));
        var buffer = new byte[8192];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, http.RequestAborted)) > 0)
        {
            if (body.Length + read > limit)
            {
                await Problems.WriteAsync(http, HttpRefusals.BodyTooLarge);
                return;
            }
            body.Write(buffer, 0, read);
        }
        http.Items[HashKey] = Convert.ToHexStringLower(SHA256.HashData(body.GetBuffer().AsSpan(0, (int)body.Length)));
        body.Position = 0;
        request.Body = body;
        await next(http);
    });

    /// <summary>SHA-256 of the body, hex.</summary>
    public static string BodyHash(this HttpContext http) => http.Items[HashKey] as string ?? "";

    /// <summary>Said by whoever has read a streamed body: what makes two of them the same request.</summary>
    public static void SetBodyHash(this HttpContext http, string hash) => http.Items[HashKey] = hash;
}
