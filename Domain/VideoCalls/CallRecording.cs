using MicroPlatform.Domain.Common;
using static MicroPlatform.Domain.VideoCalls.RecordingAction;
using static MicroPlatform.Domain.VideoCalls.RecordingState;

namespace MicroPlatform.Domain.VideoCalls;

/// <summary>Where a recording stands.</summary>
public enum RecordingState
{
    /// <summary>准备录制: asked for; the provider has not begun.</summary>
    Wanted,
    /// <summary>录制中</summary>
    Running,
    /// <summary>正在停止: to be stopped; the provider has not yet.</summary>
    Stopping,
    /// <summary>已保存: kept until its date of deletion.</summary>
    Kept,
    /// <summary>录制失败: the provider never began.</summary>
    Failed,
    /// <summary>已删除: only this row is left.</summary>
    Deleted,
}

/// <summary>What can happen to a recording.</summary>
public enum RecordingAction
{
    /// <summary>开始: the provider records.</summary>
    Begin,
    /// <summary>停止: by hand, because somebody no longer agrees, or because the call is over.</summary>
    Stop,
    /// <summary>保存: the provider has stopped.</summary>
    Keep,
    /// <summary>失败</summary>
    Fail,
    /// <summary>删除</summary>
    Delete,
}

/// <summary>Why a recording was stopped.</summary>
public enum RecordingStop
{
    /// <summary>手动停止</summary>
    ByHand,
    /// <summary>撤回同意: somebody no longer agrees; what was said before they had agreed to.</summary>
    ConsentWithdrawn,
    /// <summary>通话结束</summary>
    CallOver,
}

/// <summary>
/// 录制: what was said in a call, kept because both wanted it (民法典 art. 1033; PIPL art. 13 and 14: consent can be taken back at any time). The media lie with the
/// provider; here stands who asked, who agreed, and until when it is kept.
/// </summary>
public sealed class CallRecording
{
    /// <summary>Every permitted move. What is not here is refused. Printed in <c>docs/states.md</c>.</summary>
    public static readonly IReadOnlyDictionary<(RecordingState From, RecordingAction Action), RecordingState> Table =
        new Dictionary<(RecordingState, RecordingAction), RecordingState>
        {
            [(Wanted, Begin)] = Running,
            [(Wanted, Stop)] = Failed,
            [(Wanted, Fail)] = Failed,

            [(Running, Stop)] = Stopping,

            [(Stopping, Keep)] = Kept,

            [(Kept, Delete)] = Deleted,
        };

    private readonly List<IDomainEvent> _events = [];

    public required string Id { get; init; }
    public required string CallId { get; init; }
    public required string Provider { get; init; }
    public required string AskedBy { get; init; }
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>Participants who had agreed when it was asked for: all that were or might be heard.</summary>
    public required IReadOnlyList<string> Agreed { get; init; }

    public RecordingState State { get; private set; }
    public RecordingTimes Times { get; private set; } = new();
    public int Version { get; init; }

    public IReadOnlyList<IDomainEvent> Events => _events;

    /// <summary>Wanted or under way: no other can begin.</summary>
    public bool IsOpen => State is Wanted or Running or Stopping;

    public static CallRecording Restore(CallRecording bare, RecordingState state, RecordingTimes times)
    {
        (bare.State, bare.Times) = (state, times);
        return bare;
    }

    /// <summary>The provider is asked afterwards, outside of any transaction.</summary>
    public static Outcome<CallRecording> Ask(string id, VideoCall call, string staffId, DateTimeOffset now)
    {
        if (call.State != CallState.Connected || call.Medium == CallMedium.Phone) return CallRefusals.NotConnected;
        if (!call.MayBeRecorded) return CallRefusals.RecordingNotAgreed;
        var recording = new CallRecording
        {
            Id = id, CallId = call.Id, Provider = call.Provider, AskedBy = staffId, AskedAt = now, Agreed = [.. call.Participants.Where(p => p.AgreedToRecordingAt is not null).Select(p => p.Id)],
        };
        recording._events.Add(new RecordingAsked(id, call.Id));
        return recording;
    }

    public Outcome<Done> Begun(string reference, DateTimeOffset now)
    {
        if (Move(Begin) is { } refusal) return refusal;
        Times = Times with { Reference = reference, StartedAt = now };
        return Done.It;
    }

    public Outcome<Done> BringToAnEnd(RecordingStop why, DateTimeOffset now)
    {
        if (State is Stopping or Kept or Deleted or Failed) return Done.It;
        if (Move(Stop) is { } refusal) return refusal;
        Times = Times with { StoppedAt = now, Why = why };
        if (State == Stopping) _events.Add(new RecordingStopDue(Id, CallId));
        return Done.It;
    }

    /// <param name="keptFor">So long after the end of the recording it is deleted.</param>
    public Outcome<Done> Stopped(TimeSpan keptFor)
    {
        if (Move(Keep) is { } refusal) return refusal;
        Times = Times with { DeleteAfter = Times.StoppedAt + keptFor };
        return Done.It;
    }

    public Outcome<Done> GiveUp(DateTimeOffset now)
    {
        if (Move(Fail) is { } refusal) return refusal;
        Times = Times with { StoppedAt = now };
        return Done.It;
    }

    public Outcome<Done> Gone(DateTimeOffset now)
    {
        if (Move(Delete) is { } refusal) return refusal;
        Times = Times with { DeletedAt = now };
        return Done.It;
    }

    private Refusal? Move(RecordingAction action)
    {
        if (!Table.TryGetValue((State, action), out var to)) return CallRefusals.NotRecording;
        State = to;
        return null;
    }
}

/// <summary>What has happened to a recording, as stored.</summary>
/// <param name="Reference">What the provider knows it by.</param>
public sealed record RecordingTimes(
    string? Reference = null, DateTimeOffset? StartedAt = null, DateTimeOffset? StoppedAt = null, RecordingStop? Why = null, DateTimeOffset? DeleteAfter = null, DateTimeOffset? DeletedAt = null);

/// <summary>The provider is to begin. Events of one recording are delivered in order.</summary>
public sealed record RecordingAsked(string RecordingId, string CallId) : IDomainEvent
{
    string IDomainEvent.Key => RecordingId;
}

/// <summary>The provider is to stop.</summary>
public sealed record RecordingStopDue(string RecordingId, string CallId) : IDomainEvent
{
    string IDomainEvent.Key => RecordingId;
}

public static class RecordingLabels
{
    public static string Label(this RecordingState state) => state switch
    {
        Wanted => "准备录制",
        Running => "录制中",
        Stopping => "正在停止",
        Kept => "已保存",
        Failed => "录制失败",
        Deleted => "已删除",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Label(this RecordingAction action) => action switch
    {
        Begin => "开始",
        Stop => "停止",
        Keep => "保存",
        Fail => "失败",
        Delete => "删除",
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };

    public static string Label(this RecordingStop why) => why switch
    {
        RecordingStop.ByHand => "手动停止",
        RecordingStop.ConsentWithdrawn => "撤回同意",
        RecordingStop.CallOver => "通话结束",
        _ => throw new ArgumentOutOfRangeException(nameof(why)),
    };
}
