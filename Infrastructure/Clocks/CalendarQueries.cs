using Dapper;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Clocks;

/// <summary>A loaded year as it is shown.</summary>
public sealed record CalendarYearRow
{
    public int Year { get; init; }
    public required string Source { get; init; }
    public DateTimeOffset LoadedAt { get; init; }
    public int Version { get; init; }
}

/// <summary>Reads of the calendar for screens, and what the import of a year touches.</summary>
public sealed class CalendarQueries(Database database, CalendarStore calendars, TimeProvider time)
{
    private const string Select = "SELECT year, source, loaded_at, version FROM calendar_years WHERE year = @year";

    public Task<CalendarYearRow?> FindAsync(int year, CancellationToken cancel) => database.ReadAsync(c => c.QueryFirstOrDefaultAsync<CalendarYearRow>(Select, new { year }), cancel);

    public static async Task<CalendarYearRow> FindAsync(UnitOfWork tx, int year) =>
        await tx.FirstOrDefaultAsync<CalendarYearRow>(Select, new { year }) ?? throw new InvalidOperationException($"The calendar of {year} was just written.");

    /// <summary>Appointments ahead on days that are off by the new calendar and were not by the old one.</summary>
    public static async Task<int> BookingsOnAsync(UnitOfWork tx, int year, IReadOnlyCollection<DateOnly> daysOff)
    {
        if (daysOff.Count == 0) return 0;
        var starts = await tx.QueryAsync<DateTimeOffset>(
            "SELECT starts_at FROM appointments WHERE state = 'Booked' AND starts_at >= @from AND starts_at < @to",
            new { from = Raster.At(new DateOnly(year, 1, 1), 0), to = Raster.At(new DateOnly(year, 12, 31), Raster.MinutesPerDay) });
        return starts.Count(s => daysOff.Contains(s.DateInChina()));
    }

    /// <summary>Every resource's hours may run on other days now: a booking judged by the old calendar judges again.</summary>
    /// <returns>All resources, for reading their availability anew.</returns>
    public static async Task<IReadOnlyList<string>> RaiseResourcesAsync(UnitOfWork tx)
    {
        await tx.ExecuteAsync("UPDATE booking_resources SET hours_version = hours_version + 1, version = version + 1");
        return [.. await tx.QueryAsync<string>("SELECT id FROM booking_resources ORDER BY id")];
    }

    /// <summary>The year whose calendar is needed now or from January on and is not loaded; null when all is well. The notice usually comes in October or November.</summary>
    public async Task<int?> MissingYearAsync(CancellationToken cancel)
    {
        var today = time.GetUtcNow().DateInChina();
        var calendar = await calendars.ReadAsync(cancel);
        if (!calendar.Knows(today.Year)) return today.Year;
        return today.Month == 12 && !calendar.Knows(today.Year + 1) ? today.Year + 1 : null;
    }
}
