using MicroPlatform.Api.Http.Csv;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Domain.Clocks;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Api.Clocks;

/// <summary>Examples of the calendar: the notice for 2026.</summary>
public sealed class CalendarExamples : OperationExamples
{
    private const string Source = "国务院办公厅关于2026年部分节假日安排的通知";

    public CalendarExamples()
    {
        var year = new ReadCalendar.Response(2026, Source, new DateTimeOffset(2025, 11, 5, 9, 0, 0, ChinaTime.Offset), 1,
            [new(new DateOnly(2026, 1, 1), CalendarDayKind.Off, "休息", "元旦"), new(new DateOnly(2026, 1, 4), CalendarDayKind.Work, "补班", "元旦")]);
        For("getCalendar", null, year, ("year", "2026"));
        For("listPropagandaDays", null, new ReadCalendar.PropagandaResponse(2026, [new(new DateOnly(2026, 1, 10), new DateOnly(2026, 1, 10), false)]), ("year", "2026"));
        For("addWorkingDays", null, new ReadCalendar.WorkingDaysResponse(new DateOnly(2026, 3, 30), 3, new DateOnly(2026, 4, 2), true, new DateOnly(2026, 3, 30)), ("from", "2026-03-30"), ("count", "3"));
        var file = "日期,类型,名称\r\n" + string.Concat(Off().Select(l => $"{CsvCells.Of(l.Date!.Value)},{CalendarDayKind.Off.Label()},{l.Name}\r\n"))
            + string.Concat(Work().Select(l => $"{CsvCells.Of(l.Date!.Value)},{CalendarDayKind.Work.Label()},{l.Name}\r\n"));
        ForCsv("exportCalendar", answer: file, parameters: ("year", "2026"));
        ForCsv("importCalendarFile", file, new CsvImported(false, 0, 0, 39), ("year", "2026"), ("source", Source));
        For("importCalendar", new ImportCalendar.Request(Source, [.. Off()], [.. Work()]), new ImportCalendar.Response(year with { Version = 2 }, true, 0), ("year", "2026"), ("validateOnly", "true"));
    }

    private static IEnumerable<ImportCalendar.Line> Off()
    {
        (string Name, DateOnly From, int Days)[] holidays =
        [
            ("元旦", new(2026, 1, 1), 3), ("春节", new(2026, 2, 15), 9), ("清明节", new(2026, 4, 4), 3), ("劳动节", new(2026, 5, 1), 5), ("端午节", new(2026, 6, 19), 3), ("中秋节", new(2026, 9, 25), 3),
            ("国庆节", new(2026, 10, 1), 7),
        ];
        return holidays.SelectMany(h => Enumerable.Range(0, h.Days).Select(n => new ImportCalendar.Line(h.From.AddDays(n), h.Name)));
    }

    private static IEnumerable<ImportCalendar.Line> Work() =>
    [
        new(new DateOnly(2026, 1, 4), "元旦"), new(new DateOnly(2026, 2, 14), "春节"), new(new DateOnly(2026, 2, 28), "春节"), new(new DateOnly(2026, 5, 9), "劳动节"), new(new DateOnly(2026, 9, 20), "国庆节"),
        new(new DateOnly(2026, 10, 10), "国庆节"),
    ];
}
