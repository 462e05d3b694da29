using MicroPlatform.Api.Administration;
using MicroPlatform.Api.Appointments;
using MicroPlatform.Api.Audit;
using MicroPlatform.Api.Clocks;
using MicroPlatform.Api.Consultations;
using MicroPlatform.Api.Hotline;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Api.Materials;
using MicroPlatform.Api.Matters;
using MicroPlatform.Api.Notifications;
using MicroPlatform.Api.Queues;
using MicroPlatform.Api.VideoCalls;

namespace MicroPlatform.Api.Hosting;

/// <summary>All recurring work, in one list.</summary>
public static class Schedule
{
    public static readonly IReadOnlyList<ScheduledJob> Jobs =
    [
        // Integrity
        new("appointments.rebuild-availability", typeof(RebuildAvailabilityJob), TimeSpan.FromDays(1), "重建号源副本"),
        new(CheckAvailabilityJob.Name, typeof(CheckAvailabilityJob), TimeSpan.FromHours(1), "核对号源副本"),
        new("audit.link", typeof(LinkAuditJob), TimeSpan.FromSeconds(1), "链接审计记录"),
        new(CheckInvariantsJob.Name, typeof(CheckInvariantsJob), TimeSpan.FromDays(1), "数据自检"),
        new("matters.index", typeof(IndexMattersJob), TimeSpan.FromSeconds(2), "更新事项文字索引"),
        new("identity.hash-names", typeof(HashNamesJob), TimeSpan.FromHours(1), "补全姓名索引"),
        new("queues.check", typeof(CheckQueuesJob), TimeSpan.FromMinutes(1), "核对排队副本"),
        new("videocalls.reconcile-rooms", typeof(ReconcileRoomsJob), TimeSpan.FromSeconds(30), "核对视频房间"),
        // Promises
        new("queues.run", typeof(RunQueuesJob), TimeSpan.FromSeconds(1), "叫号与排队"),
        new("consultations.redistribute", typeof(RedistributeOffDutyJob), TimeSpan.FromMinutes(1), "按值班重新分派"),
        new("consultations.escalate-overdue", typeof(EscalateOverdueJob), TimeSpan.FromMinutes(1), "超时提醒"),
        new("consultations.close-silent", typeof(CloseSilentJob), TimeSpan.FromMinutes(10), "群众未再回复的自动结束"),
        new("appointments.expire-offers", typeof(ExpireOffersJob), TimeSpan.FromMinutes(1), "候补时段到期"),
        new("appointments.remind", typeof(RemindJob), TimeSpan.FromMinutes(1), "预约提醒"),
        new("hotline.ring-alarms", typeof(RingAlarmsJob), TimeSpan.FromSeconds(15), "呼叫热线紧急联系人"),
        new("hotline.deliver", typeof(DeliverWebhooksJob), TimeSpan.FromSeconds(1), "向热线推送"),
        new("hotline.fetch-recordings", typeof(FetchRecordingsJob), TimeSpan.FromSeconds(10), "取热线通话录音"),
        new("hotline.reconcile", typeof(MakeReconciliationsJob), TimeSpan.FromMinutes(10), "热线每日对账"),
        new("clocks.calendar-alarm", typeof(WarnOfMissingCalendarJob), TimeSpan.FromDays(1), "检查明年节假日是否已导入"),
        new("appointments.expire-swaps", typeof(ExpireSwapsJob), TimeSpan.FromMinutes(1), "换班申请到期"),
        new("administration.expire-approvals", typeof(ExpireApprovalsJob), TimeSpan.FromMinutes(10), "审批申请到期"),
        new("video-calls.decide", typeof(DecideCallsJob), TimeSpan.FromSeconds(1), "处理无人接听、掉线的视频"),
        new("materials.finish", typeof(FinishMaterialsJob), TimeSpan.FromMinutes(1), "补做材料的缩略图和病毒检查"),
        // Tidiness
        new("queues.close-left-over", typeof(CloseLeftOverTicketsJob), TimeSpan.FromMinutes(10), "关闭遗留的排队号"),
        new("video-calls.sweep", typeof(SweepCallsJob), TimeSpan.FromHours(1), "清理视频记录"),
        new("materials.expire-uploads", typeof(ExpireUploadsJob), TimeSpan.FromMinutes(10), "清理未完成的上传"),
        new("materials.outlived", typeof(EraseOutlivedJob), TimeSpan.FromHours(6), "销毁保存期满的材料"),
        new("materials.sweep", typeof(SweepMaterialsJob), TimeSpan.FromHours(1), "清理无主的材料文件"),
        new("identity.clean-sessions", typeof(CleanSessionsJob), TimeSpan.FromMinutes(1), "清理过期登录"),
        new("outbox.sweep", typeof(SweepOutboxJob), TimeSpan.FromHours(1), "清理已投递的发件"),
        new("http.sweep-idempotency", typeof(SweepIdempotencyJob), TimeSpan.FromMinutes(10), "清理请求编号"),
        new("hotline.sweep-deliveries", typeof(SweepDeliveriesJob), TimeSpan.FromHours(1), "清理热线推送记录"),
        new("hotline.sweep-nonces", typeof(SweepNoncesJob), TimeSpan.FromMinutes(10), "清理热线请求随机数"),
        new("notifications.sweep-pushes", typeof(SweepPushesJob), TimeSpan.FromHours(1), "清理微信推送记录"),
        new("videocalls.sweep-provider-events", typeof(SweepProviderEventsJob), TimeSpan.FromHours(1), "清理视频服务商事件"),
    ];
}
