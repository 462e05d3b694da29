using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Clocks;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Api.Appointments;

/// <summary>Hours of one person or desk, as written.</summary>
public static class ListOfficeHours
{
    /// <param name="HoursVersion">For <c>If-Match</c>.</param>
    public sealed record Response(BookingResourceView Resource, int HoursVersion, IReadOnlyList<OfficeHoursView> Items);

    public static async Task<IResult> Handle(
        string? resourceId, CurrentUser user, HttpContext http, ResourceRepository resources, OfficeHoursQueries queries, ServiceRepository services, RegistryQueries registry, TimeProvider time)
    {
        if (!Id.IsWellFormed(resourceId)) return CommonRefusals.Invalid.At("resourceId", "请选择服务人员或窗口").ToResult();
        if (await resources.FindAsync(resourceId!, http.RequestAborted) is not { } resource || !await RosterScope.MaySeeAsync(resource, user, registry, http.RequestAborted))
            return CommonRefusals.NotFound.ToResult();
        var (hours, _) = await queries.OfAsync([resource.Id], time.GetUtcNow().DateInChina(), http.RequestAborted);
        var kinds = await services.ListAsync(http.RequestAborted);
        return Results.Json(new Response(BookingResourceView.Of(resource), resource.HoursVersion, [.. hours[resource.Id]
            .OrderBy(h => OfficeHoursForm.Number(h.Weekday)).ThenBy(h => h.FromMinute).ThenBy(h => h.Id, StringComparer.Ordinal).Select(h => OfficeHoursView.Of(h, kinds))]), WireJson.Options);
    }
}

/// <summary>What became of hours on a day.</summary>
public enum ShiftFate
{
    /// <summary>正常</summary>
    Open,
    /// <summary>部分请假: some of the time is leave.</summary>
    PartlyOnLeave,
    /// <summary>请假</summary>
    OnLeave,
    /// <summary>放假: a public holiday, and the hours are not kept on those.</summary>
    Holiday,
}

public static class ShiftFateLabels
{
    public static string Label(this ShiftFate fate) => fate switch
    {
        ShiftFate.Open => "正常",
        ShiftFate.PartlyOnLeave => "部分请假",
        ShiftFate.OnLeave => "请假",
        ShiftFate.Holiday => "放假",
        _ => throw new ArgumentOutOfRangeException(nameof(fate)),
    };
}

/// <summary>A unit's roster day by day, with holidays and leave, and the days on which nobody sits there.</summary>
public static class GetRoster
{
    private const int MostResources = 200;

    /// <param name="GapDays">Working days on which nobody sits at the unit.</param>
    public sealed record Response(string OrganisationId, DateOnly From, int Days, IReadOnlyList<PersonRoster> Items, IReadOnlyList<DateOnly> GapDays);

    public sealed record PersonRoster(string ResourceId, string Name, ResourceKind Kind, bool Active, int HoursVersion, IReadOnlyList<DayRoster> Days);

    /// <param name="HolidayName">Set on public holidays.</param>
    /// <param name="CalendarMissing">The year's holidays are not loaded: hours that depend on them are not offered.</param>
    /// <param name="Booked">Appointments that stand.</param>
    public sealed record DayRoster(DateOnly Date, string? HolidayName, bool CalendarMissing, int Booked, IReadOnlyList<ShiftRoster> Shifts);

    /// <param name="OrganisationId">Where; a person may sit at several units.</param>
    /// <param name="Open">What leave and holidays spare.</param>
    public sealed record ShiftRoster(string OfficeHoursId, string OrganisationId, string From, string To, ShiftFate Fate, string FateText, IReadOnlyList<Span> Open);

    public sealed record Span(string From, string To);

