// A client of the partner interface in one file, for .NET 6 or later: copy it and change what you like.
// Signature HL1-HMAC-SHA256 (docs/hotline.md): new nonce and time for every try, also when the same call is tried again.
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace MicroPlatform.HotlineSample;

public sealed class HotlineClient(HttpClient http, string appId, string secret, Func<DateTimeOffset>? clock = null)
{
    public const string Algorithm = "HL1-HMAC-SHA256";

    /// <param name="target">Path and query from the host on, encoded as it is to be sent: <c>/partner/v1/tickets?pageSize=50</c>.</param>
    public async Task<(int Status, string Body)> SendAsync(HttpMethod method, string target, string? json = null, CancellationToken cancel = default)
    {
        using var request = new HttpRequestMessage(method, target);
        var body = json is null ? [] : Encoding.UTF8.GetBytes(json);
        if (json is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        }
        Sign(request, target, body);
        using var response = await http.SendAsync(request, cancel);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancel));
    }

    /// <summary>Puts the four headers on a request.</summary>
    public void Sign(HttpRequestMessage request, string target, byte[] body)
    {
        var timestamp = (clock?.Invoke() ?? TimeProvider.System.GetUtcNow()).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var nonce = Convert.ToHexString(RandomNumberGenerator.GetBytes(16)).ToLowerInvariant();
        request.Headers.TryAddWithoutValidation("X-Hl-App-Id", appId);
        request.Headers.TryAddWithoutValidation("X-Hl-Timestamp", timestamp);
        request.Headers.TryAddWithoutValidation("X-Hl-Nonce", nonce);
        request.Headers.TryAddWithoutValidation("X-Hl-Signature", Signature(secret, StringToSign(appId, timestamp, nonce, request.Method.Method, target, body)));
    }

    public static string StringToSign(string appId, string timestamp, string nonce, string method, string target, byte[] body)
    {
        var parts = target.Split('?', 2);
        var query = parts.Length < 2 || parts[1].Length == 0 ? "" : string.Join('&', parts[1].Split('&')
            .OrderBy(pair => pair.Split('=', 2)[0], StringComparer.Ordinal).ThenBy(pair => pair.Contains('=') ? pair.Split('=', 2)[1] : "", StringComparer.Ordinal));
        return string.Join('\n', Algorithm, appId, timestamp, nonce, method, parts[0], query, Hex(SHA256.HashData(body)));
    }

    public static string Signature(string secret, string text) => Hex(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes).ToLowerInvariant();
}

/// <summary>Whether a push came from the platform: Standard Webhooks, https://www.standardwebhooks.com. Give the body as it arrived, byte for byte.</summary>
public static class HotlineWebhook
{
    /// <param name="signatures">The header <c>webhook-signature</c>: one or, while a secret changes over, several, with blanks between.</param>
    public static bool IsGenuine(string secret, string id, string timestamp, string signatures, byte[] body, DateTimeOffset now)
    {
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var sent) || Math.Abs(now.ToUnixTimeSeconds() - sent) > 300) return false;
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        var expected = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{id}.{timestamp}.").Concat(body).ToArray());
        return signatures.Split(' ').Any(s => s.StartsWith("v1,", StringComparison.Ordinal)
            && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(s[3..]), Encoding.ASCII.GetBytes(Convert.ToBase64String(expected))));
    }
}
