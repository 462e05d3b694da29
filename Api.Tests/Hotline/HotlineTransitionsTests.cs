using FsCheck.Fluent;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using static MicroPlatform.Domain.Hotline.HotlineTicketState;

namespace MicroPlatform.Api.Tests.Hotline;

/// <summary>Every state × event pair, and that the order in which news arrives does not matter.</summary>
public sealed class HotlineTransitionsTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 10, 0, 0, ChinaTime.Offset);

    [Test]
    public void Table_LeavesNothingOpenAfterWithdrawnAndMerged_AndOnlyReopeningAfterClosed() => Assert.Multiple(() =>
    {
        foreach (var type in Enum.GetValues<HotlineEventType>())
        {
            Assert.That(HotlineTransitions.After(Withdrawn, type), Is.Null, $"{type}");
            Assert.That(HotlineTransitions.After(Merged, type), Is.Null, $"{type}");
            Assert.That(HotlineTransitions.After(Closed, type), type == HotlineEventType.Reopened ? Is.EqualTo(Processing) : Is.Null, $"{type}");
        }
    });

    [Test]
    public void After_EveryPair_IsTheTablesWhereTheTableHasOne_AndNeverAssumesWhatUndoes() => Assert.Multiple(() =>
    {
        foreach (var from in Enum.GetValues<HotlineTicketState>())
            foreach (var type in Enum.GetValues<HotlineEventType>())
            {
                var to = HotlineTransitions.After(from, type);
                if (HotlineTransitions.Table.TryGetValue((from, type), out var strict)) Assert.That(to, Is.EqualTo(strict), $"{from} {type}");
                Assert.That(HotlineTransitions.Allowed(from).Contains(type), Is.EqualTo(to is not null), $"{from} {type}");
            }
        Assert.That(HotlineTransitions.After(Received, HotlineEventType.Resolved), Is.EqualTo(HotlineTicketState.Resolved), "a step in between may still be under way");
        Assert.That(HotlineTransitions.After(Received, HotlineEventType.Resumed), Is.EqualTo(Processing));
        Assert.That(HotlineTransitions.After(HotlineTicketState.Resolved, HotlineEventType.Accepted), Is.Null, "nothing goes back by itself");
        Assert.That(HotlineTransitions.After(Closed, HotlineEventType.FollowedUp), Is.Null, "a reopening is never assumed");
    });

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public FsCheck.Property Fold_OfAnyEventsInAnyOrder_IsTheSame()
    {
        var types = Enum.GetValues<HotlineEventType>();
        return Prop.ForAll(ArbMap.Default.ArbFor<(byte Type, byte Minute)[]>(), ArbMap.Default.ArbFor<int>(), (raw, seed) =>
        {
            var events = raw.Take(12).Select((e, i) => new HotlineEvent($"e{i:00}", types[e.Type % types.Length], Start.AddMinutes(e.Minute % 10), Actor.System, null, null, null)).ToList();
            var shuffled = events.ToArray();
            new Random(seed).Shuffle(shuffled);
            return HotlineTransitions.Fold(events) == HotlineTransitions.Fold(shuffled);
        });
    }
}
