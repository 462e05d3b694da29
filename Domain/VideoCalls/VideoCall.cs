using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;

namespace MicroPlatform.Domain.VideoCalls;

/// <summary>
/// 视频咨询: a call on a matter, at once (from a place in a queue) or at a booked time. Verbs change it; each consults <see cref="CallTransitions"/>
/// through <see cref="Move"/>, the one door to its state. Who is there is told by the clients' heartbeats and by the provider, late, twice or in
/// the wrong order; <see cref="Notice"/> makes one story of it.
/// </summary>
public sealed partial class VideoCall
{
    /// <summary>People in one call: citizen, office, and whoever helps them.</summary>
    public const int MaxParticipants = 6;

    /// <summary>Longest summary, in UTF-16 code units.</summary>
    public const int MaxSummary = 5000;

    /// <summary>A booked call can be entered so long before its start, and until so long after its end.</summary>
    public static readonly TimeSpan OpensBefore = TimeSpan.FromMinutes(15);
    public static readonly TimeSpan ClosesAfter = TimeSpan.FromMinutes(60);

    /// <summary>Who is rung has so long to come.</summary>
    public static readonly TimeSpan RingsFor = TimeSpan.FromSeconds(60);

    /// <summary>At a booked time, so long after the start whoever is not there is absent.</summary>
    public static readonly TimeSpan AbsentAfter = TimeSpan.FromMinutes(15);

    /// <summary>The office has so long to reach the citizen by telephone.</summary>
    public static readonly TimeSpan ReachedWithin = TimeSpan.FromMinutes(10);

    /// <summary>Who has lost the network has so long to come back.</summary>
    public static readonly TimeSpan ComesBackWithin = TimeSpan.FromSeconds(90);

    /// <summary>Somebody forgot to hang up.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(2);

    private readonly List<IDomainEvent> _events = [];
    private readonly List<CallParticipant> _participants = [];

    public required string Id { get; init; }
    public required Matter Matter { get; init; }
    public required string OrganisationId { get; set; }
    public string? AppointmentId { get; init; }
    public string? TicketId { get; init; }

