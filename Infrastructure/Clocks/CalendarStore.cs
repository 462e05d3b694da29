using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using Dapper;
using MicroPlatform.Domain.Clocks;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Clocks;

/// <summary>
/// The holiday calendar as loaded. Which years there are, in which version, is asked every time; the days of a year and version never change
/// and are remembered.
/// </summary>
public sealed class CalendarStore(Database database)
{
    /// <summary>Which years there are, in which version.</summary>
    internal const string LoadedYears = "SELECT year, version FROM calendar_years ORDER BY year";

    private readonly ConcurrentDictionary<(int Year, int Version), IReadOnlyList<CalendarDay>> _days = [];
    private volatile Known? _known;

    public Task<WorkCalendar> ReadAsync(CancellationToken cancel = default) => database.ReadAsync(c => ReadAsync(c, null), cancel);

    /// <summary>The same inside a transaction: what a booking is judged by is what is true at its commit.</summary>
    public async Task<WorkCalendar> ReadAsync(UnitOfWork tx) => await ReadAsync(await tx.ConnectionAsync(), tx.Transaction);

    /// <summary>Puts a year in place of what was loaded for it.</summary>
    /// <param name="source">The notice it was taken from.</param>
    public static async Task ReplaceAsync(UnitOfWork tx, int year, string source, IReadOnlyList<CalendarDay> days)
    {
        if (await tx.ExecuteAsync("UPDATE calendar_years SET source = @source, loaded_at = @Now, version = version + 1 WHERE year = @year", new { source, tx.Now, year }) == 0)
            await tx.ExecuteAsync("INSERT INTO calendar_years (year, source, loaded_at, version) VALUES (@year, @source, @Now, 1)", new { year, source, tx.Now });
        await tx.ExecuteAsync("DELETE FROM calendar_days WHERE year = @year", new { year });
        foreach (var day in days)
            await tx.ExecuteAsync("INSERT INTO calendar_days (day, year, kind, name) VALUES (@day, @year, @kind, @Name)",
                new { day = DayCode.Of(day.Date), year, kind = day.Kind.ToString(), day.Name });
    }

    private async Task<WorkCalendar> ReadAsync(DbConnection connection, DbTransaction? transaction) =>
        await OfAsync((await connection.QueryAsync<LoadedYear>(LoadedYears, transaction: transaction)).AsList(), connection, transaction);

    /// <summary>The calendar of these years, with the answer to <see cref="LoadedYears"/> from somebody who asked it together with other things.</summary>
    internal async Task<WorkCalendar> OfAsync(IReadOnlyList<LoadedYear> years, DbConnection connection, DbTransaction? transaction)
    {
        var mark = string.Join(',', years.Select(y => string.Create(CultureInfo.InvariantCulture, $"{y.Year}.{y.Version}")));
        if (_known is { } known && known.Mark == mark) return known.Calendar;
        var days = new List<CalendarDay>();
        foreach (var year in years)
        {
            if (!_days.TryGetValue((year.Year, year.Version), out var named))
            {
                named = [.. (await connection.QueryAsync<DayRow>("SELECT day, kind, name FROM calendar_days WHERE year = @Year", year, transaction))
                    .Select(d => new CalendarDay(DayCode.Parse(d.Day), Enum.Parse<CalendarDayKind>(d.Kind), d.Name))];
                _days[(year.Year, year.Version)] = named;
            }
            days.AddRange(named);
        }
        var calendar = new WorkCalendar(years.Select(y => y.Year), days);
        _known = new Known(mark, calendar);
        return calendar;
    }

    private sealed record Known(string Mark, WorkCalendar Calendar);

    internal sealed record LoadedYear
    {
        public int Year { get; init; }
        public int Version { get; init; }
    }

    private sealed record DayRow
    {
        public required string Day { get; init; }
        public required string Kind { get; init; }
        public required string Name { get; init; }
    }
}

/// <summary>Days as they are stored: <c>yyyy-MM-dd</c>, which sorts as it reads.</summary>
public static class DayCode
{
    public const string Form = "yyyy-MM-dd";

    public static string Of(DateOnly day) => day.ToString(Form, CultureInfo.InvariantCulture);

    public static string? Of(DateOnly? day) => day is { } known ? Of(known) : null;

    public static DateOnly Parse(string code) => DateOnly.ParseExact(code, Form, CultureInfo.InvariantCulture);
}
