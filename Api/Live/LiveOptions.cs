using System.ComponentModel.DataAnnotations;

namespace MicroPlatform.Api.Live;

/// <summary>Section <c>Live</c>: bounds of the WebSocket.</summary>
public sealed class LiveOptions
{
    /// <summary>Open sockets on one node.</summary>
    [Range(1, 1_000_000)]
    public int MaxSockets { get; set; } = 5000;

    /// <summary>Open sockets of one person on one node. The mini-program can open five.</summary>
    [Range(1, 1000)]
    public int MaxPerUser { get; set; } = 5;

    /// <summary>Threads on one socket.</summary>
    [Range(1, 1000)]
    public int MaxSubscriptions { get; set; } = 20;

    /// <summary>How long a new socket may stay without a token.</summary>
    public TimeSpan AuthWithin { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one frame may take to be taken by the client.</summary>
    public TimeSpan SendWithin { get; set; } = TimeSpan.FromSeconds(10);
}
