namespace MicroPlatform.Infrastructure.Redis;

/// <summary>Section <c>Redis</c>.</summary>
public sealed class RedisOptions
{
    /// <summary><c>host:port[,host:port…][,password=…]</c>. Empty: one node, everything in process.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Put before every key and channel, so that several installations can share one Redis, e.g. <c>district1:</c>. Empty: nothing.</summary>
    public string Prefix { get; set; } = "";
}
