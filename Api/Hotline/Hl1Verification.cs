using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Infrastructure.Hotline;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Hotline;

/// <summary>What a route asks of the partner that calls it.</summary>
public sealed record NeedsScope(PartnerScope Scope);

/// <summary>Answers partners of the sandbox without looking at the signature: it tells them what is wrong with it.</summary>
public sealed record ForDebugging;

/// <summary>What a caller has written into the HL1 headers; absent ones are empty.</summary>
internal sealed record Hl1Headers(string AppId, string Timestamp, string Nonce, string Signature, string Algorithm)
{
    public static Hl1Headers Of(HttpRequest request)
    {
        string Read(string name) => request.Headers[name].ToString();
        return new(Read(Hl1.AppIdHeader), Read(Hl1.TimestampHeader), Read(Hl1.NonceHeader), Read(Hl1.SignatureHeader), Read(Hl1.AlgorithmHeader) is { Length: > 0 } named ? named : Hl1.Sha256);
    }
}

/// <summary>
/// Whether a partner's call is let in. Looked at in one order, each step with a code of its own: TLS, network, app, clock, size, signature, nonce,
/// scope, rate. So a caller who hears one knows that all before it were right. The nonce is kept only once the signature is good: nobody else
/// can use one up.
/// </summary>
public sealed class Hl1Verification(PartnerRepository partners, NonceStore nonces, PartnerLimits limits, IOptions<HotlineOptions> options, IHostEnvironment environment, TimeProvider time)
{
    public async Task<Outcome<HotlinePartner>> VerifyAsync(HttpContext http)
    {
        if ((options.Value.RequireTls ?? environment.IsProduction()) && !http.Request.IsHttps) return PartnerRefusals.TlsRequired;
        var headers = Hl1Headers.Of(http.Request);
        var partner = headers.AppId.Length is > 0 and <= 96 ? await partners.FindAsync(headers.AppId, http.RequestAborted) : null;
        if (partner is not null && !partner.Allows(http.Connection.RemoteIpAddress)) return PartnerRefusals.IpNotAllowed;
        if (partner is not { Active: true }) return PartnerRefusals.UnknownApp;
        var endpoint = http.GetEndpoint();
        var debugging = endpoint?.Metadata.GetMetadata<ForDebugging>() is not null;
        if (debugging && !partner.Sandbox) return PartnerRefusals.SandboxOnly;
        if (!debugging && WhyNotNow(partner, headers) is { } clock) return clock;
        if (await ReadBodyAsync(http) is not { } body) return HttpRefusals.BodyTooLarge;
        if (!debugging && await WhyNotSignedAsync(http, partner, headers, body) is { } unsigned) return unsigned;
        if (endpoint?.Metadata.GetMetadata<NeedsScope>() is { } needs && !partner.May(needs.Scope)) return CommonRefusals.Forbidden;
        if (!limits.TryTake(partner)) return HttpRefusals.RateLimited;
        return IsUtf8(http.Request, body) ? partner : PartnerRefusals.CharsetUnsupported;
    }

    /// <summary>Everything but the nonce store, for <c>debug/signature</c>.</summary>
    internal Refusal? Judge(HttpContext http, HotlinePartner partner, byte[] body)
    {
        var headers = Hl1Headers.Of(http.Request);
        return WhyNotNow(partner, headers) ?? WhyNotGood(http, partner, headers, body);
    }

    internal static string StringToSign(HttpContext http, string bodyHash)
    {
        var headers = Hl1Headers.Of(http.Request);
        return Hl1.StringToSign(headers.Algorithm, headers.AppId, headers.Timestamp, headers.Nonce, http.Request.Method, Target(http), bodyHash);
    }

    /// <summary>The request's body, read before.</summary>
    internal static byte[] BodyOf(HttpContext http) => http.Items[typeof(Hl1Verification)] as byte[] ?? [];

    private Refusal? WhyNotNow(HotlinePartner partner, Hl1Headers headers)
    {
        var now = time.GetUtcNow();
        var refusal = PartnerRefusals.TimestampOutOfRange with { Members = new Dictionary<string, string> { ["serverTime"] = now.InChina().ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture) } };
        if (headers.Timestamp.Length > 13 || !long.TryParse(headers.Timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var stamp)) return refusal;
        var seconds = headers.Timestamp.Length == 13 ? stamp / 1000 : stamp;
        return Math.Abs(now.ToUnixTimeSeconds() - seconds) > partner.WindowSeconds ? refusal : null;
    }

    private async Task<Refusal?> WhyNotSignedAsync(HttpContext http, HotlinePartner partner, Hl1Headers headers, byte[] body)
    {
        if (WhyNotGood(http, partner, headers, body) is { } refusal) return refusal;
        var kept = TimeSpan.FromSeconds(2 * partner.WindowSeconds);
        return await nonces.TryUseAsync(partner.AppId, headers.Nonce, kept, http.RequestAborted) ? null : PartnerRefusals.Replayed;
    }

    private Refusal? WhyNotGood(HttpContext http, HotlinePartner partner, Hl1Headers headers, byte[] body)
    {
        if (!Hl1.IsKnown(headers.Algorithm)) return PartnerRefusals.AlgorithmUnknown;
        if (!Hl1.IsNonce(headers.Nonce)) return PartnerRefusals.NonceInvalid;
        var text = Hl1.StringToSign(headers.Algorithm, headers.AppId, headers.Timestamp, headers.Nonce, http.Request.Method, Target(http), Hl1.BodyHash(headers.Algorithm, body));
        var given = Encoding.UTF8.GetBytes(headers.Signature);
        var good = false;
        // Both are always worked out: how long it takes says nothing of which one was used.
        foreach (var secret in partner.Secrets.GoodAt(time.GetUtcNow()))
            good |= CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hl1.Sign(headers.Algorithm, secret, text)), given);
        return good ? null : PartnerRefusals.BadSignature;
    }

    /// <summary>Path and query as they came over the wire, undecoded.</summary>
    private static string Target(HttpContext http) =>
        http.Features.Get<IHttpRequestFeature>()?.RawTarget is { Length: > 0 } raw ? raw : $"{http.Request.Path}{http.Request.QueryString}";

    /// <summary>The body as sent, kept for the handlers as well. Null when it is larger than the route takes.</summary>
    private static async Task<byte[]?> ReadBodyAsync(HttpContext http)
    {
        var limit = BodyReading.LimitOf(http);
        if (http.Request.ContentLength > limit) return null;
        // The server's own limit is for everybody else's bodies, which are small.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server) server.MaxRequestBodySize = limit + 1L;
        using var body = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            int read;
            while ((read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0)
            {
                if (body.Length + read > limit) return null;
                body.Write(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        var bytes = body.ToArray();
        http.Request.Body = new MemoryStream(bytes);
        http.Items[typeof(Hl1Verification)] = bytes;
        return bytes;
    }

    private static bool IsUtf8(HttpRequest request, byte[] body) =>
        (request.GetTypedHeaders().ContentType?.Charset.Value is not { Length: > 0 } charset || charset.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        && System.Text.Unicode.Utf8.IsValid(body);
}
