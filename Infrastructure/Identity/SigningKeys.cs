using System.Buffers.Text;

namespace MicroPlatform.Infrastructure.Identity;

/// <summary>One public key as RFC 7517 writes it.</summary>
public sealed record JsonWebKeyDocument(string Kty, string Crv, string Use, string Alg, string Kid, string X, string Y);

/// <summary>The public keys that verify access tokens (RFC 7517), for partners' gateways.</summary>
public sealed record JsonWebKeysDocument(IReadOnlyList<JsonWebKeyDocument> Keys);

/// <summary>
/// The signing keys that are known at a moment, shared by all nodes through the table <c>signing_keys</c>. Immutable: a node that has
/// read the table anew puts a new set in place of the old.
/// </summary>
public sealed class SigningKeys(IReadOnlyList<SigningKey> keys)
{
    public IReadOnlyList<SigningKey> All { get; } = [.. keys.OrderBy(k => k.ActiveFrom).ThenBy(k => k.Kid, StringComparer.Ordinal)];

    /// <summary>
    /// The key that signs now: the newest active one. Where the clock has jumped back behind all of them it is the oldest, because every
    /// node knows that one and a refused sign-in would help nobody.
    /// </summary>
    public SigningKey Signer(DateTimeOffset now) =>
        All.LastOrDefault(k => k.ActiveFrom <= now) ?? (All.Count > 0 ? All[0] : throw new InvalidOperationException("No signing key has been loaded."));

    public SigningKey? Find(string? kid) => All.FirstOrDefault(k => k.Kid == kid);

    /// <summary>Whether a successor must be made now, so that it is published <see cref="TokenOptions.SigningKeyLead"/> before the newest key has signed for its lifetime.</summary>
    public bool NeedsSuccessor(DateTimeOffset now, TokenOptions options) =>
        All.Count == 0 || now >= All[^1].ActiveFrom + options.SigningKeyLifetime - options.SigningKeyLead;

    public JsonWebKeysDocument ToJwks() => new([.. All.Select(k => new JsonWebKeyDocument(
        "EC", "P-256", "sig", "ES256", k.Kid, Base64Url.EncodeToString(k.Parameters.Q.X), Base64Url.EncodeToString(k.Parameters.Q.Y)))]);
}
