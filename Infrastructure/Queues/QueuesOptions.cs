namespace MicroPlatform.Infrastructure.Queues;

/// <summary>Times of queues that are the same for all of them. Section <c>Queues</c>.</summary>
public sealed class QueuesOptions
{
    /// <summary>Somebody of the office is there for so long after a heartbeat; clients send one every fifteen seconds.</summary>
    public TimeSpan HeartbeatFor { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>Who has been silent for so long has gone, whatever they said: to be rung again they say that they are there.</summary>
    public TimeSpan OffAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>A claim that is not followed by a commit runs out after so long.</summary>
    public TimeSpan ClaimFor { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A queue that nobody has served for so long is closed, and who waits is told.</summary>
    public TimeSpan CloseAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>A place in a video queue is kept over nights and weekends, not for ever.</summary>
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(7);
}
