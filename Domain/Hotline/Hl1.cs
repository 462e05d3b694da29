using System.Security.Cryptography;
using System.Text;

namespace MicroPlatform.Domain.Hotline;

/// <summary>
/// HL1, the signature of a partner's calls: an HMAC over what is asked, when, by whom, and the hash of the body as sent. Nothing is decoded or
/// put in order but the query, so fifteen lines in any language make the same text.
/// </summary>
public static class Hl1
{
    public const string Sha256 = "HL1-HMAC-SHA256";

    /// <summary>国密: SM3 for the body's hash and for the HMAC.</summary>
    public const string Sm3Algorithm = "HL1-HMAC-SM3";

    public const string AppIdHeader = "X-Hl-App-Id";
    public const string TimestampHeader = "X-Hl-Timestamp";
    public const string NonceHeader = "X-Hl-Nonce";
    public const string SignatureHeader = "X-Hl-Signature";
    public const string AlgorithmHeader = "X-Hl-Algorithm";

    /// <summary>Where every address of partners begins; what a gateway put before it is not signed.</summary>
    public const string PathStart = "/partner/";

    public const int MinNonce = 16;
    public const int MaxNonce = 64;

    public static bool IsKnown(string algorithm) => algorithm is Sha256 or Sm3Algorithm;

    public static string BodyHash(string algorithm, ReadOnlySpan<byte> body) => Convert.ToHexStringLower(algorithm == Sm3Algorithm ? Sm3.Hash(body) : SHA256.HashData(body));

    public static string StringToSign(string algorithm, string appId, string timestamp, string nonce, string method, string target, string bodyHash)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        return string.Join('\n', algorithm, appId, timestamp, nonce, method, CanonicalPath(query < 0 ? target : target[..query]), query < 0 ? "" : CanonicalQuery(target[(query + 1)..]), bodyHash);
    }

    /// <summary>Lower-case hex.</summary>
    public static string Sign(string algorithm, string secret, string stringToSign)
    {
        var (key, text) = (Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(stringToSign));
        return Convert.ToHexStringLower(algorithm == Sm3Algorithm ? Sm3.Hmac(key, text) : HMACSHA256.HashData(key, text));
    }

    /// <summary>From <see cref="PathStart"/> on, exactly as sent.</summary>
    public static string CanonicalPath(string path)
    {
        var at = path.IndexOf(PathStart, StringComparison.Ordinal);
        return at < 0 ? path : path[at..];
    }

    /// <summary>The pairs as sent, in the order of their keys and then values, by bytes.</summary>
    public static string CanonicalQuery(string query) => query.Length == 0 ? "" : string.Join('&', query.Split('&')
        .OrderBy(pair => pair.Split('=', 2)[0], StringComparer.Ordinal)
        .ThenBy(pair => pair.Split('=', 2) is [_, var value] ? value : "", StringComparer.Ordinal));

    public static bool IsNonce(string text) => text.Length is >= MinNonce and <= MaxNonce && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
