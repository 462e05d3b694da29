using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Appointments;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Queues;

namespace MicroPlatform.Api.Queues;

/// <summary>Calls somebody to a desk: whoever is next, or one of the list. Each person of the office has one number in hand.</summary>
public static class CallAtWindow
{
    /// <param name="Desk">Where to, as it is said in the hall: 3号窗口.</param>
    public sealed record Request([property: Required, MaxLength(20)] string? Desk);

    public static Task<IResult> NextAsync(string id, Request request, CurrentUser user, HttpContext http, Idempotency idempotency, TicketRepository tickets, WindowMove moves) =>
        idempotency.RunAsync<WindowTicketView>(http, StatusCodes.Status200OK, async tx =>
        {
            if (!Id.IsWellFormed(id) || !await QueueRepository.EnterAsync(tx, id)) return CommonRefusals.NotFound;
            if (await WindowMove.InScopeAsync(tx, id, user) is not { } own) return CommonRefusals.NotFound;
            var desk = Text.Clean(request.Desk, "desk", 20);
            if (desk.IsRefused) return desk.Refusal!;
            if (await TicketRepository.ServesAsync(tx, user.Id)) return QueueRefusals.StaffServing;
            if (await TicketRepository.FirstForAsync(tx, id, user.Id, own.Directs) is not { } ticket) return QueueRefusals.NobodyWaits;
            var called = ticket.Call(user.Id, null, desk.Value, tx.Now);
            if (called.IsRefused) return called.Refusal!;
            var saved = await tickets.SaveAsync(tx, ticket, user.Actor);
            return saved.IsRefused ? saved.Refusal! : await moves.ReplyAsync(tx, ticket.Id, user, "tickets.call");
        });

    /// <summary>Out of the order, or somebody who was set aside and is there now.</summary>
    public static Task<IResult> OneAsync(
        string id, Request request, CurrentUser user, HttpContext http, Idempotency idempotency, WindowMove moves, AppointmentRepository appointments) =>
        moves.RunAsync(id, user, http, idempotency, "tickets.pick", async (tx, ticket, _) =>
        {
            var desk = Text.Clean(request.Desk, "desk", 20);
            if (desk.IsRefused) return desk.Refusal!;
            if (ticket.AppointmentId is not null && OfficeMove.Allowed(await appointments.FindForStaffAsync(tx, ticket.AppointmentId, user.Id), OfficeRight.Call) is { IsRefused: true } not)
                return not.Refusal!;
            return ticket.Pick(user.Id, desk.Value, tx.Now);
        });

    public static Task<IResult> RecallAsync(string id, CurrentUser user, HttpContext http, Idempotency idempotency, WindowMove moves) =>
        moves.RunAsync(id, user, http, idempotency, "tickets.recall", (tx, ticket, _) => Task.FromResult(ticket.Recall(tx.Now)));

    /// <summary>Called and not come: the number is kept for the queue's grace period, and the clerk is free for the next.</summary>
    public static Task<IResult> PassOverAsync(string id, CurrentUser user, HttpContext http, Idempotency idempotency, WindowMove moves) =>
        moves.RunAsync(id, user, http, idempotency, "tickets.pass-over", (tx, ticket, queue) => Task.FromResult(ticket.PassOver(tx.Now + queue.Grace, tx.Now)));

    public static Task<IResult> ParkAsync(string id, CurrentUser user, HttpContext http, Idempotency idempotency, WindowMove moves) =>
        moves.RunAsync(id, user, http, idempotency, "tickets.park", (tx, ticket, _) => Task.FromResult(ticket.Park(tx.Now)));

    /// <summary>Back where it was in the order.</summary>
    public static Task<IResult> ReturnAsync(string id, CurrentUser user, HttpContext http, Idempotency idempotency, WindowMove moves) =>
        moves.RunAsync(id, user, http, idempotency, "tickets.return", (tx, ticket, _) => Task.FromResult(
            ticket.State.BindsStaff() ? ticket.Requeue(tx.Now) : ticket.Return(tx.Now)));
}
