using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Queues;

namespace MicroPlatform.Api.Tests.Queues;

/// <summary>Whom to ring for whom: ten thousand queues at random, each judged by what must hold whatever the case, and single cases by name.</summary>
public sealed class QueueRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 9, 0, 0, ChinaTime.Offset);

    internal static readonly QueueSettings Queue = new(
        "queue", "unit", QueueKind.Video, "视频咨询", "V", [1, 3], TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(10), HeadStarts.Usual, 200, TimeSpan.FromMinutes(10), true, 1);

    private static readonly string[] Fields = ["01", "02", "03"];

    [Test]
    public void Decide_TenThousandQueues_HoldsWhatMustHold()
    {
        var random = new Random(20261125);
        for (var n = 0; n < 10_000; n++)
        {
            var staff = Enumerable.Range(0, random.Next(8)).Select(i => new RingStaff($"s{i}", [Fields[random.Next(3)]], random.Next(4), Now.AddMinutes(-random.Next(60)))).ToList();
            var waiting = Waiting(random);
            var decisions = QueueRules.Decide(Queue, waiting, staff, Now);
            Judge(waiting, staff, decisions, n);
        }
    }

    [Test]
    public void Decide_UntilSomebodyAccepts_EverybodyIsRungAndNobodyWaitsForEver()
    {
        var random = new Random(7);
        for (var n = 0; n < 300; n++)
        {
            var staff = Enumerable.Range(0, 1 + random.Next(6)).Select(i => new RingStaff($"s{i}", [], 0, Now)).ToList();
            var ticket = new RingTicket("t", "0201", 0, null, [], new Dictionary<string, DateTimeOffset>(), new HashSet<string>());
            var (now, rung) = (Now, new HashSet<string>());
            for (var ring = 0; ring < 3; ring++)
            {
                var decision = QueueRules.Decide(Queue, [ticket], staff, now).Single();
                Assert.That(decision.StaffIds, Is.SupersetOf(ticket.Rung), "rings widen");
                Assert.That(decision.StaffIds, Has.Count.EqualTo(Math.Min(staff.Count, ring < 2 ? Queue.RingWidths[ring] : int.MaxValue)));
                rung.UnionWith(decision.StaffIds);
                (ticket, now) = (ticket with { Rings = ring + 1, RingUntil = decision.Until, Rung = decision.StaffIds }, decision.Until);
            }
            Assert.That(rung, Is.EquivalentTo(staff.Select(s => s.StaffId)));
        }
    }

    [Test]
    public void Decide_RingingAndAnswerable_IsLeftAlone()
    {
        var ticket = new RingTicket("t", null, 1, Now.AddSeconds(5), ["s0"], new Dictionary<string, DateTimeOffset>(), new HashSet<string>());
        List<RingStaff> staff = [new("s0", [], 0, Now), new("s1", [], 0, Now)];
        Assert.That(QueueRules.Decide(Queue, [ticket], staff, Now), Is.Empty);
        Assert.That(QueueRules.Decide(Queue, [ticket], staff[1..], Now).Single().StaffIds, Is.EqualTo(new[] { "s1" }), "the only one rung has somebody else now");
    }

    [TestCase(0, 1, 0, 20)]
    [TestCase(3, 0, 3, 0)]
    public void Estimate_SpansAreInOrder(int before, int free, int serving, int most)
    {
        var wait = WaitEstimate.Of(before, free, serving, [], TimeSpan.FromMinutes(10));
        Assert.That(new[] { wait.Low90, wait.Low50, wait.High50, wait.High90 }, Is.Ordered);
        if (most > 0) Assert.That(wait.High50, Is.LessThanOrEqualTo(most));
    }

    /// <summary>Against queues played through: with three serving and services as they vary, about half and about nine in ten are called within the spans.</summary>
    [Test]
    public void Estimate_AgainstQueuesPlayedThrough_IsHonest()
    {
        var random = new Random(31);
        // Gamma of shape two, mean 600 s. One that is under way is a long one more likely than a short: of shape three, and somewhere in it.
        TimeSpan Gamma(int shape) => TimeSpan.FromSeconds(-300 * Enumerable.Range(0, shape).Sum(_ => Math.Log(1 - random.NextDouble())));
        TimeSpan Service() => Gamma(2);
        var recent = Enumerable.Range(0, 50).Select(_ => Service()).ToList();
        var (in50, in90, all) = (0, 0, 0);
        for (var n = 0; n < 2000; n++)
        {
            var before = random.Next(12);
            var wait = WaitEstimate.Of(before, 0, 3, recent, TimeSpan.FromMinutes(10));
            var free = Enumerable.Range(0, 3).Select(_ => Gamma(3) * random.NextDouble()).ToList();
            for (var k = 0; k < before; k++) free[free.IndexOf(free.Min())] += Service();
            var waited = free.Min().TotalSeconds;
            (in50, in90, all) = (in50 + (waited >= wait.Low50 && waited <= wait.High50 ? 1 : 0), in90 + (waited >= wait.Low90 && waited <= wait.High90 ? 1 : 0), all + 1);
        }
        TestContext.Out.WriteLine($"within the inner span {in50 / (double)all:P1}, within the outer {in90 / (double)all:P1}");
        Assert.That(in50 / (double)all, Is.InRange(0.42, 0.62));
        Assert.That(in90 / (double)all, Is.InRange(0.80, 0.97));
    }

    private static List<RingTicket> Waiting(Random random) => [.. Enumerable.Range(0, random.Next(10)).Select(i =>
    {
        var rings = random.Next(4);
        var rung = rings == 0 ? [] : Enumerable.Range(0, 8).Where(_ => random.Next(4) == 0).Select(s => $"s{s}").ToList();
        return new RingTicket($"t{i:00}", $"{Fields[random.Next(3)]}01", rings, rings == 0 ? null : Now.AddSeconds(random.Next(-20, 20)), rung,
            Enumerable.Range(0, 8).Where(s => random.Next(8) == 0 && !rung.Contains($"s{s}")).ToDictionary(s => $"s{s}", _ => Now.AddMinutes(-random.Next(5))),
            Enumerable.Range(0, 8).Where(_ => random.Next(12) == 0).Select(s => $"s{s}").ToHashSet());
    })];

    private static void Judge(IReadOnlyList<RingTicket> waiting, IReadOnlyList<RingStaff> staff, IReadOnlyList<RingDecision> decisions, int n) => Assert.Multiple(() =>
    {
        var free = staff.Select(s => s.StaffId).ToHashSet();
        var left = waiting.Where(t => t.RingUntil > Now && t.Rung.Any(free.Contains) && decisions.All(d => d.TicketId != t.Id)).ToList();
        var busy = left.SelectMany(t => t.Rung).ToHashSet();
        var called = decisions.SelectMany(d => d.StaffIds).ToList();
        Assert.That(called, Is.Unique.And.SubsetOf(free), $"{n}: nobody is rung for two, or rung who has somebody");
        Assert.That(called.Intersect(busy), Is.Empty, $"{n}: whose phone rings already is left to that");
        Assert.That(decisions.Select(d => d.TicketId), Is.Unique.And.Ordered, $"{n}: in the order of the places");
        foreach (var decision in decisions)
        {
            var ticket = waiting.First(t => t.Id == decision.TicketId);
            Assert.That(decision.StaffIds.All(s => ticket.MayBeRung(s, Now)), Is.True, $"{n}: who must not, or has just declined");
            Assert.That(decision.StaffIds, Is.Not.Empty.And.Count.LessThanOrEqualTo(ticket.Rings < 2 ? Queue.RingWidths[ticket.Rings] : int.MaxValue), $"{n}");
        }
        // No ticket goes without a ring while a later one gets somebody who may serve it.
        foreach (var ticket in waiting.Where(t => !left.Contains(t) && decisions.All(d => d.TicketId != t.Id)))
            foreach (var later in decisions.Where(d => string.CompareOrdinal(d.TicketId, ticket.Id) > 0))
                Assert.That(later.StaffIds.Where(s => ticket.MayBeRung(s, Now)), Is.Empty, $"{n}: {ticket.Id} before {later.TicketId}");
    });
}
