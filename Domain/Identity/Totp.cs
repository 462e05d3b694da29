using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MicroPlatform.Domain.Identity;

/// <summary>
/// One-time codes from an authenticator app (RFC 6238: HMAC-SHA-1, 30 s, six digits; what every app supports). One step before and after
/// is accepted, because phones have wrong clocks, and each step at most once, because a code read over a shoulder must not work again.
/// </summary>
public static class Totp
{
    /// <summary>Seconds of one step.</summary>
    public const int StepSeconds = 30;

    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>160 random bits, the length RFC 4226 §4 asks for.</summary>
    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(20);

    public static long StepAt(DateTimeOffset at) => Math.DivRem(at.ToUnixTimeSeconds(), StepSeconds).Quotient;

    /// <summary>The code of a step, six digits.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "RFC 6238 fixes HMAC-SHA-1, and its strength does not rest on collision resistance")]
    public static string CodeAt(byte[] secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        HMACSHA1.HashData(secret, counter, hash);
        // Dynamic truncation, RFC 4226 §5.3.
        var number = BinaryPrimitives.ReadUInt32BigEndian(hash[(hash[^1] & 0xF)..]) & 0x7FFF_FFFF;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>The step that a code belongs to, or null when the code is wrong, out of time, or of a step already used.</summary>
    /// <param name="lastUsedStep">The step of the last accepted code; store the returned one in its place, with a conditional write.</param>
    public static long? Match(byte[] secret, string? code, DateTimeOffset now, long lastUsedStep)
    {
        var digits = Digits(code);
        var current = StepAt(now);
        long? match = null;
        // All three are always computed, so that the time taken does not tell which one was near.
        for (var step = current - 1; step <= current + 1; step++)
        {
            var same = CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(CodeAt(secret, step)), digits);
            if (same && step > lastUsedStep) match = step;
        }
        return match;
    }

    /// <summary>What an authenticator app reads from a QR code (the key URI format of Google Authenticator, followed by all).</summary>
    public static string EnrolmentUri(string issuer, string account, byte[] secret) =>
        $"otpauth://totp/{Uri.EscapeDataString(issuer)}:{Uri.EscapeDataString(account)}?secret={ToBase32(secret)}&issuer={Uri.EscapeDataString(issuer)}&algorithm=SHA1&digits=6&period={StepSeconds}";

    /// <summary>RFC 4648 §6 without padding, for people who type the secret.</summary>
    public static string ToBase32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder((bytes.Length * 8 + 4) / 5);
        var (buffer, bits) = (0, 0);
        foreach (var b in bytes)
        {
            buffer = (buffer << 8) | b;
            for (bits += 8; bits >= 5; bits -= 5) text.Append(Base32[(buffer >> (bits - 5)) & 31]);
            buffer &= 0xFF;
        }
        if (bits > 0) text.Append(Base32[(buffer << (5 - bits)) & 31]);
        return text.ToString();
    }

    /// <summary>Six ASCII digits, blanks left out ("123 456" is how apps show it); anything else becomes something that matches no code.</summary>
    private static byte[] Digits(string? code)
    {
        if (code is null || code.Length > 12) return [0, 0, 0, 0, 0, 0];
        var digits = code.Where(c => !char.IsWhiteSpace(c)).Select(c => c is >= '０' and <= '９' ? (char)(c - 0xFEE0) : c).ToArray();
        return digits.Length == 6 && digits.All(char.IsAsciiDigit) ? Encoding.ASCII.GetBytes(digits) : [0, 0, 0, 0, 0, 0];
    }
}
