using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Clocks;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Clocks;

/// <summary>
/// The administrator types in the State Council's notice of a year, in place of what was there. Availability follows at once; appointments on days that
/// are off now stand until somebody moves them, and are counted. With <c>validateOnly=true</c> it is only said what would come of it.
/// </summary>
public static class ImportCalendar
{
    /// <param name="Source">Number or title of the notice.</param>
    /// <param name="DaysOff">Every day off by the notice, also where it is a weekend.</param>
    /// <param name="WorkingDays">Saturdays and Sundays worked in exchange.</param>
    public sealed record Request(
        [property: Required, MaxLength(CalendarYear.MaxSource)] string? Source, [property: Required, MaxLength(CalendarYear.MaxDays)] IReadOnlyList<Line>? DaysOff,
        [property: Required, MaxLength(CalendarYear.MaxWorkingDays)] IReadOnlyList<Line>? WorkingDays);

    /// <param name="Name">Of the holiday it belongs to.</param>
    public sealed record Line([property: Required] DateOnly? Date, [property: Required, MaxLength(CalendarYear.MaxName)] string? Name);

    /// <param name="ValidateOnly">True: nothing was changed.</param>
    /// <param name="BookingsOnNewDaysOff">Appointments on days that were not off before.</param>
    public sealed record Response(ReadCalendar.Response Calendar, bool ValidateOnly, int BookingsOnNewDaysOff);

    public static Task<IResult> Handle(
        int year, Request request, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, CalendarStore calendars, AvailabilityProjection availability, IAvailabilityStore store) =>
        runs.RunAsync(http, StatusCodes.Status200OK, validateOnly, tx => CarryOutAsync(tx, user.Actor, year, request, validateOnly, calendars, availability, store));

    internal static async Task<Outcome<Response>> CarryOutAsync(
        UnitOfWork tx, Actor actor, int year, Request request, bool? validateOnly, CalendarStore calendars, AvailabilityProjection availability, IAvailabilityStore store)
    {
        var source = Text.Clean(request.Source, "source", CalendarYear.MaxSource);
        if (source.IsRefused) return source.Refusal!;
        if (request.DaysOff!.Concat(request.WorkingDays!).Any(l => l is null)) return CommonRefusals.Invalid.At("daysOff", "每一行都须填写日期和名称");
        var days = CalendarYear.Read(year, Lines(request.DaysOff!), Lines(request.WorkingDays!));
        if (days.IsRefused) return days.Refusal!;
        // First, so that bookings under way are either counted below or meet the new calendar.
        var resources = await CalendarQueries.RaiseResourcesAsync(tx);
        var before = await calendars.ReadAsync(tx);
        bool WasOff(DateOnly day) => before.Knows(year) && before.IsHoliday(day);
        var bookings = await CalendarQueries.BookingsOnAsync(tx, year, [.. days.Value.Where(d => d.Kind == CalendarDayKind.Off && !WasOff(d.Date)).Select(d => d.Date)]);
        await CalendarStore.ReplaceAsync(tx, year, source.Value, days.Value);
        await tx.AuditAsync(actor, "calendar.import", "calendar", DayCode.Of(new DateOnly(year, 1, 1))[..4], $"{days.Value.Count} days");
        tx.AfterCommit(() => RenewAsync(availability, store, resources, tx.Now.DateInChina()));
        return new Response(ReadCalendar.Response.Of(await CalendarQueries.FindAsync(tx, year), days.Value), validateOnly == true, bookings);
    }

    /// <summary>Days beyond those that are filled ahead are forgotten; these are put anew at once, in the resources' new version, which nothing read before can replace.</summary>
    private static async Task RenewAsync(AvailabilityProjection availability, IAvailabilityStore store, IReadOnlyList<string> resources, DateOnly today)
    {
        await store.ForgetAsync(CancellationToken.None);
        foreach (var some in resources.Chunk(100)) await availability.RefreshAsync(some, today, AvailabilityProjection.Days, CancellationToken.None);
    }

    private static IReadOnlyList<CalendarLine> Lines(IReadOnlyList<Line> lines) => [.. lines.Select(l => new CalendarLine(l.Date!.Value, l.Name!))];
}
