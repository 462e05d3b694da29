namespace MicroPlatform.Domain.Queues;

/// <summary>How long somebody will wait, honestly: half of all people wait within the inner span, nine in ten within the outer one.</summary>
/// <param name="Before">People before.</param>
/// <param name="Low50">Seconds; as are the others.</param>
public sealed record WaitEstimate(int Before, int Low50, int High50, int Low90, int High90)
{
    /// <summary>Fewer services than this say less than the queue's typical time.</summary>
    public const int Enough = 5;

    /// <summary>From the first ring to "I take it", when somebody is free.</summary>
    private const int AnsweringSeconds = 20;

    /// <summary>Times the queue is played through. The same numbers every time: who asks twice is told the same.</summary>
    private const int Runs = 200;

    /// <summary>How services differ where too few have been measured, as multiples of the typical one: tenths of a gamma distribution of shape two.</summary>
    private static readonly double[] UsualSpread = [0.18, 0.34, 0.48, 0.62, 0.76, 0.92, 1.11, 1.35, 1.69, 2.37];

    /// <summary>
    /// Plays the queue through with services like the last ones, drawn again and again (bootstrap, Efron 1979): whoever is free takes the next, and so on until the
    /// turn comes. Who is busy now is somewhere in a service, more likely in a long one than in a short.
    /// </summary>
    /// <param name="free">People of the office who have nobody now.</param>
    /// <param name="serving">Everybody of the office who is there.</param>
    /// <param name="recent">How long the last services took.</param>
    public static WaitEstimate Of(int before, int free, int serving, IReadOnlyList<TimeSpan> recent, TimeSpan typical)
    {
        if (free > before) return new WaitEstimate(before, 0, AnsweringSeconds, 0, 2 * AnsweringSeconds);
        double[] services = recent.Count >= Enough ? [.. recent.Select(t => Math.Max(1, t.TotalSeconds))] : [.. UsualSpread.Select(s => s * typical.TotalSeconds)];
        var (random, waits, people) = (new Random(20261125), new double[Runs], Math.Max(1, serving));
        var longest = services.Max();
        for (var run = 0; run < Runs; run++)
        {
            var freeAt = new double[people];
            for (var n = Math.Clamp(free, 0, people); n < people; n++) freeAt[n] = Long() * random.NextDouble();
            for (var n = 0; n < before; n++) freeAt[First(freeAt)] += services[random.Next(services.Length)];
            waits[run] = freeAt[First(freeAt)];
        }
        waits = [.. waits.Order()];
        int At(double share) => (int)Math.Round(waits[(int)(share * (Runs - 1))]);
        return new WaitEstimate(before, At(0.25), At(0.75) + AnsweringSeconds, At(0.05), At(0.95) + AnsweringSeconds);

        // By rejection: a service is under way with a chance that grows with its length.
        double Long()
        {
            while (true)
            {
                var one = services[random.Next(services.Length)];
                if (random.NextDouble() * longest <= one) return one;
            }
        }
    }

    private static int First(double[] freeAt) => Array.IndexOf(freeAt, freeAt.Min());
}
