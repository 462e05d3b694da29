using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.Identity;

/// <summary>What a check of a password found.</summary>
public enum PasswordCheck
{
    Wrong,
    Right,
    /// <summary>Right, and stored with fewer rounds than are now asked for: store it anew while the password is at hand.</summary>
    RightNeedsRehash,
}

/// <summary>PBKDF2-HMAC-SHA-512 with a salt of its own for every password, stored as <c>pbkdf2-sha512.v1.{iterations}.{salt}.{hash}</c> (base64url).</summary>
public sealed class PasswordHasher(IOptions<PasswordOptions> options)
{
    private const string Prefix = "pbkdf2-sha512.v1";
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    /// <summary>Verified for user names that do not exist, so that the time of the answer does not tell which ones do.</summary>
    private readonly string _nobody = Hash(Convert.ToHexString(RandomNumberGenerator.GetBytes(16)), options.Value.Iterations);

    public string Hash(string password) => Hash(password, options.Value.Iterations);

    /// <summary>Checks a password; <paramref name="stored"/> null means there is no such account and costs the same time.</summary>
    public PasswordCheck Verify(string password, string? stored)
    {
        if (!TryRead(stored ?? _nobody, out var iterations, out var salt, out var expected))
            throw new InvalidOperationException("A stored password hash has an unknown form.");
        var actual = Derive(password, salt, iterations);
        if (!CryptographicOperations.FixedTimeEquals(actual, expected) || stored is null) return PasswordCheck.Wrong;
        return iterations < options.Value.Iterations ? PasswordCheck.RightNeedsRehash : PasswordCheck.Right;
    }

    private static string Hash(string password, int iterations)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var hash = Derive(password, salt, iterations);
        return string.Create(CultureInfo.InvariantCulture, $"{Prefix}.{iterations}.{Base64Url.EncodeToString(salt)}.{Base64Url.EncodeToString(hash)}");
    }

    private static byte[] Derive(string password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA512, HashBytes);

    private static bool TryRead(string stored, out int iterations, out byte[] salt, out byte[] hash)
    {
        (iterations, salt, hash) = (0, [], []);
        var parts = stored.Split('.');
        if (parts.Length != 5 || $"{parts[0]}.{parts[1]}" != Prefix) return false;
        if (!int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out iterations) || iterations < 1) return false;
        salt = Base64Url.DecodeFromChars(parts[3]);
        hash = Base64Url.DecodeFromChars(parts[4]);
        return salt.Length == SaltBytes && hash.Length == HashBytes;
    }
}
