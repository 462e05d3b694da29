using System.ComponentModel.DataAnnotations;
using System.Globalization;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Appointments;

/// <summary>Whether a change is only to be looked at, or which plan was looked at.</summary>
/// <param name="ValidateOnly">Answers what would break, and changes nothing.</param>
/// <param name="PlanToken">From the preview; needed when bookings break.</param>
public sealed record PlanChoice(bool ValidateOnly, [property: MaxLength(64)] string? PlanToken)
{
    public static readonly PlanChoice None = new(false, null);
}

/// <summary>A change of one resource's hours or leave, thought through and not yet written.</summary>
/// <param name="Before">As read in this transaction.</param>
/// <param name="After">As they shall be.</param>
/// <param name="Ids">Of what is new.</param>
public sealed record RosterOrder(BookableResource Resource, ResourceHours Before, ResourceHours After, PlanChoice Choice, string Action, IReadOnlyList<string> Ids)
{
    /// <summary>Whether the caller may break bookings at all.</summary>
    public bool MayBreak { get; init; } = true;

    /// <summary>Nobody is to be booked here any more.</summary>
    public bool Deactivates { get; init; }

    /// <summary>Why somebody is away; for the office only.</summary>
    public string? LeaveReason { get; init; }
}

/// <summary>
/// The one way in which hours, leave and what can be booked change: first what it breaks, then all of it or nothing. Broken bookings are moved as the plan
/// said, or cancelled with a reason, in the transaction that changes the hours; citizens hear of it through the events of the appointments.
/// </summary>
public sealed class RosterChanges(
    Booking booking, AppointmentRepository appointments, ChangePlanReading plans, AvailabilityProjection availability, IOptions<AppointmentsOptions> options)
{
    /// <summary>What citizens read when no other time was found.</summary>
    public const string CancelReason = "服务时间调整，请重新预约";

    /// <exception cref="ConcurrencyConflictException">Somebody booked or changed in between; the transaction runs again.</exception>
    public async Task<Outcome<RosterChangeView>> RunAsync(UnitOfWork tx, RosterOrder order, CurrentUser user)
    {
        var resource = order.Resource;
        var plan = await plans.PlanAsync(tx, resource, order.After, options.Value.ChangeNotice);
        if (order.Choice.ValidateOnly) return await ViewAsync(tx, order, plan, applied: false);
        if (WhyNot(order, plan) is { } refusal) return refusal;

        await HoursRepository.RaiseAsync(tx, resource);
        await HoursRepository.WriteAsync(tx, order.Before, order.Deactivates ? order.Before : order.After, order.LeaveReason, user.Actor);
        if (await CarryOutAsync(tx, plan, user) is { } changed) return changed;
        if (order.Deactivates) await ResourceRepository.SetActiveAsync(tx, resource.Id, active: false);
        await tx.AuditAsync(user.Actor, order.Action, "resource", resource.Id, plan.Broken.Count == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"broken={plan.Broken.Count}"));
        RefreshAfter(tx, resource.Id);
        return await ViewAsync(tx, order, plan, applied: true);
    }

    /// <summary>All days that can be booked are read anew once the change is committed.</summary>
    public void RefreshAfter(UnitOfWork tx, string resourceId) =>
        tx.AfterCommit(() => availability.RefreshAsync([resourceId], tx.Now.DateInChina(), AvailabilityProjection.Days, CancellationToken.None));

    private static Refusal? WhyNot(RosterOrder order, ChangePlan plan)
    {
        var count = new Dictionary<string, string> { ["broken"] = plan.Broken.Count.ToString(CultureInfo.InvariantCulture) };
        if (plan.Broken.Count > 0 && !order.MayBreak) return AppointmentRefusals.LeaveNeedsDispatcher with { Members = count };
        if (order.Choice.PlanToken is { } token) return token == plan.Token ? null : AppointmentRefusals.PlanChanged with { Members = count };
        return plan.Broken.Count > 0 ? AppointmentRefusals.PlanRequired with { Members = count } : null;
    }

    private async Task<Refusal?> CarryOutAsync(UnitOfWork tx, ChangePlan plan, CurrentUser user)
    {
        // All of them leave before any of them goes anywhere: one may go where another was.
        foreach (var (booked, _) in plan.Broken) await RasterRepository.GiveBackAsync(tx, booked.ResourceId, booked.AppointmentId);
        foreach (var (booked, move) in plan.Broken)
        {
            var appointment = (await appointments.FindAsync(tx, booked.AppointmentId))!;
            if (move is null)
            {
                if (appointment.Cancel(CancelReason, user.Actor, TimeSpan.Zero, tx.Now) is { IsRefused: true } not) return not.Refusal;
                await appointments.SaveAsync(tx, appointment, user.Actor);
                continue;
            }
            // A refusal undoes everything: somebody was quicker at a colleague's, and the plan is another one now.
            if (await AppointmentQueries.ResourceAsync(tx, move.ResourceId) is not { } target
                || (await booking.MoveAsync(tx, appointment, booked.Service, target, move.StartsAt, BookingSide.Staff, [], null, user.Actor)).IsRefused)
                return AppointmentRefusals.PlanChanged;
        }
        return null;
    }

    private static async Task<RosterChangeView> ViewAsync(UnitOfWork tx, RosterOrder order, ChangePlan plan, bool applied)
    {
        var names = new Dictionary<string, string>();
        foreach (var id in plan.Broken.Where(b => b.Move is not null).Select(b => b.Move!.ResourceId).Distinct())
            names[id] = (await ResourceRepository.FindAsync(tx, id))!.ShownName;
        return new RosterChangeView(
            applied, order.Resource.Id, order.Resource.HoursVersion + (applied ? 1 : 0), plan.Token, plan.Broken.Count, [.. plan.Broken.Select(b => BrokenView.Of(b, names))],
            applied ? order.Ids : []);
    }
}

/// <summary>What a change did, or would do.</summary>
/// <param name="Applied">False for a preview.</param>
/// <param name="HoursVersion">For the <c>If-Match</c> of the next change.</param>
/// <param name="PlanToken">Send it with the change to carry it out exactly so.</param>
/// <param name="BrokenCount">Bookings that do not fit the new hours.</param>
/// <param name="Ids">Hours or leave that were added.</param>
public sealed record RosterChangeView(
    bool Applied, string ResourceId, int HoursVersion, string PlanToken, int BrokenCount, IReadOnlyList<BrokenView> Broken, IReadOnlyList<string> Ids);

/// <summary>A booking that does not fit.</summary>
/// <param name="Move">Where it goes; null when no free time was found and it is cancelled.</param>
/// <param name="Message">What the citizen is told.</param>
public sealed record BrokenView(
    string AppointmentId, string Number, string ServiceName, MeetingMode Mode, string ModeText, DateTimeOffset StartsAt, DateTimeOffset EndsAt, MoveView? Move, string Message)
{
    internal static BrokenView Of(BrokenBooking b, IReadOnlyDictionary<string, string> names) => new(
        b.Booked.AppointmentId, b.Booked.Number, b.Booked.Service.Name, b.Booked.Mode, b.Booked.Mode.Label(), b.Booked.StartsAt, b.Booked.EndsAt,
        b.Move is { } m ? new MoveView(m.ResourceId, names[m.ResourceId], m.OrganisationId, m.StartsAt, m.EndsAt) : null, b.Message);
}

/// <summary>The new place of a booking.</summary>
public sealed record MoveView(string ResourceId, string ResourceName, string OrganisationId, DateTimeOffset StartsAt, DateTimeOffset EndsAt);
