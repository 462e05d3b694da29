using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Appointments;

/// <summary>换班 as both sides see it.</summary>
/// <param name="Actions">What the caller may do next.</param>
public sealed record SwapView(
    string Id, SwapState State, string StateText, string OrganisationId, string OrganisationName, DateOnly Date, string From, string To, string FromStaffId, string FromStaffName, string ToStaffId,
    string ToStaffName, DateTimeOffset AskedAt, DateTimeOffset ExpiresAt, DateTimeOffset? DecidedAt, IReadOnlyList<SwapAction> Actions)
{
    internal static SwapView Of(SwapRow w, string callerId) => new(
        w.Id, w.State, w.State.Label(), w.OrganisationId, w.OrganisationName, DayCode.Parse(w.Day), HoursEditing.Clock(w.FromMinute), HoursEditing.Clock(w.ToMinute), w.FromStaffId, w.FromName,
        w.ToStaffId, w.ToName, w.AskedAt, w.StartsAt, w.DecidedAt, w.State != SwapState.Asked ? [] : w.ToStaffId == callerId ? [SwapAction.Accept, SwapAction.Decline] : [SwapAction.Withdraw]);
}

/// <summary>A asks B to take over A's hours of one day. Nothing changes before B has accepted.</summary>
public static class AskSwap
{
    /// <param name="OfficeHoursId">One's own, from the roster.</param>
    /// <param name="Date">A day on which they run.</param>
    /// <param name="ToStaffId">A colleague of the unit who can be booked.</param>
    public sealed record Request(
        [property: Required, MaxLength(Id.Length)] string? OfficeHoursId, [property: Required] DateOnly? Date, [property: Required, MaxLength(Id.Length)] string? ToStaffId);

    public static Task<IResult> Handle(Request request, CurrentUser user, HttpContext http, Idempotency idempotency, CalendarStore calendars) =>
        idempotency.RunAsync<SwapView>(http, StatusCodes.Status201Created, async tx =>
        {
            if (!Id.IsWellFormed(request.OfficeHoursId) || await HoursRepository.FindHoursAsync(tx, request.OfficeHoursId!) is not { } rule || rule.ResourceId != user.Id) return CommonRefusals.NotFound;
            if (!Id.IsWellFormed(request.ToStaffId) || request.ToStaffId == user.Id) return AppointmentRefusals.SwapNotPossible.At("toStaffId", "请选择一位同事");
            var (day, swap) = (request.Date!.Value, SwapOf(tx, rule, request.Date.Value, request.ToStaffId!));
            if (day.Year is < 2000 or > 2100 || swap.StartsAt <= tx.Now) return AppointmentRefusals.SwapNotPossible.At("date", "该班次已开始或已过");
            var taken = await SwapTaking.TryAsync(tx, swap, await calendars.ReadAsync(tx));
            if (taken.IsRefused) return taken.Refusal!;
            if (!await SwapRepository.TryInsertAsync(tx, swap)) return AppointmentRefusals.SwapNotPossible.At("date", "该班次已有待答复的换班申请");
            await tx.AuditAsync(user.Actor, "swaps.ask", "swap", swap.Id);
            return SwapView.Of((await SwapRepository.FindAsync(tx, swap.Id))!, user.Id);
        });

    private static OfficeSwap SwapOf(UnitOfWork tx, OfficeHours rule, DateOnly day, string toStaffId) => new(
        tx.NewId(), rule.Id, day, rule.OrganisationId, rule.FromMinute, rule.ToMinute, rule.ResourceId, toStaffId, SwapState.Asked, tx.Now,
        day.Year is < 2000 or > 2100 ? tx.Now : Raster.At(day, rule.FromMinute), null, 1);
}

