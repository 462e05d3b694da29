using MicroPlatform.Domain.Common;

namespace MicroPlatform.Api.Http;

/// <summary><c>?waitSeconds=25</c> of a long poll (R14).</summary>
public static class LongPoll
{
    /// <summary>Below the 60 s at which the mini-program gives up, and what proxies usually allow.</summary>
    public const int MaxSeconds = 30;

    public static Outcome<TimeSpan> Wait(int? seconds) => seconds switch
    {
        null => TimeSpan.Zero,
        >= 0 and <= MaxSeconds => TimeSpan.FromSeconds(seconds.Value),
        _ => CommonRefusals.Invalid.At("waitSeconds", $"应为0到{MaxSeconds}"),
    };
}
