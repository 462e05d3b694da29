using StackExchange.Redis;

namespace MicroPlatform.Infrastructure.Redis;

/// <summary>The only maker of Redis names. Each with type, lifetime, owner and how it is rebuilt in <c>docs/redis-keys.md</c>.</summary>
public static class RedisKeys
{
    /// <summary>Pub/sub channel of <c>Live</c>: hints between nodes, nothing is kept.</summary>
    public static readonly RedisChannel LiveChannel = RedisChannel.Literal("mp:live");
}
