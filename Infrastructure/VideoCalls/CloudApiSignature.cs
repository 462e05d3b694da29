using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>Signature of Tencent's cloud API (TC3-HMAC-SHA256) over a POST of JSON to <c>/</c>, content type and host signed.</summary>
internal static class CloudApiSignature
{
    public const string ContentType = "application/json; charset=utf-8";

    /// <param name="service">First part of the product's host name: <c>trtc</c>.</param>
    /// <returns>The <c>Authorization</c> header.</returns>
    public static string Authorize(string secretId, string secretKey, string service, string host, byte[] body, DateTimeOffset now)
    {
        var day = now.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var canonical = $"POST\n/\n\ncontent-type:{ContentType}\nhost:{host}\n\ncontent-type;host\n{Hex(body)}";
        var scope = $"{day}/{service}/tc3_request";
        var toSign = $"TC3-HMAC-SHA256\n{now.ToUnixTimeSeconds()}\n{scope}\n{Hex(Encoding.UTF8.GetBytes(canonical))}";
        var key = Sign(Sign(Sign(Encoding.UTF8.GetBytes("TC3" + secretKey), day), service), "tc3_request");
        return $"TC3-HMAC-SHA256 Credential={secretId}/{scope}, SignedHeaders=content-type;host, Signature={Convert.ToHexStringLower(Sign(key, toSign))}";
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] Sign(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
