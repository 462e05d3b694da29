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

    /// <summary>No id made at this instant or later comes before it.</summary>
    public static string Floor(DateTimeOffset at) => Write((UInt128)(ulong)Math.Max(0, at.ToUnixTimeMilliseconds()) << 80);

    /// <summary>When an id was made, to the millisecond.</summary>
    public static DateTimeOffset TimeOf(string id)
    {
        UInt128 number = 0;
        foreach (var c in id) number = (number << 5) | (UInt128)Alphabet.IndexOf(c, StringComparison.Ordinal);
        return DateTimeOffset.FromUnixTimeMilliseconds((long)(number >> 80));
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
