using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace MicroPlatform.Infrastructure.Identity;

/// <summary>What a look-up hash is made of. Hashes of different kinds never meet, even of the same text.</summary>
public enum LookupKind
{
    Phone,
    NationalId,
    WeChatOpenId,
    WeChatUnionId,
    /// <summary>What somebody typed as a user name.</summary>
    UserName,
    /// <summary>The address somebody tries passwords from.</summary>
    NetworkAddress,
    /// <summary>Name of a party that somebody must not act against.</summary>
    PartyName,
    /// <summary>A citizen's whole name.</summary>
    PersonName,
}

/// <summary>A sealed value does not open: the key is gone, the value was changed, or it was moved here from another row or column.</summary>
public sealed class SealBrokenException(string message) : Exception(message);

/// <summary>Where a sealed value stands. It is part of what is authenticated, so that a value cannot be copied to another row, say another person's phone.</summary>
/// <param name="Column"><c>table.column</c></param>
/// <param name="RowId">The row's id; what never changes while the row lives.</param>
public readonly record struct SealedPlace(string Column, string RowId)
{
    public override string ToString() => $"{Column}/{RowId}";
}

/// <summary>
/// Seals personal data with AES-256-GCM: <c>v1.{keyId}.{base64url(nonce 12 | ciphertext | tag 16)}</c>. The nonce is random, which is
/// sound for 2^32 values per key (NIST SP 800-38D §8.3), more than a province will write.
/// </summary>
public sealed class Sealer(KeyRing keys)
{
    private const string Version = "v1";
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    public string Seal(string plaintext, SealedPlace place)
    {
        var text = Encoding.UTF8.GetBytes(plaintext);
        var box = new byte[NonceBytes + text.Length + TagBytes];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(keys.Current, TagBytes);
        aes.Encrypt(box.AsSpan(0, NonceBytes), text, box.AsSpan(NonceBytes, text.Length), box.AsSpan(^TagBytes), Associated(keys.CurrentId, place));
        return $"{Version}.{keys.CurrentId}.{Base64Url.EncodeToString(box)}";
    }

    /// <exception cref="SealBrokenException">It does not open. Never contains any part of the value.</exception>
    public string Open(string sealedValue, SealedPlace place)
    {
        var parts = sealedValue.Split('.');
        if (parts.Length != 3 || parts[0] != Version) throw new SealBrokenException($"The value at {place} is not a sealed one.");
        var key = keys.Find(parts[1]) ?? throw new SealBrokenException($"The value at {place} is sealed with the key '{parts[1]}', which is not among Identity:MasterKeys.");
        byte[] box;
        try
        {
            box = Base64Url.DecodeFromChars(parts[2]);
        }
        catch (FormatException)
        {
            throw new SealBrokenException($"The value at {place} is damaged.");
        }
        if (box.Length < NonceBytes + TagBytes) throw new SealBrokenException($"The value at {place} is damaged.");
        var text = new byte[box.Length - NonceBytes - TagBytes];
        try
        {
            using var aes = new AesGcm(key, TagBytes);
            aes.Decrypt(box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes, text.Length), box.AsSpan(^TagBytes), text, Associated(parts[1], place));
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new SealBrokenException($"The value at {place} was changed, or was moved here from elsewhere.");
        }
        return Encoding.UTF8.GetString(text);
    }

    /// <summary>Whether a value is sealed with another key than the current one; <c>seal rotate</c> seals these anew.</summary>
    public bool IsOutdated(string sealedValue) => !sealedValue.StartsWith($"{Version}.{keys.CurrentId}.", StringComparison.Ordinal);

    /// <summary>What every value sealed with a key starts with, for counting them with LIKE.</summary>
    public static string PrefixOf(string keyId) => $"{Version}.{keyId}.";

    /// <summary>A keyed hash (HMAC-SHA-256, 43 characters of base64url) to look a sealed value up by. Without the key it cannot be tried out, though phones are few enough.</summary>
    public string LookupHash(LookupKind kind, string value) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(keys.LookupKey, Encoding.UTF8.GetBytes($"{kind}\0{value}")));

    private static byte[] Associated(string keyId, SealedPlace place) => Encoding.UTF8.GetBytes($"{Version}\0{keyId}\0{place.Column}\0{place.RowId}");
}
