using System.Buffers.Binary;

namespace MicroPlatform.Domain.Common;

/// <summary>
/// Ids are UUIDv7 (RFC 9562 §5.7) written in Crockford base32: 26 characters, time-ordered, URL-safe, short enough for a
/// mini-program QR code's 32-character <c>scene</c>. Those that one process makes are in the order of their making, within a millisecond too: <c>rand_a</c> counts
/// (RFC 9562 §6.2, method 1), so that a list by id does not shuffle what was written together.
/// </summary>
public static class Id
{
    public const int Length = 26;

    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>The last millisecond, and above all how many ids it has had: <c>ms &lt;&lt; 12 | count</c>.</summary>
    private static long _last;

    public static string New(TimeProvider time) => New(time.GetUtcNow());

    public static string New(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        var (ms, count) = Next(at.ToUnixTimeMilliseconds());
        Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(ms)).TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)(0x7000 | count));
        return Write(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    /// <summary>A clock that has stepped back by less still gives ids in order; one that is further back is another clock's, or a time long past.</summary>
    private const long StepMs = 100;

    /// <summary>More than 4,096 ids in a millisecond borrow from the next.</summary>
    private static (long Ms, int Count) Next(long ms)
    {
        while (true)
        {
            var last = Volatile.Read(ref _last);
            var ahead = (last >> 12) - ms;
            var next = ahead is >= 0 and < StepMs ? last + 1 : ms << 12;
            if (Interlocked.CompareExchange(ref _last, next, last) == last) return (next >> 12, (int)(next & 0xFFF));
        }
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
