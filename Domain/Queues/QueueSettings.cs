using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Queues;

/// <summary>A queue of a unit, as the administrator has set it.</summary>
/// <param name="Prefix">One capital letter before the printed numbers.</param>
/// <param name="RingWidths">How many people are rung in the first ring, in the second, …; after the last everybody. Rings widen, so each number is more than the one before.</param>
/// <param name="RingFor">How long each ring rings before the next.</param>
/// <param name="Grace">How long the place of somebody who did not answer is kept.</param>
/// <param name="HeadStarts">By how much each class goes before those who joined at the same time.</param>
/// <param name="MaxWaiting">People who may wait at a time.</param>
/// <param name="TypicalService">How long one service takes, until enough have been measured.</param>
public sealed record QueueSettings(
    string Id, string OrganisationId, QueueKind Kind, string Name, string Prefix, IReadOnlyList<int> RingWidths, TimeSpan RingFor, TimeSpan Grace, HeadStarts HeadStarts, int MaxWaiting,
    TimeSpan TypicalService, bool Active, int Version)
{
    /// <summary>Longest name, in UTF-16 code units.</summary>
    public const int MaxName = 40;

    public const int MostRings = 5;

    public static readonly IReadOnlyList<int> UsualRings = [1, 3];

    /// <summary>The printed number: <c>A012</c>, three digits or more.</summary>
    public string NumberOf(int sequence) => $"{Prefix}{sequence:000}";

    /// <summary>
    /// The place in the order, as an instant: lower is earlier. It never changes with time, so it is one number in the database and in the store, and nobody is
    /// overtaken by anybody who joins more than the largest head start later.
    /// </summary>
    public DateTimeOffset RankOf(DateTimeOffset joinedAt, PriorityClass priority) => joinedAt - HeadStarts.Of(priority);

    /// <summary>What is wrong with it, or null.</summary>
    public Refusal? WhyNot()
    {
        if (Prefix is not [>= 'A' and <= 'Z']) return CommonRefusals.Invalid.At("prefix", "应为一个大写字母");
        if (RingWidths.Count is 0 or > MostRings || RingWidths[0] < 1 || RingWidths.Zip(RingWidths.Skip(1)).Any(pair => pair.Second <= pair.First))
            return CommonRefusals.Invalid.At("ringWidths", $"应为1到{MostRings}个逐渐增大的正整数");
        if (RingFor < TimeSpan.FromSeconds(5) || RingFor > TimeSpan.FromMinutes(2)) return CommonRefusals.Invalid.At("ringSeconds", "应为5到120");
        if (Grace < TimeSpan.FromMinutes(1) || Grace > TimeSpan.FromHours(1)) return CommonRefusals.Invalid.At("graceMinutes", "应为1到60");
        if (TypicalService < TimeSpan.FromMinutes(1) || TypicalService > TimeSpan.FromHours(2)) return CommonRefusals.Invalid.At("typicalMinutes", "应为1到120");
        if (MaxWaiting is < 1 or > 1000) return CommonRefusals.Invalid.At("maxWaiting", "应为1到1000");
        return HeadStarts.AreInOrder ? null : CommonRefusals.Invalid.At("headStarts", "应为0到240分钟，紧急不少于其他");
    }
}

/// <summary>Head starts of the classes. An ordinary ticket has none.</summary>
public sealed record HeadStarts(TimeSpan Elderly, TimeSpan Disabled, TimeSpan Soldier, TimeSpan Emergency)
{
    public static readonly HeadStarts Usual = new(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(60));

    private static readonly TimeSpan Most = TimeSpan.FromHours(4);

    /// <summary>Nobody who waits is overtaken by somebody who joins later than this.</summary>
    public TimeSpan Largest => new[] { Elderly, Disabled, Soldier, Emergency }.Max();

    internal bool AreInOrder => new[] { Elderly, Disabled, Soldier }.All(h => h >= TimeSpan.Zero && h <= Emergency) && Emergency <= Most;

    public TimeSpan Of(PriorityClass priority) => priority switch
    {
        PriorityClass.Ordinary => TimeSpan.Zero,
        PriorityClass.Elderly => Elderly,
        PriorityClass.Disabled => Disabled,
        PriorityClass.Soldier => Soldier,
        PriorityClass.Emergency => Emergency,
        _ => throw new ArgumentOutOfRangeException(nameof(priority)),
    };
}
