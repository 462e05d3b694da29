using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Hotline;

/// <summary>What the office owes a caller.</summary>
public enum HotlineTaskKind
{
    /// <summary>漏接回拨: they rang and nobody answered.</summary>
    CallBack,
    /// <summary>办结回访: how was it.</summary>
    ReturnVisit,
    /// <summary>不满意回访: they said that it was bad; every one is asked why.</summary>
    DissatisfiedVisit,
}

public enum HotlineTaskState
{
    /// <summary>待办</summary>
    Open,
    /// <summary>已完成</summary>
    Done,
    /// <summary>未接通: three times in vain.</summary>
    Unreached,
    /// <summary>来电人已再次来电</summary>
    CalledAgain,
}

/// <summary>A call that the office has to make, tried up to three times.</summary>
public sealed class HotlineTask
{
    public const int MostAttempts = 3;
    public const int MaxNote = 500;

    public required string Id { get; init; }
    public required HotlineTaskKind Kind { get; init; }
    public required string AppId { get; init; }
    public required string OrganisationId { get; init; }
    public string? TicketId { get; init; }
    public string? CallId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public HotlineTaskState State { get; private set; }
    public int Attempts { get; private set; }
    public DateTimeOffset DueAt { get; private set; }
    public DateTimeOffset? EndedAt { get; private set; }
    public int Version { get; init; }

    public static HotlineTask Restore(HotlineTask bare, HotlineTaskState state, int attempts, DateTimeOffset dueAt, DateTimeOffset? endedAt)
    {
        (bare.State, bare.Attempts, bare.DueAt, bare.EndedAt) = (state, attempts, dueAt, endedAt);
        return bare;
    }

    /// <summary>Somebody has tried. The third time in vain is the last.</summary>
    /// <param name="again">How soon it is tried once more.</param>
    public Outcome<Done> Try(bool reached, TimeSpan again, DateTimeOffset now)
    {
        if (State != HotlineTaskState.Open) return HotlineRefusals.TaskOver;
        Attempts++;
        if (reached) End(HotlineTaskState.Done, now);
        else if (Attempts >= MostAttempts) End(HotlineTaskState.Unreached, now);
        else DueAt = now + again;
        return Done.It;
    }

    private void End(HotlineTaskState how, DateTimeOffset now) => (State, EndedAt) = (how, now);
}

/// <summary>警情: a ticket of life and limb. The numbers of the duty list are rung one after another, round and round, until somebody answers for it.</summary>
public sealed class EmergencyAlarm
{
    /// <summary>Shown with every alarm: the office is no police.</summary>
    public const string Advice = "涉及人身安全，请先建议来电人拨打110，并通知辖区派出所和司法所到场";

    public required string Id { get; init; }
    public required string TicketId { get; init; }
    public required string AppId { get; init; }
    public required DateTimeOffset RaisedAt { get; init; }
    public int Rings { get; private set; }

    /// <summary>When the next number is rung; null once somebody has answered for it.</summary>
    public DateTimeOffset? NextAt { get; private set; }
    public string? AcknowledgedBy { get; private set; }
    public DateTimeOffset? AcknowledgedAt { get; private set; }
    public int Version { get; init; }

    public static EmergencyAlarm Restore(EmergencyAlarm bare, int rings, DateTimeOffset? nextAt, string? by, DateTimeOffset? at)
    {
        (bare.Rings, bare.NextAt, bare.AcknowledgedBy, bare.AcknowledgedAt) = (rings, nextAt, by, at);
        return bare;
    }

    /// <returns>Which number of a list of <paramref name="count"/> is rung now, or -1 for none.</returns>
    public int Ring(int count, TimeSpan step, DateTimeOffset now)
    {
        if (AcknowledgedAt is not null) return -1;
        NextAt = now + step;
        return count == 0 ? -1 : Rings++ % count;
    }

    public Outcome<Done> Acknowledge(string staffId, DateTimeOffset now)
    {
        if (AcknowledgedAt is not null) return AcknowledgedBy == staffId ? Done.It : HotlineRefusals.AlarmAcknowledged;
        (AcknowledgedBy, AcknowledgedAt, NextAt) = (staffId, now, null);
        return Done.It;
    }
}
