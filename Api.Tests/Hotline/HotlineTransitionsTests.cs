using FsCheck.Fluent;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Matters;
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

    /// <summary>Late news can put a ticket into any state from any other: what the office owes must be in its inbox whatever came first, and what was sent back at the centre, whoever says so.</summary>
    [FsCheck.NUnit.Property(MaxTest = 300)]
    public FsCheck.Property Matter_OfATicket_WaitsExactlyWhileTheOfficeOwesSomething()
    {
        var types = Enum.GetValues<HotlineEventType>();
        return Prop.ForAll(ArbMap.Default.ArbFor<(byte Type, byte Minute)[]>(), raw =>
        {
            var matter = new Matter
            {
                Id = "m", Number = "n", Kind = MatterKind.HotlineTicket, CategoryCode = "0201", RegionCode = "341602101", Channel = Channel.Hotline12345, CitizenId = "c", Title = "工资", OpenedAt = Start, OrganisationId = "o",
            };
            matter.Open(ContactPreference.Visible, Start);
            var content = new HotlineContent(
                "12348", HotlineDoor.Phone, null, null, null, "工资被拖欠", null, null, CallerGender.Unknown, null, null, null, null, null, HotlineUrgency.Normal, false, Start, null, null, null, null, null, null, "h");
            var ticket = HotlineTicket.Open(
                new HotlineTicket { Id = "t", AppId = "a", TicketNo = "1", Matter = matter, CentreId = "centre", CreatedAt = Start }, content, new HotlineAge(null, null), Actor.System, Start);
            foreach (var (e, i) in raw.Take(12).Select((e, i) => (e, i)))
            {
                ticket.Hear(new HotlineEvent($"e{i:00}", types[e.Type % types.Length], Start.AddMinutes(1 + (e.Minute % 10)), Actor.System, null, null, null), null, Start.AddMinutes(20 + i));
                if (matter.WaitingSince is not null != ticket.State.IsTheOffices() || matter.Status.IsOver() != (ticket.State is Closed or Withdrawn or Merged)) return false;
                if (ticket.State == Returned && (matter.OrganisationId, matter.HandlerId) != (ticket.CentreId, null)) return false;
            }
            return true;
        });
    }
}
