using MicroPlatform.Domain.Clocks;

namespace MicroPlatform.Domain.Appointments;

/// <summary>Seats by who books. Staff may use all, the hotline fewer, citizens fewer still: 0 ≤ citizen ≤ hotline ≤ staff.</summary>
public readonly record struct Seats(int Citizen, int Hotline, int Staff)
{
    /// <summary>Most seats of one resource: as many as a mask has bits.</summary>
    public const int Most = 16;

    public static readonly Seats One = new(1, 1, 1);

    public bool IsValid => Citizen >= 0 && Citizen <= Hotline && Hotline <= Staff && Staff is >= 1 and <= Most;

    public int Of(BookingSide side) => side switch
    {
        BookingSide.Citizen => Citizen,
        BookingSide.Hotline => Hotline,
        BookingSide.Staff => Staff,
        _ => throw new ArgumentOutOfRangeException(nameof(side)),
    };
}

/// <summary>What may be booked while somebody sits there, and how.</summary>
/// <param name="Services">Bits of <see cref="ServiceKind.Bit"/>.</param>
/// <param name="StepMinutes">Starts are offered every so often from the beginning of the hours; a multiple of <see cref="Raster.Minutes"/>, independent of the duration.</param>
/// <param name="BufferBefore">Minutes kept free before each appointment, such as for the way.</param>
/// <param name="BufferAfter">Minutes kept free after it, such as for notes.</param>
/// <param name="MinNoticeMinutes">A citizen books at least so long before; staff need none.</param>
/// <param name="HorizonDays">A citizen books at most so many days ahead; staff up to <see cref="StaffHorizonDays"/>.</param>
public sealed record BookingTerms(
    ulong Services, MeetingModes Modes, Seats Seats, int StepMinutes, int BufferBefore, int BufferAfter, int MinNoticeMinutes, int HorizonDays)
{
    /// <summary>How far ahead anybody can book, and how far availability is projected.</summary>
    public const int StaffHorizonDays = 62;
}

/// <summary>
/// 坐班: when a resource can be booked at a service point. Weekly, every n weeks, or once (a validity of one day). Never across midnight.
/// </summary>
/// <param name="FromMinute">Minute of the day in China, on the raster.</param>
/// <param name="EveryWeeks">1 every week, 2 every other week, counted from the week of <paramref name="ValidFrom"/>.</param>
/// <param name="ValidUntil">Last day; null for no end.</param>
/// <param name="OnHolidays">Whether also on days that the State Council's notice takes off. Weekends are what the weekday says.</param>
public sealed record OfficeHours(
    string Id, string ResourceId, string OrganisationId, DayOfWeek Weekday, int FromMinute, int ToMinute, int EveryWeeks, DateOnly ValidFrom, DateOnly? ValidUntil,
    bool OnHolidays, BookingTerms Terms)
{
    /// <summary>Longest cycle of weeks.</summary>
    public const int MostWeeks = 8;

    /// <summary>Whether there are hours on a day, holidays apart.</summary>
    public bool RunsOn(DateOnly day) =>
        day.DayOfWeek == Weekday && day >= ValidFrom && (ValidUntil is null || day <= ValidUntil) && WeeksBetween(ValidFrom, day) % EveryWeeks == 0;

    /// <summary>Whether there are hours on a day, with holidays.</summary>
    /// <exception cref="CalendarMissingException">The year's holidays are not loaded and matter.</exception>
    public bool RunsOn(DateOnly day, WorkCalendar calendar) => RunsOn(day) && (OnHolidays || !calendar.IsHoliday(day));

    /// <summary>Whether two hours of one resource are ever at the same time. Buffers may overlap; hours may not.</summary>
    public bool Clashes(OfficeHours other)
    {
        if (Weekday != other.Weekday || FromMinute >= other.ToMinute || other.FromMinute >= ToMinute) return false;
        var day = ValidFrom > other.ValidFrom ? ValidFrom : other.ValidFrom;
        while (day.DayOfWeek != Weekday) day = day.AddDays(1);
        // After a common multiple of both cycles everything repeats.
        for (var week = 0; week < EveryWeeks * other.EveryWeeks; week++, day = day.AddDays(7))
            if (RunsOn(day) && other.RunsOn(day)) return true;
        return false;
    }

    /// <summary>Weeks begin on Monday (GB/T 7408).</summary>
    private static int WeeksBetween(DateOnly from, DateOnly to) => (Monday(to) - Monday(from)) / 7;

    private static int Monday(DateOnly day) => day.DayNumber - (((int)day.DayOfWeek + 6) % 7);
}

/// <summary>请假: a resource is not there from one instant until just before another, whatever its hours say.</summary>
public sealed record Leave(string Id, string ResourceId, DateTimeOffset StartsAt, DateTimeOffset EndsAt);

/// <summary>Hours of one day, as far as no leave cuts them.</summary>
public sealed record Opening(string OfficeHoursId, string OrganisationId, int FromMinute, int ToMinute, BookingTerms Terms);

/// <summary>Everything that says when a resource can be booked. Read whole, changed under <see cref="Version"/>.</summary>
/// <param name="Version">Raised by every change of hours or leave; a booking demands the version it was judged by.</param>
public sealed record ResourceHours(string ResourceId, int Version, IReadOnlyList<OfficeHours> Hours, IReadOnlyList<Leave> Leaves)
{
    /// <summary>The openings of a day in order, less leave.</summary>
    /// <exception cref="CalendarMissingException">The year's holidays are not loaded and matter.</exception>
    public IReadOnlyList<Opening> OpeningsOn(DateOnly day, WorkCalendar calendar)
    {
        var openings = new List<Opening>();
        foreach (var hours in Hours)
        {
            if (!hours.RunsOn(day, calendar)) continue;
            foreach (var (from, to) in Less(day, hours.FromMinute, hours.ToMinute))
                openings.Add(new Opening(hours.Id, hours.OrganisationId, from, to, hours.Terms));
        }
        openings.Sort((a, b) => a.FromMinute.CompareTo(b.FromMinute));
        return openings;
    }

    /// <summary>What leave spares of a span, rounded inwards to the raster.</summary>
    private List<(int From, int To)> Less(DateOnly day, int from, int to)
    {
        List<(int From, int To)> left = [(from, to)];
        foreach (var leave in Leaves)
        {
            var (begin, end) = (MinuteOn(day, leave.StartsAt, roundUp: false), MinuteOn(day, leave.EndsAt, roundUp: true));
            if (begin >= end) continue;
            left = [.. left.SelectMany(s => new[] { (s.From, To: Math.Min(s.To, begin)), (From: Math.Max(s.From, end), s.To) }).Where(s => s.Item1 < s.Item2)];
        }
        return left;
    }

    private static int MinuteOn(DateOnly day, DateTimeOffset instant, bool roundUp)
    {
        var minutes = (instant - Raster.At(day, 0)).TotalMinutes;
        var units = roundUp ? Math.Ceiling(minutes / Raster.Minutes) : Math.Floor(minutes / Raster.Minutes);
        return (int)Math.Clamp(units * Raster.Minutes, 0, Raster.MinutesPerDay);
    }
}
