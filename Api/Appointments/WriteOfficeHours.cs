using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Registry;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Appointments;

/// <summary>
/// A clerk or head writes a roster: weekly, every n weeks or for one day, several intervals and several weekdays in one call. Demands the roster's version, so
/// that two who edit one do not overwrite each other; shows first what it breaks.
/// </summary>
public static class WriteOfficeHours
{
    private const int MostIntervals = 12;

    /// <param name="Date">For a single shift: this day, and no weekdays and no validity.</param>
    /// <param name="Weekdays">1 Monday to 7 Sunday.</param>
    /// <param name="Intervals">Hours of each of these days.</param>
    /// <param name="EveryWeeks">1 every week, 2 every other, up to 8, counted from the week of <paramref name="ValidFrom"/>.</param>
    /// <param name="ValidFrom">Today when absent.</param>
    /// <param name="ValidUntil">Last day; no end when absent.</param>
    /// <param name="OnHolidays">Whether also on public holidays.</param>
    public sealed record AddRequest(
        [property: Required, MaxLength(Id.Length)] string? ResourceId, [property: Required, MaxLength(Id.Length)] string? OrganisationId, DateOnly? Date, IReadOnlyList<int>? Weekdays,
        [property: Required] IReadOnlyList<IntervalRequest>? Intervals, [property: Range(1, OfficeHours.MostWeeks)] int? EveryWeeks, DateOnly? ValidFrom, DateOnly? ValidUntil, bool OnHolidays,
        TermsRequest? Terms, bool ValidateOnly, [property: MaxLength(64)] string? PlanToken);

    /// <param name="ValidFrom">From which day on it is so; the next day of the hours when absent. Before it, they stay as they are.</param>
    public sealed record EditRequest(
        [property: Required, Range(1, 7)] int? Weekday, [property: Required, MaxLength(5)] string? From, [property: Required, MaxLength(5)] string? To,
        [property: Range(1, OfficeHours.MostWeeks)] int? EveryWeeks, DateOnly? ValidFrom, DateOnly? ValidUntil, bool OnHolidays, TermsRequest? Terms, bool ValidateOnly,
        [property: MaxLength(64)] string? PlanToken);

    /// <param name="LastDay">Yesterday or later.</param>
    public sealed record EndRequest([property: Required] DateOnly? LastDay, bool ValidateOnly, [property: MaxLength(64)] string? PlanToken);

    public static Task<IResult> AddAsync(AddRequest request, CurrentUser user, HttpContext http, Idempotency idempotency, RosterChanges changes) =>
        idempotency.RunAsync<RosterChangeView>(http, StatusCodes.Status200OK, async tx =>
        {
            var unit = await RosterScope.UnitAsync(tx, user, request.OrganisationId);
            if (unit.IsRefused) return unit.Refusal!;
            if (!Id.IsWellFormed(request.ResourceId) || await ResourceRepository.FindAsync(tx, request.ResourceId!) is not { } resource) return CommonRefusals.NotFound;
            if (await WhyNotAsync(tx, http, resource, unit.Value) is { } refusal) return refusal;
            var today = tx.Now.DateInChina();
            var rules = await RulesAsync(tx, request, resource, unit.Value.Id, today);
            if (rules.IsRefused) return rules.Refusal!;
            var before = await HoursRepository.OfAsync(tx, resource, today);
            var after = before.With(rules.Value);
            if (after.IsRefused) return after.Refusal!;
            var choice = new PlanChoice(request.ValidateOnly, request.PlanToken);
            return await changes.RunAsync(tx, new RosterOrder(resource, before, after.Value, choice, "office-hours.add", [.. rules.Value.Select(r => r.Id)]), user);
        });

    public static Task<IResult> EditAsync(string id, EditRequest request, CurrentUser user, HttpContext http, Idempotency idempotency, RosterChanges changes) =>
        ChangeAsync(id, user, http, idempotency, changes, "office-hours.edit", new PlanChoice(request.ValidateOnly, request.PlanToken), async (tx, resource, before, rule) =>
        {
            var today = tx.Now.DateInChina();
            var validity = OfficeHoursForm.Validity(request.ValidFrom ?? rule.NextFrom(today), request.ValidUntil, today);
            if (validity.IsRefused) return validity.Refusal!;
            var interval = OfficeHoursForm.Interval(new IntervalRequest(request.From, request.To), "interval");
            if (interval.IsRefused) return interval.Refusal!;
            var terms = await OfficeHoursForm.TermsAsync(tx, request.Terms, resource);
            if (terms.IsRefused) return terms.Refusal!;
            var changed = rule with
            {
                Id = tx.NewId(), Weekday = OfficeHoursForm.Weekday(request.Weekday!.Value)!.Value, FromMinute = interval.Value.From, ToMinute = interval.Value.To,
                EveryWeeks = request.EveryWeeks ?? 1, ValidFrom = validity.Value.From, ValidUntil = validity.Value.Until, OnHolidays = request.OnHolidays, Terms = terms.Value,
            };
            var after = before.End(rule.Id, validity.Value.From.AddDays(-1)).With([changed]);
            return after.IsRefused ? after.Refusal! : (after.Value, changed.Id);
        });

