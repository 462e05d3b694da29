using System.Globalization;

namespace MicroPlatform.Domain.Clocks;

/// <summary>
/// The days that 全国年节及纪念日放假办法 gives everybody (art. 2; the revision of 2024 is in force from 2025: thirteen days). The yearly notice moves
/// weekends around them; it never takes one of them away.
/// </summary>
public static class StatutoryHolidays
{
    /// <summary>Years that can be reckoned: earlier ones had other days, later ones are beyond the lunisolar calendar of the platform.</summary>
    public const int FirstYear = 2014;
    public const int LastYear = 2100;

    private static readonly ChineseLunisolarCalendar Lunisolar = new();

    public static readonly IReadOnlyList<string> Names = ["元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆"];

    /// <summary>Each day with its name, in order.</summary>
    public static IReadOnlyList<(DateOnly Day, string Name)> Of(int year)
    {
        var springFestival = Lunar(year, 1, 1);
        var since2025 = year >= 2025;
        List<(DateOnly Day, string Name)> days = [(new DateOnly(year, 1, 1), "元旦")];
        // 除夕 to 初三 since 2025; before, 初一 to 初三.
        for (var n = since2025 ? -1 : 0; n <= 2; n++) days.Add((springFestival.AddDays(n), "春节"));
        days.Add((Qingming(year), "清明"));
        days.Add((new DateOnly(year, 5, 1), "劳动节"));
        if (since2025) days.Add((new DateOnly(year, 5, 2), "劳动节"));
        days.Add((Lunar(year, 5, 5), "端午"));
        days.Add((Lunar(year, 8, 15), "中秋"));
        for (var n = 1; n <= 3; n++) days.Add((new DateOnly(year, 10, n), "国庆"));
        return [.. days.OrderBy(d => d.Day)];
    }

    private static DateOnly Lunar(int year, int month, int day)
    {
        // A leap month comes after the month it doubles and moves the later ones on by one.
        var leap = Lunisolar.GetLeapMonth(year);
        return DateOnly.FromDateTime(Lunisolar.ToDateTime(year, leap > 0 && month >= leap ? month + 1 : month, day, 0, 0, 0, 0));
    }

    /// <summary>The solar term, by the rule of thumb that holds for all of this century.</summary>
    private static DateOnly Qingming(int year)
    {
        var ofCentury = year % 100;
        return new DateOnly(year, 4, (int)((ofCentury * 0.2422) + 4.81) - (ofCentury / 4));
    }
}
