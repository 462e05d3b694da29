namespace MicroPlatform.Infrastructure.Redis;

/// <summary>Section <c>Redis</c>.</summary>
public sealed class RedisOptions
{
    /// <summary><c>host:port[,host:port…][,password=…]</c>. Empty: one node, everything in process.</summary>
    public string? ConnectionString { get; set; }
}
