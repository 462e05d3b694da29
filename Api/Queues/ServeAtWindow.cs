using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Appointments;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Queues;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Queues;

/// <summary>From the person's sitting down to their leaving. The appointment or the visit that it is about goes along, in the same transaction.</summary>
public static class ServeAtWindow
{
    /// <param name="Outcome">What came of it; the office's own words, not shown to the citizen.</param>
    public sealed record CompleteRequest([property: MaxLength(Appointment.MaxReason)] string? Outcome);

    public sealed record PriorityRequest([property: Required] PriorityClass? Priority);

    /// <param name="QueueId">Another window queue, of whatever unit.</param>
    public sealed record TransferRequest([property: Required, MaxLength(Id.Length)] string? QueueId);

    public static Task<IResult> StartAsync(
        string id, CurrentUser user, HttpContext http, Idempotency idempotency, WindowMove moves, AppointmentRepository appointments, MatterRepository matters) =>
        moves.RunAsync(id, user, http, idempotency, "tickets.start", async (tx, ticket, _) =>
        {
            if (ticket.StaffId != user.Id) return QueueRefusals.Taken;
            var started = ticket.Start(tx.Now);
            if (started.IsRefused) return started;
            if (ticket.AppointmentId is not null)
                return await AlsoAsync(tx, ticket, appointments, user, OfficeRight.Call, a => a.State == AppointmentState.InService ? Done.It : a.Start(StartAppointment.WhoServes(a, user.Id), tx.Now));
            if (await VisitAsync(tx, ticket, matters) is { } visit)
            {
                visit.TakeOn(user.Id, waits: false, tx.Now);
                visit.Tell(tx.Now, "visit_started", "服务开始");
                await matters.SaveAsync(tx, visit, user.Actor);
            }
            return Done.It;
        });

    public static Task<IResult> CompleteAsync(
        string id, CompleteRequest request, CurrentUser user, HttpContext http, Idempotency idempotency, WindowMove moves, AppointmentRepository appointments, MatterRepository matters) =>
        moves.RunAsync(id, user, http, idempotency, "tickets.complete", async (tx, ticket, _) =>
        {
            if (ticket.State.BindsStaff() && ticket.StaffId != user.Id) return QueueRefusals.Taken;
            var outcome = Text.CleanOptional(request.Outcome, "outcome", Appointment.MaxReason);
            if (outcome.IsRefused) return outcome.Refusal!;
            var completed = ticket.Complete(tx.Now);
            if (completed.IsRefused) return completed;
            if (ticket.AppointmentId is not null)
                return await AlsoAsync(tx, ticket, appointments, user, OfficeRight.Decide, a => a.State == AppointmentState.Completed ? Done.It : a.Complete(outcome.Value, tx.Now));
            if (await VisitAsync(tx, ticket, matters) is { } visit)
            {
                if (outcome.Value is { Length: > 0 } words) visit.Remark(tx.Now, "visit_outcome", words);
                visit.End(MatterStatus.Closed, tx.Now, "来访咨询已完成");
                await matters.SaveAsync(tx, visit, user.Actor);
            }
            return Done.It;
        });

    /// <summary>The person has gone, or does not want to wait any longer.</summary>
    public static Task<IResult> LeaveAsync(string id, CurrentUser user, HttpContext http, Idempotency idempotency, WindowMove moves, TicketRepository tickets) =>
        moves.RunAsync(id, user, http, idempotency, "tickets.leave", async (tx, ticket, _) =>
        {
            var left = ticket.Leave(tx.Now);
            if (!left.IsRefused) await tickets.EndMatterAsync(tx, ticket, MatterStatus.Withdrawn, "您已离开，未办理", user.Actor);
            return left;
        });

    public static Task<IResult> PrioritiseAsync(string id, PriorityRequest request, CurrentUser user, HttpContext http, Idempotency idempotency, WindowMove moves) =>
        moves.RunAsync(id, user, http, idempotency, "tickets.prioritise", (tx, ticket, queue) =>
            Task.FromResult(ticket.Prioritise(request.Priority!.Value, queue.RankOf(ticket.JoinedAt, request.Priority.Value), tx.Now)));

    /// <summary>To another window's queue under a number of that one; the time waited counts there.</summary>
    public static Task<IResult> TransferAsync(string id, TransferRequest request, CurrentUser user, HttpContext http, Idempotency idempotency, WindowMove moves) =>
        !Id.IsWellFormed(request.QueueId) ? Task.FromResult(QueueRefusals.NoWindowQueue.At("queueId", "没有这个队列").ToResult())
            : moves.RunAsync(id, user, http, idempotency, "tickets.transfer", async (tx, ticket, queue) =>
            {
                if (request.QueueId == queue.Id) return CommonRefusals.Invalid.At("queueId", "已在此队列中");
                if (await QueueRepository.FindAsync(tx, request.QueueId!) is not { Kind: QueueKind.Window, Active: true } target) return QueueRefusals.NoWindowQueue.At("queueId", "没有这个队列");
                // An appointment is held where it was booked.
                if (ticket.AppointmentId is not null && target.OrganisationId != queue.OrganisationId) return QueueRefusals.NotForThisHall.At("queueId", "该预约不在目标服务点办理");
                return ticket.Transfer(await QueueRepository.NextPlaceAsync(tx, target), tx.Now);
            }, alsoEnter: request.QueueId);

    /// <summary>By the rights that the appointment asks for, whatever list it was called from.</summary>
    private static async Task<Outcome<Done>> AlsoAsync(
        UnitOfWork tx, Ticket ticket, AppointmentRepository appointments, CurrentUser user, OfficeRight right, Func<Appointment, Outcome<Done>> move)
    {
        var found = OfficeMove.Allowed(await appointments.FindForStaffAsync(tx, ticket.AppointmentId!, user.Id), right);
        if (found.IsRefused) return found.Refusal!;
        var moved = move(found.Value.Appointment);
        if (moved.IsRefused) return moved;
        await appointments.SaveAsync(tx, found.Value.Appointment, user.Actor);
        return Done.It;
    }

    /// <summary>The matter that was opened for the visit; null where there is none, or where it is over.</summary>
    private static async Task<Matter?> VisitAsync(UnitOfWork tx, Ticket ticket, MatterRepository matters) =>
        ticket.MatterId is not null && await matters.FindAsync(tx, ticket.MatterId) is { Kind: MatterKind.Visit } matter && !matter.Status.IsOver() ? matter : null;
}
