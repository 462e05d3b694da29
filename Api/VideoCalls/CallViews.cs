using System.Globalization;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Domain.Notifications;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Api.VideoCalls;

/// <summary>Somebody in a call.</summary>
/// <param name="Id">Opaque: what the video provider knows them by.</param>
/// <param name="Present">They are there now.</param>
/// <param name="Me">The caller.</param>
/// <param name="AgreesToRecording">Everybody sees who has agreed: nobody is recorded without knowing whom they speak to.</param>
public sealed record CallPersonView(string Id, CallSide Side, string SideText, string DisplayName, bool Present, bool Me, bool AgreesToRecording)
{
    public static IReadOnlyList<CallPersonView> Of(CallRow c, string? callerId) =>
        [.. c.Participants.Select(p => new CallPersonView(p.Id, p.Side, p.Side.Label(), p.DisplayName, p.IsPresent, p.PersonId is not null && p.PersonId == callerId, p.AgreedAt is not null))];
}

/// <summary>A video call as its citizen sees it.</summary>
/// <param name="OpensAt">A booked call can be entered from then on; null for a call at once.</param>
/// <param name="ClosesAt">And until then.</param>
/// <param name="CanJoin">It can be entered now.</param>
/// <param name="TalkedSeconds">Together, without the time in which one was missing; of a call that goes on, up to the last break.</param>
/// <param name="TalkingSince">Since when both are there now.</param>
/// <param name="Absent">Who did not come; null unless missed.</param>
/// <param name="AppointmentId">The appointment it belongs to; null for a call from a queue.</param>
/// <param name="ConsultationId">The message thread under the same number, where it went on as messages.</param>
/// <param name="Recording">It is being recorded now.</param>
/// <param name="RecordingAllowed">Everybody has agreed to it.</param>
/// <param name="Version">Raised by every change; pass it as <c>after</c> to wait for the next.</param>
public sealed record CallView(
    string Id, string MatterId, string Number, string NumberText, CallState State, string StateText, CallMedium Medium, string MediumText, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt,
    DateTimeOffset? OpensAt, DateTimeOffset? ClosesAt, bool CanJoin, string OrganisationName, string? StaffName, DateTimeOffset? RungAt, DateTimeOffset? ConnectedAt, DateTimeOffset? TalkingSince,
    long TalkedSeconds, DateTimeOffset? EndedAt, CallEnd? How, string? HowText, CallAbsence? Absent, string? AbsentText, string? Summary, DateTimeOffset? SummarisedAt, string? AppointmentId,
    string? ConsultationId, bool Recording, bool RecordingAllowed, IReadOnlyList<CallPersonView> Participants, int Version)
{
    public static CallView Of(CallRow c, string? callerId, DateTimeOffset now) => new(
        c.Id, c.MatterId, c.Number, MatterNumber.Display(c.Number), c.State, c.State.Label(), c.Medium, c.Medium.Label(), c.StartsAt, c.EndsAt, OpensAtOf(c), ClosesAtOf(c), CanJoinNow(c, now),
        c.OrganisationName, c.StaffName, c.RungAt, c.ConnectedAt, c.TalkingSince, c.TalkedMs / 1000, c.EndedAt, c.How, c.How?.Label(), c.Absent, c.Absent?.Label(), c.Summary, c.SummarisedAt,
        c.AppointmentId, c.ConsultationId, c.RunningRecordingId is not null, AllAgree(c), CallPersonView.Of(c, callerId), c.Version);

    internal static DateTimeOffset? OpensAtOf(CallRow c) => c.StartsAt - VideoCall.OpensBefore;

    internal static DateTimeOffset? ClosesAtOf(CallRow c) => c.EndsAt + VideoCall.ClosesAfter;

    internal static bool CanJoinNow(CallRow c, DateTimeOffset now) => c.State.IsLive() || (c.State == CallState.Scheduled && now >= OpensAtOf(c) && now < ClosesAtOf(c));

    internal static bool AllAgree(CallRow c) => c.Participants.Where(p => p.Side != CallSide.Guest || p.FirstJoinedAt is not null).All(p => p.AgreedAt is not null);

    /// <summary>What a page is made of: the version, what other tables add, and what the clock moves.</summary>
    internal static string TagOf(CallRow c, DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"{c.Id}-{c.Version}-{(CanJoinNow(c, now) ? "j" : "")}{(c.RunningRecordingId is null ? "" : "r")}{(c.ConsultationId is null ? "" : "m")}");
}

/// <summary>A video call as the office sees it. Nothing in it names the citizen.</summary>
/// <param name="Title">First words of what it is about; null once the account has been deleted.</param>
/// <param name="Mine">The caller takes it.</param>
/// <param name="Invited">The caller was asked to help in it.</param>
/// <param name="OwesSummary">The obligatory words are missing.</param>
/// <param name="PlatformFault">The video service failed somebody who wanted to come in.</param>
/// <param name="ContactPreference">How the citizen wants to be reached. <c>hidden</c>: do not ring their telephone on your own accord.</param>
public sealed record StaffCallView(
    string Id, string MatterId, string Number, string NumberText, string? Title, CallState State, string StateText, CallMedium Medium, string MediumText, DateTimeOffset? StartsAt,
    DateTimeOffset? EndsAt, DateTimeOffset? OpensAt, DateTimeOffset? ClosesAt, bool CanJoin, string OrganisationId, string OrganisationName, string? StaffId, string? StaffName, bool Mine, bool Invited,
    DateTimeOffset? RungAt, DateTimeOffset? ConnectedAt, DateTimeOffset? TalkingSince, long TalkedSeconds, DateTimeOffset? EndedAt, CallEnd? How, string? HowText, CallAbsence? Absent,
    string? AbsentText, bool PlatformFault, bool OwesSummary, string? Summary, DateTimeOffset? SummarisedAt, string? AppointmentId, string? TicketId, string? ConsultationId, bool Recording,
    bool RecordingAllowed, ContactPreference ContactPreference, string ContactPreferenceText, IReadOnlyList<CallPersonView> Participants, DateTimeOffset CreatedAt, int Version)
{
    public static StaffCallView Of(CallRow c, string callerId, DateTimeOffset now)
    {
        var preference = Wording.Stricter(c.ContactPreference, c.OwnPreference ?? ContactPreference.Visible);
        // Of others' recordings only the parties and who directs the unit know; this list is read by all of the unit.
        var party = c.Participants.Any(p => p.PersonId == callerId);
        return new StaffCallView(
            c.Id, c.MatterId, c.Number, MatterNumber.Display(c.Number), c.CitizenRestrictedAt is null ? c.Title : null, c.State, c.State.Label(), c.Medium, c.Medium.Label(), c.StartsAt, c.EndsAt,
            CallView.OpensAtOf(c), CallView.ClosesAtOf(c), CallView.CanJoinNow(c, now), c.OrganisationId, c.OrganisationName, c.StaffId, c.StaffName, c.StaffId == callerId,
            party && c.StaffId != callerId, c.RungAt, c.ConnectedAt, c.TalkingSince, c.TalkedMs / 1000, c.EndedAt, c.How, c.How?.Label(), c.Absent, c.Absent?.Label(), c.FaultAt is not null,
            c.State == CallState.Ended && c.ConnectedAt is not null && c.Summary is null, c.Summary, c.SummarisedAt, c.AppointmentId, c.TicketId, c.ConsultationId,
            party && c.RunningRecordingId is not null, CallView.AllAgree(c), preference, preference.Label(), CallPersonView.Of(c, callerId), c.CreatedAt, c.Version);
    }
}
