using Dapper;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>
/// Looks who really is in the rooms of the calls that go on, for events may be lost: a provider gives up after some tries, or is started anew and tells nobody. What
/// differs from what was told is stored like an event, and so comes to the call the same way.
/// </summary>
public sealed class RoomReconciliation(Database database, ProviderInbox inbox, TimeProvider time)
{
    /// <returns>How many differences were found.</returns>
    public async Task<int> RunAsync(IVideoProvider provider, CancellationToken cancel)
    {
        if (!provider.SeesRooms) return 0;
        var calls = await database.ReadAsync(connection => connection.QueryAsync<string>(
            "SELECT id FROM video_calls WHERE provider = @Name AND due_at IS NOT NULL AND state IN ('Ringing', 'Connected', 'Reconnecting') ORDER BY id", new { provider.Name }), cancel);
        var found = 0;
        foreach (var call in calls) found += await RunAsync(provider, call, cancel);
        return found;
    }

    private async Task<int> RunAsync(IVideoProvider provider, string callId, CancellationToken cancel)
    {
        // What was told is read before the room: who comes in between is there without having been told, never the other way round.
        var told = await database.ReadAsync(connection => ProviderInbox.OpenAsync(connection, callId), cancel);
        var room = await provider.ListAsync(callId, cancel);
        if (room.IsRefused) return 0;
        var now = time.GetUtcNow();
        var events = room.Value.Except(told).Select(p => Event(callId, p, ProviderEventKind.Joined, now))
            .Concat(told.Except(room.Value).Select(p => Event(callId, p, ProviderEventKind.Left, now))).ToList();
        if (events.Count == 0) return 0;
        var stored = await inbox.StoreAsync(provider.Name, events, cancel);
        return stored.IsRefused ? 0 : stored.Value;
    }

    private static ProviderEvent Event(string callId, RoomPresence who, ProviderEventKind kind, DateTimeOffset now) =>
        new(ProviderCallbacks.KeyOf("looked", callId, who.ConnectionId, kind), callId, who.ParticipantId, who.ConnectionId, kind, now);
}
