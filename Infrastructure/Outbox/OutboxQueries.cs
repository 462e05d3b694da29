using Dapper;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Outbox;

/// <summary>The outbox as an administrator sees it: what waits, how long, and what could not be delivered. Payloads are never shown: they may name people.</summary>
public sealed class OutboxQueries(Database database, TimeProvider time)
{
    private const string DeadColumns = "position, id, subscriber, event_type, event_key, created_at, attempts, last_error";

    /// <summary>By subscriber, of what is not delivered. Costs as much as there is of that.</summary>
    public Task<List<OutboxCounts>> CountAsync(CancellationToken cancel) => database.ReadAsync(async c =>
    {
        var now = time.GetUtcNow();
        return (await c.QueryAsync<OutboxCounts>("""
            SELECT subscriber, COUNT(CASE WHEN state = 'pending' THEN 1 END) AS pending, COUNT(CASE WHEN state = 'pending' AND attempts > 0 THEN 1 END) AS retrying,
                   COUNT(CASE WHEN state = 'pending' AND created_at <= @minute THEN 1 END) AS over_a_minute,
                   COUNT(CASE WHEN state = 'pending' AND created_at <= @hour THEN 1 END) AS over_an_hour,
                   COUNT(CASE WHEN state = 'pending' AND created_at <= @day THEN 1 END) AS over_a_day,
                   COUNT(CASE WHEN state = 'dead' THEN 1 END) AS dead, MIN(CASE WHEN state = 'pending' THEN created_at END) AS oldest_pending_at
            FROM outbox WHERE state IN ('pending', 'dead') GROUP BY subscriber ORDER BY subscriber
            """, new { minute = now.AddMinutes(-1), hour = now.AddHours(-1), day = now.AddDays(-1) })).AsList();
    }, cancel);

    /// <summary>Newest first, before a position.</summary>
    public Task<List<DeadLetterRow>> DeadAsync(string? subscriber, long? before, int limit, CancellationToken cancel) => database.ReadAsync(async c =>
        (await c.QueryAsync<DeadLetterRow>($"""
            SELECT {DeadColumns} FROM outbox
            WHERE state = 'dead' {(before is null ? "" : "AND position < @before")} {(subscriber is null ? "" : "AND subscriber = @subscriber")} ORDER BY position DESC LIMIT @limit
            """, new { subscriber, before, limit })).AsList(), cancel);

    public static Task<DeadLetterRow?> DeadAsync(UnitOfWork tx, long position) =>
        tx.FirstOrDefaultAsync<DeadLetterRow>($"SELECT {DeadColumns} FROM outbox WHERE position = @position AND state = 'dead'", new { position });

    /// <summary>Delivers a dead letter again, with all its attempts before it; earlier ones of its key that wait come first.</summary>
    public static async Task<bool> ReviveAsync(UnitOfWork tx, long position) => await tx.ExecuteAsync(
        "UPDATE outbox SET state = 'pending', attempts = 0, next_at = @Now, claimed_until = 0 WHERE position = @position AND state = 'dead'", new { tx.Now, position }) == 1;

    /// <param name="subscriber">Null: everybody's.</param>
    public static Task<int> ReviveAllAsync(UnitOfWork tx, string? subscriber) => tx.ExecuteAsync(
        $"UPDATE outbox SET state = 'pending', attempts = 0, next_at = @Now, claimed_until = 0 WHERE state = 'dead' {(subscriber is null ? "" : "AND subscriber = @subscriber")}",
        new { tx.Now, subscriber });

    /// <summary>It is never delivered; kept as long as what was.</summary>
    public static async Task<bool> AbandonAsync(UnitOfWork tx, long position) =>
        await tx.ExecuteAsync("UPDATE outbox SET state = 'abandoned' WHERE position = @position AND state = 'dead'", new { position }) == 1;
}

/// <summary>What one subscriber has still to hear.</summary>
public sealed record OutboxCounts
{
    public required string Subscriber { get; init; }
    public required long Pending { get; init; }
    public required long Retrying { get; init; }
    public required long OverAMinute { get; init; }
    public required long OverAnHour { get; init; }
    public required long OverADay { get; init; }
    public required long Dead { get; init; }
    public DateTimeOffset? OldestPendingAt { get; init; }
}

public sealed record DeadLetterRow
{
    public required long Position { get; init; }
    public required string Id { get; init; }
    public required string Subscriber { get; init; }
    public required string EventType { get; init; }
    public required string EventKey { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required int Attempts { get; init; }
    public string? LastError { get; init; }
}
