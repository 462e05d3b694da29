using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.VideoCalls;

/// <summary>What a provider tells of a room, whatever its own words.</summary>
public enum ProviderEventKind
{
    /// <summary>Somebody came in.</summary>
    Joined,
    /// <summary>Somebody's picture or voice has begun to flow.</summary>
    Published,
    /// <summary>Somebody went, on purpose or not.</summary>
    Left,
    /// <summary>The room is gone, and everybody with it.</summary>
    RoomClosed,
}

/// <summary>
/// One thing that happened in a room. May come twice, late or in the wrong order; <see cref="At"/> orders what is of one person.
/// </summary>
/// <param name="Key">Same when the provider tells it again; unique among all events of the provider.</param>
/// <param name="RoomId">The call's id, as far as the provider knows it.</param>
/// <param name="ParticipantId">Null for what is of the room.</param>
/// <param name="ConnectionId">Which coming in of the person; null for what is of the room.</param>
/// <param name="Goodbye">They went on purpose.</param>
public sealed record ProviderEvent(string Key, string RoomId, string? ParticipantId, string? ConnectionId, ProviderEventKind Kind, DateTimeOffset At, bool Goodbye = false);

/// <summary>
/// A provider told something of a call, for the first time. Going is told only of the device somebody used last: who comes back on another
/// phone, or on the same one after a break, has not gone when the old connection is given up.
/// </summary>
/// <param name="At">When it happened, by the provider's clock where that is near the platform's.</param>
public sealed record ProviderEventReceived(string CallId, string Provider, string? ParticipantId, ProviderEventKind Kind, DateTimeOffset At, bool Goodbye) : IDomainEvent
{
    string IDomainEvent.Key => CallId;
}
