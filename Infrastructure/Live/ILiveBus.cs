using System.Diagnostics.CodeAnalysis;

namespace MicroPlatform.Infrastructure.Live;

/// <summary>
/// Tells every node, at once and at most once, that something has changed. A hint, never the news itself: who is woken reads the
/// database. In memory for one node, Redis pub/sub for several; both pass one contract fixture.
/// </summary>
public interface ILiveBus : IAsyncDisposable
{
    /// <summary>False when hints may be getting lost; waiting readers then look more often.</summary>
    bool IsHealthy { get; }

    /// <summary>Called with each topic published, on any node, in any order and by several threads. Set once, by <see cref="LiveHub"/>.</summary>
    Action<string>? Received { get; set; }

    /// <summary>All of these at once. Never throws: a hint that cannot be sent is dropped and counted.</summary>
    /// <param name="topics">No spaces in them.</param>
    Task PublishAsync(params IReadOnlyList<string> topics);
}

/// <summary>Names of what can be waited for. One place, so that publisher and waiter cannot disagree.</summary>
public static class LiveTopics
{
    /// <summary>Messages or state of one consultation.</summary>
    public static string Consultation(string id) => $"consultation:{id}";

    /// <summary>State of one video call, or who is in it.</summary>
    public static string Call(string id) => $"call:{id}";

    /// <summary>A place in a queue.</summary>
    public static string Ticket(string id) => $"ticket:{id}";

    /// <summary>Anything in one queue: for screens that show it whole, and for those who wait in it.</summary>
    public static string Queue(string id) => $"queue:{id}";

    /// <summary>Anything of one citizen: matters, notifications.</summary>
    public static string Citizen(string id) => $"citizen:{id}";

    /// <summary>One staff member's inbox.</summary>
    /// <returns>Null for nobody.</returns>
    [return: NotNullIfNotNull(nameof(id))]
    public static string? Staff(string? id) => id is null ? null : $"staff:{id}";

    /// <summary>A unit's inbox.</summary>
    public static string Unit(string organisationId) => $"unit:{organisationId}";
}

/// <summary>The bus of a single node.</summary>
public sealed class InProcessLiveBus : ILiveBus
{
    public bool IsHealthy => true;

    public Action<string>? Received { get; set; }

    public Task PublishAsync(params IReadOnlyList<string> topics)
    {
        foreach (var topic in topics) Received?.Invoke(topic);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
