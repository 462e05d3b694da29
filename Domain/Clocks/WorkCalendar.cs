using System.Globalization;

namespace MicroPlatform.Domain.Clocks;

/// <summary>What the yearly notice of the State Council makes of a day.</summary>
public enum CalendarDayKind
{
    /// <summary>休: off by the notice, whatever weekday it is.</summary>
    Off,
    /// <summary>班: a Saturday or Sunday that is worked in exchange (调休).</summary>
    Work,
}

/// <summary>A day that the notice names; all others follow their weekday.</summary>
/// <param name="Name">Of the holiday, such as 春节.</param>
public sealed record CalendarDay(DateOnly Date, CalendarDayKind Kind, string Name);

/// <summary>
/// Working days in China: Monday to Friday, less public holidays, plus make-up days (全国年节及纪念日放假办法 and the yearly notice). A year whose
/// notice is not loaded is not guessed at: asking for it throws <see cref="CalendarMissingException"/>.
/// </summary>
public sealed class WorkCalendar
{
    private readonly Dictionary<DateOnly, CalendarDay> _days;
    private readonly HashSet<int> _years;

    public WorkCalendar(IEnumerable<int> years, IEnumerable<CalendarDay> days)
    {
        _years = [.. years];
        _days = days.ToDictionary(d => d.Date);
    }

    public bool Knows(int year) => _years.Contains(year);

    /// <exception cref="CalendarMissingException">The year is not loaded.</exception>
    public bool IsWorkingDay(DateOnly date) => Named(date) is { } named
        ? named.Kind == CalendarDayKind.Work
        : date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);

    /// <summary>Whether the notice takes the day off, as opposed to an ordinary weekend.</summary>
    /// <exception cref="CalendarMissingException">The year is not loaded.</exception>
    public bool IsHoliday(DateOnly date) => Named(date) is { Kind: CalendarDayKind.Off };

    /// <summary>The notice's own word on a day, or null where it has none.</summary>
    /// <exception cref="CalendarMissingException">The year is not loaded.</exception>
    public CalendarDay? Named(DateOnly date) => _years.Contains(date.Year) ? _days.GetValueOrDefault(date) : throw new CalendarMissingException(date.Year);

    /// <summary>The day itself when it is a working day, else the next one: the last day of a period that falls on a holiday (民法典 art. 203).</summary>
    /// <exception cref="CalendarMissingException">The search leaves the loaded years.</exception>
    public DateOnly RollForward(DateOnly date)
    {
        while (!IsWorkingDay(date)) date = date.AddDays(1);
        return date;
    }

    /// <summary>The n-th working day after a day, which itself does not count (民法典 art. 201).</summary>
    /// <exception cref="CalendarMissingException">The count leaves the loaded years.</exception>
    public DateOnly AddWorkingDays(DateOnly from, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var date = from;
        for (var left = count; left > 0;)
        {
            date = date.AddDays(1);
            if (IsWorkingDay(date)) left--;
        }
        return date;
    }
}

/// <summary>A calculation needs a year whose holidays are not known. Mapped to 503 in one place; an administrator imports the year.</summary>
public sealed class CalendarMissingException(int year) : Exception(string.Create(CultureInfo.InvariantCulture, $"The holiday calendar of {year} is not loaded."))
{
    public int Year { get; } = year;
}
