using System.Collections.Concurrent;
using Dapper;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Identity;

/// <summary>
/// Whether a session still stands, asked at every request. The database decides; what it said is believed for
/// <see cref="TokenOptions.SessionBelief"/>, so a session ended on this node ends at once and on every other node within that time.
/// Measured by the monotonic clock: a wall clock that jumps prolongs nothing.
/// </summary>
public sealed class SessionGate(Database database, TokenOptions options, TimeProvider time)
{
    /// <summary>About ten megabytes; beyond it everything is forgotten and asked again.</summary>
    private const int MostKept = 50_000;

    private readonly ConcurrentDictionary<string, Belief> _beliefs = new(StringComparer.Ordinal);

    public async ValueTask<bool> IsOpenAsync(string sessionId, CancellationToken cancel)
    {
        if (_beliefs.TryGetValue(sessionId, out var belief) && time.GetElapsedTime(belief.At) < options.SessionBelief)
            return belief.Open && time.GetUtcNow() < belief.ExpiresAt;
        // Taken before reading: a belief is never younger than what it rests on.
        var at = time.GetTimestamp();
        var row = await database.ReadAsync(connection => connection.QueryFirstOrDefaultAsync<Row>(
            "SELECT expires_at, revoked_at FROM sessions WHERE id = @sessionId", new { sessionId }), cancel);
        if (_beliefs.Count >= MostKept) _beliefs.Clear();
        belief = new Belief(at, row is { RevokedAt: null }, row?.ExpiresAt ?? default);
        // A reading that began before a sign-out on this node must not bring the session back to life.
        _beliefs.AddOrUpdate(sessionId, belief, (_, other) => other.At > belief.At ? other : belief);
        return belief.Open && time.GetUtcNow() < belief.ExpiresAt;
    }

    /// <summary>This node has just ended the session: remember that, rather than a reading that may have begun before.</summary>
    internal void Forget(string sessionId) => _beliefs[sessionId] = new Belief(time.GetTimestamp(), false, default);

    private sealed record Belief(long At, bool Open, DateTimeOffset ExpiresAt);

    private sealed record Row
    {
        public DateTimeOffset ExpiresAt { get; init; }
        public DateTimeOffset? RevokedAt { get; init; }
    }
}
