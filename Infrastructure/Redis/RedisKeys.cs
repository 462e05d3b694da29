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
}
