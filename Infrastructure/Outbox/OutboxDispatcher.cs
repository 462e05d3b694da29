using Dapper;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MicroPlatform.Infrastructure.Outbox;

/// <summary>
/// Delivers outbox rows to their subscribers: at least once, in order per (subscriber, key), by any number of nodes at once. A row is
/// claimed by a conditional write for a minute; a node that dies lets the claim run out. A row that keeps failing is dead-lettered
/// after <see cref="MaxAttempts"/> and stops blocking its key.
/// </summary>
public sealed class OutboxDispatcher(Database database, Subscriptions subscriptions, IServiceScopeFactory scopes, TimeProvider time, ILogger<OutboxDispatcher> log)
{
    /// <summary>With the pauses of <see cref="Pause"/>, about a day.</summary>
    public const int MaxAttempts = 19;

    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(1);

    /// <summary>Those who want to know, each with rows of its own that wait for nobody else's.</summary>
    public IReadOnlyList<string> Subscribers { get; } = subscriptions.Names;

    /// <summary>Delivers what is due now.</summary>
    /// <param name="subscriber">Only to this one; null for all.</param>
    /// <returns>How many rows were delivered or given up.</returns>
    public async Task<int> RunOnceAsync(string? subscriber = null, CancellationToken cancel = default)
    {
        var settled = 0;
        while (true)
        {
            var heads = await HeadsAsync(subscriber, cancel);
            var progress = 0;
            foreach (var row in heads)
            {
                cancel.ThrowIfCancellationRequested();
                if (!await ClaimAsync(row, cancel)) continue;
                if (await DeliverAsync(row, cancel)) progress++;
            }
            settled += progress;
            if (progress == 0) return settled;
        }
    }

    /// <summary>The first pending row of each (subscriber, key), of those that are due and unclaimed.</summary>
    private async Task<List<Row>> HeadsAsync(string? subscriber, CancellationToken cancel) =>
        await database.ReadAsync(async connection => (await connection.QueryAsync<Row>($"""
            SELECT o.position, o.id, o.subscriber, o.event_key, o.event_type, o.payload, o.created_at, o.attempts
            FROM outbox o
            WHERE o.state = 'pending' {(subscriber is null ? "" : "AND o.subscriber = @subscriber")} AND o.next_at <= @now AND o.claimed_until < @now
              AND NOT EXISTS (SELECT 1 FROM outbox e
                              WHERE e.subscriber = o.subscriber AND e.event_key = o.event_key AND e.state = 'pending' AND e.position < o.position)
            ORDER BY o.position LIMIT 100
            """, new { now = time.GetUtcNow(), subscriber })).AsList(), cancel);

    /// <summary>Forgets what was delivered, or given up by an administrator, some time ago; dead letters stay until somebody has looked at them.</summary>
    public async Task<int> SweepAsync(TimeSpan kept, CancellationToken cancel)
    {
        var total = 0;
        while (true)
        {
            // In small pieces: a month's rows in one transaction would hold up those that are written meanwhile.
            var ids = await database.ReadAsync(async connection => (await connection.QueryAsync<long>(
                "SELECT position FROM outbox WHERE state IN ('done', 'abandoned') AND created_at < @before ORDER BY position LIMIT 500", new { before = time.GetUtcNow() - kept })).AsList(), cancel);
            if (ids.Count == 0) return total;
            total += await database.WriteAlwaysAsync(tx => tx.ExecuteAsync("DELETE FROM outbox WHERE position IN @ids", new { ids }), cancel);
        }
    }

    private Task<bool> ClaimAsync(Row row, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
        await tx.ExecuteAsync(
            "UPDATE outbox SET claimed_until = @until, attempts = attempts + 1 WHERE position = @Position AND state = 'pending' AND claimed_until < @Now AND attempts = @Attempts",
            new { until = tx.Now + Claim, row.Position, tx.Now, row.Attempts }) == 1, cancel);

    private async Task<bool> DeliverAsync(Row row, CancellationToken cancel)
    {
        try
        {
            var subscription = subscriptions.Find(row.Subscriber, row.EventType)
                ?? throw new DeadLetterException($"Nobody subscribes to {row.EventType} as {row.Subscriber} any more");
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(Claim / 2);
            await using var scope = scopes.CreateAsyncScope();
            await subscription.Call(scope.ServiceProvider, row.Payload, new Delivery(row.Id, row.Attempts + 1, row.CreatedAt), limit.Token);
            await SettleAsync(row, "done", null);
            return true;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
        }
        catch (NotYetException notYet)
        {
            log.LogInformation("Outbox {EventId} for {Subscriber} waits: {Reason}", row.Id, row.Subscriber, notYet.Message);
            await PostponeAsync(row, notYet.Message, notYet.After);
            return false;
        }
        catch (Exception e)
        {
            var dead = e is DeadLetterException || row.Attempts + 1 >= MaxAttempts;
            log.Log(dead ? LogLevel.Error : LogLevel.Warning, e, "Outbox {EventId} for {Subscriber} failed on attempt {Attempt}{Dead}", row.Id, row.Subscriber, row.Attempts + 1, dead ? ", dead-lettered" : "");
            if (dead) await SettleAsync(row, "dead", e.Message);
            else await PostponeAsync(row, e.Message, TimeSpan.Zero);
            return dead;
        }
    }

    private Task<int> SettleAsync(Row row, string state, string? error) => database.WriteAlwaysAsync(tx =>
        tx.ExecuteAsync("UPDATE outbox SET state = @state, last_error = @error WHERE position = @Position", new { state, error, row.Position }), CancellationToken.None);

    private Task<int> PostponeAsync(Row row, string error, TimeSpan atLeast) => database.WriteAlwaysAsync(tx =>
        tx.ExecuteAsync("UPDATE outbox SET next_at = @next, claimed_until = 0, last_error = @error WHERE position = @Position",
            new { next = tx.Now + Longer(Pause(row.Attempts + 1), atLeast), error, row.Position }), CancellationToken.None);

    /// <summary>2 s, 4 s, 8 s … at most four hours.</summary>
    internal static TimeSpan Pause(int attempts) => TimeSpan.FromSeconds(Math.Min(Math.Pow(2, attempts), 14_400));

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private sealed record Row
    {
        public long Position { get; init; }
        public required string Id { get; init; }
        public required string Subscriber { get; init; }
        public required string EventKey { get; init; }
        public required string EventType { get; init; }
        public required string Payload { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public int Attempts { get; init; }
    }
}
