using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Appointments;

/// <summary>When a citizen is reminded.</summary>
public enum ReminderKind
{
    /// <summary>At 18:00 of the day before.</summary>
    DayBefore,
    /// <summary>Two hours before.</summary>
    TwoHours,
}

public static class Reminders
{
    /// <summary>What is due when, of what is not over already: somebody who books at 20:00 for tomorrow needs no word of the day before.</summary>
    public static IEnumerable<(ReminderKind Kind, DateTimeOffset DueAt)> Of(DateTimeOffset startsAt, DateTimeOffset now)
    {
        var dayBefore = Raster.At(startsAt.DateInChina().AddDays(-1), 18 * 60);
        if (dayBefore > now) yield return (ReminderKind.DayBefore, dayBefore);
        var twoHours = startsAt.AddHours(-2);
        if (twoHours > now) yield return (ReminderKind.TwoHours, twoHours);
    }

    /// <summary>Whether it still tells something when it goes out late: the word of the day before on that day only, nothing once it has begun.</summary>
    public static bool IsOfUse(ReminderKind kind, DateTimeOffset startsAt, DateTimeOffset now) =>
        now < startsAt && (kind != ReminderKind.DayBefore || now.DateInChina() < startsAt.DateInChina());
}
