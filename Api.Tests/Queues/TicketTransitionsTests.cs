using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Queues;

namespace MicroPlatform.Api.Tests.Queues;

/// <summary>Every state × action pair of a place in a queue: what the table allows happens and leaves a line; everything else is refused and changes nothing.</summary>
public sealed class TicketTransitionsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 9, 0, 0, ChinaTime.Offset);

    private static IEnumerable<TestCaseData> Pairs =>
        from state in Enum.GetValues<TicketState>()
        from action in Enum.GetValues<TicketAction>()
        where action != TicketAction.Join
        select new TestCaseData(state, action);

    /// <summary>Saying again what is so already is no fault of the one who says it.</summary>
    private static readonly HashSet<(TicketState, TicketAction)> SaidAgain =
    [
        (TicketState.InService, TicketAction.Start), (TicketState.Waiting, TicketAction.Return), (TicketState.Finishing, TicketAction.Finish), (TicketState.Done, TicketAction.Complete),
        (TicketState.Left, TicketAction.Leave),
    ];

    [TestCaseSource(nameof(Pairs))]
    public void Do_EveryPair_FollowsTheTable(TicketState state, TicketAction action)
    {
        var ticket = In(state);
        var before = (ticket.Times, ticket.RankAt, ticket.StaffId, ticket.Calls);
        var refusal = Do(ticket, action);
        if (!TicketTransitions.Table.TryGetValue((state, action), out var to))
        {
            if (SaidAgain.Contains((state, action))) Assert.That(refusal, Is.Null);
            else Assert.That(refusal, Is.EqualTo((action is TicketAction.Call or TicketAction.Pick) && state.BindsStaff() ? QueueRefusals.Taken : state.IsOver() ? QueueRefusals.Over : QueueRefusals.WrongState));
            Assert.That((ticket.Times, ticket.RankAt, ticket.StaffId, ticket.Calls), Is.EqualTo(before));
            Assert.That((ticket.State, ticket.History.Count, ticket.Events.Count), Is.EqualTo((state, 0, 0)));
            return;
        }
        Assert.That(refusal, Is.Null);
        Assert.That(ticket.State, Is.EqualTo(to));
        Assert.That(ticket.History, Has.Count.EqualTo(1));
        Assert.That((ticket.History[0].Action, ticket.History[0].State, ticket.History[0].RankAt), Is.EqualTo((action, to, ticket.RankAt)));
        Assert.That(ticket.Times.EndedAt is not null, Is.EqualTo(to.IsOver()));
        Assert.That(ticket.RingUntil is null, Is.True.Or.EqualTo(action != TicketAction.Ring));
    }

    [Test]
    public void Table_OfWhatIsOver_AllowsNothing() =>
        Assert.That(TicketTransitions.Table.Keys.Where(k => k.From.IsOver()), Is.Empty);

    [Test]
    public void Rank_NeverBecomesLater()
    {
        var ticket = In(TicketState.Waiting);
        var rank = ticket.RankAt;
        Assert.That(ticket.Prioritise(PriorityClass.Ordinary, rank.AddMinutes(5), Now).IsRefused, Is.False);
        Assert.That(ticket.RankAt, Is.EqualTo(rank));
        ticket.Call("lawyer", "call", null, Now);
        ticket.Start(Now);
        ticket.Requeue(Now.AddMinutes(7));
        Assert.That((ticket.State, ticket.RankAt), Is.EqualTo((TicketState.Waiting, rank)), "dropped by the platform: back to the head");
    }

    [Test]
    public void Lapse_NotBeforeItsTime_AndWhoWantsToBeRungBackIsRungAgain()
    {
        var ticket = In(TicketState.Waiting);
        ticket.SwapForCallback(Now);
        for (var n = 1; n <= Ticket.MostCallbacks; n++)
        {
            ticket.Call("lawyer", $"call{n}", null, Now);
            ticket.PassOver(Now.AddMinutes(10), Now);
            Assert.That(ticket.Lapse(Now.AddMinutes(10).AddMilliseconds(-1)).IsRefused, Is.True);
            Assert.That(ticket.Lapse(Now.AddMinutes(10)).IsRefused, Is.False);
            Assert.That(ticket.State, Is.EqualTo(n < Ticket.MostCallbacks ? TicketState.Waiting : TicketState.Missed));
        }
        Assert.That(ticket.Events.OfType<TicketMissed>().Count(), Is.EqualTo(1));
    }

    [TestCase(PriorityClass.Ordinary, 0)]
    [TestCase(PriorityClass.Elderly, 10)]
    [TestCase(PriorityClass.Emergency, 60)]
    public void RankOf_IsTheJoiningLessTheHeadStart(PriorityClass priority, int minutes)
    {
        var queue = QueueRulesTests.Queue;
        Assert.That(queue.RankOf(Now, priority), Is.EqualTo(Now.AddMinutes(-minutes)));
        // Whoever joins later than the largest head start goes before nobody, whatever their class.
        Assert.That(Enum.GetValues<PriorityClass>().Select(p => queue.RankOf(Now + queue.HeadStarts.Largest, p)), Is.All.GreaterThanOrEqualTo(queue.RankOf(Now, PriorityClass.Ordinary)));
    }

    [Test]
    public void Settings_ThatMakeNoSense_AreRefused()
    {
        var queue = QueueRulesTests.Queue;
        Assert.That(queue.WhyNot(), Is.Null);
        QueueSettings[] wrong =
        [
            queue with { Prefix = "ab" }, queue with { Prefix = "1" }, queue with { RingWidths = [] }, queue with { RingWidths = [0] }, queue with { RingWidths = [3, 3] }, queue with { RingFor = TimeSpan.Zero },
            queue with { Grace = TimeSpan.FromDays(1) }, queue with { MaxWaiting = 0 }, queue with { TypicalService = TimeSpan.Zero },
            queue with { HeadStarts = HeadStarts.Usual with { Elderly = TimeSpan.FromMinutes(90) } }, queue with { HeadStarts = HeadStarts.Usual with { Emergency = TimeSpan.FromDays(1) } },
        ];
        foreach (var settings in wrong) Assert.That(settings.WhyNot()?.Code, Is.EqualTo("validation_failed"), settings.ToString());
    }

    private static Ticket In(TicketState state) => Ticket.Restore(
        new Ticket { Id = "ticket", Kind = QueueKind.Video, CitizenId = "citizen", MatterId = "matter", JoinedAt = Now },
        state, TicketWish.Video, new TicketPlace("queue", DateOnly.FromDateTime(Now.Date), 1, "V001"), new TicketRank(PriorityClass.Ordinary, Now),
        new TicketHands(state is TicketState.Waiting ? null : "lawyer", null, null, 0, 0, null),
        new TicketTimes { KeptUntil = state == TicketState.Parked ? Now : null, EndedAt = state.IsOver() ? Now : null });

    private static Refusal? Do(Ticket t, TicketAction action) => (action switch
    {
        TicketAction.Ring => t.Ring(["lawyer"], Now.AddSeconds(20), Now),
        TicketAction.Decline => t.Decline("lawyer", Now),
        TicketAction.Call => t.Call("lawyer", "call", null, Now),
        TicketAction.Pick => t.Pick("lawyer", "1号窗口", Now),
        TicketAction.Recall => t.Recall(Now),
        TicketAction.Start => t.Start(Now),
        TicketAction.PassOver => t.PassOver(Now.AddMinutes(10), Now),
        TicketAction.Park => t.Park(Now),
        TicketAction.Return => t.Return(Now),
        TicketAction.Requeue => t.Requeue(Now),
        TicketAction.SwapForCallback => t.SwapForCallback(Now),
        TicketAction.Prioritise => t.Prioritise(PriorityClass.Elderly, Now.AddMinutes(-10), Now),
        TicketAction.Transfer => t.Transfer(new TicketPlace("other", DateOnly.FromDateTime(Now.Date), 4, "W004"), Now),
        TicketAction.Finish => t.Finish(Now),
        TicketAction.Complete => t.Complete(Now),
        TicketAction.Leave => t.Leave(Now),
        TicketAction.Lapse => t.Lapse(Now.AddMinutes(1)),
        TicketAction.Close => t.Close(Now),
        TicketAction.TellClosed => t.TellClosed(Now),
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    }).Refusal;
}
