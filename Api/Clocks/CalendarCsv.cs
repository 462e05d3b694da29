using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Csv;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Clocks;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Clocks;

namespace MicroPlatform.Api.Clocks;

/// <summary>The holidays of a year as a file, a line for each day that the notice names. An import puts the year in place of what was there, as the single route does.</summary>
public static class CalendarCsv
{
    private const string DateColumn = "日期";
    private const string KindColumn = "类型";
    private const string NameColumn = "名称";

    private static readonly CsvColumns Columns = new([DateColumn, KindColumn, NameColumn], []);

    public static async Task<IResult> ExportAsync(int year, HttpContext http, CalendarStore calendars)
    {
        var calendar = await calendars.ReadAsync(http.RequestAborted);
        return calendar.Knows(year)
            ? CsvFile.Write(http, $"calendar-{CsvCells.Of(year)}.csv", Columns.All, ReadCalendar.Named(year, calendar).Select(d => (IReadOnlyList<string?>)[CsvCells.Of(d.Date), d.Kind.Label(), d.Name]))
            : CommonRefusals.NotFound.ToResult();
    }

    /// <summary>Number or title of the notice in <c>source</c>; absent: that of the year as it stands.</summary>
    public static async Task<IResult> ImportAsync(
        int year, string? source, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, CalendarQueries years, CalendarStore calendars, AvailabilityProjection availability,
        IAvailabilityStore store)
    {
        var sheet = await CsvSheet.ReadAsync(http, Columns);
        if (sheet.IsRefused) return sheet.Refusal!.ToResult();
        var known = await years.FindAsync(year, http.RequestAborted);
        var notice = string.IsNullOrWhiteSpace(source) ? known?.Source : source;
        if (notice is null) return CommonRefusals.Invalid.At("source", "请填写放假通知的名称或文号").ToResult();
        var days = Read(sheet.Value, out var errors);
        if (errors.Any) return errors.Refusal.ToResult();
        var before = await calendars.ReadAsync(http.RequestAborted);
        if (known is not null && known.Source == notice && ReadCalendar.Named(year, before).SequenceEqual(days.OrderBy(d => d.Date)))
            return Results.Json(new CsvImported(validateOnly == true, 0, 0, days.Count), WireJson.Options);
        IReadOnlyList<ImportCalendar.Line> Of(CalendarDayKind kind) => [.. days.Where(d => d.Kind == kind).Select(d => new ImportCalendar.Line(d.Date, d.Name))];
        var was = ReadCalendar.Named(year, before).ToHashSet();
        return await runs.RunAsync<CsvImported>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            var imported = await ImportCalendar.CarryOutAsync(
                tx, user.Actor, year, new ImportCalendar.Request(notice, Of(CalendarDayKind.Off), Of(CalendarDayKind.Work)), validateOnly, calendars, availability, store);
            return imported.IsRefused ? imported.Refusal! : new CsvImported(validateOnly == true, days.Count(d => !was.Contains(d)), was.Count(d => !days.Contains(d)), days.Count(was.Contains));
        });
    }

    private static List<CalendarDay> Read(CsvSheet sheet, out CsvErrors errors)
    {
        var (days, found) = (new List<CalendarDay>(), new CsvErrors(new Dictionary<string, string>()));
        foreach (var row in sheet.Rows)
        {
            var (dated, kinded) = (CsvCells.Read(row[DateColumn], out DateOnly date), CsvCells.Read<CalendarDayKind>(row[KindColumn], ClockLabels.Label, out var kind) && kind is not null);
            if (!dated) found.Add(row, DateColumn, "应为日期，如2026-01-01");
            if (!kinded) found.Add(row, KindColumn, $"应为{string.Join('、', Enum.GetValues<CalendarDayKind>().Select(ClockLabels.Label))}之一");
            if (row[NameColumn].Length is 0 or > CalendarYear.MaxName) found.Add(row, NameColumn, $"请填写节日名称，最多{CalendarYear.MaxName}个字");
            if (dated && kinded) days.Add(new CalendarDay(date, kind!.Value, row[NameColumn]));
        }
        errors = found;
        return days;
    }
}
