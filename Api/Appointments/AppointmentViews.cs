using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Clocks;

namespace MicroPlatform.Api.Appointments;

/// <summary>Where an appointment is held.</summary>
/// <param name="Latitude">GCJ-02, degrees; null where no position is registered.</param>
public sealed record PlaceView(string Id, string Name, string? Address, string? Phone, double? Latitude, double? Longitude);

/// <summary>An appointment as its citizen sees it.</summary>
/// <param name="NumberText">受理编号 as people read it out; the same after every move.</param>
/// <param name="ResourceId">Who or what is booked; pass it on to find another time with the same.</param>
/// <param name="StaffName">Who will see you; null at a desk until you are called.</param>
/// <param name="ConfirmDueOn">By the end of which day the unit says yes; null when it need not.</param>
/// <param name="CheckInCode">To be shown at the window, as text or QR code.</param>
/// <param name="CancelledBy">Who cancelled; null unless cancelled.</param>
/// <param name="VideoCallId">Its call, at <c>/v1/video-calls</c>; null when it is none by video, or has none yet (<c>POST …/video-call</c> makes it).</param>
/// <param name="OfficeMissed">The office did not come to its call, or the video service failed: another time may be chosen without the usual limits.</param>
/// <param name="History">Its moves, oldest first.</param>
/// <param name="Actions">What the citizen may do next, for showing buttons. Unknown values are to be ignored.</param>
public sealed record AppointmentView(
    string Id, string MatterId, string Number, string NumberText, AppointmentState State, string StateText, string ServiceCode, string ServiceName, MeetingMode Mode, string ModeText,
    DateTimeOffset StartsAt, DateTimeOffset EndsAt, PlaceView Place, string ResourceId, string? StaffName, string? StaffTitle, Relation? SubjectRelation, string? SubjectRelationText, string? Reason,
    DateOnly? ConfirmDueOn, DateTimeOffset? ConfirmedAt, DateTimeOffset? CheckedInAt, DateTimeOffset? CompletedAt, DateTimeOffset? CancelledAt, ActorKind? CancelledBy, string? CancelReason,
    string CheckInCode, string? VideoCallId, bool OfficeMissed, int Moves, IReadOnlyList<AppointmentMoveView> History, DateTimeOffset BookedAt, IReadOnlyList<AppointmentAction> Actions, int Version)
{
    private static readonly AppointmentAction[] AtThePoint = [AppointmentAction.Reschedule, AppointmentAction.Cancel, AppointmentAction.CheckIn];
    private static readonly AppointmentAction[] Elsewhere = [AppointmentAction.Reschedule, AppointmentAction.Cancel];

    public static AppointmentView Of(AppointmentRow a) => new(
        a.Id, a.MatterId, a.Number, MatterNumber.Display(a.Number), a.State, a.State.Label(), a.ServiceCode, a.ServiceName, a.Mode, a.Mode.Label(), a.StartsAt, a.EndsAt, PlaceOf(a),
        a.ResourceId, a.StaffName, a.StaffTitle, a.SubjectRelation, a.SubjectRelation?.Label(), a.Reason, a.ConfirmDueOn is null ? null : DayCode.Parse(a.ConfirmDueOn), a.ConfirmedAt,
        a.CheckedInAt, a.CompletedAt, a.CancelledAt, a.CancelledBy, a.CancelReason, a.CheckInCode, a.VideoCallId, a.OfficeMissedAt is not null, a.Moves, AppointmentMoveView.Of(a), a.BookedAt,
        a.State != AppointmentState.Booked ? [] : a.Mode == MeetingMode.InPerson ? AtThePoint : Elsewhere, a.Version);

    internal static PlaceView PlaceOf(AppointmentRow a) =>
        new(a.OrganisationId, a.OrganisationName, a.OrganisationAddress, a.OrganisationPhone, Degrees(a.Latitude), Degrees(a.Longitude));

    /// <summary>Positions are kept in millionths of a degree.</summary>
    internal static double? Degrees(int? millionths) => millionths / 1e6;
}

/// <summary>One move of an appointment.</summary>
/// <param name="FromName">Who or which desk it was with before.</param>
public sealed record AppointmentMoveView(DateTimeOffset FromStartsAt, string? FromName, DateTimeOffset ToStartsAt, string? ToName, ActorKind By, string ByText, DateTimeOffset At)
{
    public static IReadOnlyList<AppointmentMoveView> Of(AppointmentRow a) =>
        [.. a.History.Select(m => new AppointmentMoveView(m.FromStartsAt, m.FromName, m.ToStartsAt, m.ToName, m.ActorKind, m.ActorKind.Label(), m.At))];
}
