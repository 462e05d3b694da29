namespace MicroPlatform.Api.Tests.Hosting;

/// <summary>A clock that runs but can be set: timers stay real, so nothing waits for days.</summary>
public sealed class TestTime : TimeProvider
{
    private long _offsetTicks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _offsetTicks));

    public void Advance(TimeSpan by) => Interlocked.Add(ref _offsetTicks, by.Ticks);

    /// <summary>Sets the clock, e.g. <c>2026-02-14T09:00+08:00</c>.</summary>
    public void At(string instant) =>
        Interlocked.Exchange(ref _offsetTicks, (DateTimeOffset.Parse(instant, global::System.Globalization.CultureInfo.InvariantCulture) - System.GetUtcNow()).Ticks);

    /// <summary>Back to what every other program's clock says.</summary>
    public void Real() => Interlocked.Exchange(ref _offsetTicks, 0);
}
