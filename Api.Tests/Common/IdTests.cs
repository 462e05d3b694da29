using MicroPlatform.Domain.Common;

namespace MicroPlatform.Api.Tests.Common;

[TestFixture]
public sealed class IdTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 25, 1, 0, 0, TimeSpan.Zero);

    [Test]
    public void New_InOneMillisecond_IsInTheOrderOfMaking()
    {
        var ids = Enumerable.Range(0, 5_000).Select(_ => Id.New(At)).ToList();
        Assert.That(ids, Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
        Assert.That(ids, Is.Unique);
        Assert.That(ids, Has.All.Matches<string>(Id.IsWellFormed));
    }

    [Test]
    public void New_ByAClockThatStepsBackALittle_StaysInOrder_AndOneOfLongAgoIsOfLongAgo()
    {
        var later = Id.New(At.AddSeconds(1));
        Assert.That(Id.New(At.AddSeconds(1).AddMilliseconds(-20)), Is.GreaterThan(later).Using((IComparer<string>)StringComparer.Ordinal));
        Assert.That(Id.New(At.AddYears(-1)), Is.LessThan(later).Using((IComparer<string>)StringComparer.Ordinal));
    }

    [Test]
    public void New_ByManyAtOnce_IsUnique()
    {
        var ids = new string[40_000];
        Parallel.For(0, ids.Length, n => ids[n] = Id.New(At));
        Assert.That(ids, Is.Unique);
    }
}
