using System.Data.Common;
using Dapper;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Clocks;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Clocks;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>All that days of resources are computed from, read in one trip to the server.</summary>
/// <param name="Resources">Versions were read first: what follows is as new as they say, or newer.</param>
/// <param name="Hours">As bookings see them (<see cref="HoursRepository.BookableHours"/>).</param>
/// <param name="Taken">By resource and day in China; with offers' time that has run out and that nobody has cleared yet.</param>
internal sealed record ResourceFacts(
    IReadOnlyDictionary<string, ResourceFacts.Resource> Resources, ILookup<string, OfficeHours> Hours, ILookup<string, Leave> Leaves,
    ILookup<(string ResourceId, DateOnly Day), ResourceFacts.Quarter> Taken, WorkCalendar Calendar)
{
    public static async Task<ResourceFacts> ReadAsync(
        DbConnection connection, DbTransaction? transaction, CalendarStore calendars, IReadOnlyList<string> resourceIds, DateOnly from, int days)
    {
        await using var answers = await connection.QueryMultipleAsync($"""
            SELECT id, version, hours_version, active FROM booking_resources WHERE id IN @resourceIds;
            {HoursRepository.BookableHours};
            {HoursRepository.LeavesAhead};
            SELECT resource_id, raster_start, seat, held_until FROM appointment_rasters WHERE resource_id IN @resourceIds AND raster_start >= @midnight AND raster_start < @end;
            {CalendarStore.LoadedYears}
            """, new { resourceIds, from = DayCode.Of(from), midnight = Raster.At(from, 0), end = Raster.At(from.AddDays(days), 0) }, transaction);
        var resources = (await answers.ReadAsync<Resource>()).ToDictionary(r => r.Id);
        var hours = await HoursRepository.ReadHoursAsync(answers);
        var leaves = await HoursRepository.ReadLeavesAsync(answers);
        var taken = (await answers.ReadAsync<Quarter>()).ToLookup(q => (q.ResourceId, q.RasterStart.DateInChina()));
        var years = (await answers.ReadAsync<CalendarStore.LoadedYear>()).AsList();
        return new ResourceFacts(resources, hours, leaves, taken, await calendars.OfAsync(years, connection, transaction));
    }

    /// <summary>Hours and leave as far as they were read; none of a resource that is off.</summary>
    public ResourceHours HoursOf(string resourceId) => Resources.GetValueOrDefault(resourceId) is { Active: true } resource
        ? new ResourceHours(resourceId, resource.HoursVersion, [.. Hours[resourceId]], [.. Leaves[resourceId]])
        : new ResourceHours(resourceId, 0, [], []);

    /// <summary>By raster unit, a mask of the seats that are taken.</summary>
    internal static Dictionary<int, ushort> Masks(IEnumerable<Quarter> quarters, DateTimeOffset now)
    {
        var masks = new Dictionary<int, ushort>();
        foreach (var quarter in quarters.Where(q => !q.IsOver(now)))
        {
            var unit = Raster.Of(quarter.RasterStart).Minute / Raster.Minutes;
            masks[unit] = (ushort)(masks.GetValueOrDefault(unit) | (1 << quarter.Seat));
        }
        return masks;
    }

    internal sealed record Resource
    {
        public required string Id { get; init; }
        public long Version { get; init; }
        public int HoursVersion { get; init; }
        public bool Active { get; init; }
    }

    /// <summary>A quarter of an hour of a seat that somebody has.</summary>
    internal sealed record Quarter
    {
        public required string ResourceId { get; init; }
        public DateTimeOffset RasterStart { get; init; }
        public int Seat { get; init; }
        public DateTimeOffset? HeldUntil { get; init; }

        /// <summary>An offer's time that has run out and that nobody has cleared yet.</summary>
        public bool IsOver(DateTimeOffset now) => HeldUntil < now;
    }
}
