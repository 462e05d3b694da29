using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Clocks;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Clocks;

namespace MicroPlatform.Api.Clocks;

/// <summary>The State Council's notice of a year: which days are off, which weekends are worked.</summary>
public static class ReadCalendar
{
    /// <param name="Source">The notice it was taken from.</param>
    /// <param name="Days">Days that the notice names, in order; all others follow their weekday.</param>
    public sealed record Response(int Year, string Source, DateTimeOffset LoadedAt, int Version, IReadOnlyList<DayView> Days)
    {
        public static Response Of(CalendarYearRow year, IEnumerable<CalendarDay> days) => new(
            year.Year, year.Source, year.LoadedAt, year.Version, [.. days.Select(d => new DayView(d.Date, d.Kind, d.Kind.Label(), d.Name))]);
    }

    public sealed record DayView(DateOnly Date, CalendarDayKind Kind, string KindText, string Name);

    /// <param name="Date">The working day that ends the period.</param>
    /// <param name="FromIsWorkingDay">Whether the first day is a working day; it does not count either way (民法典 art. 201).</param>
    /// <param name="RolledForward">The first day, or the next working day when it is none: where a period ends whose last day it is (民法典 art. 203).</param>
    public sealed record WorkingDaysResponse(DateOnly From, int Count, DateOnly Date, bool FromIsWorkingDay, DateOnly RolledForward);

    /// <param name="Items">Twelve, in order.</param>
    public sealed record PropagandaResponse(int Year, IReadOnlyList<PropagandaView> Items);

    /// <param name="Tenth">The 10th of the month.</param>
    /// <param name="Moved">The 10th is a public holiday.</param>
    public sealed record PropagandaView(DateOnly Tenth, DateOnly Date, bool Moved);

    /// <summary>Working days that can be counted at once; about a year.</summary>
    private const int MaxCount = 250;

    public static async Task<IResult> Handle(int year, HttpContext http, CalendarQueries years, CalendarStore calendars)
    {
        if (await years.FindAsync(year, http.RequestAborted) is not { } found) return CommonRefusals.NotFound.ToResult();
        var calendar = await calendars.ReadAsync(http.RequestAborted);
        return Etags.Public(http, Response.Of(found, Named(year, calendar)), TimeSpan.FromMinutes(1));
    }

    public static async Task<IResult> WorkingDaysAsync(DateOnly? from, int? count, HttpContext http, CalendarStore calendars)
    {
        if (from is not { Year: >= 2000 and <= 2200 } first) return CommonRefusals.Invalid.At("from", "请填写起始日期").ToResult();
        if (count is not (>= 0 and <= MaxCount)) return CommonRefusals.Invalid.At("count", $"应为0到{MaxCount}").ToResult();
        var calendar = await calendars.ReadAsync(http.RequestAborted);
        return Results.Json(
            new WorkingDaysResponse(first, count.Value, calendar.AddWorkingDays(first, count.Value), calendar.IsWorkingDay(first), calendar.RollForward(first)), WireJson.Options);
    }

    public static async Task<IResult> PropagandaAsync(int year, HttpContext http, CalendarStore calendars)
    {
        if (year is < 2000 or > 2200) return CommonRefusals.Invalid.At("year", "年份不正确").ToResult();
        var calendar = await calendars.ReadAsync(http.RequestAborted);
        if (!calendar.Knows(year)) return ClockRefusals.CalendarMissing.ToResult();
        return Etags.Public(http, new PropagandaResponse(year, [.. PropagandaDays.Of(year, calendar).Select(d => new PropagandaView(d.Tenth, d.Date, d.Moved))]), TimeSpan.FromMinutes(1));
    }

    /// <summary>The days of a year that its notice names.</summary>
    internal static IEnumerable<CalendarDay> Named(int year, WorkCalendar calendar)
    {
        if (!calendar.Knows(year)) yield break;
        for (var day = new DateOnly(year, 1, 1); day.Year == year; day = day.AddDays(1))
            if (calendar.Named(day) is { } named) yield return named;
    }
}
