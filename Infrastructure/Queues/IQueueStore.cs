namespace MicroPlatform.Infrastructure.Queues;

/// <summary>
/// A copy of the order of every queue to read places from fast, claims of people who are just taking somebody, and the heartbeats of the office. Never the
/// truth: the tickets in the database are, and all of it can be thrown away at any time. Redis for several nodes, memory for one; both pass one contract fixture.
/// </summary>
public interface IQueueStore
{
    /// <summary>Rises whenever the store may have lost writes or gone back to an older state, such as when its connection broke.</summary>
    long Doubts { get; }

    /// <summary>
    /// Puts a ticket at its rank, or takes it out. News with a lower number than what is known of the ticket, or than the last rebuild, changes nothing: it is old.
    /// </summary>
    /// <param name="seq">Number of the queue's history with which the ticket came to be so.</param>
    /// <param name="rank">Null: it waits no longer.</param>
    /// <returns>False when the copy of this queue is not there, and has to be made.</returns>
    /// <exception cref="QueueStoreException">The store cannot be reached.</exception>
    Task<bool> PutAsync(string queueId, string ticketId, long seq, long? rank, CancellationToken cancel);

    /// <summary>Makes the copy of one queue as it was at a number of its history; later news that is there already stays.</summary>
    /// <exception cref="QueueStoreException">The store cannot be reached.</exception>
    Task RebuildAsync(string queueId, long seq, IReadOnlyList<WaitingPlace> places, CancellationToken cancel);

    /// <summary>Throws the copy of one queue away: also numbers that claim to be later than the database, as after it was restored from a backup.</summary>
    /// <exception cref="QueueStoreException">The store cannot be reached.</exception>
    Task ForgetAsync(string queueId, CancellationToken cancel);

    /// <summary>How many wait before a ticket, and in all.</summary>
    /// <returns>Null when the copy does not know: the caller asks the database.</returns>
    /// <exception cref="QueueStoreException">The store cannot be reached.</exception>
    Task<QueuePosition?> FindAsync(string queueId, string ticketId, CancellationToken cancel);

    /// <summary>Tickets in order; null when the copy is not there.</summary>
    /// <exception cref="QueueStoreException">The store cannot be reached.</exception>
    Task<IReadOnlyList<string>?> OrderAsync(string queueId, CancellationToken cancel);

    /// <summary>
    /// Of many who take one ticket at the same moment one is let through to the database. The ticket stays in the order: a claim that is not followed by a commit
    /// runs out, and nothing is lost.
    /// </summary>
    /// <exception cref="QueueStoreException">The store cannot be reached.</exception>
    Task<bool> TryClaimAsync(string ticketId, string staffId, DateTimeOffset until, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Gives up a claim; somebody else's stays.</summary>
    /// <exception cref="QueueStoreException">The store cannot be reached.</exception>
    Task ReleaseAsync(string ticketId, string staffId, CancellationToken cancel);

    /// <summary>Somebody of the office is there, until then.</summary>
    /// <exception cref="QueueStoreException">The store cannot be reached.</exception>
    Task BeatAsync(string staffId, DateTimeOffset until, DateTimeOffset now, CancellationToken cancel);

    /// <summary>They have gone.</summary>
    /// <exception cref="QueueStoreException">The store cannot be reached.</exception>
    Task StopAsync(string staffId, CancellationToken cancel);

    /// <summary>Everybody whose heart beats.</summary>
    /// <exception cref="QueueStoreException">The store cannot be reached.</exception>
    Task<IReadOnlySet<string>> PresentAsync(DateTimeOffset now, CancellationToken cancel);
}

/// <summary>Somebody who waits.</summary>
/// <param name="Rank">Milliseconds; lower is earlier, equal ones by id.</param>
public sealed record WaitingPlace(string TicketId, long Rank);

/// <param name="Before">People before.</param>
/// <param name="All">Everybody who waits.</param>
public sealed record QueuePosition(int Before, int All);

/// <summary>The store cannot be reached now. Everything goes on from the database.</summary>
public sealed class QueueStoreException(string message, Exception inner) : Exception(message, inner);
