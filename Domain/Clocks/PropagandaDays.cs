namespace MicroPlatform.Domain.Clocks;

/// <summary>A public legal service propaganda day.</summary>
/// <param name="Tenth">The day it would be.</param>
/// <param name="Date">The day it is.</param>
public sealed record PropagandaDay(DateOnly Tenth, DateOnly Date)
{
    public bool Moved => Date != Tenth;
}

/// <summary>公共法律服务宣传日: the 10th of every month, put off while it falls on a public holiday. A plain weekend does not put it off: the rule says 法定节假日 only.</summary>
public static class PropagandaDays
{
    /// <summary>The twelve of a year.</summary>
    /// <exception cref="CalendarMissingException">The year is not loaded.</exception>
    public static IReadOnlyList<PropagandaDay> Of(int year, WorkCalendar calendar) => [.. Enumerable.Range(1, 12).Select(month =>
    {
        var tenth = new DateOnly(year, month, 10);
        var date = tenth;
        while (calendar.IsHoliday(date)) date = date.AddDays(1);
        return new PropagandaDay(tenth, date);
    })];
}
