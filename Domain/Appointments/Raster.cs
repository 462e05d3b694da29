using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Appointments;

/// <summary>
/// The raster that bookings occupy: quarters of an hour of a day in China, 0 to 95. An appointment with its buffers takes whole quarters, and
/// no quarter of a seat is taken twice: that is the whole of the guard against double booking.
/// </summary>
public static class Raster
{
    /// <summary>Minutes of one raster unit.</summary>
    public const int Minutes = 15;

    /// <summary>Units of a day.</summary>
    public const int PerDay = 24 * 60 / Minutes;

    public const int MinutesPerDay = 24 * 60;

    public static bool IsOn(int minute) => minute % Minutes == 0;

    /// <summary>The instant of a minute of a day in China.</summary>
    public static DateTimeOffset At(DateOnly day, int minute) => new DateTimeOffset(day, TimeOnly.MinValue, ChinaTime.Offset).AddMinutes(minute);

    /// <summary>The day in China and the minute of it.</summary>
    public static (DateOnly Day, int Minute) Of(DateTimeOffset instant)
    {
        var local = instant.InChina();
        return (DateOnly.FromDateTime(local.DateTime), (local.Hour * 60) + local.Minute);
    }
}

/// <summary>Raster units of one day that belong together: from the first until just before the other.</summary>
public readonly record struct RasterSpan(int First, int Until)
{
    /// <summary>Service time with its buffers, rounded outwards to whole units and cut at the day's ends.</summary>
    public static RasterSpan Around(int fromMinute, int toMinute, int bufferBefore, int bufferAfter) => new(
        Math.Max(0, fromMinute - bufferBefore) / Raster.Minutes,
        Math.Min(Raster.PerDay, (toMinute + bufferAfter + Raster.Minutes - 1) / Raster.Minutes));

    public int Units => Until - First;

    public bool Meets(RasterSpan other) => First < other.Until && other.First < Until;
}
