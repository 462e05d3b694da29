using System.Globalization;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Redis;
using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>The copy that several nodes share. All of it lies in one slot of a cluster, so that a search is one command per kind of key.</summary>
public sealed class RedisAvailabilityStore(RedisConnection redis) : IAvailabilityStore
{
    private static readonly LuaText PutDays = LuaText.Of("put-days.lua");
    private static readonly LuaText TakeHold = LuaText.Of("take-hold.lua");
    private static readonly LuaText ReleaseHold = LuaText.Of("release-hold.lua");

    /// <summary>Days per script: one script may not stop the server for long.</summary>
    private const int PutBatch = 200;

    public long Doubts => redis.Breaks;

    public Task<AvailabilityReading> ReadAsync(IReadOnlyList<string> resourceIds, DateOnly from, int days, DateTimeOffset now, CancellationToken cancel) => CallAsync(async db =>
    {
        var codes = new string[days];
        for (var d = 0; d < days; d++) codes[d] = DayCode.Of(from.AddDays(d));
        var keys = new RedisKey[resourceIds.Count * days];
        for (var r = 0; r < resourceIds.Count; r++)
            for (var d = 0; d < days; d++) keys[(r * days) + d] = RedisKeys.AvailabilityDay(resourceIds[r], codes[d]);
        // Both are sent before either is waited for: one round trip.
        var values = db.StringGetAsync(keys);
        var holds = HoldsAsync(db, now);
        var found = new Dictionary<(string, DateOnly), ResourceDay>(keys.Length);
        var pool = new ResourceDayCodec.OpeningPool();
        var bytes = await values;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (i % days == 0) pool.Clear();
            if (bytes[i].IsNull) continue;
            var (id, day) = (resourceIds[i / days], from.AddDays(i % days));
            if (ResourceDayCodec.Read(id, day, ((ReadOnlyMemory<byte>)bytes[i]).Span, pool) is { } known) found[(id, day)] = known;
        }
        return new AvailabilityReading(found, await holds);
    }, cancel);

    public Task<IReadOnlyList<Hold>> HoldsAsync(DateTimeOffset now, CancellationToken cancel) => CallAsync(db => HoldsAsync(db, now), cancel);

    public async Task PutAsync(IReadOnlyList<ResourceDay> days, DateTimeOffset now, CancellationToken cancel)
    {
        foreach (var some in days.Chunk(PutBatch))
        {
            var keys = some.Select(d => RedisKeys.AvailabilityDay(d.ResourceId, d.Day)).ToArray();
            var args = some.SelectMany(d => new RedisValue[] { Lifetime(d.Day, now), ResourceDayCodec.Write(d) }).ToArray();
            await CallAsync(db => PutDays.RunAsync(db, keys, args), cancel);
        }
    }

    public Task ForgetAsync(CancellationToken cancel) => CallAsync(async db =>
    {
        var keys = new List<RedisKey>();
        foreach (var endpoint in db.Multiplexer.GetEndPoints())
        {
            var server = db.Multiplexer.GetServer(endpoint);
            if (!server.IsConnected || server.IsReplica) continue;
            await foreach (var key in server.KeysAsync(db.Database, redis.Prefix + RedisKeys.AvailabilityDays, 1000).WithCancellation(cancel)) keys.Add(key.ToString()[redis.Prefix.Length..]);
        }
        foreach (var some in keys.Chunk(1000)) await db.KeyDeleteAsync(some);
        return true;
    }, cancel);

    public Task<HoldOutcome> TryHoldAsync(HoldWish wish, DateTimeOffset now, CancellationToken cancel) => CallAsync(async db =>
    {
        RedisValue[] args =
        [
            now.ToUnixTimeMilliseconds(), wish.ExpiresAt.ToUnixTimeMilliseconds(), wish.HoldId, wish.Holder, wish.MostPerHolder, wish.ResourceId, DayCode.Of(wish.Day),
            wish.Span.First, wish.Span.Until, .. wish.Seats.Select(s => (RedisValue)s),
        ];
        var seat = (int)await TakeHold.RunAsync(db, [RedisKeys.Holds, RedisKeys.Hold(wish.HoldId)], args);
        return seat < 0 ? new HoldOutcome(null, TooMany: seat == -2) : new HoldOutcome(new Hold(wish.HoldId, wish.ResourceId, seat, wish.Day, wish.Span, wish.ExpiresAt));
    }, cancel);

    public Task<Hold?> FindHoldAsync(string holdId, DateTimeOffset now, CancellationToken cancel) => CallAsync(async db =>
    {
        var (member, score) = (await db.StringGetAsync(RedisKeys.Hold(holdId)), (double?)null);
        if (!member.IsNull) score = await db.SortedSetScoreAsync(RedisKeys.Holds, member);
        return score is { } expires && expires > now.ToUnixTimeMilliseconds() ? HoldOf(member, expires) : null;
    }, cancel);

    public Task ReleaseHoldAsync(string holdId, CancellationToken cancel) =>
        CallAsync(db => ReleaseHold.RunAsync(db, [RedisKeys.Holds, RedisKeys.Hold(holdId)], []), cancel);

    /// <summary>Until two days after the day, when nobody asks for it any more. A span, not an instant: this program's clock need not be the server's.</summary>
    private static long Lifetime(DateOnly day, DateTimeOffset now) => Math.Max(1000, (long)(Raster.At(day.AddDays(2), 0) - now).TotalMilliseconds);

    /// <summary>Null for what this program did not write.</summary>
    private static Hold? HoldOf(string? member, double expiresAt)
    {
        if (member?.Split('|') is not { Length: 7 } parts || expiresAt is not (> 0 and < 253_402_300_800_000)) return null;
        if (!DateOnly.TryParseExact(parts[3], DayCode.Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return null;
        if (!Number(4, Seats.Most - 1, out var seat) || !Number(5, Raster.PerDay, out var first) || !Number(6, Raster.PerDay, out var until)) return null;
        return new Hold(parts[0], parts[2], seat, day, new RasterSpan(first, until), DateTimeOffset.FromUnixTimeMilliseconds((long)expiresAt));

        bool Number(int i, int most, out int value) => int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= most;
    }

    private static async Task<IReadOnlyList<Hold>> HoldsAsync(IDatabase db, DateTimeOffset now)
    {
        var members = await db.SortedSetRangeByScoreWithScoresAsync(RedisKeys.Holds, now.ToUnixTimeMilliseconds(), double.PositiveInfinity, Exclude.Start);
        if (members.Length == 0) return [];
        return [.. members.Select(h => HoldOf(h.Element, h.Score)).OfType<Hold>()];
    }

    private async Task<T> CallAsync<T>(Func<IDatabase, Task<T>> call, CancellationToken cancel)
    {
        try
        {
            return await redis.CallAsync(call, cancel);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or BrokenCircuitException or ObjectDisposedException)
        {
            throw new AvailabilityStoreException("Redis is away.", e);
        }
    }
}
