using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Queues;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Queues;

/// <summary>One's own place in a queue: looked at, waited on, left, taken up again, swapped for a call-back.</summary>
public static class MyTickets
{
    private const string List = "my-tickets";

    /// <param name="AppointmentId">A time that has been booked instead, on the same matter, which goes on with it.</param>
    public sealed record LeaveRequest([property: MaxLength(Id.Length)] string? AppointmentId);

    /// <summary>Answers 304 to a matching <c>If-None-Match</c>; with <c>waitSeconds</c> only after that time without any news.</summary>
    public static async Task<IResult> GetAsync(string id, int? waitSeconds, CurrentUser user, HttpContext http, QueueQueries queries, QueueSights sights, LiveHub live)
    {
        var wait = LongPoll.Wait(waitSeconds);
        if (wait.IsRefused) return wait.Refusal!.ToResult();
        if (!Id.IsWellFormed(id) || await queries.TicketAsync(id, http.RequestAborted) is not { } first || first.CitizenId != user.Id) return CommonRefusals.NotFound.ToResult();
        var known = http.Request.Headers.IfNoneMatch.ToString();
        var (ticket, sight) = await live.PollAsync([LiveTopics.Ticket(id), LiveTopics.Queue(first.QueueId)], wait.Value, async () =>
        {
            var now = await queries.TicketAsync(id, http.RequestAborted) ?? throw new InvalidOperationException($"Ticket {id} vanished.");
            return (now, await sights.OfAsync(now, http.RequestAborted));
        }, reading => known.Length == 0 || known != $"\"{TagOf(reading.now, reading.Item2)}\"", http.RequestAborted);
        return Etags.Conditional(http, TagOf(ticket, sight), TicketView.Of(ticket, sight));
    }

    /// <summary>Newest first.</summary>
    public static async Task<IResult> ListAsync(int? limit, string? cursor, CurrentUser user, HttpContext http, QueueQueries queries, QueueSights sights, Cursors cursors)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var edge = cursors.Read(List, cursor);
        if (edge.IsRefused) return edge.Refusal!.ToResult();
        var rows = await queries.OfCitizenAsync(user.Id, edge.Value, count.Value + 1, http.RequestAborted);
        var seen = new List<(TicketDetail Ticket, QueueSight Sight)>(rows.Count);
        foreach (var row in rows) seen.Add((row, row.State.IsOver() ? new QueueSight(null, false, []) : await sights.OfAsync(row, http.RequestAborted)));
        return Results.Json(Paging.Of(seen, count.Value, s => TicketView.Of(s.Ticket, s.Sight), s => cursors.Write(List, s.Ticket.Id)), WireJson.Options);
    }

    public static Task<IResult> LeaveAsync(string id, LeaveRequest? request, CurrentUser user, HttpContext http, Idempotency idempotency, MoveMyTicket move, TicketRepository tickets) =>
        move.RunAsync(id, user, http, idempotency, "queues.leave", async (tx, ticket) =>
        {
            if (request?.AppointmentId is { } booked && await tx.ScalarAsync<long>("SELECT COUNT(*) FROM appointments WHERE id = @booked AND citizen_id = @Id AND matter_id = @MatterId",
                new { booked, user.Id, ticket.MatterId }) == 0) return CommonRefusals.NotFound.At("appointmentId", "该事项没有这个预约");
            var left = ticket.Leave(tx.Now);
            if (left.IsRefused || ticket.History.Count == 0) return left;
            if (request?.AppointmentId is null && ticket.Times.StartedAt is null) await tickets.EndMatterAsync(tx, ticket, MatterStatus.Withdrawn, "您已离开排队", user.Actor);
            else await tickets.TellAsync(tx, ticket, "queue_left", "您已离开排队", user.Actor);
            return left;
        });

    public static Task<IResult> ComeBackAsync(string id, CurrentUser user, HttpContext http, Idempotency idempotency, MoveMyTicket move) =>
        move.RunAsync(id, user, http, idempotency, "queues.come-back", (tx, ticket) => Task.FromResult(ticket.Return(tx.Now)));

    public static Task<IResult> SwapForCallbackAsync(string id, CurrentUser user, HttpContext http, Idempotency idempotency, MoveMyTicket move, TicketRepository tickets) =>
        move.RunAsync(id, user, http, idempotency, "queues.swap-for-callback", async (tx, ticket) =>
        {
            if (await tx.ScalarAsync<string>("SELECT phone_hash FROM citizens WHERE id = @Id", new { user.Id }) is null) return AppointmentRefusals.PhoneRequired;
            var swapped = ticket.SwapForCallback(tx.Now);
            if (!swapped.IsRefused && ticket.History.Count > 0) await tickets.TellAsync(tx, ticket, "queue_callback", "已改为回电，轮到您时工作人员将致电", user.Actor);
            return swapped;
        });

    private static string TagOf(TicketDetail ticket, QueueSight sight) => $"{ticket.Id}-{ticket.Version}-{sight.Mark}";
}

/// <summary>What every verb of a citizen on their place shares: the queue entered first, load what is theirs, save, audit, answer with the whole.</summary>
public sealed class MoveMyTicket(QueueQueries queries, TicketRepository tickets, QueueSights sights, PresenceRepository presence)
{
    public async Task<IResult> RunAsync(string id, CurrentUser user, HttpContext http, Idempotency idempotency, string action, Func<UnitOfWork, Ticket, Task<Outcome<Done>>> change)
    {
        if (await queries.QueueOfAsync(id, http.RequestAborted) is not { } queueId) return CommonRefusals.NotFound.ToResult();
        var here = await presence.HereAsync(http.RequestAborted);
        return await idempotency.RunAsync<TicketView>(http, StatusCodes.Status200OK, async tx =>
        {
            await QueueRepository.EnterAsync(tx, queueId);
            if (await TicketRepository.FindAsync(tx, id) is not { } ticket || ticket.CitizenId != user.Id) return CommonRefusals.NotFound;
            // Transferred since it was looked up: whoever asks looks again.
            if (ticket.Place.QueueId != queueId) return QueueRefusals.WrongState;
            var changed = await change(tx, ticket);
            if (changed.IsRefused) return changed.Refusal!;
            if (ticket.History.Count > 0)
            {
                var saved = await tickets.SaveAsync(tx, ticket, user.Actor);
                if (saved.IsRefused) return saved.Refusal!;
                await tx.AuditAsync(user.Actor, action, "ticket", id);
            }
            var before = ticket.State == TicketState.Waiting ? (await TicketRepository.CountAsync(tx, queueId, ticket.RankAt, id)).Before : (int?)null;
            var queue = (await QueueRepository.FindAsync(tx, queueId))!;
            return TicketView.Of(await QueueQueries.TicketAsync(tx, id), await sights.OfAsync(await tx.ConnectionAsync(), tx.Transaction, queue, before, here, tx.Now));
        });
    }
}
