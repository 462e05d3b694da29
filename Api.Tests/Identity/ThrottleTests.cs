using MicroPlatform.Domain.Identity;

namespace MicroPlatform.Api.Tests.Identity;

public class ThrottleTests
{
    private static readonly DateTimeOffset Start = new(2026, 2, 14, 1, 0, 0, TimeSpan.Zero);

    private static Throttle After(int failures, Throttle? from = null, DateTimeOffset? at = null) =>
        Enumerable.Range(0, failures).Aggregate(from ?? Throttle.None with { UpdatedAt = Start }, (t, _) => t.Count(Throttle.PerAccount, at ?? Start));

    [TestCase(4, null)]
    [TestCase(5, 15)]
    public void Count_FifthFailure_LocksForAQuarterOfAnHour(int failures, int? minutes) =>
        Assert.That(After(failures).LockedFor(Start), Is.EqualTo(minutes is { } m ? TimeSpan.FromMinutes(m) : null));

    [Test]
    public void Count_EveryFurtherLock_IsTwiceAsLongUpToADay()
    {
        var (throttle, now, lengths) = (Throttle.None with { UpdatedAt = Start }, Start, new List<double>());
        for (var n = 0; n < 9; n++)
        {
            throttle = After(5, throttle, now);
            lengths.Add(throttle.LockedFor(now)!.Value.TotalMinutes);
            now = throttle.LockedUntil;
        }
        Assert.That(lengths, Is.EqualTo(new double[] { 15, 30, 60, 120, 240, 480, 960, 1440, 1440 }));
    }

    [Test]
    public void Count_AfterADayOfCalm_BeginsAnew()
    {
        var locked = After(5);
        Assert.That(After(5, locked, Start.AddHours(25)).LockedFor(Start.AddHours(25)), Is.EqualTo(TimeSpan.FromMinutes(15)));
    }

    [Test]
    public void GiveBack_RightTry_LeavesOthersFailuresCounted()
    {
        var three = After(3);
        Assert.That(three.Count(Throttle.PerAccount, Start).GiveBack(Throttle.PerAccount, Start).Failures, Is.EqualTo(three.Failures));
        var fifthWasRight = After(5).GiveBack(Throttle.PerAccount, Start);
        Assert.That(fifthWasRight.LockedFor(Start), Is.Null);
        Assert.That(fifthWasRight.Count(Throttle.PerAccount, Start).LockedFor(Start), Is.Not.Null, "the four others count");
    }

    [Test]
    public void Locked_ClockJumpedBackAYear_IsNeverLongerThanTheLongest() =>
        Assert.That(After(5).LockedFor(Start.AddYears(-1)), Is.EqualTo(Throttle.LongestLock));
}
