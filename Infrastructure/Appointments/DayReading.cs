using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>
/// One day of one resource in one small statement, for a booking and for what follows it. Openings depend on the day and on <c>hours_version</c> alone: whatever
/// changes hours, leave, posts, units or the calendar raises it in the same transaction (docs/concurrency.md). So they are read only for a version that is new here.
/// </summary>
public sealed class DayReading(CalendarStore calendars)
{
    /// <summary>Days remembered; some hundred bytes each. Beyond it all are forgotten and read again as they are asked for.</summary>
    private const int Most = 20_000;

    private readonly ConcurrentDictionary<(string ResourceId, DateOnly Day), Known> _known = [];

    /// <summary>As it is committed; remembered when no change came while it was read.</summary>
    /// <param name="connection">One on which no transaction is open.</param>
    /// <returns>Null when there is no such resource.</returns>
    internal async Task<ReadDay?> ReadAsync(DbConnection connection, string resourceId, DateOnly day)
    {
        if (await LookAsync(connection, null, resourceId, day) is not { } now) return null;
        if (Recall(now, resourceId, day) is { } recalled) return recalled;
        var read = await ReadWholeAsync(connection, null, resourceId, day);
        if (read is { Active: true, HasHours: true } && (await LookAsync(connection, null, resourceId, day))?.HoursVersion == read.HoursVersion) Remember(read.Openings, read.HoursVersion);
        return read;
    }

    /// <summary>As a transaction sees it. What it sees may never be, so nothing of it is remembered here.</summary>
    /// <param name="look">What the transaction has already seen; null or of another day or resource: it looks now.</param>
    /// <returns>Null when there is no such resource.</returns>
    internal async Task<ReadDay?> ReadAsync(UnitOfWork tx, string resourceId, DateOnly day, DayLook? look = null)
    {
        var seen = look?.ResourceId == resourceId && look.Day == day ? look.Seen : await LookAsync(await tx.ConnectionAsync(), tx.Transaction, resourceId, day);
        if (seen is not { } now) return null;
        return Recall(now, resourceId, day) ?? await ReadWholeAsync(await tx.ConnectionAsync(), tx.Transaction, resourceId, day);
    }

    /// <summary>Openings that were read by a transaction that has written the resource under this version of its hours, once it is committed.</summary>
    internal void Remember(ResourceDay openings, int hoursVersion)
    {
        if (_known.Count >= Most) Forget();
        _known[(openings.ResourceId, openings.Day)] = new Known(hoursVersion, openings);
    }

    /// <summary>Nothing is remembered any more: after the database may have been restored, versions say nothing.</summary>
    public void Forget() => _known.Clear();

    /// <summary>All but the openings of <c>@resourceId</c> from <c>@midnight</c> to <c>@end</c>, for who asks more in the same trip.</summary>
    internal const string Look = """
        SELECT b.version, b.hours_version, b.active, t.raster_start, t.seat, t.held_until
        FROM booking_resources b LEFT JOIN appointment_rasters t ON t.resource_id = b.id AND t.raster_start >= @midnight AND t.raster_start < @end
        WHERE b.id = @resourceId
        """;

    /// <summary>The answer to <see cref="Look"/>.</summary>
    internal static DayLook LookOf(SqlMapper.GridReader answers, string resourceId, DateOnly day) => new(resourceId, day, SeenIn(answers.Read<Row>().AsList(), resourceId));

    private ReadDay? Recall(ReadDay now, string resourceId, DateOnly day) =>
        now.Active && _known.TryGetValue((resourceId, day), out var known) && known.HoursVersion == now.HoursVersion ? now with { Openings = known.Openings } : null;

    private async Task<ReadDay?> ReadWholeAsync(DbConnection connection, DbTransaction? transaction, string resourceId, DateOnly day)
    {
        var facts = await ResourceFacts.ReadAsync(connection, transaction, calendars, [resourceId], day, 1);
        return facts.Resources.GetValueOrDefault(resourceId) is { } resource
            ? new ReadDay(resource.Version, resource.HoursVersion, resource.Active, facts.Hours.Count > 0, RasterRepository.DayOf(facts.HoursOf(resourceId), day, facts.Calendar), [.. facts.Taken[(resourceId, day)]])
            : null;
    }

    private static async Task<ReadDay?> LookAsync(DbConnection connection, DbTransaction? transaction, string resourceId, DateOnly day) => SeenIn(
        (await connection.QueryAsync<Row>(Look, new { resourceId, midnight = Raster.At(day, 0), end = Raster.At(day.AddDays(1), 0) }, transaction)).AsList(), resourceId);

    private static ReadDay? SeenIn(List<Row> rows, string resourceId) => rows.Count == 0 ? null : new ReadDay(
        rows[0].Version, rows[0].HoursVersion, rows[0].Active, HasHours: true, null!,
        [.. rows.Where(r => r.RasterStart is not null).Select(r => new ResourceFacts.Quarter { ResourceId = resourceId, RasterStart = r.RasterStart!.Value, Seat = r.Seat, HeldUntil = r.HeldUntil })]);

    private sealed record Known(int HoursVersion, ResourceDay Openings);

    private sealed record Row
    {
        public long Version { get; init; }
        public int HoursVersion { get; init; }
        public bool Active { get; init; }
        public DateTimeOffset? RasterStart { get; init; }
        public int Seat { get; init; }
        public DateTimeOffset? HeldUntil { get; init; }
    }
}

/// <summary>A resource's day as a transaction has seen it with other things, so that <see cref="RasterRepository"/> need not look again in the same one.</summary>
public sealed class DayLook
{
    internal DayLook(string resourceId, DateOnly day, ReadDay? seen) => (ResourceId, Day, Seen) = (resourceId, day, seen);

    public string ResourceId { get; }

    public DateOnly Day { get; }

    /// <summary>Null when there is no such resource. Without openings.</summary>
    internal ReadDay? Seen { get; }
}

/// <summary>A day of a resource as the database has it.</summary>
/// <param name="HasHours">It has hours on this day or later, as bookings see them.</param>
/// <param name="Openings">The day with nothing taken.</param>
/// <param name="Quarters">Those taken; with offers' time that has run out and that nobody has cleared yet.</param>
internal sealed record ReadDay(long Version, int HoursVersion, bool Active, bool HasHours, ResourceDay Openings, IReadOnlyList<ResourceFacts.Quarter> Quarters)
{
    /// <summary>The day with what is taken, as it is offered.</summary>
    public ResourceDay At(DateTimeOffset now) => Openings with { Version = Version, Taken = ResourceFacts.Masks(Quarters, now) };

    /// <summary>The same one write later, when a seat's span has been taken and nothing else.</summary>
    public ResourceDay With(int seat, RasterSpan span, DateTimeOffset now)
    {
        var taken = ResourceFacts.Masks(Quarters, now);
        for (var unit = span.First; unit < span.Until; unit++) taken[unit] = (ushort)(taken.GetValueOrDefault(unit) | (1 << seat));
        return Openings with { Version = Version + 1, Taken = taken };
    }
}
