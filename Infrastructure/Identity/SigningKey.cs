using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace MicroPlatform.Infrastructure.Identity;

/// <summary>
/// A P-256 key that signs access tokens. Its life: <i>created</i> (published in the JWKS, verifies), <i>active</i> (signs, until a newer
/// key is active), <i>retired</i> (the last token it signed has expired; forgotten).
/// </summary>
public sealed class SigningKey
{
    private SigningKey(ECDsa key, DateTimeOffset createdAt, DateTimeOffset activeFrom, DateTimeOffset? retiresAt)
    {
        Parameters = key.ExportParameters(false);
        Kid = Thumbprint(Parameters);
        Security = new ECDsaSecurityKey(key) { KeyId = Kid };
        (CreatedAt, ActiveFrom, RetiresAt) = (createdAt, activeFrom, retiresAt);
    }

    /// <summary>The RFC 7638 thumbprint of the public key, so that no two keys can share a name.</summary>
    public string Kid { get; }

    public DateTimeOffset CreatedAt { get; }

    public DateTimeOffset ActiveFrom { get; }

    /// <summary>Set when a successor is made: its <see cref="ActiveFrom"/> plus the life of a token.</summary>
    public DateTimeOffset? RetiresAt { get; }

    internal ECDsaSecurityKey Security { get; }

    internal ECParameters Parameters { get; }

    public static SigningKey New(DateTimeOffset now, DateTimeOffset activeFrom) =>
        new(ECDsa.Create(ECCurve.NamedCurves.nistP256), now, activeFrom, null);

    /// <param name="pkcs8">What <see cref="Export"/> gave, after unsealing.</param>
    public static SigningKey Import(string pkcs8, DateTimeOffset createdAt, DateTimeOffset activeFrom, DateTimeOffset? retiresAt)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(pkcs8), out _);
        return new SigningKey(key, createdAt, activeFrom, retiresAt);
    }

    /// <summary>The private key, base64 of PKCS#8. For sealing only.</summary>
    public string Export() => Convert.ToBase64String(Security.ECDsa.ExportPkcs8PrivateKey());

    private static string Thumbprint(ECParameters p) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(
        $$"""{"crv":"P-256","kty":"EC","x":"{{Base64Url.EncodeToString(p.Q.X)}}","y":"{{Base64Url.EncodeToString(p.Q.Y)}}"}""")));
}
