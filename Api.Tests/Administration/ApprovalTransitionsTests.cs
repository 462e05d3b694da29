using MicroPlatform.Domain.Administration;

namespace MicroPlatform.Api.Tests.Administration;

/// <summary>Every state with every action: what the table allows happens, everything else is refused and changes nothing.</summary>
public sealed class ApprovalTransitionsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(20_000);

    private static readonly IEnumerable<object[]> Pairs =
        from state in Enum.GetValues<ApprovalState>()
        from action in Enum.GetValues<ApprovalAction>()
        select new object[] { state, action };

    [TestCaseSource(nameof(Pairs))]
    public void Act_InState_GoesWhereTheTableSaysOrNowhere(ApprovalState state, ApprovalAction action)
    {
        var approval = Approval.Restore(
            Approval.Request("id", ApprovableAct.CloseOrganisation, "unit", "单位", 1, "理由", "one", Now),
            new ApprovalFacts(state, null, null, null, state is ApprovalState.CarriedOut ? Now.AddDays(1) : null, null, null, 4));
        var later = action == ApprovalAction.Expire ? Now + Approval.ValidFor : Now.AddHours(1);
        var moved = action switch
        {
            ApprovalAction.Approve => approval.Approve("other", undoable: true, later),
            ApprovalAction.Refuse => approval.Refuse("other", "不同意", later),
            ApprovalAction.Withdraw => approval.Withdraw("one", later),
            ApprovalAction.Expire => approval.Expire(later),
            ApprovalAction.Undo => approval.Undo("other", later),
            _ => throw new ArgumentOutOfRangeException(nameof(action)),
        };
        if (ApprovalTransitions.Table.TryGetValue((state, action), out var to)) Assert.That(moved.Value.State, Is.EqualTo(to));
        else Assert.That(moved.Refusal!.Code, Is.EqualTo("approval_decided"));
    }
}
