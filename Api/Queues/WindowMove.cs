using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Queues;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Queues;

/// <summary>What every verb of the office on a number of a hall shares: the queue entered first, load in scope, save, audit, answer with the whole.</summary>
public sealed class WindowMove(QueueQueries queries, TicketRepository tickets, SlipCodes codes)
{
    /// <param name="action">For the audit trail.</param>
    /// <param name="change">Asks the aggregate.</param>
    /// <param name="alsoEnter">Another queue that the change moves to.</param>
    public async Task<IResult> RunAsync(
        string ticketId, CurrentUser user, HttpContext http, Idempotency idempotency, string action, Func<UnitOfWork, Ticket, QueueSettings, Task<Outcome<Done>>> change, string? alsoEnter = null)
    {
        if (await queries.QueueOfAsync(ticketId, http.RequestAborted) is not { } queueId) return CommonRefusals.NotFound.ToResult();
        return await idempotency.RunAsync<WindowTicketView>(http, StatusCodes.Status200OK, async tx =>
        {
            // Always in the same order: two who transfer to each other do not wait for each other for ever.
            foreach (var entered in new[] { queueId, alsoEnter }.OfType<string>().Distinct().Order(StringComparer.Ordinal))
                if (!await QueueRepository.EnterAsync(tx, entered)) return CommonRefusals.NotFound;
            if (await TicketRepository.FindAsync(tx, ticketId) is not { Kind: QueueKind.Window } ticket) return CommonRefusals.NotFound;
            // Transferred since it was looked up: whoever asks looks again.
            if (ticket.Place.QueueId != queueId) return QueueRefusals.WrongState;
            if (await InScopeAsync(tx, queueId, user) is not { Queue: var queue }) return CommonRefusals.NotFound;
            var was = ticket.Place;
            var changed = await change(tx, ticket, queue);
            if (changed.IsRefused) return changed.Refusal!;
            var saved = await tickets.SaveAsync(tx, ticket, user.Actor, was);
            if (saved.IsRefused) return saved.Refusal!;
            return await ReplyAsync(tx, ticketId, user, action);
        });
    }

    public async Task<WindowTicketView> ReplyAsync(UnitOfWork tx, string ticketId, CurrentUser user, string action)
    {
        await tx.AuditAsync(user.Actor, action, "ticket", ticketId);
        return WindowTicketView.Of(await QueueQueries.TicketAsync(tx, ticketId), codes);
    }

    /// <summary>A window queue of the caller's units; null when it is none.</summary>
    public static async Task<OwnWindow?> InScopeAsync(UnitOfWork tx, string queueId, CurrentUser user)
    {
        if (!Id.IsWellFormed(queueId) || await QueueRepository.FindAsync(tx, queueId) is not { Kind: QueueKind.Window } queue) return null;
        var (scope, path) = (await RegistryQueries.ScopeAsync(tx, user.Id), await RegistryQueries.PathAsync(tx, queue.OrganisationId));
        return scope.Covers(path) ? new OwnWindow(queue, scope.Directs(path)) : null;
    }
}

/// <summary>A window queue in the hands of a staff member.</summary>
/// <param name="Directs">They are clerk of its unit, or head of it or of a unit above.</param>
public sealed record OwnWindow(QueueSettings Queue, bool Directs);
