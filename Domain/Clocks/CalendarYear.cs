using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Clocks;

/// <summary>A day as an administrator types it off the notice.</summary>
public sealed record CalendarLine(DateOnly Date, string Name);

/// <summary>Whether a year as typed in can be the notice of the State Council: what is wrong is told line by line.</summary>
public static class CalendarYear
{
    public const int MaxDays = 60;
    public const int MaxWorkingDays = 30;
    public const int MaxName = 20;
    public const int MaxSource = 200;

    /// <summary>All named days of the year in order, or <see cref="ClockRefusals.CalendarInvalid"/> with every fault found.</summary>
    public static Outcome<List<CalendarDay>> Read(int year, IReadOnlyList<CalendarLine> daysOff, IReadOnlyList<CalendarLine> workingDays)
    {
        var errors = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        void Wrong(string field, string message)
        {
            if (!errors.TryGetValue(field, out var messages)) errors[field] = messages = [];
            messages.Add(message);
        }

        if (year is < StatutoryHolidays.FirstYear or > StatutoryHolidays.LastYear)
            return ClockRefusals.CalendarInvalid.At("year", $"应为{StatutoryHolidays.FirstYear}到{StatutoryHolidays.LastYear}年");
        var seen = new HashSet<DateOnly>();
        var days = new List<CalendarDay>();
        void Add(string list, int line, CalendarLine day, CalendarDayKind kind)
        {
            var field = $"{list}[{line}]";
            if (day.Date.Year != year) Wrong($"{field}.date", $"不在{year}年内");
            if (!seen.Add(day.Date)) Wrong($"{field}.date", "日期重复");
            if (kind == CalendarDayKind.Work && day.Date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)) Wrong($"{field}.date", "补班日只能是周六或周日");
            var name = Text.Clean(day.Name, $"{field}.name", MaxName);
            if (name.IsRefused) Wrong($"{field}.name", name.Refusal!.Errors.Values.First()[0]);
            else days.Add(new CalendarDay(day.Date, kind, name.Value));
        }
        foreach (var (line, day) in daysOff.Index()) Add("daysOff", line, day, CalendarDayKind.Off);
        foreach (var (line, day) in workingDays.Index()) Add("workingDays", line, day, CalendarDayKind.Work);

        var off = days.Where(d => d.Kind == CalendarDayKind.Off).ToList();
        foreach (var holiday in StatutoryHolidays.Names)
            if (!off.Any(d => d.Name.Contains(holiday, StringComparison.Ordinal))) Wrong("daysOff", $"缺少{holiday}");
        foreach (var (day, name) in StatutoryHolidays.Of(year))
            if (!off.Any(d => d.Date == day)) Wrong("daysOff", $"{name}假期应包括{day.Month}月{day.Day}日");
        if (errors.Count > 0) return ClockRefusals.CalendarInvalid with { Errors = errors.ToDictionary(e => e.Key, e => e.Value.ToArray()) };
        return days.OrderBy(d => d.Date).ToList();
    }
}
