using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace MicroPlatform.Infrastructure.Identity;

/// <summary>An opaque refresh token: 256 random bits that only the client has. The database knows its SHA-256, which is enough to recognise it and useless to a thief.</summary>
public static class RefreshToken
{
    /// <summary>Makes a leaked token recognisable to secret scanners.</summary>
    private const string Prefix = "mpr_";

    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>The hash it is stored under (base64url, 43 characters); null for a text that cannot be a refresh token.</summary>
    public static string? HashOf(string? token) =>
        token is { Length: 47 } && token.StartsWith(Prefix, StringComparison.Ordinal)
            ? Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(token)))
            : null;
}
