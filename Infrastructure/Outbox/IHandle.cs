using MicroPlatform.Domain.Common;

namespace MicroPlatform.Infrastructure.Outbox;

/// <summary>
/// Does something because of an event of another feature. Called at least once per event, so doing it twice must do it once;
/// events of one key arrive in order. Throwing means "not yet": tried again with growing pauses, and dead-lettered in the end.
/// </summary>
public interface IHandle<in TEvent>
    where TEvent : IDomainEvent
{
    Task HandleAsync(TEvent happened, Delivery delivery, CancellationToken cancel);
}

/// <summary>The delivery of an event to one subscriber.</summary>
/// <param name="EventId">Same on every attempt: the key for doing it once.</param>
/// <param name="Attempt">1 on the first.</param>
public sealed record Delivery(string EventId, int Attempt, DateTimeOffset OccurredAt);

/// <summary>
/// Thrown by a handler that cannot do it now and knows by itself when to give up: tried again, not before <paramref name="after"/>, and never
/// dead-lettered for the number of attempts.
/// </summary>
public sealed class NotYetException(string reason, TimeSpan after) : Exception(reason)
{
    public TimeSpan After { get; } = after;
}

/// <summary>Thrown by a handler when trying again can never help: straight to the dead letters.</summary>
public sealed class DeadLetterException(string reason) : Exception(reason);