/// <summary>What a swap would make of both rosters. Judged when it is asked for, and anew when it is accepted.</summary>
/// <param name="Leaving">Appointments that go to the other at the same times.</param>
internal sealed record SwapTaking(
    BookableResource From, ResourceHours FromBefore, ResourceHours FromAfter, BookableResource To, ResourceHours ToBefore, ResourceHours ToAfter, IReadOnlyList<BookedTime> Leaving)
{
    public static async Task<Outcome<SwapTaking>> TryAsync(UnitOfWork tx, OfficeSwap swap, Domain.Clocks.WorkCalendar calendar)
    {
        if (await ResourceRepository.FindAsync(tx, swap.FromStaffId) is not { Active: true } from) return AppointmentRefusals.SwapNotPossible.At("officeHoursId", "您暂不接受预约");
        var today = tx.Now.DateInChina();
        var fromBefore = await HoursRepository.OfAsync(tx, from, today);
        var rule = fromBefore.Hours.FirstOrDefault(h => h.Id == swap.OfficeHoursId);
        if (rule is null || !IsWhole(fromBefore, rule, swap, calendar)) return AppointmentRefusals.SwapNotPossible.At("date", "当天没有这一班次");

        var path = await RegistryQueries.PathAsync(tx, swap.OrganisationId);
        if (await RegistryQueries.HandlerAsync(tx, swap.ToStaffId, path) is null || await ResourceRepository.FindAsync(tx, swap.ToStaffId) is not { Active: true } to)
            return AppointmentRefusals.SwapNotPossible.At("toStaffId", "该同事不在此单位任职或暂不接受预约");
        if (!await CanGiveAsync(tx, rule, swap)) return AppointmentRefusals.SwapNotPossible.At("toStaffId", "该同事的岗位不提供这些预约事项");
        var toBefore = await HoursRepository.OfAsync(tx, to, today);
        var once = rule with { Id = tx.NewId(), ResourceId = to.Id, EveryWeeks = 1, ValidFrom = swap.Day, ValidUntil = swap.Day };
        var toAfter = toBefore.With([once]);
        if (toAfter.IsRefused) return AppointmentRefusals.HoursOverlap.At("toStaffId", "该同事当时已有坐班");
        if (!IsWhole(toAfter.Value, once, swap, calendar)) return AppointmentRefusals.SwapNotPossible.At("toStaffId", "该同事当时请假");

        var (begin, end) = (Raster.At(swap.Day, rule.FromMinute), Raster.At(swap.Day, rule.ToMinute));
        var leaving = (await ChangePlanReading.BookedAsync(tx, from.Id)).Where(b => b.StartsAt >= begin && b.EndsAt <= end).ToList();
        return new SwapTaking(from, fromBefore, fromBefore.Without(rule, swap.Day, tx.NewId()), to, toBefore, toAfter.Value, leaving);
    }

    /// <summary>The hours run that day as they were when asked for, and no leave cuts them.</summary>
    private static bool IsWhole(ResourceHours all, OfficeHours rule, OfficeSwap swap, Domain.Clocks.WorkCalendar calendar) =>
        rule.FromMinute == swap.FromMinute && rule.ToMinute == swap.ToMinute && rule.OrganisationId == swap.OrganisationId
        && all.OpeningsOn(swap.Day, calendar).Any(o => o.OfficeHoursId == rule.Id && o.FromMinute == swap.FromMinute && o.ToMinute == swap.ToMinute);

    /// <summary>What the one gives in these hours the other's posts must give, too.</summary>
    private static async Task<bool> CanGiveAsync(UnitOfWork tx, OfficeHours rule, OfficeSwap swap)
    {
        var (one, other) = (await ResourceRepository.RolesAsync(tx, swap.FromStaffId), await ResourceRepository.RolesAsync(tx, swap.ToStaffId));
        return (await ServiceRepository.ListAsync(tx)).Where(s => (s.Mask & rule.Terms.Services) != 0 && s.Roles.Intersect(one).Any()).All(s => s.Roles.Intersect(other).Any());
    }
}