    public static Task<IResult> EndAsync(string id, EndRequest request, CurrentUser user, HttpContext http, Idempotency idempotency, RosterChanges changes) =>
        ChangeAsync(id, user, http, idempotency, changes, "office-hours.end", new PlanChoice(request.ValidateOnly, request.PlanToken), (tx, _, before, rule) =>
            Task.FromResult<Outcome<(ResourceHours, string?)>>(request.LastDay!.Value < tx.Now.DateInChina().AddDays(-1)
                ? CommonRefusals.Invalid.At("lastDay", "不能早于昨天")
                : (before.End(rule.Id, request.LastDay.Value), null)));

    /// <summary>From today on as if they had never been; what has been stays on record.</summary>
    public static Task<IResult> RemoveAsync(string id, PlanChoice? choice, CurrentUser user, HttpContext http, Idempotency idempotency, RosterChanges changes) =>
        ChangeAsync(id, user, http, idempotency, changes, "office-hours.remove", choice ?? PlanChoice.None, (tx, _, before, rule) =>
            Task.FromResult<Outcome<(ResourceHours, string?)>>((before.End(rule.Id, tx.Now.DateInChina().AddDays(-1)), null)));

    private static Task<IResult> ChangeAsync(
        string id, CurrentUser user, HttpContext http, Idempotency idempotency, RosterChanges changes, string action, PlanChoice choice,
        Func<UnitOfWork, BookableResource, ResourceHours, OfficeHours, Task<Outcome<(ResourceHours After, string? NewId)>>> change) =>
        idempotency.RunAsync<RosterChangeView>(http, StatusCodes.Status200OK, async tx =>
        {
            if (!Id.IsWellFormed(id) || await HoursRepository.FindHoursAsync(tx, id) is not { } rule) return CommonRefusals.NotFound;
            var unit = await RosterScope.UnitAsync(tx, user, rule.OrganisationId);
            if (unit.IsRefused) return unit.Refusal!;
            var resource = (await ResourceRepository.FindAsync(tx, rule.ResourceId))!;
            if (await WhyNotAsync(tx, http, resource, null) is { } refusal) return refusal;
            var before = await HoursRepository.OfAsync(tx, resource, tx.Now.DateInChina());
            if (before.Hours.All(h => h.Id != id)) return AppointmentRefusals.HoursOver;
            var after = await change(tx, resource, before, rule);
            if (after.IsRefused) return after.Refusal!;
            return await changes.RunAsync(tx, new RosterOrder(resource, before, after.Value.After, choice, action, after.Value.NewId is { } added ? [added] : []), user);
        });

    /// <param name="unit">Where hours are added: the person must serve there.</param>
    private static async Task<Refusal?> WhyNotAsync(UnitOfWork tx, HttpContext http, BookableResource resource, UnitRow? unit)
    {
        var version = IfMatch.Version(http);
        if (version.IsRefused) return version.Refusal;
        if (unit is not null)
        {
            if (resource.StaffId is { } staffId && await RegistryQueries.HandlerAsync(tx, staffId, unit.Path) is null) return RegistryRefusals.NotOfUnit.At("resourceId", "该人员不在此单位任职");
            if (resource.StaffId is null && resource.OrganisationId != unit.Id) return RegistryRefusals.NotOfUnit.At("resourceId", "该窗口不属于此单位");
        }
        if (!resource.Active) return AppointmentRefusals.ResourceInactive;
        return resource.HoursVersion == version.Value ? null : CommonRefusals.VersionMismatch;
    }

    private static async Task<Outcome<List<OfficeHours>>> RulesAsync(UnitOfWork tx, AddRequest request, BookableResource resource, string unitId, DateOnly today)
    {
        if (request.Date is not null && (request.Weekdays is not null || request.ValidFrom is not null || request.ValidUntil is not null))
            return CommonRefusals.Invalid.At("date", "单次班次不填星期和有效期");
        var validity = OfficeHoursForm.Validity(request.Date ?? request.ValidFrom, request.Date ?? request.ValidUntil, today);
        if (validity.IsRefused) return validity.Refusal!;
        var weekdays = request.Date is { } date ? [OfficeHoursForm.Number(date.DayOfWeek)] : request.Weekdays ?? [];
        if (weekdays.Count is 0 or > 7 || weekdays.Distinct().Count() != weekdays.Count || weekdays.Any(w => OfficeHoursForm.Weekday(w) is null))
            return CommonRefusals.Invalid.At("weekdays", "请选择星期，1为周一，7为周日，不能重复");
        if (request.Intervals!.Count is 0 or > MostIntervals) return CommonRefusals.Invalid.At("intervals", $"应为1至{MostIntervals}段");
        var terms = await OfficeHoursForm.TermsAsync(tx, request.Terms, resource);
        if (terms.IsRefused) return terms.Refusal!;
        var rules = new List<OfficeHours>();
        for (var i = 0; i < request.Intervals.Count; i++)
        {
            var interval = OfficeHoursForm.Interval(request.Intervals[i], $"intervals[{i}]");
            if (interval.IsRefused) return interval.Refusal!;
            foreach (var weekday in weekdays)
                rules.Add(new OfficeHours(
                    tx.NewId(), resource.Id, unitId, OfficeHoursForm.Weekday(weekday)!.Value, interval.Value.From, interval.Value.To, request.Date is null ? request.EveryWeeks ?? 1 : 1,
                    validity.Value.From, validity.Value.Until, request.OnHolidays, terms.Value));
        }
        return rules;
    }
}
