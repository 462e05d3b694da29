using Dapper;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.Queues;

/// <summary>
/// Who of the office is there. What they say of themselves stands in the database; that they are still there shows from heartbeats in the store, and once a
/// minute in the database, for the time when the store is away. Busy is neither: it shows from the tickets and calls.
/// </summary>
public sealed class PresenceRepository(Database database, IQueueStore store, IOptions<QueuesOptions> options, LiveHub live, TimeProvider time, ILogger<PresenceRepository> log)
{
    /// <summary>How often a heartbeat is written to the database, too.</summary>
    private static readonly TimeSpan WrittenEvery = TimeSpan.FromMinutes(1);

    /// <summary>By the database alone somebody is there for so long after they were seen.</summary>
    private TimeSpan SeenFor => WrittenEvery + options.Value.HeartbeatFor;

    /// <summary>Who was seen last before this is not there, by the database alone.</summary>
    public DateTimeOffset SeenSince(DateTimeOffset now) => now - SeenFor;

    public async Task SayAsync(UnitOfWork tx, string staffId, PresenceState state)
    {
        await tx.ExecuteAsync($"""
            INSERT INTO staff_presence (staff_id, state, since_at, seen_at) VALUES (@staffId, @state, @Now, @Now) {tx.Dialect.OnDuplicate("staff_id", "state", "since_at", "seen_at")}
            """, new { staffId, state = state.ToString(), tx.Now });
        tx.AfterCommit(async () =>
        {
            if (state == PresenceState.Off) await TryAsync(() => store.StopAsync(staffId, CancellationToken.None));
            else await BeatAsync(staffId, CancellationToken.None);
            await live.PublishAsync(LiveTopics.Staff(staffId));
        });
    }

    /// <summary>Still there. Never fails for the store's sake.</summary>
    public async Task HeartbeatAsync(string staffId, CancellationToken cancel)
    {
        await BeatAsync(staffId, cancel);
        var now = time.GetUtcNow();
        var due = await database.ReadAsync(c => c.ExecuteScalarAsync<long>(
            "SELECT COUNT(*) FROM staff_presence WHERE staff_id = @staffId AND state <> 'Off' AND seen_at <= @edge", new { staffId, edge = now - WrittenEvery }), cancel);
        if (due > 0) await database.WriteAlwaysAsync(tx => tx.ExecuteAsync("UPDATE staff_presence SET seen_at = @Now WHERE staff_id = @staffId AND state <> 'Off'", new { tx.Now, staffId }), cancel);
    }

    /// <summary>What somebody has said last; off when never.</summary>
    public static async Task<PresenceState> SaidAsync(UnitOfWork tx, string staffId) =>
        Enum.TryParse<PresenceState>(await tx.ScalarAsync<string>("SELECT state FROM staff_presence WHERE staff_id = @staffId", new { staffId }), out var state) ? state : PresenceState.Off;

    /// <inheritdoc cref="SaidAsync(UnitOfWork, string)"/>
    public Task<PresenceState> SaidAsync(string staffId, CancellationToken cancel) => database.ReadAsync(async c =>
        Enum.TryParse<PresenceState>(await c.ExecuteScalarAsync<string>("SELECT state FROM staff_presence WHERE staff_id = @staffId", new { staffId }), out var state) ? state : PresenceState.Off, cancel);

    /// <summary>Everybody who has said that they are there and whose heart beats.</summary>
    public async Task<IReadOnlySet<string>> HereAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var said = await database.ReadAsync(async c =>
            (await c.QueryAsync<SeenRow>("SELECT staff_id, seen_at FROM staff_presence WHERE state = 'On' AND seen_at > @edge", new { edge = now - options.Value.OffAfter })).AsList(), cancel);
        var beating = said.Where(s => s.SeenAt > now - options.Value.HeartbeatFor).Select(s => s.StaffId).ToHashSet(StringComparer.Ordinal);
        try
        {
            beating.UnionWith(await store.PresentAsync(now, cancel));
        }
        catch (QueueStoreException e)
        {
            log.LogDebug(e, "Presence is read from the database");
            beating.UnionWith(said.Where(s => s.SeenAt > now - SeenFor).Select(s => s.StaffId));
        }
        beating.IntersectWith(said.Select(s => s.StaffId));
        return beating;
    }

    /// <summary>Whoever has been silent for long is off: a stale "on" is no promise.</summary>
    /// <returns>How many.</returns>
    public Task<int> LapseAsync(CancellationToken cancel) => database.WriteAlwaysAsync(tx => tx.ExecuteAsync(
        "UPDATE staff_presence SET state = 'Off', since_at = @Now WHERE state <> 'Off' AND seen_at <= @edge", new { tx.Now, edge = tx.Now - options.Value.OffAfter }), cancel);

    private Task BeatAsync(string staffId, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return TryAsync(() => store.BeatAsync(staffId, now + options.Value.HeartbeatFor, now, cancel));
    }

    private async Task TryAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (QueueStoreException e)
        {
            log.LogDebug(e, "A heartbeat was not kept");
        }
    }

    private sealed record SeenRow
    {
        public required string StaffId { get; init; }
        public DateTimeOffset SeenAt { get; init; }
    }
}
