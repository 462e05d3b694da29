using MicroPlatform.Domain.Consultations;

namespace MicroPlatform.Api.Tests.Consultations;

/// <summary>Every state × action pair of a transfer, and who may ask for the third.</summary>
public sealed class TransferTransitionsTests
{
    private static readonly DateTimeOffset Now = new(2026, 2, 14, 1, 0, 0, TimeSpan.Zero);

    private static IEnumerable<TestCaseData> Pairs =>
        from state in Enum.GetValues<TransferState>()
        from action in Enum.GetValues<TransferAction>()
        select new TestCaseData(state, action);

    [TestCaseSource(nameof(Pairs))]
    public void Do_EveryPair_FollowsTheTable(TransferState state, TransferAction action)
    {
        var transfer = Transfer.Restore(Bare(), state, null, null, null);
        var refusal = action switch
        {
            TransferAction.Accept => transfer.Accept("s2", Now).Refusal,
            TransferAction.Refuse => transfer.Refuse("s2", "不归我们管", Now).Refusal,
            TransferAction.Withdraw => transfer.Withdraw("s1", Now).Refusal,
            _ => transfer.Lapse(Now).Refusal,
        };
        var allowed = TransferTransitions.Table.TryGetValue((state, action), out var to);
        Assert.Multiple(() =>
        {
            Assert.That(refusal, Is.EqualTo(allowed ? null : ConsultationRefusals.TransferDecided));
            Assert.That(transfer.State, Is.EqualTo(allowed ? to : state));
            Assert.That(transfer.DecidedAt, Is.EqualTo(allowed ? Now : (DateTimeOffset?)null));
        });
    }

    [TestCase(0, false, null, TransferState.Pending)]
    [TestCase(1, false, null, TransferState.Pending)]
    [TestCase(2, false, "transfer_needs_head", default(TransferState))]
    [TestCase(1, true, null, TransferState.Pending)]
    [TestCase(2, true, null, TransferState.Accepted)]
    [TestCase(5, true, null, TransferState.Accepted)]
    public void Request_AfterTwoDecisions_IsTheHeads(int decidedBefore, bool byHead, string? refusal, TransferState state)
    {
        var asked = Transfer.Request(Bare(), decidedBefore, byHead);
        Assert.That(asked.Refusal?.Code, Is.EqualTo(refusal));
        if (refusal is null) Assert.That(asked.Value.State, Is.EqualTo(state));
    }

    [Test]
    public void Request_ToTheSameUnit_IsRefused() =>
        Assert.That(Transfer.Request(Bare(to: "unit-1"), 0, byHead: true).Refusal?.Code, Is.EqualTo("transfer_same_unit"));

    private static Transfer Bare(string to = "unit-2") => new()
    {
        Id = "t", MatterId = "m", ConsultationId = "c", FromOrganisationId = "unit-1", FromStaffId = "s1", ToOrganisationId = to, Reason = "属于对方辖区", RequestedAt = Now,
    };
}
