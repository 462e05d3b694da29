using MicroPlatform.Api.Appointments;
using MicroPlatform.Api.Audit;
using MicroPlatform.Api.Clocks;
using MicroPlatform.Api.Consultations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Api.Materials;
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
        new("appointments.rebuild-availability", typeof(RebuildAvailabilityJob), TimeSpan.FromDays(1)),
        new(CheckAvailabilityJob.Name, typeof(CheckAvailabilityJob), TimeSpan.FromHours(1)),
        new("audit.link", typeof(LinkAuditJob), TimeSpan.FromSeconds(1)),
        new("queues.check", typeof(CheckQueuesJob), TimeSpan.FromMinutes(1)),
        new("videocalls.reconcile-rooms", typeof(ReconcileRoomsJob), TimeSpan.FromSeconds(30)),
        // Promises
        new("queues.run", typeof(RunQueuesJob), TimeSpan.FromSeconds(1)),
        new("consultations.redistribute", typeof(RedistributeOffDutyJob), TimeSpan.FromMinutes(1)),
        new("consultations.escalate-overdue", typeof(EscalateOverdueJob), TimeSpan.FromMinutes(1)),
        new("consultations.close-silent", typeof(CloseSilentJob), TimeSpan.FromMinutes(10)),
        new("appointments.expire-offers", typeof(ExpireOffersJob), TimeSpan.FromMinutes(1)),
        new("appointments.remind", typeof(RemindJob), TimeSpan.FromMinutes(1)),
        new("clocks.calendar-alarm", typeof(WarnOfMissingCalendarJob), TimeSpan.FromDays(1)),
        new("appointments.expire-swaps", typeof(ExpireSwapsJob), TimeSpan.FromMinutes(1)),
        new("video-calls.decide", typeof(DecideCallsJob), TimeSpan.FromSeconds(1)),
        new("materials.finish", typeof(FinishMaterialsJob), TimeSpan.FromMinutes(1)),
        // Tidiness
        new("queues.close-left-over", typeof(CloseLeftOverTicketsJob), TimeSpan.FromMinutes(10)),
        new("video-calls.sweep", typeof(SweepCallsJob), TimeSpan.FromHours(1)),
        new("materials.expire-uploads", typeof(ExpireUploadsJob), TimeSpan.FromMinutes(10)),
        new("materials.outlived", typeof(EraseOutlivedJob), TimeSpan.FromHours(6)),
        new("materials.sweep", typeof(SweepMaterialsJob), TimeSpan.FromHours(1)),
        new("identity.clean-sessions", typeof(CleanSessionsJob), TimeSpan.FromMinutes(1)),
        new("outbox.sweep", typeof(SweepOutboxJob), TimeSpan.FromHours(1)),
        new("http.sweep-idempotency", typeof(SweepIdempotencyJob), TimeSpan.FromMinutes(10)),
        new("notifications.sweep-pushes", typeof(SweepPushesJob), TimeSpan.FromHours(1)),
        new("videocalls.sweep-provider-events", typeof(SweepProviderEventsJob), TimeSpan.FromHours(1)),
    ];
}
