using MicroPlatform.Infrastructure.Redis;
using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace MicroPlatform.Infrastructure.Queues;

/// <summary>The copy that several nodes share. All of it lies in one slot of a cluster, so that each step is one script.</summary>
public sealed class RedisQueueStore(RedisConnection redis) : IQueueStore
{
    private static readonly LuaText PutPlace = LuaText.Of("put-place.lua");
    private static readonly LuaText RebuildOrder = LuaText.Of("rebuild-order.lua");
    private static readonly LuaText FindPlace = LuaText.Of("find-place.lua");
    private static readonly LuaText ClaimTicket = LuaText.Of("claim-ticket.lua");
    private static readonly LuaText ReleaseTicket = LuaText.Of("release-ticket.lua");

    public long Doubts => redis.Breaks;

    public Task<bool> PutAsync(string queueId, string ticketId, long seq, long? rank, CancellationToken cancel) => CallAsync(
        async db => (int)await PutPlace.RunAsync(db, KeysOf(queueId), [ticketId, seq, rank is { } r ? r : ""]) == 1, cancel);

    public Task RebuildAsync(string queueId, long seq, IReadOnlyList<WaitingPlace> places, CancellationToken cancel) => CallAsync(
        db => RebuildOrder.RunAsync(db, KeysOf(queueId), [seq, .. places.SelectMany(p => new RedisValue[] { p.TicketId, p.Rank })]), cancel);

    public Task ForgetAsync(string queueId, CancellationToken cancel) => CallAsync(db => db.KeyDeleteAsync(KeysOf(queueId)), cancel);

    public Task<QueuePosition?> FindAsync(string queueId, string ticketId, CancellationToken cancel) => CallAsync(async db =>
    {
        var found = (RedisValue[])(await FindPlace.RunAsync(db, KeysOf(queueId), [ticketId]))!;
        return (int)found[0] < 0 ? null : new QueuePosition((int)found[0], (int)found[1]);
    }, cancel);

    public Task<IReadOnlyList<string>?> OrderAsync(string queueId, CancellationToken cancel) => CallAsync<IReadOnlyList<string>?>(async db =>
    {
        // Both are sent before either is waited for.
        var (built, order) = (db.KeyExistsAsync(RedisKeys.QueueBuilt(queueId)), db.SortedSetRangeByRankAsync(RedisKeys.QueueOrder(queueId)));
        return await built ? [.. (await order).Select(id => id.ToString())] : null;
    }, cancel);

    public Task<bool> TryClaimAsync(string ticketId, string staffId, DateTimeOffset until, DateTimeOffset now, CancellationToken cancel) => CallAsync(
        async db => (int)await ClaimTicket.RunAsync(db, [RedisKeys.TicketClaim(ticketId)], [staffId, until.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds()]) == 1, cancel);

    public Task ReleaseAsync(string ticketId, string staffId, CancellationToken cancel) => CallAsync(
        db => ReleaseTicket.RunAsync(db, [RedisKeys.TicketClaim(ticketId)], [staffId]), cancel);

    public Task BeatAsync(string staffId, DateTimeOffset until, DateTimeOffset now, CancellationToken cancel) => CallAsync(async db =>
    {
        var old = db.SortedSetRemoveRangeByScoreAsync(RedisKeys.Heartbeats, double.NegativeInfinity, now.ToUnixTimeMilliseconds());
        await db.SortedSetAddAsync(RedisKeys.Heartbeats, staffId, until.ToUnixTimeMilliseconds());
        return await old;
    }, cancel);

    public Task StopAsync(string staffId, CancellationToken cancel) => CallAsync(db => db.SortedSetRemoveAsync(RedisKeys.Heartbeats, staffId), cancel);

    public Task<IReadOnlySet<string>> PresentAsync(DateTimeOffset now, CancellationToken cancel) => CallAsync<IReadOnlySet<string>>(async db =>
        (await db.SortedSetRangeByScoreAsync(RedisKeys.Heartbeats, now.ToUnixTimeMilliseconds(), double.PositiveInfinity, Exclude.Start))
            .Select(id => id.ToString()).ToHashSet(StringComparer.Ordinal), cancel);

    private static RedisKey[] KeysOf(string queueId) => [RedisKeys.QueueBuilt(queueId), RedisKeys.QueueOrder(queueId), RedisKeys.QueueSeqs(queueId)];

    private async Task<T> CallAsync<T>(Func<IDatabase, Task<T>> call, CancellationToken cancel)
    {
        try
        {
            return await redis.CallAsync(call, cancel);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or BrokenCircuitException or ObjectDisposedException)
        {
            throw new QueueStoreException("Redis is away.", e);
        }
    }
}
