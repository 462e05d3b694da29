using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.VideoCalls;

/// <summary>Who is there, who was, and what becomes of the call when nobody says anything.</summary>
public sealed partial class VideoCall
{
    /// <summary>When something is to be decided though nobody does anything; null: nothing.</summary>
    public DateTimeOffset? DueAt => State switch
    {
        CallState.Scheduled => Awaited + AbsentAfter,
        CallState.Ringing or CallState.Reconnecting when Medium == CallMedium.Phone => (Times.MediumAt ?? Times.RungAt) + ReachedWithin,
        CallState.Ringing => Scheduled is null ? Times.RungAt + RingsFor : Later(Times.RungAt!.Value + RingsFor, Awaited + AbsentAfter),
        CallState.Reconnecting => Times.LostAt + ComesBackWithin,
        CallState.Connected => Times.ConnectedAt + Longest,
        _ => null,
    };

    /// <summary>Decides what <see cref="DueAt"/> was waited for.</summary>
    /// <returns>False when it is not time, or no longer so.</returns>
    public bool Decide(DateTimeOffset now)
    {
        if (DueAt is not { } due || now < due) return false;
        switch (State)
        {
            case CallState.Scheduled or CallState.Ringing when Times.FaultAt is not null:
                End(CallEnd.PlatformFailed, now);
                break;
            case CallState.Scheduled or CallState.Ringing:
                Miss((WasThere(CallSide.Citizen), WasThere(CallSide.Staff) || TicketId is not null) switch
                {
                    (true, _) => CallAbsence.Staff,
                    (_, true) => CallAbsence.Citizen,
                    _ => CallAbsence.Both,
                }, now);
                break;
            default:
                End(State == CallState.Connected ? CallEnd.TooLong : CallEnd.NetworkLost, now);
                break;
        }
        return true;
    }

    /// <summary>Somebody was seen to come or to go. News that is older than what is known, or of a call that is over, changes nothing.</summary>
    /// <param name="at">When it happened, by the platform's clock.</param>
    /// <param name="goodbye">They went on purpose.</param>
    /// <returns>Whether that was news.</returns>
    public bool Notice(string participantId, bool present, DateTimeOffset at, bool goodbye = false)
    {
        if (State.IsOver() || _participants.Find(p => p.Id == participantId) is not { } who || !who.See(present, at, goodbye)) return false;
        // Over the telephone nobody can be seen.
        if (Medium == CallMedium.Phone) return true;
        if (State == CallState.Scheduled && present && who.Side != CallSide.Guest) Ring(who.Side, at);
        if (IsThere(CallSide.Citizen) && IsThere(CallSide.Staff)) Connect(at);
        else if (State == CallState.Connected) Drop(at);
        // Both said goodbye: the call is over, whoever presses the button.
        if (State == CallState.Reconnecting && _participants.Where(p => p.Side != CallSide.Guest).All(p => p.HasLeft || p.FirstJoinedAt is null)) End(CallEnd.Finished, at);
        return true;
    }

    /// <summary>The video provider could not be reached when somebody wanted to come in. If nothing comes of the call, it was the platform's fault and nobody's absence.</summary>
    public void NoteFault(DateTimeOffset now)
    {
        if (State.IsOver() || Times.ConnectedAt is not null) return;
        if (Times.FaultAt is null) Matter.Remark(now, "call_fault", "视频服务不可用，已提示改用其他方式");
        Times = Times with { FaultAt = now };
    }

    /// <summary>From when on both are waited for: the booked start, or when it was made anew after that.</summary>
    private DateTimeOffset Awaited => Later(Scheduled!.StartsAt, CreatedAt);

    private bool IsThere(CallSide side) => _participants.Exists(p => p.Side == side && p.IsPresent);

    /// <summary>They are there, or have been since the booked start: who waited and went is not absent.</summary>
    private bool WasThere(CallSide side) => _participants.Exists(p => p.Side == side && (p.IsPresent || (p.FirstJoinedAt is not null && Scheduled is not null && p.SeenAt >= Scheduled.StartsAt)));

    private void Ring(CallSide waits, DateTimeOffset at)
    {
        if (Move(CallAction.Ring) is not null) return;
        Times = Times with { RungAt = at };
        _events.Add(new CallRinging(Id, Matter.Id, TicketId, waits));
    }

    private Outcome<Done> Connect(DateTimeOffset at)
    {
        if (State == CallState.Connected) return Done.It;
        if (Move(CallAction.Connect) is { } refusal) return refusal;
        // News of the one may come after later news of the other: they talk from when both were there.
        foreach (var p in _participants.Where(p => p.IsPresent && p.Side != CallSide.Guest && p.SeenAt > at)) at = p.SeenAt!.Value;
        var first = Times.ConnectedAt is null;
        Times = Times with { ConnectedAt = Times.ConnectedAt ?? at, TalkingSince = at, LostAt = null, FaultAt = null };
        if (OwnsMatter) Matter.TakeOn(StaffId, waits: false, at);
        if (first) Matter.Tell(at, "call_connected", "通话已接通");
        if (first) _events.Add(new CallConnected(Id, Matter.Id, TicketId));
        return Done.It;
    }

    private void Drop(DateTimeOffset at)
    {
        if (Move(CallAction.Drop) is not null) return;
        var talked = at > Times.TalkingSince ? at - Times.TalkingSince.Value : TimeSpan.Zero;
        Times = Times with { Talked = Times.Talked + talked, TalkingSince = null, LostAt = Later(at, Times.TalkingSince ?? at) };
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
