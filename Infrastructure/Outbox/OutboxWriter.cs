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
        await tx.InsertRowsAsync("outbox", "id, subscriber, event_key, event_type, payload, created_at, next_at, attempts, claimed_until, state", rows);
        tx.AfterCommit(() => { signal.Set(); return Task.CompletedTask; });
    }
}

/// <summary>Wakes the dispatchers of this node when this node has written something; other nodes' rows are found by their clock.</summary>
public sealed class OutboxSignal
{
    private volatile TaskCompletionSource _next = New();

    /// <summary>Completes at the next <see cref="Set"/>. Taken before looking, so that what is written while looking is not missed.</summary>
    public Task Next => _next.Task;

    public void Set() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
