using MicroPlatform.Domain.Materials;

namespace MicroPlatform.Api.Tests.Materials;

/// <summary>Every state × action pair of materials, uses, uploads and notices; and how a checklist stands.</summary>
public sealed class MaterialTransitionsTests
{
    private static readonly DateTimeOffset Now = new(2026, 2, 14, 1, 0, 0, TimeSpan.Zero);

    private static IEnumerable<TestCaseData> Pairs<TState, TAction>()
        where TState : struct, Enum
        where TAction : struct, Enum =>
        from state in Enum.GetValues<TState>() from action in Enum.GetValues<TAction>() select new TestCaseData(state, action);

    private static IEnumerable<TestCaseData> MaterialPairs => Pairs<MaterialState, MaterialAction>();

    private static IEnumerable<TestCaseData> UsePairs => Pairs<UseState, UseAction>();

    private static IEnumerable<TestCaseData> UploadPairs => Pairs<UploadState, UploadAction>();

    private static IEnumerable<TestCaseData> NoticePairs => Pairs<NoticeState, NoticeAction>();

    [TestCaseSource(nameof(MaterialPairs))]
    public void Material_EveryPair_FollowsTheTable(MaterialState state, MaterialAction action)
    {
        var material = Material.Restore(new Material { Id = "m", OwnerId = "c", Name = "身份证", CreatedAt = Now }, state, false, 1, 0, null);
        var refusal = action switch
        {
            MaterialAction.Attach => material.Attach(onMinorsMatter: false, again: false).Refusal,
            MaterialAction.Replace => material.Replace().Refusal,
            MaterialAction.Quarantine => material.Quarantine().Refusal,
            MaterialAction.Release => material.Release().Refusal,
            _ => material.Erase(Now).Refusal,
        };
        var allowed = MaterialTransitions.Table.TryGetValue((state, action), out var to);
        Assert.That((refusal is null, material.State), Is.EqualTo((allowed, allowed ? to : state)));
        if (allowed && action == MaterialAction.Erase) Assert.That((material.Name, material.ErasedAt), Is.EqualTo(("", Now)));
    }

    [TestCaseSource(nameof(UsePairs))]
    public void Use_EveryPair_FollowsTheTable(UseState state, UseAction action)
    {
        var use = MaterialUse.Restore(new MaterialUse { Id = "u", MatterId = "m", MaterialId = "x", AddedAt = Now }, 1, state, false, new UseReview(null, null, null, null));
        var refusal = action switch
        {
            UseAction.Accept => use.Accept("s", Now).Refusal,
            UseAction.Reject => use.Reject(RejectionReason.Unreadable, null, "s", Now).Refusal,
            _ => use.Resubmit(2).Refusal,
        };
        var allowed = MaterialTransitions.Uses.TryGetValue((state, action), out var to);
        Assert.That((refusal is null, use.State), Is.EqualTo((allowed, allowed ? to : state)));
        Assert.That(use.Events, Has.Count.EqualTo(allowed && action == UseAction.Reject ? 1 : 0));
    }

    [TestCaseSource(nameof(UploadPairs))]
    public void Upload_EveryPair_FollowsTheTable(UploadState state, UploadAction action)
    {
        var upload = Upload.Restore(new Upload { Id = "u", OwnerId = "c", Name = "x", Bytes = 10, Sha256 = "", ExpiresAt = Now }, state, null);
        var refusal = action switch
        {
            UploadAction.Put => upload.Put(1, 10).Refusal,
            UploadAction.Complete => upload.Complete("m").Refusal,
            UploadAction.Cancel => upload.Cancel().Refusal,
            _ => upload.Expire().Refusal,
        };
        var allowed = MaterialTransitions.Uploads.TryGetValue((state, action), out var to);
        Assert.That((refusal is null, upload.State), Is.EqualTo((allowed, allowed ? to : state)));
    }

    [TestCaseSource(nameof(NoticePairs))]
    public void Notice_EveryPair_FollowsTheTable(NoticeState state, NoticeAction action)
    {
        var notice = SupplementNotice.Restore(Notice(["id-card"]), state, null);
        var refusal = action == NoticeAction.Fulfil ? notice.Fulfil(Now).Refusal : notice.Withdraw(Now).Refusal;
        var allowed = MaterialTransitions.Notices.TryGetValue((state, action), out var to);
        Assert.That((refusal is null, notice.State), Is.EqualTo((allowed, allowed ? to : state)));
    }

    [TestCase(0, false, 5, null)]
    [TestCase(1, false, 5, "notice_needs_head")]
    [TestCase(1, true, 5, null)]
    [TestCase(0, true, 0, "validation_failed")]
    [TestCase(0, true, 61, "validation_failed")]
    public void Notice_Sent_FollowsTheRules(int before, bool directs, int days, string? code)
    {
        var today = new DateOnly(2026, 2, 14);
        Assert.That(SupplementNotice.Send(Notice(["id-card"], today.AddDays(days)), before, directs, today).Refusal?.Code, Is.EqualTo(code));
    }

    [Test]
    public void Notice_OfNothing_IsRefused() =>
        Assert.That(SupplementNotice.Send(Notice([]), 0, true, new DateOnly(2026, 2, 14)).Refusal, Is.EqualTo(MaterialRefusals.NothingMissing));

    [TestCase(1, 1)]
    [TestCase(1 << 20, 1)]
    [TestCase((1 << 20) + 1, 2)]
    [TestCase(5_500_000, 6)]
    public void Upload_Parts_CoverTheWhole(long bytes, int parts)
    {
        var upload = new Upload { Id = "u", OwnerId = "c", Name = "x", Bytes = bytes, Sha256 = "", ExpiresAt = Now };
        Assert.That(upload.Parts, Is.EqualTo(parts));
        Assert.That(Enumerable.Range(1, parts).Sum(n => (long)upload.BytesOf(n)), Is.EqualTo(bytes));
    }

    [Test]
    public void Checklist_OfAChoiceAndARejection_StandsAsItShould()
    {
        ChecklistItem Item(string code, bool required, string? group) => new(code, null, code, required, group, null, 0, true, 1);
        ChecklistItem[] items = [Item("card", true, "identity"), Item("register", true, "identity"), Item("slip", true, null), Item("extra", false, null)];
        string Stand(params (string? ItemCode, UseState State)[] uses) => string.Join(' ', Checklists.Stand(items, uses).Select(s => s.Standing));
        Assert.Multiple(() =>
        {
            Assert.That(Stand(), Is.EqualTo("Missing Missing Missing NotNeeded"));
            Assert.That(Stand(("register", UseState.Submitted)), Is.EqualTo("NotNeeded Submitted Missing NotNeeded"));
            Assert.That(Stand(("register", UseState.Rejected)), Is.EqualTo("Missing Rejected Missing NotNeeded"));
            Assert.That(Stand(("slip", UseState.Rejected), ("slip", UseState.Accepted), ("extra", UseState.Rejected)), Is.EqualTo("Missing Missing Accepted Rejected"));
            Assert.That(Checklists.Missing(items, [("card", UseState.Accepted), ("slip", UseState.Submitted)]), Is.Empty);
        });
    }

    private static SupplementNotice Notice(string[] codes, DateOnly? due = null) =>
        new() { Id = "n", MatterId = "m", ItemCodes = codes, Extra = [], DueOn = due ?? new DateOnly(2026, 3, 1), SentBy = "s", SentAt = Now };
}
