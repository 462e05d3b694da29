using MicroPlatform.Api.Appointments;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Limits;
using MicroPlatform.Api.Identity;

namespace MicroPlatform.Api.Administration;

/// <summary>运行管理: what runs by itself, what waits to be told, whether all is well, who is signed in, and what two administrators decide together.</summary>
public static class AdministrationEndpoints
{
    public static void MapAdministration(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/v1/admin/jobs").For(Audience.Admin, "运行管理").RequireAuthorization(Policies.Administrator);
        jobs.MapGet("", ListJobs.Handle).Does("listJobs", "定时任务：上次、下次运行").Answers<ListJobs.Response>();
        jobs.MapPost("/{name}/runs", RunJob.Handle).Does("runJob", "立即运行定时任务").Produces<JobView>(StatusCodes.Status202Accepted).Refuses(404, 409);

        var outbox = routes.MapGroup("/v1/admin/outbox").For(Audience.Admin, "运行管理").RequireAuthorization(Policies.Administrator);
        outbox.MapGet("", ReadOutbox.Handle).Does("readOutbox", "发件箱：各订阅方待投递数量").Answers<ReadOutbox.Response>();
        outbox.MapGet("/dead-letters", DeadLetters.ListAsync).Does("listDeadLetters", "无法投递的发件").Answers<Page<DeadLetterView>>().Refuses(400);
        outbox.MapPost("/dead-letters/replay", DeadLetters.ReplayAllAsync).Does("replayDeadLetters", "全部重新投递").Answers<DeadLetters.ReplayResponse>().Refuses(400);
        outbox.MapPost("/dead-letters/{id}/replay", DeadLetters.ReplayAsync).Does("replayDeadLetter", "重新投递").Answers<DeadLetterView>().Refuses(404);
        outbox.MapPost("/dead-letters/{id}/abandonment", DeadLetters.AbandonAsync).Does("abandonDeadLetter", "放弃投递并说明理由").Answers<DeadLetterView>().Refuses(400, 404);

        routes.MapGroup("/v1/admin/invariants").For(Audience.Admin, "运行管理").RequireAuthorization(Policies.Administrator)
            .MapGet("", CheckInvariants.Handle).MayTake(TimeSpan.FromMinutes(2)).Does("checkInvariants", "数据自检（应全部为零）").Answers<CheckInvariants.Response>();

        var sessions = routes.MapGroup("/v1/admin/sessions").For(Audience.Admin, "登录状态").RequireAuthorization(Policies.Administrator);
        sessions.MapGet("", ListSessions.Handle).Does("listSessions", "某账号已登录的设备").Answers<ListSessions.Response>().Refuses(400);
        sessions.MapPost("/revocation", RevokeSessions.Handle).Does("revokeSessions", "退出某账号的全部设备").Answers<SignedOut>().Refuses(400);
        sessions.MapPost("/{id}/revocation", RevokeSessions.OneAsync).Does("revokeSession", "退出一台设备").Answers<SignedOut>().Refuses(404);

        var settings = routes.MapGroup("/v1/admin/settings").For(Audience.Admin, "运行参数").RequireAuthorization(Policies.Administrator);
        settings.MapGet("", ListSettings.Handle).Does("listSettings", "可调整的运行参数").Answers<ListSettings.Response>();
        settings.MapPut("/{name}", WriteSetting.Handle).Does("writeSetting", "调整运行参数（If-Match）").Answers<SettingView>().Refuses(400, 404, 412);
        settings.MapGet("/{name}/changes", ListSettings.ChangesAsync).Does("listSettingChanges", "运行参数的调整记录").Answers<Page<ListSettings.Change>>().Refuses(400, 404);

        var approvals = routes.MapGroup("/v1/admin/approvals").For(Audience.Admin, "双人审批").RequireAuthorization(Policies.Administrator).RefreshesDirectory();
        approvals.MapGet("", ListApprovals.Handle).Does("listApprovals", "审批申请").Answers<Page<ApprovalView>>().Refuses(400);
        approvals.MapGet("/{id}", ListApprovals.GetAsync).Does("getApproval", "查看审批申请").Answers<ApprovalView>().Refuses(404);
        approvals.MapPost("", RequestApproval.Handle).Does("requestApproval", "提出审批申请").Creates<ApprovalView>().Refuses(400, 404, 409, 412);
        approvals.MapPost("/{id}/approval", DecideApproval.ApproveAsync).Does("approve", "批准并执行").Answers<ApprovalView>().Refuses(400, 404, 409, 412);
        approvals.MapPost("/{id}/refusal", DecideApproval.RefuseAsync).Does("refuseApproval", "驳回并说明理由").Answers<ApprovalView>().Refuses(400, 404, 409);
        approvals.MapPost("/{id}/withdrawal", DecideApproval.WithdrawAsync).Does("withdrawApproval", "撤回自己的申请").Answers<ApprovalView>().Refuses(404, 409);
        approvals.MapPost("/{id}/undo", DecideApproval.UndoAsync).Does("undoApproval", "撤销已执行的操作").Answers<ApprovalView>().Refuses(400, 404, 409, 412);
    }
}
