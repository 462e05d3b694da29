using System.Collections.Concurrent;
using System.Text.Json;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Outbox;

/// <summary>Puts events into the outbox of the transaction given, so that they exist exactly when the state does.</summary>
public sealed class OutboxWriter(Subscriptions subscriptions, OutboxSignal signal)
{
    public async Task WriteAsync(UnitOfWork tx, IEnumerable<IDomainEvent> events)
    {
        var rows = new List<object?[]>();
        foreach (var happened in events)
        {
            var subscribers = subscriptions.For(happened);
            if (subscribers.Count == 0) continue;
            var (id, payload) = (tx.NewId(), JsonSerializer.Serialize(happened, happened.GetType()));
            foreach (var subscription in subscribers)
                rows.Add([id, subscription.Subscriber, happened.Key, subscription.EventType, payload, tx.Now, tx.Now, 0, 0L, "pending"]);
        }
        if (rows.Count == 0) return;
        // Position is given out in the order of the rows, which is the order of the events.
        await tx.InsertLaterAsync("outbox", "id, subscriber, event_key, event_type, payload, created_at, next_at, attempts, claimed_until, state", rows);
        foreach (var subscriber in rows.Select(r => (string)r[1]!).Distinct()) tx.AfterCommit(() => { signal.Set(subscriber); return Task.CompletedTask; });
    }
}

/// <summary>
/// Wakes this node's dispatcher of a subscriber when this node has written something for it, and no other: each looks into the database when it is woken. Other
/// nodes' rows are found by their clock.
/// </summary>
public sealed class OutboxSignal
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _next = new(StringComparer.Ordinal);

    /// <summary>Completes at the next <see cref="Set"/>. Taken before looking, so that what is written while looking is not missed.</summary>
    public Task Next(string subscriber) => _next.GetOrAdd(subscriber, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Set(string subscriber)
    {
        if (_next.TryRemove(subscriber, out var waiting)) waiting.TrySetResult();
    }

    public void SetAll()
    {
        foreach (var subscriber in _next.Keys) Set(subscriber);
    }
}