    public static async Task<IResult> Handle(
        string? organisationId, DateOnly? from, int? days, CurrentUser user, HttpContext http, ResourceRepository resources, OfficeHoursQueries queries, CalendarStore calendars,
        RegistryQueries registry, TimeProvider time)
    {
        var (today, cancel) = (time.GetUtcNow().DateInChina(), http.RequestAborted);
        if (!Id.IsWellFormed(organisationId)) return CommonRefusals.Invalid.At("organisationId", "请选择单位").ToResult();
        if (days is < 1 or > BookingTerms.StaffHorizonDays) return CommonRefusals.Invalid.At("days", $"应为1到{BookingTerms.StaffHorizonDays}").ToResult();
        if (from is { Year: < 2000 or > 2100 }) return CommonRefusals.Invalid.At("from", "日期不正确").ToResult();
        if (!await registry.InScopeAsync(user.Id, organisationId!, cancel)) return CommonRefusals.NotFound.ToResult();

        var (begin, count) = (from ?? today, days ?? 7);
        var rows = await resources.OfUnitAsync(organisationId!, DayCode.Of(begin), "", MostResources, cancel);
        string[] ids = [.. rows.Select(r => r.Id)];
        var (hours, leaves) = ids.Length == 0 ? (Array.Empty<OfficeHours>().ToLookup(h => h.ResourceId), Array.Empty<Leave>().ToLookup(l => l.ResourceId)) : await queries.OfAsync(ids, begin, cancel);
        var booked = ids.Length == 0 ? new Dictionary<(string, DateOnly), int>() : await queries.BookedAsync(ids, begin, count, cancel);
        var calendar = await calendars.ReadAsync(cancel);
        var items = rows.ConvertAll(r => new PersonRoster(r.Id, r.ShownName, r.Kind, r.Active, r.HoursVersion, [.. Enumerable.Range(0, count).Select(n =>
        {
            var day = begin.AddDays(n);
            var facts = new ResourceHours(r.Id, 0, r.Active ? [.. hours[r.Id]] : [], [.. leaves[r.Id]]);
            return new DayRoster(day, Holiday(day, calendar), !calendar.Knows(day.Year), booked.GetValueOrDefault((r.Id, day)), Shifts(facts, day, calendar));
        })]));
        return Results.Json(new Response(organisationId!, begin, count, items, Gaps(organisationId!, begin, count, items, calendar)), WireJson.Options);
    }

    private static string? Holiday(DateOnly day, WorkCalendar calendar) => calendar.Knows(day.Year) && calendar.IsHoliday(day) ? calendar.Named(day)!.Name : null;

    private static IReadOnlyList<ShiftRoster> Shifts(ResourceHours facts, DateOnly day, WorkCalendar calendar) =>
    [
        .. facts.Hours.Where(h => h.RunsOn(day)).OrderBy(h => h.FromMinute).Select(h =>
        {
            var closed = !h.OnHolidays && (!calendar.Knows(day.Year) || calendar.IsHoliday(day));
            var open = closed ? [] : (facts with { Hours = [h] }).OpeningsOn(day, calendar);
            var fate = closed ? ShiftFate.Holiday
                : open.Count == 0 ? ShiftFate.OnLeave
                : open.Sum(o => o.ToMinute - o.FromMinute) < h.ToMinute - h.FromMinute ? ShiftFate.PartlyOnLeave
                : ShiftFate.Open;
            return new ShiftRoster(
                h.Id, h.OrganisationId, HoursEditing.Clock(h.FromMinute), HoursEditing.Clock(h.ToMinute), fate, fate.Label(),
                [.. open.Select(o => new Span(HoursEditing.Clock(o.FromMinute), HoursEditing.Clock(o.ToMinute)))]);
        }),
    ];

    private static IReadOnlyList<DateOnly> Gaps(string unit, DateOnly begin, int count, List<PersonRoster> items, WorkCalendar calendar) =>
    [
        .. Enumerable.Range(0, count).Where(n => IsWorking(begin.AddDays(n), calendar)
            && !items.Any(i => i.Days[n].Shifts.Any(s => s.OrganisationId == unit && s.Open.Count > 0))).Select(begin.AddDays),
    ];

    /// <summary>Where the holidays are not known, the weekday says it.</summary>
    private static bool IsWorking(DateOnly day, WorkCalendar calendar) =>
        calendar.Knows(day.Year) ? calendar.IsWorkingDay(day) : day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);
}
