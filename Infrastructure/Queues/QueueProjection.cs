using Dapper;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Logging;

namespace MicroPlatform.Infrastructure.Queues;

/// <summary>
/// Places for reading: from the copy, and from the database where the copy does not know or the store is away. After each commit the ticket is put or taken out.
/// </summary>
/// <remarks>
/// What was committed while the store was away is not in the copy, and the copy does not know: from the first write that was lost, or the first sign that the
/// store went away or back, this node reads from the database until it has made the copy anew (<see cref="RebuildAsync(CancellationToken)"/>).
/// </remarks>
public sealed class QueueProjection(Database database, IQueueStore store, ILogger<QueueProjection> log)
{
    private long _lost;
    private volatile Trust? _trusted;

    /// <summary>Whether the copy may lack what was committed: at first, and after the store was away or was flushed. Then nothing is read from it.</summary>
    public bool IsBehind => _trusted is not { } trusted || trusted.Doubts != store.Doubts || trusted.Lost != Interlocked.Read(ref _lost);

    /// <summary>How many wait before a ticket that waits.</summary>
    public async Task<QueuePosition> FindAsync(string queueId, string ticketId, DateTimeOffset rankAt, CancellationToken cancel)
    {
        try
        {
            if (!IsBehind && await store.FindAsync(queueId, ticketId, cancel) is { } known) return known;
        }
        catch (QueueStoreException e)
        {
            log.LogDebug(e, "A place in a queue is read from the database");
        }
        return await database.ReadAsync(async c => new QueuePosition(
            await c.ExecuteScalarAsync<int>("""
                SELECT COUNT(*) FROM tickets WHERE queue_id = @queueId AND state = 'Waiting' AND (rank_at < @rankAt OR (rank_at = @rankAt AND id < @ticketId))
                """, new { queueId, rankAt, ticketId }),
            await c.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM tickets WHERE queue_id = @queueId AND state = 'Waiting'", new { queueId })), cancel);
    }

    /// <summary>The ticket's place is put once the transaction is committed. Lost with the process: then the check each minute finds it, and nobody is served by the copy.</summary>
    /// <param name="rankAt">Null: it waits no longer.</param>
    public void PutAfter(UnitOfWork tx, string queueId, string ticketId, long seq, DateTimeOffset? rankAt) => tx.AfterCommit(async () =>
    {
        try
        {
            if (!await store.PutAsync(queueId, ticketId, seq, rankAt?.ToUnixTimeMilliseconds(), CancellationToken.None)) Interlocked.Increment(ref _lost);
        }
        catch (QueueStoreException e)
        {
            Interlocked.Increment(ref _lost);
            log.LogDebug(e, "The copy of a queue was not brought up to date");
        }
    });

    /// <summary>Makes the copy of every queue anew from the tickets.</summary>
    /// <returns>Tickets put.</returns>
    /// <exception cref="QueueStoreException">The store is away, or went away meanwhile.</exception>
    public async Task<int> RebuildAsync(CancellationToken cancel)
    {
        // Before anything is read: what goes wrong from here on is in doubt again.
        var trust = new Trust(store.Doubts, Interlocked.Read(ref _lost));
        var put = 0;
        foreach (var queueId in await QueuesAsync(cancel)) put += await RebuildAsync(queueId, cancel);
        _trusted = trust;
        return put;
    }

    /// <inheritdoc cref="RebuildAsync(CancellationToken)"/>
    public async Task<int> RebuildFromNothingAsync(CancellationToken cancel)
    {
        foreach (var queueId in await QueuesAsync(cancel)) await store.ForgetAsync(queueId, cancel);
        return await RebuildAsync(cancel);
    }

    /// <summary>Compares the copy with the tickets and makes anew what differs.</summary>
    /// <returns>Queues that differed. Expected: none.</returns>
    /// <exception cref="QueueStoreException">The store is away.</exception>
    public async Task<int> CheckAsync(CancellationToken cancel)
    {
        var differ = 0;
        foreach (var queueId in await QueuesAsync(cancel))
        {
            var (seq, places) = await ReadAsync(queueId, cancel);
            var copy = await store.OrderAsync(queueId, cancel);
            if (copy is not null && copy.SequenceEqual(places.Select(p => p.TicketId))) continue;
            // Somebody may just have moved: then it differs for a moment only, and making it anew does no harm.
            if ((await ReadAsync(queueId, cancel)).Seq == seq) differ++;
            await RebuildAsync(queueId, cancel);
        }
        return differ;
    }

    /// <summary>Number of the last line of a queue's history.</summary>
    public static Task<long> SeqAsync(UnitOfWork tx, string queueId) => tx.ScalarAsync<long>("SELECT seq FROM queue_lines WHERE queue_id = @queueId", new { queueId });

    private async Task<int> RebuildAsync(string queueId, CancellationToken cancel)
    {
        var (seq, places) = await ReadAsync(queueId, cancel);
        await store.RebuildAsync(queueId, seq, places, cancel);
        return places.Count;
    }

    /// <summary>The number first: what is read afterwards is as new as it says, or newer, and newer news is put once more by whoever made it.</summary>
    private Task<(long Seq, List<WaitingPlace> Places)> ReadAsync(string queueId, CancellationToken cancel) => database.ReadAsync(async c =>
    {
        var seq = await c.ExecuteScalarAsync<long>("SELECT seq FROM queue_lines WHERE queue_id = @queueId", new { queueId });
        var rows = await c.QueryAsync<PlaceRow>("SELECT id, rank_at FROM tickets WHERE queue_id = @queueId AND state = 'Waiting' ORDER BY rank_at, id", new { queueId });
        return (seq, rows.Select(r => new WaitingPlace(r.Id, r.RankAt.ToUnixTimeMilliseconds())).ToList());
    }, cancel);

    private Task<List<string>> QueuesAsync(CancellationToken cancel) =>
        database.ReadAsync(async c => (await c.QueryAsync<string>("SELECT id FROM queues ORDER BY id")).AsList(), cancel);

    private sealed record Trust(long Doubts, long Lost);

    private sealed record PlaceRow
    {
        public required string Id { get; init; }
        public DateTimeOffset RankAt { get; init; }
    }
}
