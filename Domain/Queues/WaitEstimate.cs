namespace MicroPlatform.Domain.Queues;

/// <summary>How long somebody will wait, honestly: half of all people wait within the inner span, nine in ten within the outer one.</summary>
/// <param name="Before">People before.</param>
/// <param name="Low50">Seconds; as are the others.</param>
public sealed record WaitEstimate(int Before, int Low50, int High50, int Low90, int High90)
{
    /// <summary>Fewer services than this say less than the queue's typical time.</summary>
    public const int Enough = 5;

    /// <summary>How much single services differ, as share of their mean, where too few have been measured.</summary>
    private const double UsualSpread = 0.7;

    /// <summary>From the first ring to "I take it", when somebody is free.</summary>
    private static readonly TimeSpan Answering = TimeSpan.FromSeconds(20);

    /// <summary>
    /// With <paramref name="serving"/> people serving side by side, one becomes free every mean/serving; so the turn comes after as many of those as have to go
    /// first, which is a sum of like spans: a gamma distribution, whose quantiles are by Wilson and Hilferty (1931).
    /// </summary>
    /// <param name="free">People of the office who have nobody now.</param>
    /// <param name="serving">Everybody of the office who is there.</param>
    /// <param name="recent">How long the last services took.</param>
    public static WaitEstimate Of(int before, int free, int serving, IReadOnlyList<TimeSpan> recent, TimeSpan typical)
    {
        var (mean, spread) = Measured(recent, typical);
        var turns = before + 1 - free;
        if (turns <= 0) return new WaitEstimate(before, 0, (int)Answering.TotalSeconds, 0, (int)(2 * Answering.TotalSeconds));
        var people = Math.Max(1, serving);
        var (all, shape) = (mean.TotalSeconds / people * turns, turns / (spread * spread));
        int At(double z)
        {
            var cube = 1 - (1 / (9 * shape)) + (z / (3 * Math.Sqrt(shape)));
            return (int)Math.Round(Math.Max(0, all * cube * cube * cube));
        }
        var ringing = (int)Answering.TotalSeconds;
        return new WaitEstimate(before, At(-0.6745), At(0.6745) + ringing, At(-1.6449), At(1.6449) + ringing);
    }

    private static (TimeSpan Mean, double Spread) Measured(IReadOnlyList<TimeSpan> recent, TimeSpan typical)
    {
        if (recent.Count < Enough) return (typical, UsualSpread);
        var mean = recent.Average(t => t.TotalSeconds);
        if (mean < 1) return (TimeSpan.FromSeconds(1), UsualSpread);
        var deviation = Math.Sqrt(recent.Sum(t => Math.Pow(t.TotalSeconds - mean, 2)) / (recent.Count - 1));
        return (TimeSpan.FromSeconds(mean), Math.Clamp(deviation / mean, 0.2, 2));
    }
}
