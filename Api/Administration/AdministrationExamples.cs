using MicroPlatform.Api.Consultations;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Administration;
using MicroPlatform.Infrastructure.Administration;

namespace MicroPlatform.Api.Administration;

/// <summary>Examples of looking after the platform, and of an administrator who asks another to agree.</summary>
public sealed class AdministrationExamples : OperationExamples
{
    private const string ApprovalId = "01KAN8R4XG2B7N5D9F1H3K6M8P";
    private const string Asking = "01KAN8R4XG2B7N5D9F1H3K6M8Q";
    private const string Deciding = "01KAN8R4XG2B7N5D9F1H3K6M8R";
    private const string SessionId = "01KAN7V2C1D3F5G7H9J1K3M5N7";

    public AdministrationExamples()
    {
        var now = ConsultationExamples.Asked;
        var job = new JobView("consultations.escalate-overdue", "超时提醒", 60, now.AddSeconds(40), now.AddSeconds(-20), now.AddSeconds(-19), 0, null, false);
        For("listJobs", null, new ListJobs.Response([job]));
        For("runJob", null, job with { NextAt = now }, ("name", job.Name));
        For("readOutbox", null, new ReadOutbox.Response(3, 1, [new("subscribe-messages", 3, 2, 2, 0, 0, now.AddMinutes(-4), 1)]));
        var letter = new DeadLetterView("1024", "subscribe-messages", "MessageDue", "01KAN8R4XF5J2N8YB6D0S1K7TQ", now.AddDays(-1), 19, "The server of WeChat did not answer");
        For("listDeadLetters", null, new Page<DeadLetterView>([letter], null, false), ("subscriber", "subscribe-messages"));
        For("replayDeadLetter", null, letter, ("id", letter.Id));
        For("replayDeadLetters", new DeadLetters.ReplayRequest("subscribe-messages"), new DeadLetters.ReplayResponse(1), ("validateOnly", "true"));
        For("abandonDeadLetter", new DeadLetters.AbandonRequest("群众已到窗口办理，无须再通知"), letter, ("id", letter.Id));
        For("checkInvariants", null, new CheckInvariants.Response(true, now, 412, [new InvariantFound("appointments.overlapping", "同一席位的预约时间重叠", 0, 37)]));
        For("listSessions", null, new ListSessions.Response([new(SessionId, "console/1.0", now.AddHours(-2), now, now.AddHours(10))]), ("accountId", DemoDistrict.Lawyer));
        For("revokeSessions", new RevokeSessions.Request(DemoDistrict.Lawyer), new SignedOut(2), ("validateOnly", "true"));
        For("revokeSession", null, new SignedOut(1), ("id", SessionId));

        var setting = new SettingView("consultations.openPerPerson", "值班分派时每人同时承办的上限（件）", SettingKind.Whole, "整数", "30", "20", 1, 200, 1, now, "吴管理");
        For("listSettings", null, new ListSettings.Response([setting]));
        For("writeSetting", new WriteSetting.Request("30"), setting, ("name", setting.Name), ("validateOnly", "true"));
        For("listSettingChanges", null, new Page<ListSettings.Change>([new(1, null, "30", now, "吴管理")], null, false), ("name", setting.Name));

        var asked = new ApprovalView(
            ApprovalId, ApprovableAct.CloseOrganisation, "停用机构", DemoDistrict.VillageB2, "梨花村公共法律服务工作室", "行政村合并，工作室并入枣园村", ApprovalState.Pending, "待批准", Asking, "吴管理", now,
            now + Approval.ValidFor, null, null, null, null, null, null, null);
        var done = asked with { State = ApprovalState.CarriedOut, StateText = "已批准并执行", DecidedById = Deciding, DecidedByName = "何管理", DecidedAt = now.AddHours(1), UndoUntil = now.AddHours(25) };
        For("listApprovals", null, new Page<ApprovalView>([asked], null, false), ("state", "pending"));
        For("getApproval", null, asked, ("id", ApprovalId));
        For("requestApproval", new RequestApproval.Request(asked.Act, asked.SubjectId, asked.Reason), asked);
        For("approve", null, done, ("id", ApprovalId));
        For("refuseApproval", new DecideApproval.RefuseRequest("村民仍在使用，请先公告"), asked with
        {
            State = ApprovalState.Refused, StateText = "已驳回", DecidedById = Deciding, DecidedByName = "何管理", DecidedAt = now.AddHours(1), DecisionReason = "村民仍在使用，请先公告",
        }, ("id", ApprovalId));
        For("withdrawApproval", null, asked with { State = ApprovalState.Withdrawn, StateText = "已撤回", DecidedById = Asking, DecidedByName = "吴管理", DecidedAt = now.AddHours(1) }, ("id", ApprovalId));
        For("undoApproval", null, done with { State = ApprovalState.Undone, StateText = "已撤销", UndoneByName = "吴管理", UndoneAt = now.AddHours(3) }, ("id", ApprovalId));
    }
}
