using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>
/// What happened in a call is what happened to its appointment: it begins, is done, or nobody came. In a transaction of its own, because an appointment writes its
/// resource's row before its matter's and the call has written the matter already. What the appointment refuses is so already, or was decided otherwise by hand.
/// </summary>
public sealed class KeepAppointment(Database database, VideoCallRepository calls, AppointmentRepository appointments, LiveHub live)
    : IHandle<CallConnected>, IHandle<CallMissed>, IHandle<CallEnded>, IHandle<CallSummarised>
{
    public Task HandleAsync(CallConnected happened, Delivery delivery, CancellationToken cancel) => MoveAsync(happened, "appointments.start", (tx, call, appointment) =>
        Task.FromResult(call.StaffId is { } staff && !appointment.Start(staff, tx.Now).IsRefused), cancel);

    public Task HandleAsync(CallSummarised happened, Delivery delivery, CancellationToken cancel) => MoveAsync(happened, "appointments.complete", (tx, _, appointment) =>
        Task.FromResult(!appointment.Complete(null, tx.Now).IsRefused), cancel);

    /// <summary>A citizen alone absent has missed the appointment. Where the office was absent, too, it does not judge: that stays for somebody to settle.</summary>
    public Task HandleAsync(CallMissed happened, Delivery delivery, CancellationToken cancel) => happened.Absent == CallAbsence.Citizen
        ? MoveAsync(happened, "appointments.no-show", async (tx, _, appointment) =>
        {
            if (appointment.MarkNoShow(tx.Now).IsRefused) return false;
            await RasterRepository.GiveBackAsync(tx, appointment.Time.ResourceId, appointment.Id, from: tx.Now);
            return true;
        }, cancel)
        : MoveAsync(happened, "appointments.office-missed", (tx, call, appointment) => OfficeMissedAsync(tx, call, appointment, onlyTheOffice: happened.Absent == CallAbsence.Staff), cancel);

    public Task HandleAsync(CallEnded happened, Delivery delivery, CancellationToken cancel) => happened.How switch
    {
        CallEnd.WentToMessages => MoveAsync(happened, "appointments.hand-on", (tx, _, appointment) => Task.FromResult(!appointment.HandOn(tx.Now).IsRefused), cancel),
        CallEnd.PlatformFailed => MoveAsync(happened, "appointments.office-missed", (tx, call, appointment) => OfficeMissedAsync(tx, call, appointment, onlyTheOffice: true), cancel),
        _ => Task.CompletedTask,
    };

    /// <summary>The head of the unit, or of the nearest one above that has one, sees it; the citizen gets another time, where it was not theirs, too.</summary>
    private async Task<bool> OfficeMissedAsync(UnitOfWork tx, VideoCall call, Appointment appointment, bool onlyTheOffice)
    {
        if (appointment.State.IsOver() || (onlyTheOffice && appointment.NoteOfficeMissed(tx.Now).IsRefused)) return false;
        var head = await DutyWorkQueries.HeadAsync(tx, await RegistryQueries.PathAsync(tx, call.OrganisationId));
        appointment.Matter.Remark(tx.Now, "call_office_missed", call.Times.How == CallEnd.PlatformFailed ? "视频服务故障，已提醒中心主任" : "工作人员未进入视频，已提醒中心主任");
        await tx.AuditAsync(Actor.System, "video-calls.office-missed", "video_call", call.Id, head);
        if (head is not null) tx.AfterCommit(() => live.PublishAsync(LiveTopics.Staff(head)));
        return true;
    }

    private Task MoveAsync(CallEvent happened, string action, Func<UnitOfWork, VideoCall, Appointment, Task<bool>> move, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        if (await calls.FindAsync(tx, happened.CallId) is not { AppointmentId: { } id } call || await appointments.FindAsync(tx, id) is not { } appointment) return 0;
        // Moved since: what happened was of another time.
        if (call.Scheduled?.StartsAt != appointment.Time.StartsAt || !await move(tx, call, appointment)) return 0;
        await appointments.SaveAsync(tx, appointment, Actor.System);
        await tx.AuditAsync(Actor.System, action, "appointment", id);
        return 1;
    }, cancel);
}
