using System.ComponentModel.DataAnnotations;

namespace MicroPlatform.Api.Http.Limits;

/// <summary>How much one caller may ask of one node. Section <c>RateLimits</c>.</summary>
public sealed class RateLimitOptions
{
    public bool Enabled { get; set; } = true;

    /// <summary>A signed-in person: a screen is three requests, so this is a very busy person.</summary>
    public Bucket PerUser { get; set; } = new() { Burst = 60, PerMinute = 300 };

    /// <summary>An address. A village behind one carrier's address is one address.</summary>
    public Bucket PerAddress { get; set; } = new() { Burst = 300, PerMinute = 3000 };

    /// <summary>Signing in, by address, on top of <see cref="PerAddress"/>.</summary>
    public Bucket SignIn { get; set; } = new() { Burst = 30, PerMinute = 60 };

    /// <summary>A token bucket.</summary>
    public sealed class Bucket
    {
        [Range(1, 1_000_000)]
        public int Burst { get; set; }

        /// <summary>Refilled evenly, in whole tokens per second: at least 60.</summary>
        [Range(60, 60_000_000)]
        public int PerMinute { get; set; }
    }
}
