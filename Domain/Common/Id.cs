using System.Buffers.Binary;

namespace MicroPlatform.Domain.Common;

/// <summary>
/// Ids are UUIDv7 (RFC 9562 §5.7) written in Crockford base32: 26 characters, time-ordered, URL-safe, short enough for a
/// mini-program QR code's 32-character <c>scene</c>.
/// </summary>
public static class Id
{
    public const int Length = 26;

    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static string New(TimeProvider time) => New(time.GetUtcNow());

    public static string New(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(at).TryWriteBytes(bytes, bigEndian: true, out _);
        return Write(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    private static string Write(UInt128 number)
    {
        return string.Create(Length, number, static (span, n) =>
        {
            for (var i = Length - 1; i >= 0; i--)
            {
                span[i] = Alphabet[(int)(n & 31)];
                n >>= 5;
            }
        });
    }

    /// <summary>Whether a text has the form of an id. A text that has not cannot exist, so callers answer "not found" without asking the database.</summary>
    public static bool IsWellFormed(string? text)
    {
        if (text is not { Length: Length } || text[0] > '7') return false;
        foreach (var c in text)
            if (!Alphabet.Contains(c, StringComparison.Ordinal)) return false;
        return true;
    }
}
