using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Appointments;

/// <summary>Changes of a resource's hours, thought through before anything is written. Pure: each gives the hours as they would be.</summary>
public static class HoursEditing
{
    /// <summary>Adds hours. No two hours of one person or desk are ever at the same time, in whatever units.</summary>
    public static Outcome<ResourceHours> With(this ResourceHours all, IEnumerable<OfficeHours> more)
    {
        var hours = all.Hours.ToList();
        foreach (var one in more)
        {
            if (hours.FirstOrDefault(h => h.Clashes(one)) is { } other)
                return AppointmentRefusals.HoursOverlap.At("intervals", $"与{DayNames.Of(other.Weekday)}{Clock(other.FromMinute)}–{Clock(other.ToMinute)}重叠");
            hours.Add(one);
        }
        return all with { Hours = hours };
    }

    /// <summary>Hours end with a day; those that had not begun by then are gone. What has been stays on record.</summary>
    public static ResourceHours End(this ResourceHours all, string hoursId, DateOnly lastDay) => all with
    {
        Hours = [.. all.Hours.Where(h => h.Id != hoursId || h.ValidFrom <= lastDay)
            .Select(h => h.Id == hoursId && (h.ValidUntil is null || h.ValidUntil > lastDay) ? h with { ValidUntil = lastDay } : h)],
    };

    /// <summary>Takes one day out of hours: they end before it and go on after it, in the same weeks.</summary>
    /// <param name="nextId">Id of the hours that go on.</param>
    public static ResourceHours Without(this ResourceHours all, OfficeHours rule, DateOnly day, string nextId)
    {
        var next = rule with { Id = nextId, ValidFrom = day.AddDays(7 * rule.EveryWeeks) };
        var ended = all.End(rule.Id, day.AddDays(-1));
        return next.ValidUntil is { } until && until < next.ValidFrom ? ended : ended with { Hours = [.. ended.Hours, next] };
    }

    /// <summary>The first day from one on at which the hours run, so that a changed rule stays in its weeks; the day itself when it never does.</summary>
    public static DateOnly NextFrom(this OfficeHours rule, DateOnly day)
    {
        for (var n = 0; n < 7 * OfficeHours.MostWeeks; n++)
            if (rule.RunsOn(day.AddDays(n))) return day.AddDays(n);
        return day;
    }

    /// <summary>09:00; the end of the day is 24:00.</summary>
    public static string Clock(int minute) => $"{minute / 60:00}:{minute % 60:00}";
}

/// <summary>Days of the week as people say them.</summary>
public static class DayNames
{
    public static string Of(DayOfWeek day) => $"周{"日一二三四五六"[(int)day]}";
}
