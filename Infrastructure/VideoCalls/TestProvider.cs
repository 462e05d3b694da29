using System.Collections.Concurrent;
using System.Security.Cryptography;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>
/// A provider inside the process, for Development and tests: keeps rooms and who is in them, carries nothing. It passes the same contract as the real ones;
/// Production refuses it. <see cref="Enter"/> and <see cref="Leave"/> are what a client would do.
/// </summary>
public sealed class TestProvider(IOptions<VideoOptions> options) : IVideoProvider
{
    public const string ProviderName = "test";

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, string>> _rooms = new(StringComparer.Ordinal);

    /// <summary>As a server that is switched off.</summary>
    public bool IsDown { get; set; }

    public string Name => ProviderName;

    public bool ControlsRooms => true;

    public bool SeesRooms => true;

    public Task<Outcome<Done>> EnsureRoomAsync(VideoRoom room, CancellationToken cancel = default)
    {
        if (IsDown) return Task.FromResult<Outcome<Done>>(VideoRefusals.ProviderDown);
        // A demonstration left running for months must not grow: these rooms are nobody's.
        if (_rooms.Count > 10_000) _rooms.Clear();
        _rooms.TryAdd(room.Id, new ConcurrentDictionary<string, string>(StringComparer.Ordinal));
        return Task.FromResult<Outcome<Done>>(Done.It);
    }

    public async Task<Outcome<JoinGrant>> JoinAsync(VideoRoom room, RoomParticipant who, DateTimeOffset now, CancellationToken cancel = default)
    {
        if (room.IsClosed(now)) return CallRefusals.Over;
        var ensured = await EnsureRoomAsync(room, cancel);
        if (ensured.IsRefused) return ensured.Refusal!;
        var token = $"{who.Id}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        return new JoinGrant(Name, room.Until(now, options.Value.RoomKeyLifetime), new TestParams(room.Id, token), TurnCredentials.For(options.Value.Turn, room, who.Id, now));
    }

    public Task<Outcome<Done>> RemoveAsync(string roomId, string participantId, CancellationToken cancel = default)
    {
        if (IsDown) return Task.FromResult<Outcome<Done>>(VideoRefusals.ProviderDown);
        if (_rooms.TryGetValue(roomId, out var room))
            foreach (var (connection, who) in room)
                if (who == participantId) room.TryRemove(connection, out _);
        return Task.FromResult<Outcome<Done>>(Done.It);
    }

    public Task<Outcome<Done>> CloseRoomAsync(string roomId, CancellationToken cancel = default)
    {
        if (IsDown) return Task.FromResult<Outcome<Done>>(VideoRefusals.ProviderDown);
        _rooms.TryRemove(roomId, out _);
        return Task.FromResult<Outcome<Done>>(Done.It);
    }

    public Task<Outcome<RoomPresence[]>> ListAsync(string roomId, CancellationToken cancel = default)
    {
        if (IsDown) return Task.FromResult<Outcome<RoomPresence[]>>(VideoRefusals.ProviderDown);
        RoomPresence[] present = _rooms.TryGetValue(roomId, out var room) ? room.Select(c => new RoomPresence(c.Value, c.Key)).ToArray() : [];
        return Task.FromResult<Outcome<RoomPresence[]>>(present);
    }

    /// <summary>Comes in with what was given out.</summary>
    /// <returns>Whether the room is there.</returns>
    public bool Enter(TestParams with) => _rooms.TryGetValue(with.Room, out var room) && room.TryAdd(with.Token, with.Token.Split('.')[0]);

    public void Leave(TestParams with)
    {
        if (_rooms.TryGetValue(with.Room, out var room)) room.TryRemove(with.Token, out _);
    }

    /// <summary>Forgets everything, as a server does that is started anew.</summary>
    public void Forget() => _rooms.Clear();
}
