using MicroPlatform.Domain.Clocks;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Clocks;

/// <summary>The years whose notices are known as the program is built; further ones are imported by an administrator.</summary>
public static class CalendarSeed
{
    private sealed record Year(int Number, string Source, (string Name, string From, string To)[] Off, (string Name, string Day)[] Work);

    private static readonly Year[] Years =
    [
        new(2025, "国办发明电〔2024〕12号",
            [
                ("元旦", "2025-01-01", "2025-01-01"), ("春节", "2025-01-28", "2025-02-04"), ("清明节", "2025-04-04", "2025-04-06"), ("劳动节", "2025-05-01", "2025-05-05"),
                ("端午节", "2025-05-31", "2025-06-02"), ("国庆节、中秋节", "2025-10-01", "2025-10-08"),
            ],
            [("春节", "2025-01-26"), ("春节", "2025-02-08"), ("劳动节", "2025-04-27"), ("国庆节、中秋节", "2025-09-28"), ("国庆节、中秋节", "2025-10-11")]),
        new(2026, "国务院办公厅关于2026年部分节假日安排的通知（2025-11-04）",
            [
                ("元旦", "2026-01-01", "2026-01-03"), ("春节", "2026-02-15", "2026-02-23"), ("清明节", "2026-04-04", "2026-04-06"), ("劳动节", "2026-05-01", "2026-05-05"),
                ("端午节", "2026-06-19", "2026-06-21"), ("中秋节", "2026-09-25", "2026-09-27"), ("国庆节", "2026-10-01", "2026-10-07"),
            ],
            [("元旦", "2026-01-04"), ("春节", "2026-02-14"), ("春节", "2026-02-28"), ("劳动节", "2026-05-09"), ("国庆节", "2026-09-20"), ("国庆节", "2026-10-10")]),
    ];

    /// <summary>Loads what is not there yet; what an administrator has imported stays.</summary>
    public static Task ApplyAsync(Database database, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        var added = 0;
        foreach (var year in Years)
        {
            if (await tx.ScalarAsync<long>("SELECT COUNT(*) FROM calendar_years WHERE year = @Number", new { year.Number }) > 0) continue;
            await CalendarStore.ReplaceAsync(tx, year.Number, year.Source, [.. Days(year)]);
            added++;
        }
        return added;
    }, cancel);

    private static IEnumerable<CalendarDay> Days(Year year)
    {
        foreach (var (name, from, to) in year.Off)
            for (var day = DayCode.Parse(from); day <= DayCode.Parse(to); day = day.AddDays(1)) yield return new CalendarDay(day, CalendarDayKind.Off, name);
        foreach (var (name, day) in year.Work) yield return new CalendarDay(DayCode.Parse(day), CalendarDayKind.Work, name);
    }
}
