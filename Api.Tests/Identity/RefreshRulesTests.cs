using MicroPlatform.Domain.Identity;
using static MicroPlatform.Domain.Identity.RefreshVerdict;

namespace MicroPlatform.Api.Tests.Identity;

public class RefreshRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 2, 14, 1, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly RefreshState Fresh = new() { ExpiresAt = Now.AddDays(30), SessionExpiresAt = Now.AddDays(180) };

    private static RefreshState Used(int secondsAgo, bool hasSuccessor = true, bool successorUsed = false) =>
        Fresh with { UsedAt = Now.AddSeconds(-secondsAgo), HasSuccessor = hasSuccessor, SuccessorUsed = successorUsed };

    private static IEnumerable<TestCaseData> Cases()
    {
        yield return new TestCaseData(Fresh, Rotate).SetName("Judge_FirstUse_Rotates");
        yield return new TestCaseData(Fresh with { ExpiresAt = Now }, Expired).SetName("Judge_IdleTooLong_IsExpired");
        yield return new TestCaseData(Fresh with { SessionExpiresAt = Now }, Expired).SetName("Judge_SessionOver_IsExpired");
        yield return new TestCaseData(Fresh with { SessionRevokedAt = Now.AddDays(-1) }, Revoked).SetName("Judge_SessionEnded_IsRevoked");
        yield return new TestCaseData(Used(0), Replay).SetName("Judge_AtOnceAgain_Replays");
        yield return new TestCaseData(Used(30), Replay).SetName("Judge_After30Seconds_Replays");
        yield return new TestCaseData(Used(31), Reused).SetName("Judge_After31Seconds_IsReused");
        yield return new TestCaseData(Used(10, successorUsed: true), Replay).SetName("Judge_WithinGraceThoughSomebodyWentOn_Replays");
        yield return new TestCaseData(Used(10, hasSuccessor: false), Expired).SetName("Judge_SuccessorErased_IsNoTheft");
        yield return new TestCaseData(Used(-3600), Replay).SetName("Judge_ClockJumpedBackAnHour_Replays");
        yield return new TestCaseData(Used(-3600, successorUsed: true), Expired).SetName("Judge_ClockJumpedBackAndSomebodyWentOn_IsExpiredNotStolen");
        yield return new TestCaseData(Used(31) with { SessionRevokedAt = Now }, Revoked).SetName("Judge_ReusedInEndedSession_IsRevoked");
    }

    [TestCaseSource(nameof(Cases))]
    public void Judge(RefreshState token, RefreshVerdict verdict) => Assert.That(RefreshRules.Judge(token, Now, Grace), Is.EqualTo(verdict));
}