    /// <summary>Name of the provider that carries it, as in the options; kept, for callbacks of a call outlive a change of the options.</summary>
    public required string Provider { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    public CallState State { get; private set; }
    public CallMedium Medium { get; private set; }
    public string? StaffId { get; private set; }

    /// <summary>The booked time; null for a call at once.</summary>
    public CallTime? Scheduled { get; private set; }
    public CallTimes Times { get; private set; } = new();
    public IReadOnlyList<CallParticipant> Participants => _participants;

    /// <summary>Number of the stored version this was read from; every save demands it and raises it by one.</summary>
    public int Version { get; init; }

    public IReadOnlyList<IDomainEvent> Events => _events;

    /// <summary>The two have talked and the office has not written what about: listed, and in the way of the next call from a queue.</summary>
    public bool OwesSummary => State == CallState.Ended && Times.ConnectedAt is not null && Times.Summary is null;

    /// <summary>Whether somebody of the office can be in no other call: taken from a queue they are bound, at a booked time only once they are there.</summary>
    public bool BindsStaff => State.IsLive() && (TicketId is not null || State != CallState.Ringing || IsThere(CallSide.Staff));

    /// <inheritdoc cref="BindsStaff"/>
    public bool BindsCitizen => State.IsLive() && (TicketId is not null || State != CallState.Ringing || IsThere(CallSide.Citizen));

    /// <summary>Whether the matter was opened for a call and ends with its summary.</summary>
    public bool OwnsMatter => Matter.Kind == MatterKind.VideoConsultation;

    public static VideoCall Restore(VideoCall bare, CallState state, CallMedium medium, string? staffId, CallTime? scheduled, CallTimes times, IEnumerable<CallParticipant> participants)
    {
        (bare.State, bare.Medium, bare.StaffId, bare.Scheduled, bare.Times) = (state, medium, staffId, scheduled, times);
        bare._participants.AddRange(participants);
        return bare;
    }

    /// <summary>Somebody of the office has taken a citizen from the queue, who is now rung.</summary>
    public static VideoCall RingCitizen(VideoCall bare, CallMedium medium, CallParticipant citizen, CallParticipant staff, string staffName, DateTimeOffset now)
    {
        bare.Begin(medium, staff.PersonId, citizen, staff);
        bare.State = CallState.Ringing;
        bare.Times = new CallTimes { RungAt = now };
        if (bare.OwnsMatter) bare.Matter.TakeOn(staff.PersonId, waits: true, now);
        bare.Matter.Tell(now, "call_ringing", $"{staffName}已接待，正在呼叫您");
        bare._events.Add(new CallRinging(bare.Id, bare.Matter.Id, bare.TicketId, CallSide.Staff));
        return bare;
    }

    /// <summary>For a booked time. The appointment tells the citizen; the call is only its door.</summary>
    public static VideoCall Schedule(VideoCall bare, CallTime time, CallParticipant citizen, CallParticipant? staff)
    {
        bare.Begin(CallMedium.Video, staff?.PersonId, [citizen, .. staff is null ? Array.Empty<CallParticipant>() : [staff]]);
        bare.Scheduled = time;
        return bare;
    }

    /// <summary>The appointment has moved, perhaps to somebody else or to another unit.</summary>
    public Outcome<Done> Reschedule(CallTime to, string organisationId, CallParticipant? staff)
    {
        if (Move(CallAction.Move) is { } refusal) return refusal;
        (Scheduled, OrganisationId) = (to, organisationId);
        if (staff?.PersonId == StaffId) return Done.It;
        _participants.RemoveAll(p => p.Side == CallSide.Staff);
        if (staff is not null) _participants.Add(staff);
        StaffId = staff?.PersonId;
        return Done.It;
    }

    /// <summary>Whether somebody may come in now. Coming twice, or from a second phone, is coming.</summary>
    public Refusal? WhyNotEnter(DateTimeOffset now)
    {
        if (State.IsOver()) return CallRefusals.Over;
        if (Scheduled is null || State.IsLive()) return null;
        if (now < Scheduled.StartsAt - OpensBefore) return CallRefusals.TooEarly(Scheduled.StartsAt - OpensBefore);
        return now >= Scheduled.EndsAt + ClosesAfter ? CallRefusals.TooLate : null;
    }

    /// <summary>At a desk nobody is bound until somebody comes in for the office.</summary>
    public Outcome<Done> BindStaff(CallParticipant staff)
    {
        if (State.IsOver()) return CallRefusals.Over;
        if (StaffId is not null) return StaffId == staff.PersonId ? Done.It : CallRefusals.TakenByOther;
        StaffId = staff.PersonId;
        _participants.Add(staff);
        return Done.It;
    }

    /// <summary>Another person: an interpreter, a clerk, a village point.</summary>
    public Outcome<Done> Invite(CallParticipant guest, DateTimeOffset now)
    {
        if (State.IsOver()) return CallRefusals.Over;
        if (guest.PersonId is not null && _participants.Exists(p => p.PersonId == guest.PersonId)) return Done.It;
        if (_participants.Count >= MaxParticipants) return CallRefusals.Full;
        _participants.Add(guest);
        // Agreement was given to those who were there: everybody is asked again.
        foreach (var p in _participants) p.Agree(null);
        Matter.Tell(now, "call_guest", $"{guest.DisplayName}受邀参加通话");
        return Done.It;
    }

    /// <summary>The network or the eyes do not serve: by voice, or by the telephone.</summary>
    /// <param name="by">Who wants it so. Who asks for the telephone is there, at the telephone.</param>
    public Outcome<Done> ChangeMedium(CallMedium to, CallSide by, DateTimeOffset now)
    {
        if (to == Medium && !State.IsOver()) return Done.It;
        if (Move(CallAction.ChangeMedium) is { } refusal) return refusal;
        Medium = to;
        Times = Times with { MediumAt = now };
        if (to == CallMedium.Phone) foreach (var p in _participants.Where(p => p.Side == by)) p.See(present: true, now, goodbye: false);
        Matter.Tell(now, "call_medium", $"通话改为{to.Label()}");
        return Done.It;
    }

    /// <summary>Over the telephone nobody sees who is there: the office says that it has reached the citizen.</summary>
    public Outcome<Done> ReachedByPhone(DateTimeOffset now)
    {
        if (Medium != CallMedium.Phone) return CallRefusals.WrongState;
        foreach (var p in _participants.Where(p => p.Side != CallSide.Guest)) p.See(present: true, now, goodbye: false);
        if (State == CallState.Scheduled) Ring(CallSide.Staff, now);
        return State.IsOver() ? CallRefusals.Over : Connect(now);
    }

    /// <summary>Somebody presses the red button. Before the two were connected that is to decline, or to take the ring back; at a booked time one only leaves.</summary>
    public Outcome<Done> HangUp(CallSide by, DateTimeOffset now)
    {
        if (State != CallState.Ringing) return End(CallEnd.Finished, now);
        if (Scheduled is not null) return CallRefusals.WrongState;
        return by == CallSide.Citizen ? Miss(CallAbsence.Citizen, now) : Cancel(now);
    }

    public Outcome<Done> End(CallEnd how, DateTimeOffset now)
    {
        if (State == CallState.Ended && Times.How == how) return Done.It;
        if (State == CallState.Connected) Drop(now);
        if (Move(how is CallEnd.WentToMessages or CallEnd.PlatformFailed ? CallAction.Divert : CallAction.End) is { } refusal) return refusal;
        Times = Times with { EndedAt = now, How = how };
        Matter.Tell(now, "call_ended", Times.Talked > TimeSpan.Zero ? $"通话结束（{how.Label()}），时长{Spoken(Times.Talked)}" : $"通话结束（{how.Label()}）");
        _events.Add(new CallEnded(Id, Matter.Id, TicketId, how));
        return Done.It;
    }

    /// <param name="absent">Who did not come.</param>
    public Outcome<Done> Miss(CallAbsence absent, DateTimeOffset now)
    {
        if (Move(CallAction.Miss) is { } refusal) return refusal;
        Times = Times with { EndedAt = now, Absent = absent };
        Matter.Tell(now, "call_missed", absent == CallAbsence.Citizen ? "呼叫未接通" : "工作人员未能接通，请谅解，我们会尽快联系您");
        _events.Add(new CallMissed(Id, Matter.Id, TicketId, absent));
        return Done.It;
    }

    public Outcome<Done> Cancel(DateTimeOffset now)
    {
        if (Move(CallAction.Cancel) is { } refusal) return refusal;
        Times = Times with { EndedAt = now };
        _events.Add(new CallCancelled(Id, Matter.Id, TicketId));
        return Done.It;
    }

    /// <summary>What was asked and answered. A matter that began with the call is closed by it, and may be rated.</summary>
    public Outcome<Done> Summarise(string summary, DateTimeOffset now)
    {
        if (Times.Summary is not null) return Times.Summary == summary ? Done.It : CallRefusals.AlreadySummarised;
        if (Move(CallAction.Summarise) is not null) return CallRefusals.NothingToSummarise;
        Times = Times with { Summary = summary, SummarisedAt = now };
        if (OwnsMatter && Times.How != CallEnd.WentToMessages) Matter.End(MatterStatus.Closed, now, "视频咨询已完成");
        _events.Add(new CallSummarised(Id, Matter.Id, TicketId));
        return Done.It;
    }

    /// <summary>Somebody agrees to be recorded, or does so no longer.</summary>
    public Outcome<Done> AgreeToRecording(string participantId, bool agrees, DateTimeOffset now)
    {
        if (State.IsOver()) return CallRefusals.Over;
        if (_participants.Find(p => p.Id == participantId) is not { } who) return CommonRefusals.NotFound;
        who.Agree(agrees ? who.AgreedToRecordingAt ?? now : null);
        return Done.It;
    }

    /// <summary>Everybody who is or was there has agreed.</summary>
    public bool MayBeRecorded => _participants.Where(p => p.FirstJoinedAt is not null || p.Side != CallSide.Guest).All(p => p.AgreedToRecordingAt is not null);

    private void Begin(CallMedium medium, string? staffId, params CallParticipant[] participants)
    {
        (Medium, StaffId) = (medium, staffId);
        _participants.AddRange(participants);
    }

    private static string Spoken(TimeSpan talked) => talked.TotalMinutes >= 1 ? $"{(int)talked.TotalMinutes}分{talked.Seconds}秒" : $"{talked.Seconds}秒";

    private Refusal? Move(CallAction action)
    {
        if (!CallTransitions.Table.TryGetValue((State, action), out var to))
            return State.IsOver() ? CallRefusals.Over : CallRefusals.WrongState;
        State = to;
        return null;
    }
}
