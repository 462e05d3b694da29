namespace MicroPlatform.Domain.Identity;

/// <summary>
/// Counts failed sign-ins of one user name, or from one network address, and locks when there are too many. A try is counted before the
/// password is looked at and given back when it was right, so that a hundred parallel guesses are a hundred guesses.
/// </summary>
public sealed record Throttle(int Failures, int Locks, DateTimeOffset LockedUntil, DateTimeOffset UpdatedAt)
{
    /// <summary>Tries for one user name.</summary>
    public const int PerAccount = 5;

    /// <summary>Tries from one address: more, because a whole bureau may sit behind one.</summary>
    public const int PerAddress = 20;

    /// <summary>The first lock; each further one is twice as long.</summary>
    public static readonly TimeSpan FirstLock = TimeSpan.FromMinutes(15);

    /// <summary>No lock is longer, and after as long without a failure all is forgotten.</summary>
    public static readonly TimeSpan LongestLock = TimeSpan.FromHours(24);

    public static readonly Throttle None = new(0, 0, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);

    /// <summary>How much longer nobody is let in; null when one may try.</summary>
    public TimeSpan? LockedFor(DateTimeOffset now) => LockedUntil <= now ? null : LockedUntil - now is var left && left > LongestLock ? LongestLock : LockedUntil - now;

    /// <summary>Counts one try that will have failed unless <see cref="GiveBack"/> or <see cref="None"/> follows.</summary>
    public Throttle Count(int limit, DateTimeOffset now)
    {
        var calm = now - UpdatedAt > LongestLock;
        var (failures, locks) = calm ? (1, 0) : (Failures + 1, Locks);
        return failures < limit
            ? new Throttle(failures, locks, DateTimeOffset.UnixEpoch, now)
            : new Throttle(0, locks + 1, now + LockOf(locks + 1), now);
    }

    /// <summary>The try was right: as if it had not been. Others' failures from the same address stay counted.</summary>
    public Throttle GiveBack(int limit, DateTimeOffset now) => LockedUntil > now
        ? new Throttle(limit - 1, Math.Max(0, Locks - 1), DateTimeOffset.UnixEpoch, now)
        : this with { Failures = Math.Max(0, Failures - 1) };

    private static TimeSpan LockOf(int locks)
    {
        var length = FirstLock * Math.Pow(2, Math.Min(locks - 1, 16));
        return length < LongestLock ? length : LongestLock;
    }
}
