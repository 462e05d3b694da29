using MicroPlatform.Infrastructure.Clocks;
using StackExchange.Redis;

namespace MicroPlatform.Infrastructure.Redis;

/// <summary>The only maker of Redis names. Each with type, lifetime, owner and how it is rebuilt in <c>docs/redis-keys.md</c>.</summary>
public static class RedisKeys
{
    /// <summary>Pub/sub channel of <c>Live</c>: hints between nodes, nothing is kept.</summary>
    public static readonly RedisChannel LiveChannel = RedisChannel.Literal("mp:live");

    /// <summary>A resource's day: <c>ResourceDayCodec</c> bytes. One hash tag for all availability, so that a cluster keeps it in one slot.</summary>
    public static RedisKey AvailabilityDay(string resourceId, DateOnly day) => AvailabilityDay(resourceId, DayCode.Of(day));

    /// <param name="dayCode">As <see cref="DayCode.Of(DateOnly)"/> writes it.</param>
    public static RedisKey AvailabilityDay(string resourceId, string dayCode) => string.Concat("mp:{av}:day:", resourceId, ":", dayCode);

    /// <summary>Pattern of all <see cref="AvailabilityDay(string, string)"/>.</summary>
    public const string AvailabilityDays = "mp:{av}:day:*";

    /// <summary>Sorted set of every hold, by expiry.</summary>
    public static readonly RedisKey Holds = "mp:{av}:holds";

    /// <summary>One hold, by its secret id.</summary>
    public static RedisKey Hold(string holdId) => $"mp:{{av}}:hold:{holdId}";

    /// <summary>As of which number of its history a queue's copy was made; without it there is no copy. One hash tag for all queues.</summary>
    public static RedisKey QueueBuilt(string queueId) => $"mp:{{q}}:built:{queueId}";

    /// <summary>Sorted set of those who wait, by rank.</summary>
    public static RedisKey QueueOrder(string queueId) => $"mp:{{q}}:order:{queueId}";

    /// <summary>Hash of what came after the copy was made: ticket to number of the history.</summary>
    public static RedisKey QueueSeqs(string queueId) => $"mp:{{q}}:seqs:{queueId}";

    /// <summary>Who is just taking a ticket.</summary>
    public static RedisKey TicketClaim(string ticketId) => $"mp:{{q}}:claim:{ticketId}";

    /// <summary>Sorted set of the people of the office who are there, by the end of their heartbeat.</summary>
    public static readonly RedisKey Heartbeats = "mp:{q}:beats";
}
