using Dapper;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Hotline;

/// <summary>对账: a day's tickets of a partner as they stood at midnight. Made once, whenever after two in the morning, from how each stood after its changes of that day.</summary>
public sealed class ReconciliationRepository(Database database, TimeProvider time)
{
    /// <summary>Days that a day's books are kept.</summary>
    public const int KeptDays = 90;

    public static readonly TimeSpan ReadyAt = TimeSpan.FromHours(2);

    /// <summary>Days that are over and ready to be made: yesterday, and the week before it where something stood in the way.</summary>
    public static IEnumerable<DateOnly> ReadyDays(DateTimeOffset now) => Enumerable.Range(1, 7).Select(n => DateOnly.FromDateTime((now.InChina() - ReadyAt).DateTime).AddDays(-n));

    /// <summary>Makes a day's books where there are none.</summary>
    /// <returns>Whether it did.</returns>
    public Task<bool> MakeAsync(string appId, DateOnly day, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        var key = DayCode.Of(day);
        var from = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), ChinaTime.Offset);
        var span = new { appId, key, from, to = from.AddDays(1), tx.Now };
        if (await tx.ExecuteAsync($"{tx.Dialect.InsertIgnore} hotline_reconciliations (app_id, day, generated_at, tickets, calls, events, satisfactions) VALUES (@appId, @key, @Now, 0, 0, 0, 0)", span) != 1) return false;
        await tx.ExecuteAsync("""
            INSERT INTO hotline_reconciliation_items (app_id, day, ticket_no, status, result, version, updated_at, sha256)
            SELECT v.app_id, @key, t.ticket_no, v.state, v.result, v.version, v.at, v.content_hash
            FROM (SELECT ticket_id, MAX(version) AS version FROM hotline_ticket_versions WHERE app_id = @appId AND at >= @from AND at < @to GROUP BY ticket_id) l
            JOIN hotline_ticket_versions v ON v.ticket_id = l.ticket_id AND v.version = l.version JOIN hotline_tickets t ON t.id = v.ticket_id
            """, span);
        await tx.ExecuteAsync("""
            UPDATE hotline_reconciliations SET
                tickets = (SELECT COUNT(*) FROM hotline_reconciliation_items i WHERE i.app_id = @appId AND i.day = @key),
                calls = (SELECT COUNT(*) FROM hotline_calls c WHERE c.app_id = @appId AND c.started_at >= @from AND c.started_at < @to),
                events = (SELECT COUNT(*) FROM hotline_ticket_events e JOIN hotline_tickets t ON t.id = e.ticket_id WHERE t.app_id = @appId AND e.actor_kind = 'Partner' AND e.event_id <> 'mp-opened' AND e.received_at >= @from AND e.received_at < @to),
                satisfactions = (SELECT COUNT(*) FROM hotline_satisfactions s WHERE s.app_id = @appId AND s.surveyed_at >= @from AND s.surveyed_at < @to)
            WHERE app_id = @appId AND day = @key
            """, span);
        return true;
    }, cancel);

    public Task<DayBookRow?> FindAsync(string appId, DateOnly day, CancellationToken cancel) => database.ReadAsync(c => c.QueryFirstOrDefaultAsync<DayBookRow>(
        "SELECT day, generated_at, tickets, calls, events, satisfactions FROM hotline_reconciliations WHERE app_id = @appId AND day = @key", new { appId, key = DayCode.Of(day) }), cancel);

    /// <summary>A day's tickets by number, after one; all when <paramref name="limit"/> is null.</summary>
    public Task<List<DayItemRow>> ItemsAsync(string appId, DateOnly day, string after, int? limit, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<DayItemRow>($"""
        SELECT ticket_no, status, result, version, updated_at, sha256 FROM hotline_reconciliation_items WHERE app_id = @appId AND day = @key AND ticket_no > @after ORDER BY ticket_no {(limit is null ? "" : "LIMIT @limit")}
        """, new { appId, key = DayCode.Of(day), after, limit })).AsList(), cancel);

    public Task<int> SweepAsync(CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        var before = DayCode.Of(time.GetUtcNow().DateInChina().AddDays(-KeptDays));
        await tx.ExecuteAsync("DELETE FROM hotline_reconciliation_items WHERE day < @before", new { before });
        return await tx.ExecuteAsync("DELETE FROM hotline_reconciliations WHERE day < @before", new { before });
    }, cancel);
}

public sealed record DayBookRow
{
    public required string Day { get; init; }
    public DateTimeOffset GeneratedAt { get; init; }
    public int Tickets { get; init; }
    public int Calls { get; init; }
    public int Events { get; init; }
    public int Satisfactions { get; init; }
}

public sealed record DayItemRow
{
    public required string TicketNo { get; init; }
    public required Domain.Hotline.HotlineTicketState Status { get; init; }
    public Domain.Hotline.HotlineResult? Result { get; init; }
    public int Version { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
    public required string Sha256 { get; init; }
}
