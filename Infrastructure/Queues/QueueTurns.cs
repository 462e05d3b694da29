using Dapper;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.Queues;

/// <summary>
/// What a video queue does by itself: it rings people of the office for those who wait (<see cref="QueueRules"/>), opens and closes with the duty, and ends what
/// was kept long enough. Looks first and writes only where there is something to write; asked by two at once it does each thing once.
/// </summary>
public sealed class QueueTurns(Database database, TicketRepository tickets, PresenceRepository presence, TicketMoves moves, IOptions<QueuesOptions> options, TimeProvider time)
{
    /// <returns>Rings begun, and people told that the queue has closed.</returns>
    public async Task<int> RunAsync(QueueSettings queue, CancellationToken cancel)
    {
        var here = await presence.HereAsync(cancel);
        return await OpenOrCloseAsync(queue, cancel) + await RingAsync(queue, here, cancel);
    }

    /// <summary>The time in which a place was kept is over.</summary>
    public Task<bool> LapseAsync(string ticketId, CancellationToken cancel) => moves.MoveAsync(
        ticketId, (ticket, now) => ticket.Lapse(now), MatterStatus.Closed, "未应答，排队号已失效，可重新排队、改约时段或留言", cancel);

    /// <summary>Nobody came to it for days.</summary>
    public Task<bool> CloseAsync(string ticketId, CancellationToken cancel) => moves.MoveAsync(
        ticketId, (ticket, now) => ticket.JoinedAt > now - options.Value.KeepFor ? QueueRefusals.WrongState : ticket.Close(now), MatterStatus.Closed, "排队号保留期已过，请预约时段或留言咨询", cancel);

    private async Task<int> RingAsync(QueueSettings queue, IReadOnlySet<string> here, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        // Looked at without a lock, so that a queue in which nothing can be done costs no write each second.
        if (here.Count == 0 || !await database.ReadAsync(async c =>
            await c.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM tickets WHERE queue_id = @Id AND state = 'Waiting' AND (ring_until IS NULL OR ring_until <= @now OR EXISTS (SELECT 1 FROM ticket_rings g WHERE g.ticket_id = tickets.id AND g.declined_at IS NOT NULL AND g.until_at > @now))", new { queue.Id, now }) > 0
            && Free(await QueueStaff.OfAsync(c, queue.OrganisationId, now), here).Count > 0, cancel)) return 0;
        return await database.WriteAlwaysAsync(async tx =>
        {
            await QueueRepository.EnterAsync(tx, queue.Id);
            var waiting = await TicketRepository.WaitingAsync(tx, queue.Id);
            var free = Free(await QueueStaff.OfAsync(await tx.ConnectionAsync(), queue.OrganisationId, tx.Now, tx.Transaction), here);
            if (waiting.Count == 0 || free.Count == 0) return 0;
            var rings = (await tx.QueryAsync<RingRow>("""
                SELECT g.ticket_id, g.staff_id, g.declined_at FROM ticket_rings g JOIN tickets t ON t.id = g.ticket_id WHERE t.queue_id = @Id AND t.state = 'Waiting'
                """, new { queue.Id })).ToLookup(r => r.TicketId);
            var conflicted = await QueueStaff.ConflictedAsync(tx, waiting.Select(t => t.OpposingHash));
            var known = waiting.Select(t => new RingTicket(t.Id, t.CategoryCode, t.Rings, t.RingUntil, [.. rings[t.Id].Where(r => r.DeclinedAt is null).Select(r => r.StaffId)],
                rings[t.Id].Where(r => r.DeclinedAt is not null).ToDictionary(r => r.StaffId, r => r.DeclinedAt!.Value), conflicted[t.OpposingHash ?? ""].ToHashSet(StringComparer.Ordinal))).ToList();
            var decisions = QueueRules.Decide(queue, known, free, tx.Now);
            foreach (var decision in decisions)
            {
                var ticket = waiting.First(t => t.Id == decision.TicketId);
                if (!ticket.Ring(decision.StaffIds, decision.Until, tx.Now).IsRefused) await tickets.SaveAsync(tx, ticket, Actor.System);
            }
            return decisions.Count;
        }, cancel);
    }

    private static List<RingStaff> Free(IEnumerable<QueueStaffRow> staff, IReadOnlySet<string> here) => [.. staff.Where(s => here.Contains(s.Id) && !s.IsBusy)
        .Select(s => new RingStaff(s.Id, s.SpecialityCodes, s.ServedToday, s.LastServedAt ?? DateTimeOffset.MinValue))];

    private async Task<int> OpenOrCloseAsync(QueueSettings queue, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var (served, line) = await database.ReadAsync(async c => (
            queue.Active && await QueueStaff.IsServedAsync(c, queue.OrganisationId, now, presence.SeenSince(now)),
            await c.QueryFirstAsync<LineRow>("SELECT queue_id, seq, is_open, opened_at, empty_since FROM queue_lines WHERE queue_id = @Id", new { queue.Id })), cancel);
        if (served ? line is { IsOpen: true, EmptySince: null } : !line.IsOpen || line.EmptySince is { } since && now < since + options.Value.CloseAfter) return 0;
        return await database.WriteAlwaysAsync(async tx =>
        {
            await QueueRepository.EnterAsync(tx, queue.Id);
            var current = (await QueueRepository.LineAsync(tx, queue.Id))!;
            if (served)
            {
                await tx.ExecuteAsync("UPDATE queue_lines SET is_open = 1, empty_since = NULL, opened_at = @opened WHERE queue_id = @Id",
                    new { queue.Id, opened = current is { IsOpen: true, OpenedAt: { } at } ? at : tx.Now });
                return 0;
            }
            if (current.EmptySince is null || tx.Now < current.EmptySince + options.Value.CloseAfter)
            {
                await tx.ExecuteAsync("UPDATE queue_lines SET empty_since = @since WHERE queue_id = @Id", new { queue.Id, since = current.EmptySince ?? tx.Now });
                return 0;
            }
            await tx.ExecuteAsync("UPDATE queue_lines SET is_open = 0 WHERE queue_id = @Id", new { queue.Id });
            var told = 0;
            foreach (var ticket in await TicketRepository.WaitingAsync(tx, queue.Id))
            {
                if (ticket.Times.ToldClosedAt >= current.OpenedAt || ticket.TellClosed(tx.Now).IsRefused) continue;
                await tickets.TellAsync(tx, ticket, "queue_closed", "值班已结束，您的位置已保留；可改为回电、改约时段，或下次值班时继续", Actor.System);
                await tickets.SaveAsync(tx, ticket, Actor.System);
                told++;
            }
            return told;
        }, cancel);
    }

    private sealed record RingRow
    {
        public required string TicketId { get; init; }
        public required string StaffId { get; init; }
        public DateTimeOffset? DeclinedAt { get; init; }
    }
}
