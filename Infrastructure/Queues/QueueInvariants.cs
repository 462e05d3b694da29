using System.Diagnostics;
using Dapper;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Queues;

/// <summary>
/// The proof that nobody is lost, served twice or overtaken, from what has happened and not from what guards it: every line of every queue's history is read,
/// and what it comes to is compared with the tickets. Expected everywhere: zero.
/// </summary>
public sealed class QueueInvariants(Database database)
{
    private const int Page = 2000;

    public async Task<QueueInvariantsFound> CheckAsync(CancellationToken cancel = default)
    {
        var began = Stopwatch.GetTimestamp();
        var faults = new Dictionary<string, long>(StringComparer.Ordinal);
        var (lines, differ) = (0L, 0L);
        foreach (var queueId in await database.ReadAsync(async c => (await c.QueryAsync<string>("SELECT id FROM queues ORDER BY id")).AsList(), cancel))
        {
            var (check, read, end) = await CheckAsync(queueId, cancel);
            lines += read;
            foreach (var (kind, tickets) in check.Faults) faults[kind] = faults.GetValueOrDefault(kind) + tickets.Count;
            differ += await DifferAsync(queueId, check, end, cancel);
        }
        var twice = await database.ReadAsync(c => c.ExecuteScalarAsync<long>("""
            SELECT COUNT(*) FROM (SELECT staff_id FROM tickets WHERE state IN ('Called', 'InService', 'Finishing') GROUP BY staff_id HAVING COUNT(*) > 1) x
            """), cancel);
        long Of(params string[] kinds) => kinds.Sum(k => faults.GetValueOrDefault(k));
        return new QueueInvariantsFound(lines, Of("gap", "fromNowhere"), Of("joinedTwice", "afterTheEnd"), Of("servedByTwo", "servedTwice"), Of("staffWithTwo") + twice, Of("overtaken"),
            Of("fellBack"), differ, (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }

    /// <summary>Reads a whole history, page by page.</summary>
    public async Task<(QueueHistoryCheck Check, long Lines, long Last)> CheckAsync(string queueId, CancellationToken cancel)
    {
        var excused = await database.ReadAsync(async c =>
            (await c.QueryAsync<string>("SELECT DISTINCT ticket_id FROM ticket_events e JOIN tickets t ON t.id = e.ticket_id WHERE e.queue_id = @queueId AND (t.opposing_hash IS NOT NULL OR t.appointment_id IS NOT NULL)", new { queueId })).ToHashSet(), cancel);
        var check = new QueueHistoryCheck();
        var (last, lines) = (0L, 0L);
        while (true)
        {
            var page = await database.ReadAsync(async c => (await c.QueryAsync<Row>($"""
                SELECT seq, ticket_id, action, state, rank_at, staff_id, rung, until_at, at FROM ticket_events WHERE queue_id = @queueId AND seq > @last ORDER BY seq LIMIT {Page}
                """, new { queueId, last })).AsList(), cancel);
            foreach (var row in page) check.Read(row.ToLine(), excused.Contains);
            lines += page.Count;
            if (page.Count > 0) last = page[^1].Seq;
            if (page.Count < Page) return (check, lines, last);
        }
    }

    /// <summary>Tickets whose row says something else than their history. What moved since the history was read is left out.</summary>
    private async Task<long> DifferAsync(string queueId, QueueHistoryCheck check, long last, CancellationToken cancel)
    {
        var moved = await database.ReadAsync(async c => (await c.QueryAsync<string>("SELECT ticket_id FROM ticket_events WHERE queue_id = @queueId AND seq > @last", new { queueId, last })).ToHashSet(), cancel);
        var rows = await database.ReadAsync(async c => (await c.QueryAsync<StateRow>("SELECT id, state FROM tickets WHERE queue_id = @queueId", new { queueId })).AsList(), cancel);
        return rows.LongCount(r => !moved.Contains(r.Id) && check.States.GetValueOrDefault(r.Id) != r.State);
    }

    private sealed record StateRow
    {
        public required string Id { get; init; }
        public required string State { get; init; }
    }

    private sealed record Row
    {
        public long Seq { get; init; }
        public required string TicketId { get; init; }
        public required string Action { get; init; }
        public required string State { get; init; }
        public long RankAt { get; init; }
        public string? StaffId { get; init; }
        public string? Rung { get; init; }
        public long? UntilAt { get; init; }
        public long At { get; init; }

        public HistoryLine ToLine() => new(Seq, TicketId, Action, State, RankAt, StaffId, Rung?.Split(',') ?? [], UntilAt, At);
    }
}

/// <summary>What was found. Everything but the lines read and the time taken should be zero.</summary>
/// <param name="Lines">Lines of history that were read.</param>
/// <param name="LinesMissing">Numbers of the history that are not there, or tickets that come from nowhere.</param>
/// <param name="MovesAfterTheEnd">Moves of tickets that were over, or tickets that joined twice.</param>
/// <param name="ServedTwice">Tickets that two people had at a time, or that were completed twice.</param>
/// <param name="StaffWithTwo">People of the office with two citizens at a time.</param>
/// <param name="Overtaken">Citizens before whom somebody later was taken without a reason.</param>
/// <param name="FellBack">Citizens whose place became a later one.</param>
/// <param name="TicketsUnlikeHistory">Tickets that say something else than their history.</param>
/// <param name="Milliseconds">Time taken.</param>
public sealed record QueueInvariantsFound(
    long Lines, long LinesMissing, long MovesAfterTheEnd, long ServedTwice, long StaffWithTwo, long Overtaken, long FellBack, long TicketsUnlikeHistory, long Milliseconds);
