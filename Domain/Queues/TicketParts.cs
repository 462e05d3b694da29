namespace MicroPlatform.Domain.Queues;

/// <summary>Which queue, and which number of which day there.</summary>
/// <param name="Number">As printed, <c>A012</c>; unique in its queue on its day.</param>
public sealed record TicketPlace(string QueueId, DateOnly Day, int Sequence, string Number);

/// <summary>The class and the order that follows from it.</summary>
public sealed record TicketRank(PriorityClass Priority, DateTimeOffset At);

/// <summary>Who has it in hand, and who is rung for it, as stored.</summary>
public sealed record TicketHands(string? StaffId, string? Desk, string? CallId, int Calls, int Rings, DateTimeOffset? RingUntil);

/// <summary>What has happened to a place, as stored.</summary>
public sealed record TicketTimes
{
    /// <summary>The first time somebody took it: the end of the waiting that was promised for.</summary>
    public DateTimeOffset? FirstCalledAt { get; init; }
    public DateTimeOffset? CalledAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Since when it is set aside; null while it is not.</summary>
    public DateTimeOffset? ParkedAt { get; init; }

    /// <summary>Until when the place is kept; null where nothing runs out.</summary>
    public DateTimeOffset? KeptUntil { get; init; }

    /// <summary>The end of the service itself, without the summary.</summary>
    public DateTimeOffset? ServedAt { get; init; }

    /// <summary>When the citizen was told that the duty has ended; null when never.</summary>
    public DateTimeOffset? ToldClosedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>One line of a ticket's history. Together the lines of a queue say everything that has happened there, in order: a checker reads nothing else.</summary>
/// <param name="State">Afterwards.</param>
/// <param name="StaffId">Who took it, declined it, or had it in hand.</param>
/// <param name="Ring">Which ring; null except for <see cref="TicketAction.Ring"/>.</param>
/// <param name="Rung">Everybody rung now.</param>
public sealed record TicketEntry(
    TicketAction Action, TicketState State, string QueueId, DateTimeOffset RankAt, string? StaffId, int? Ring, DateTimeOffset? Until, IReadOnlyList<string> Rung, DateTimeOffset At);
