namespace MicroPlatform.Domain.Clocks;

public static class ClockLabels
{
    public static string Label(this CalendarDayKind kind) => kind switch
    {
        CalendarDayKind.Off => "休息",
        CalendarDayKind.Work => "补班",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
