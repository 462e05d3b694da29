using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Api.Appointments;

/// <summary>
/// An appointment as the office sees it. Nothing in it names a person: name, phone, subject and address are read one by one, with a purpose
/// (<c>POST /v1/staff/appointments/{id}/contact-readings</c>).
/// </summary>
/// <param name="AtDesk">Booked at a desk and not with a person: who serves is decided by calling.</param>
/// <param name="StaffName">Who serves; null at a desk until somebody calls.</param>
/// <param name="SubjectRelation">What the person concerned is to the citizen; null for the citizen.</param>
/// <param name="Reason">In the citizen's words; null once the account has been deleted.</param>
/// <param name="Outcome">What came of it; the citizen does not see it.</param>
/// <param name="VideoCallId">Its call, at <c>/v1/staff/video-calls</c>; null when it is none by video, or has none yet.</param>
/// <param name="OfficeMissed">Nobody of the office came to its call, or the video service failed.</param>
/// <param name="History">Its moves, oldest first.</param>
/// <param name="Waiting">The citizen is there and has not been called.</param>
/// <param name="Late">The start is over and nobody has checked in.</param>
/// <param name="Unsettled">The end is over: to be completed or marked absent.</param>
/// <param name="NeedsConfirmation">The unit has still to say yes, by the end of <paramref name="ConfirmDueOn"/>.</param>
/// <param name="Actions">What the caller may do next, for showing buttons. Unknown values are to be ignored.</param>
public sealed record StaffAppointmentView(
    string Id, string MatterId, string Number, string NumberText, AppointmentState State, string StateText, string ServiceCode, string ServiceName, MeetingMode Mode, string ModeText,
    BookingSide Side, string SideText, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string OrganisationId, string OrganisationName, string ResourceId, string ResourceName, bool AtDesk,
    string? StaffId, string? StaffName, Relation? SubjectRelation, string? SubjectRelationText, string? Reason, string? Outcome, DateOnly? ConfirmDueOn, DateTimeOffset? ConfirmedAt,
    DateTimeOffset? CheckedInAt, DateTimeOffset? StartedAt, DateTimeOffset? CompletedAt, DateTimeOffset? NoShowAt, DateTimeOffset? CancelledAt, ActorKind? CancelledBy, string? CancelReason,
    string? VideoCallId, bool OfficeMissed, int Moves, IReadOnlyList<AppointmentMoveView> History, bool Waiting, bool Late, bool Unsettled, bool NeedsConfirmation, DateTimeOffset BookedAt, IReadOnlyList<AppointmentAction> Actions,
    int Version)
{
    public static StaffAppointmentView Of(AppointmentRow a, string callerId, StaffScope scope, DateTimeOffset now)
    {
        var ends = !a.State.IsOver();
        // Their words are kept as the law asks, and not processed any further (PIPL art. 47).
        var gone = a.CitizenRestrictedAt is not null;
        return new StaffAppointmentView(
            a.Id, a.MatterId, a.Number, MatterNumber.Display(a.Number), a.State, a.State.Label(), a.ServiceCode, a.ServiceName, a.Mode, a.Mode.Label(), a.Side, a.Side.Label(), a.StartsAt, a.EndsAt,
            a.OrganisationId, a.OrganisationName, a.ResourceId, a.ResourceName, a.ResourceKind == ResourceKind.Desk, a.StaffId, a.StaffName, a.SubjectRelation, a.SubjectRelation?.Label(),
            gone ? null : a.Reason, a.Outcome, a.ConfirmDueOn is null ? null : DayCode.Parse(a.ConfirmDueOn), a.ConfirmedAt, a.CheckedInAt, a.StartedAt, a.CompletedAt, a.NoShowAt,
            a.CancelledAt, a.CancelledBy, gone && a.CancelledBy == ActorKind.Citizen ? null : a.CancelReason, a.VideoCallId, a.OfficeMissedAt is not null, a.Moves, AppointmentMoveView.Of(a),
            Waiting: a.State == AppointmentState.CheckedIn, Late: a.State == AppointmentState.Booked && now > a.StartsAt, Unsettled: ends && now > a.EndsAt,
            NeedsConfirmation: AwaitsYes(a), a.BookedAt, ActionsOf(a, callerId, scope), a.Version);
    }

    /// <summary>What a page is made of besides the versions: the clock moves these.</summary>
    internal string Marks => $"{(Waiting ? "w" : "")}{(Late ? "l" : "")}{(Unsettled ? "u" : "")}{Actions.Count}";

    private static bool AwaitsYes(AppointmentRow a) => a.State == AppointmentState.Booked && a.ConfirmDueOn is not null && a.ConfirmedAt is null;

    private static IReadOnlyList<AppointmentAction> ActionsOf(AppointmentRow a, string callerId, StaffScope scope)
    {
        var decides = a.StaffId == callerId || scope.Directs(a.OrganisationPath);
        var calls = decides || (a.StaffId is null && scope.Covers(a.OrganisationPath));
        return [.. AppointmentTransitions.Table.Keys.Where(k => k.From == a.State).Select(k => k.Action)
            // What its video call brings about is nobody's button.
            .Where(action => action is not (AppointmentAction.HandOn or AppointmentAction.OfficeMissed))
            .Where(action => action is AppointmentAction.CheckIn or AppointmentAction.Start ? calls : decides)
            .Where(action => action != AppointmentAction.Confirm || AwaitsYes(a))];
    }
}
