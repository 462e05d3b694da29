using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Matters;

namespace MicroPlatform.Api.Tests.Consultations;

/// <summary>Every state × action pair of a consultation: what the table allows happens, with the matter following; everything else is refused and changes nothing.</summary>
public sealed class ConsultationTransitionsTests
{
    private static readonly DateTimeOffset Now = new(2026, 2, 14, 1, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Asked = Now.AddHours(-5);

    private static IEnumerable<TestCaseData> Pairs =>
        from state in Enum.GetValues<ConsultationState>()
        from action in Enum.GetValues<ConsultationAction>()
        select new TestCaseData(state, action);

    [TestCaseSource(nameof(Pairs))]
    public void Do_EveryPair_FollowsTheTable(ConsultationState state, ConsultationAction action)
    {
        var consultation = In(state);
        var before = (consultation.Matter.Status, consultation.Matter.WaitingSince, consultation.LastSeq);
        var refusal = Do(consultation, action);

        if (!ConsultationTransitions.Table.TryGetValue((state, action), out var to))
        {
            Assert.That(refusal, Is.EqualTo(consultation.Matter.Status.IsOver() ? ConsultationRefusals.Over : ConsultationRefusals.WrongState));
            Assert.That((consultation.State, consultation.Matter.Status, consultation.Matter.WaitingSince, consultation.LastSeq), Is.EqualTo((state, before.Status, before.WaitingSince, before.LastSeq)));
            Assert.That(consultation.Events, Is.Empty);
            return;
        }
        Assert.That(refusal, Is.Null);
        Assert.That(consultation.State, Is.EqualTo(to));
        Assert.That(consultation.Matter.Status, Is.EqualTo(StatusOf(to, consultation.Matter.HandlerId)));
        Assert.That(consultation.Matter.WaitingSince, Is.EqualTo(OfficesTurn(to) ? before.WaitingSince ?? Now : null), "the office's turn, from when the waiting began");
        Assert.That(consultation.Matter.ClosedAt is not null, Is.EqualTo(consultation.Matter.Status.IsOver()));
    }

    [TestCaseSource(nameof(Pairs))]
    public void Table_OfWhatIsOver_AllowsNothingButANote(ConsultationState state, ConsultationAction action)
    {
        if (state is ConsultationState.Closed or ConsultationState.Withdrawn or ConsultationState.Rejected or ConsultationState.Merged)
            Assert.That(ConsultationTransitions.Table.ContainsKey((state, action)), Is.EqualTo((state, action) == (ConsultationState.Closed, ConsultationAction.Note)));
    }

    [Test]
    public void Release_ThenAssign_KeepsTheBeginningOfTheWaiting()
    {
        var consultation = In(ConsultationState.FollowUp);
        Assert.That(consultation.Release("退回", Now).IsRefused, Is.False);
        Assert.That((consultation.Matter.HandlerId, consultation.Matter.WaitingSince, consultation.AssignedAt), Is.EqualTo(((string?)null, (DateTimeOffset?)Asked, (DateTimeOffset?)null)));
        Assert.That(consultation.AssignTo("other", "他人", onlyIfFree: true, Now).IsRefused, Is.False);
        Assert.That((consultation.Matter.WaitingSince, consultation.AssignedAt), Is.EqualTo(((DateTimeOffset?)Asked, (DateTimeOffset?)Now)));
    }

    [TestCase(ConsultationState.Submitted, true)]
    [TestCase(ConsultationState.Assigned, true)]
    [TestCase(ConsultationState.Answered, false)]
    [TestCase(ConsultationState.FollowUp, false)]
    [TestCase(ConsultationState.Withdrawn, false)]
    public void ReportOverdue_OnlyUnansweredAndOnce(ConsultationState state, bool reported)
    {
        var consultation = In(state);
        Assert.That(consultation.ReportOverdue("head", consultation.AnswerDueAt.AddSeconds(-1)), Is.False);
        Assert.That(consultation.ReportOverdue("head", consultation.AnswerDueAt), Is.EqualTo(reported));
        Assert.That(consultation.ReportOverdue("head", consultation.AnswerDueAt), Is.False);
    }

    private static Refusal? Do(Consultation c, ConsultationAction action) => action switch
    {
        ConsultationAction.Assign => c.AssignTo("new-handler", "新负责人", onlyIfFree: false, Now).Refusal,
        ConsultationAction.Release => c.Release("退回", Now).Refusal,
        ConsultationAction.MoveUnit => c.MoveTo("unit-2", "二单位", Now).Refusal,
        ConsultationAction.Answer => c.Answer(new NewMessage("m", "答复", null), Actor.Staff(c.Matter.HandlerId!), Now).Refusal,
        ConsultationAction.Ask => c.Ask(new NewMessage("m", "追问", null), Now).Refusal,
        ConsultationAction.Note => c.Note(new NewMessage("m", "备注", null), Actor.Staff("anybody"), Now).Refusal,
        ConsultationAction.Close => c.Close(Actor.Citizen("citizen"), Now).Refusal,
        ConsultationAction.Withdraw => c.Withdraw(Now).Refusal,
        ConsultationAction.Reject => c.Reject("不属于受理范围", Now).Refusal,
        ConsultationAction.Merge => c.MergeInto(In(ConsultationState.Submitted, "other"), Now).Refusal,
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };

    /// <summary>A consultation as it is stored in a state. Where nobody would be responsible yet, somebody is all the same, so that only the table decides.</summary>
    private static Consultation In(ConsultationState state, string id = "one")
    {
        var matter = new Matter
        {
            Id = $"matter-{id}", Number = "264830295719", Kind = MatterKind.Consultation, CategoryCode = "0201", RegionCode = "341602101", Channel = Channel.MiniProgram,
            CitizenId = "citizen", Title = "题", OpenedAt = Asked, OrganisationId = "unit-1", Version = 1,
        };
        var answered = state is ConsultationState.Answered or ConsultationState.FollowUp or ConsultationState.Closed;
        var status = StatusOf(state, "handler");
        Matter.Restore(matter, new MatterState(ContactPreference.Visible, "handler", status, OfficesTurn(state) ? Asked : null, status.IsOver() ? Asked : null, null, Asked));
        return Consultation.Restore(id, matter, state, new ConsultationTimes(Asked.AddHours(24), answered ? Asked : null, answered ? Asked : null, Asked, null), 3, 3);
    }

    private static bool OfficesTurn(ConsultationState state) => state is ConsultationState.Submitted or ConsultationState.Assigned or ConsultationState.FollowUp;

    private static MatterStatus StatusOf(ConsultationState state, string? handlerId) => state switch
    {
        ConsultationState.Answered => MatterStatus.AwaitingCitizen,
        ConsultationState.Closed => MatterStatus.Closed,
        ConsultationState.Withdrawn => MatterStatus.Withdrawn,
        ConsultationState.Rejected => MatterStatus.Rejected,
        ConsultationState.Merged => MatterStatus.Merged,
        _ => handlerId is null ? MatterStatus.Received : MatterStatus.InProgress,
    };
}
