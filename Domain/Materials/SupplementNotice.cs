using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Materials;

/// <summary>
/// 一次性告知: one notice that lists everything still missing, with a date (法律援助法 art. 43). One is open at a time, and a second one on the same matter
/// is the head's to send: what could have been asked for the first time is not asked for bit by bit.
/// </summary>
public sealed class SupplementNotice
{
    /// <summary>Things that are in no checklist, in words.</summary>
    public const int MaxExtra = 10;
    public const int MaxText = 60;
    public const int MaxNote = 500;

    /// <summary>How long the citizen is given at least and at most, in days.</summary>
    public const int LeastDays = 1;
    public const int MostDays = 60;

    private readonly List<IDomainEvent> _events = [];

    public required string Id { get; init; }
    public required string MatterId { get; init; }

    /// <summary>Codes of the checklist items that were missing or sent back.</summary>
    public required IReadOnlyList<string> ItemCodes { get; init; }

    /// <summary>What is in no checklist.</summary>
    public required IReadOnlyList<string> Extra { get; init; }
    public string? Note { get; init; }
    public required DateOnly DueOn { get; init; }
    public required string SentBy { get; init; }
    public required DateTimeOffset SentAt { get; init; }
    public NoticeState State { get; private set; }
    public DateTimeOffset? EndedAt { get; private set; }
    public int Version { get; init; }

    public IReadOnlyList<IDomainEvent> Events => _events;

    public static SupplementNotice Restore(SupplementNotice bare, NoticeState state, DateTimeOffset? endedAt)
    {
        (bare.State, bare.EndedAt) = (state, endedAt);
        return bare;
    }

    /// <param name="sentBefore">Notices on this matter so far, whatever became of them.</param>
    /// <param name="directs">The sender is clerk or head of the unit.</param>
    public static Outcome<SupplementNotice> Send(SupplementNotice bare, int sentBefore, bool directs, DateOnly today)
    {
        if (bare.ItemCodes.Count + bare.Extra.Count == 0) return MaterialRefusals.NothingMissing;
        if (sentBefore > 0 && !directs) return MaterialRefusals.NoticeNeedsHead;
        if (bare.DueOn < today.AddDays(LeastDays) || bare.DueOn > today.AddDays(MostDays)) return CommonRefusals.Invalid.At("dueOn", $"应为今天之后{LeastDays}到{MostDays}天");
        bare._events.Add(new MaterialsMissing(bare.Id, bare.MatterId));
        return bare;
    }

    /// <summary>Everything it listed from the checklist has been handed in. What it asked for in words, people judge.</summary>
    public Outcome<Done> Fulfil(DateTimeOffset now) => End(NoticeAction.Fulfil, now);

    public Outcome<Done> Withdraw(DateTimeOffset now) => End(NoticeAction.Withdraw, now);

    private Outcome<Done> End(NoticeAction action, DateTimeOffset now)
    {
        if (!MaterialTransitions.Notices.TryGetValue((State, action), out var to)) return MaterialRefusals.NoticeOver;
        (State, EndedAt) = (to, now);
        return Done.It;
    }
}
