using System.Buffers.Binary;
using System.Text;
using MicroPlatform.Domain.Appointments;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>
/// A <see cref="ResourceDay"/> in some hundred bytes: a search reads over a thousand of them. Little-endian: form (1 byte), flags (1), version (8),
/// openings (1 + 78 each), taken units (1 + 3 each). Another form than <see cref="Form"/> reads as nothing, and is made anew.
/// </summary>
internal static class ResourceDayCodec
{
    private const byte Form = 1;
    private const byte CalendarMissing = 1;
    /// <summary>As far as the script that compares versions counts exactly.</summary>
    public const long MaxVersion = 1L << 53;

    private const int HeadBytes = 1 + 1 + 8 + 1;
    private const int IdBytes = Domain.Common.Id.Length;
    private const int OpeningBytes = (2 * IdBytes) + 2 + 2 + 8 + 1 + 3 + 2 + 2 + 2 + 2 + 2;

    public static byte[] Write(ResourceDay day)
    {
        var bytes = new byte[HeadBytes + (day.Openings.Count * OpeningBytes) + 1 + (day.Taken.Count * 3)];
        var to = bytes.AsSpan();
        to[0] = Form;
        to[1] = day.CalendarMissing ? CalendarMissing : (byte)0;
        BinaryPrimitives.WriteInt64LittleEndian(to[2..], day.Version);
        to[10] = checked((byte)day.Openings.Count);
        to = to[HeadBytes..];
        foreach (var o in day.Openings)
        {
            Encoding.ASCII.GetBytes(o.OfficeHoursId, to);
            Encoding.ASCII.GetBytes(o.OrganisationId, to[IdBytes..]);
            to = to[(2 * IdBytes)..];
            Short(ref to, o.FromMinute);
            Short(ref to, o.ToMinute);
            BinaryPrimitives.WriteUInt64LittleEndian(to, o.Terms.Services);
            to = to[8..];
            (to[0], to[1], to[2], to[3]) = ((byte)o.Terms.Modes, (byte)o.Terms.Seats.Citizen, (byte)o.Terms.Seats.Hotline, (byte)o.Terms.Seats.Staff);
            to = to[4..];
            Short(ref to, o.Terms.StepMinutes);
            Short(ref to, o.Terms.BufferBefore);
            Short(ref to, o.Terms.BufferAfter);
            Short(ref to, o.Terms.MinNoticeMinutes);
            Short(ref to, o.Terms.HorizonDays);
        }
        to[0] = checked((byte)day.Taken.Count);
        to = to[1..];
        foreach (var (unit, seats) in day.Taken)
        {
            to[0] = (byte)unit;
            BinaryPrimitives.WriteUInt16LittleEndian(to[1..], seats);
            to = to[3..];
        }
        return bytes;
    }

    /// <summary>Null for what this program did not write.</summary>
    /// <param name="pool">Openings seen before; a person's weeks are alike.</param>
    public static ResourceDay? Read(string resourceId, DateOnly day, ReadOnlySpan<byte> from, OpeningPool pool)
    {
        if (from.Length < HeadBytes + 1 || from[0] != Form) return null;
        var missing = (from[1] & CalendarMissing) != 0;
        var version = BinaryPrimitives.ReadInt64LittleEndian(from[2..]);
        int count = from[10];
        from = from[HeadBytes..];
        if (version is < 0 or > MaxVersion || from.Length < (count * OpeningBytes) + 1) return null;
        var openings = count == 0 ? [] : new Opening[count];
        for (var i = 0; i < count; i++, from = from[OpeningBytes..])
        {
            if (pool.Find(from[..OpeningBytes]) is not { } opening) return null;
            openings[i] = opening;
        }
        int units = from[0];
        from = from[1..];
        if (from.Length != units * 3) return null;
        if (units == 0) return new ResourceDay(resourceId, day, version, openings, SeatMaskDictionary.Nothing, missing);
        var last = 0;
        for (var i = 0; i < units; i++) last = Math.Max(last, from[i * 3]);
        if (last >= Raster.PerDay) return null;
        var taken = new ushort[last + 1];
        for (var i = 0; i < units; i++, from = from[3..]) taken[from[0]] = BinaryPrimitives.ReadUInt16LittleEndian(from[1..]);
        return new ResourceDay(resourceId, day, version, openings, new SeatMaskDictionary(taken), missing);
    }

    /// <summary>Openings by their bytes, so that a month of one person makes a handful of objects and not a hundred.</summary>
    internal sealed class OpeningPool
    {
        private readonly List<(byte[] Bytes, Opening Opening)> _known = [];

        /// <summary>Before the next person's days: nobody else has the same hours.</summary>
        public void Clear() => _known.Clear();

        /// <summary>Null for what no opening can be: a search over it would never end, or end outside the day.</summary>
        public Opening? Find(ReadOnlySpan<byte> bytes)
        {
            foreach (var (known, opening) in _known)
                if (bytes.SequenceEqual(known)) return opening;
            var (hours, unit) = (Encoding.ASCII.GetString(bytes[..IdBytes]), Encoding.ASCII.GetString(bytes[IdBytes..(2 * IdBytes)]));
            var from = bytes[(2 * IdBytes)..];
            var (begin, end) = (Short(ref from), Short(ref from));
            var services = BinaryPrimitives.ReadUInt64LittleEndian(from);
            from = from[8..];
            var (modes, seats) = ((MeetingModes)from[0], new Seats(from[1], from[2], from[3]));
            from = from[4..];
            var made = new Opening(hours, unit, begin, end, new BookingTerms(services, modes, seats, Short(ref from), Short(ref from), Short(ref from), Short(ref from), Short(ref from)));
            if (begin >= end || end > Raster.MinutesPerDay || made.Terms.StepMinutes <= 0 || !seats.IsValid) return null;
            _known.Add((bytes.ToArray(), made));
            return made;
        }
    }

    private static void Short(ref Span<byte> to, int value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to, checked((ushort)value));
        to = to[2..];
    }

    private static int Short(ref ReadOnlySpan<byte> from)
    {
        var value = BinaryPrimitives.ReadUInt16LittleEndian(from);
        from = from[2..];
        return value;
    }
}
