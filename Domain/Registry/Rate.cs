namespace MicroPlatform.Domain.Registry;

/// <summary>Rates as reports show them: per cent with two decimals, half up.</summary>
public static class Rate
{
    /// <summary>
    /// Null of nothing: 0 of 0 is neither none nor all. 100 is said only of all and 0 only of none, however the rounding would fall:
    /// 139 of 140 is 99.29, and 99,999 of 100,000 is 99.99.
    /// </summary>
    public static decimal? Percent(int part, int whole)
    {
        if (whole == 0) return null;
        var percent = Math.Round(part * 100m / whole, 2, MidpointRounding.AwayFromZero);
        if (part < whole) percent = Math.Min(percent, 99.99m);
        return part > 0 ? Math.Max(percent, 0.01m) : percent;
    }
}
