using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Queues;

/// <summary>Moves a ticket without anybody asking, in a transaction of its own. One that allows it no longer stays as it is, so that asking twice is asking once.</summary>
public sealed class TicketMoves(Database database, TicketRepository tickets, QueueQueries queries)
{
    /// <param name="how">How the matter ends that was opened for the waiting, when the place is lost and nobody was served; with <paramref name="text"/> for the citizen.</param>
    /// <returns>False when there is no such ticket, or nothing was to be done.</returns>
    public async Task<bool> MoveAsync(string ticketId, Func<Ticket, DateTimeOffset, Outcome<Done>> move, MatterStatus how, string text, CancellationToken cancel)
    {
        if (await queries.QueueOfAsync(ticketId, cancel) is not { } queueId) return false;
        return await database.WriteAlwaysAsync(async tx =>
        {
            await QueueRepository.EnterAsync(tx, queueId);
            if (await TicketRepository.FindAsync(tx, ticketId) is not { } ticket || ticket.Place.QueueId != queueId || move(ticket, tx.Now).IsRefused || ticket.History.Count == 0) return false;
            // Whoever was served once has a call or a visit on record, which ends the matter in its own way.
            if (ticket.State.IsOver() && ticket.Times.StartedAt is null) await tickets.EndMatterAsync(tx, ticket, how, text, Actor.System);
            await tickets.SaveAsync(tx, ticket, Actor.System);
            return true;
        }, cancel);
    }
}
