using FsCheck;
using FsCheck.Fluent;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Clocks;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;

namespace MicroPlatform.Api.Tests.Appointments;

/// <summary>Random hours, leave, bookings and questions. Small worlds: few ids, few minutes, so that things meet.</summary>
internal static class AvailabilityCases
{
    public const string ResourceId = "01KAN8R4XHGV0T3ZQ5W7C9E2AP";

    /// <summary>A Wednesday.</summary>
    public static readonly DateOnly Today = new(2026, 11, 25);

    public static readonly DateTimeOffset Now = Raster.At(Today, 8 * 60);

    /// <summary>Some days off, whatever their weekday.</summary>
    public static readonly WorkCalendar Calendar = new([2026, 2027], Enumerable.Range(0, 400).Where(n => n % 9 == 0).Select(n => new CalendarDay(new DateOnly(2026, 11, 1).AddDays(n), CalendarDayKind.Off, "假")));

    public static readonly Gen<ResourceDay> Days = Gen.Choose(0, int.MaxValue).Select(seed => Some(new Random(seed)));

    public static ServiceKind Service(int minutes, int bit = 0) =>
        new("lawyer", bit, "律师咨询", null, minutes, Bookable.AllModes, [Role.Lawyer], null, true, 1);

    public static BookingTerms Terms(Random r)
    {
        var citizen = r.Next(0, 4);
        var hotline = r.Next(citizen, 5);
        return new BookingTerms(
            (ulong)r.Next(1, 8), (MeetingModes)r.Next(1, 16), new Seats(citizen, hotline, r.Next(Math.Max(1, hotline), Seats.Most + 1)), 15 * r.Next(1, 6), 5 * r.Next(0, 7), 5 * r.Next(0, 7),
            r.Next(3) == 0 ? r.Next(0, 3000) : 0, r.Next(0, 63));
    }

    public static OfficeHours Hours(Random r, DayOfWeek? weekday = null)
    {
        var from = 15 * r.Next(0, 90);
        var since = new DateOnly(2026, 11, 2).AddDays(r.Next(0, 30));
        return new OfficeHours(
            Id.New(Now), ResourceId, Id.New(Now), weekday ?? (DayOfWeek)r.Next(7), from, from + (15 * r.Next(1, 97 - (from / 15))), r.Next(1, 5), since,
            r.Next(3) == 0 ? since.AddDays(r.Next(0, 90)) : null, r.Next(2) == 0, Terms(r));
    }

    public static ResourceDay Some(Random r)
    {
        var openings = Enumerable.Range(0, r.Next(0, 5)).Select(_ => Hours(r)).Select(h => new Opening(h.Id, h.OrganisationId, h.FromMinute, h.ToMinute, h.Terms)).ToArray();
        var taken = new Dictionary<int, ushort>();
        for (var n = r.Next(0, 40); n > 0; n--) taken[r.Next(Raster.PerDay)] = (ushort)r.Next(1, ushort.MaxValue + 1);
        return new ResourceDay(ResourceId, Today, r.NextInt64(0, 1L << 53), openings, taken, r.Next(9) == 0);
    }
}
