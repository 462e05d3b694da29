using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Queues;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Queues;

/// <summary>The office takes whom its phone rings for, or the next of the order, or says that it does not.</summary>
public static class TakeTicket
{
    /// <param name="QueueId">Absent: the queue of the caller's with the earliest place.</param>
    public sealed record NextRequest([property: MaxLength(Id.Length)] string? QueueId);

    public sealed record Declined(string Id);

    /// <summary>The first in the order whom the caller may serve, whoever's phone rings for them.</summary>
    public static async Task<IResult> NextAsync(
        NextRequest? request, CurrentUser user, HttpContext http, Idempotency idempotency, QueueQueries queries, Acceptance acceptance, TimeProvider time)
    {
        var mine = await queries.ServedByAsync(user.Id, time.GetUtcNow(), http.RequestAborted);
        if (request?.QueueId is { } wanted && !mine.Contains(wanted)) return CommonRefusals.NotFound.At("queueId", "没有这个队列").ToResult();
        if ((request?.QueueId ?? (mine.Count == 0 ? null : mine[0])) is not { } queueId) return QueueRefusals.NobodyWaits.ToResult();
        return await idempotency.RunAsync<StaffTicketView>(http, StatusCodes.Status200OK, async tx =>
        {
            await QueueRepository.EnterAsync(tx, queueId);
            var queue = await QueueRepository.FindAsync(tx, queueId);
            if (await Acceptance.WhyNotServeAsync(tx, queue, user) is { } refusal) return refusal;
            if (await TicketRepository.ServesAsync(tx, user.Id)) return QueueRefusals.StaffServing;
            if (await TicketRepository.FirstForAsync(tx, queueId, user.Id) is not { } ticket) return QueueRefusals.NobodyWaits;
            var taken = await acceptance.TakeAsync(tx, ticket, queue!, user);
            return taken.IsRefused ? taken.Refusal! : StaffTicketView.Of(await QueueQueries.TicketAsync(tx, ticket.Id), tx.Now);
        });
    }

    /// <summary>First to accept wins, exactly one. Only for whom one's phone rings.</summary>
    public static async Task<IResult> AcceptAsync(string id, CurrentUser user, HttpContext http, Idempotency idempotency, QueueQueries queries, Acceptance acceptance, TicketClaims claims)
    {
        if (await queries.QueueOfAsync(id, http.RequestAborted) is not { } queueId) return CommonRefusals.NotFound.ToResult();
        if (!await claims.TryAsync(id, user.Id, http.RequestAborted)) return QueueRefusals.Taken.ToResult();
        try
        {
            return await idempotency.RunAsync<StaffTicketView>(http, StatusCodes.Status200OK, async tx =>
            {
                await QueueRepository.EnterAsync(tx, queueId);
                var queue = await QueueRepository.FindAsync(tx, queueId);
                if (await Acceptance.WhyNotServeAsync(tx, queue, user) is { } refusal) return refusal;
                if (await TicketRepository.FindAsync(tx, id) is not { } ticket || ticket.Place.QueueId != queueId) return CommonRefusals.NotFound;
                if (ticket.State.BindsStaff()) return QueueRefusals.Taken;
                if (ticket.State.IsOver()) return QueueRefusals.Over;
                // Whoever is rung has passed the conflict check; the list may have grown since.
                if (!await IsRungAsync(tx, id, user.Id) || (await QueueStaff.ConflictedAsync(tx, [ticket.OpposingHash]))[ticket.OpposingHash ?? ""].Contains(user.Id)) return QueueRefusals.RingOver;
                var taken = await acceptance.TakeAsync(tx, ticket, queue!, user);
                return taken.IsRefused ? taken.Refusal! : StaffTicketView.Of(await QueueQueries.TicketAsync(tx, id), tx.Now);
            });
        }
        finally
        {
            await claims.ReleaseAsync(id, user.Id);
        }
    }

    /// <summary>Does not take it; the citizen keeps the place, and others are rung at once.</summary>
    public static async Task<IResult> DeclineAsync(
        string id, CurrentUser user, HttpContext http, Idempotency idempotency, QueueQueries queries, TicketRepository tickets, QueueRepository queues, QueueTurns turns)
    {
        if (await queries.QueueOfAsync(id, http.RequestAborted) is not { } queueId) return CommonRefusals.NotFound.ToResult();
        var result = await idempotency.RunAsync<Declined>(http, StatusCodes.Status200OK, async tx =>
        {
            await QueueRepository.EnterAsync(tx, queueId);
            if (await TicketRepository.FindAsync(tx, id) is not { Kind: QueueKind.Video } ticket || ticket.Place.QueueId != queueId) return CommonRefusals.NotFound;
            if (await QueueRepository.FindAsync(tx, queueId) is not { } queue || !await QueueStaff.MayServeAsync(tx, user.Id, queue.OrganisationId)) return CommonRefusals.NotFound;
            // Gone on to others, taken, or said before: there is nothing to decline any more.
            if (!await IsRungAsync(tx, id, user.Id)) return new Declined(id);
            var declined = ticket.Decline(user.Id, tx.Now);
            if (declined.IsRefused) return declined.Refusal!;
            var saved = await tickets.SaveAsync(tx, ticket, user.Actor);
            if (saved.IsRefused) return saved.Refusal!;
            await tx.AuditAsync(user.Actor, "queues.decline", "ticket", id);
            return new Declined(id);
        });
        if (await queues.FindAsync(queueId, http.RequestAborted) is { Kind: QueueKind.Video } declinedIn) await turns.RunAsync(declinedIn, http.RequestAborted);
        return result;
    }

    private static async Task<bool> IsRungAsync(UnitOfWork tx, string ticketId, string staffId) => await tx.ScalarAsync<long>(
        "SELECT COUNT(*) FROM ticket_rings WHERE ticket_id = @ticketId AND staff_id = @staffId AND until_at > @Now AND declined_at IS NULL", new { ticketId, staffId, tx.Now }) > 0;
}
