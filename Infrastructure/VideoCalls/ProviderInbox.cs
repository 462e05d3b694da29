using System.Data.Common;
using Dapper;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Logging;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>
/// Keeps what providers tell, each thing once, and passes on what is news of a call in the same transaction: providers are answered at once, the call is changed afterwards.
/// </summary>
public sealed class ProviderInbox(Database database, OutboxWriter outbox, ILogger<ProviderInbox> log)
{
    /// <summary>Longer than any provider tells a thing again, and than <see cref="VideoOptions.CallbackWindow"/> can be: what is forgotten here cannot be played again.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <returns>How many were new; a refusal when none of them is of a call that this provider carries.</returns>
    public Task<Outcome<int>> StoreAsync(string provider, IReadOnlyList<ProviderEvent> events, CancellationToken cancel) => database.WriteAsync<int>(async tx =>
    {
        if (events.Count == 0) return 0;
        // A room that has not the form of an id, and a participant that has not, cannot be ours.
        var formed = events.Where(e => Id.IsWellFormed(e.RoomId) && (e.ParticipantId is null || Id.IsWellFormed(e.ParticipantId))).ToList();
        var known = formed.Count == 0 ? [] : (await tx.QueryAsync<string>(
            "SELECT id FROM video_calls WHERE provider = @provider AND id IN @ids", new { provider, ids = formed.Select(e => e.RoomId).Distinct() })).ToHashSet(StringComparer.Ordinal);
        var ours = formed.Where(e => known.Contains(e.RoomId)).OrderBy(e => e.At).ToList();
        if (ours.Count < events.Count) log.LogWarning("{Provider} told of {Count} things in rooms that are no calls of it", provider, events.Count - ours.Count);
        if (ours.Count == 0) return VideoRefusals.CallbackRoomUnknown;
        var stored = 0;
        foreach (var happened in ours)
        {
            if (!await InsertAsync(tx, provider, happened)) continue;
            stored++;
            if (await IsNewsAsync(tx, happened))
                await outbox.WriteAsync(tx, [new ProviderEventReceived(happened.RoomId, provider, happened.ParticipantId, happened.Kind, happened.At, happened.Goodbye)]);
        }
        return stored;
    }, cancel);

    /// <summary>Those who came into a call and, as far as was told, have not gone: by the connection they last came in with.</summary>
    internal static async Task<RoomPresence[]> OpenAsync(DbConnection connection, string callId) => [.. await connection.QueryAsync<RoomPresence>("""
        SELECT DISTINCT e.participant_id AS ParticipantId, e.connection_id AS ConnectionId FROM video_provider_events e
        WHERE e.call_id = @callId AND e.kind = 'Joined' AND e.connection_id IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM video_provider_events g WHERE g.call_id = e.call_id AND g.connection_id = e.connection_id AND g.kind = 'Left')
          AND NOT EXISTS (SELECT 1 FROM video_provider_events c WHERE c.call_id = e.call_id AND c.kind = 'RoomClosed' AND c.at >= e.at)
        """, new { callId })];

    public Task<int> SweepAsync(UnitOfWork tx) => tx.ExecuteAsync("DELETE FROM video_provider_events WHERE received_at < @before", new { before = tx.Now - Kept });

    private static async Task<bool> InsertAsync(UnitOfWork tx, string provider, ProviderEvent e) => await tx.ExecuteAsync($"""
        {tx.Dialect.InsertIgnore} video_provider_events (provider, event_key, call_id, participant_id, connection_id, kind, at, goodbye, received_at)
        VALUES (@provider, @Key, @RoomId, @ParticipantId, @ConnectionId, @kind, @At, @Goodbye, @Now)
        """, new { provider, e.Key, e.RoomId, e.ParticipantId, ConnectionId = Short(e.ConnectionId), kind = e.Kind.ToString(), e.At, e.Goodbye, tx.Now }) == 1;

    /// <summary>
    /// Who went by one connection and has come in by a later one that is still open has not gone: a provider notices a broken connection long after its owner is back.
    /// </summary>
    private static async Task<bool> IsNewsAsync(UnitOfWork tx, ProviderEvent e)
    {
        if (e.Kind != ProviderEventKind.Left || e.ConnectionId is null) return true;
        return await tx.ScalarAsync<long>("""
            SELECT COUNT(*) FROM video_provider_events later
            WHERE later.call_id = @RoomId AND later.participant_id = @ParticipantId AND later.kind = 'Joined' AND later.connection_id <> @connection
              AND later.at > (SELECT COALESCE(MAX(own.at), @At) FROM video_provider_events own WHERE own.call_id = @RoomId AND own.connection_id = @connection AND own.kind = 'Joined')
              AND NOT EXISTS (SELECT 1 FROM video_provider_events gone WHERE gone.call_id = @RoomId AND gone.connection_id = later.connection_id AND gone.kind = 'Left')
            """, new { e.RoomId, e.ParticipantId, connection = Short(e.ConnectionId), e.At }) == 0;
    }

    private static string? Short(string? connectionId) => connectionId is { Length: > 100 } ? connectionId[..100] : connectionId;
}
