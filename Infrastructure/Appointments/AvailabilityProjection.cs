using System.Data.Common;
using Dapper;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Logging;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>
/// Availability for reading: from the copy, and what the copy has not from the database, which then goes into the copy. With the store away
/// everything comes from the database. After each commit the days it touched are read anew and put.
/// </summary>
public sealed class AvailabilityProjection(Database database, IAvailabilityStore store, CalendarStore calendars, TimeProvider time, ILogger<AvailabilityProjection> log)
{
    /// <summary>Days from today on that the copy is filled with ahead of being asked.</summary>
    public const int Days = BookingTerms.StaffHorizonDays + 1;

    /// <summary>Days of resources, with holds as far as they are known.</summary>
    public async Task<AvailabilityReading> ReadAsync(IReadOnlyList<string> resourceIds, DateOnly from, int days, CancellationToken cancel)
    {
        if (resourceIds.Count == 0) return new AvailabilityReading(new Dictionary<(string, DateOnly), ResourceDay>(), []);
        AvailabilityReading copy;
        try
        {
            copy = await store.ReadAsync(resourceIds, from, days, time.GetUtcNow(), cancel);
        }
        catch (AvailabilityStoreException e)
        {
            log.LogDebug(e, "Availability is read from the database");
            return new AvailabilityReading((await ComputeAsync(resourceIds, from, days, cancel)).ToDictionary(d => (d.ResourceId, d.Day)), []);
        }
        if (copy.Days.Count == resourceIds.Count * days) return copy;
        var lacking = resourceIds.Where(id => Enumerable.Range(0, days).Any(n => !copy.Days.ContainsKey((id, from.AddDays(n))))).ToList();
        var computed = await ComputeAsync(lacking, from, days, cancel);
        await PutAsync(computed, cancel);
        var whole = copy.Days.ToDictionary();
        foreach (var day in computed) whole[(day.ResourceId, day.Day)] = day;
        return copy with { Days = whole };
    }

    /// <summary>Holds on a day, of one resource or of all; none when the store is away.</summary>
    public async Task<IReadOnlyList<Hold>> HoldsAsync(string? resourceId, DateOnly day, CancellationToken cancel)
    {
        try
        {
            return [.. (await store.HoldsAsync(time.GetUtcNow(), cancel)).Where(h => h.Day == day && (resourceId is null || h.ResourceId == resourceId))];
        }
        catch (AvailabilityStoreException e)
        {
            log.LogDebug(e, "Holds are not known");
            return [];
        }
    }

    /// <summary>The day is read anew once the transaction is committed. Lost with the process: then the nightly check finds it, and no booking trusts it.</summary>
    public void RefreshAfter(UnitOfWork tx, string resourceId, DateOnly day) => tx.AfterCommit(() => RefreshAsync([resourceId], day, 1, CancellationToken.None));

    /// <summary>
    /// A person's account or posts change: bookings that are being judged by them judge again, and what is offered is computed anew. Part of every
    /// transaction that writes either.
    /// </summary>
    public async Task PersonChangedAsync(UnitOfWork tx, string staffId)
    {
        if (await tx.ExecuteAsync("UPDATE booking_resources SET hours_version = hours_version + 1, version = version + 1 WHERE staff_id = @staffId", new { staffId }) == 0) return;
        tx.AfterCommit(() => RefreshAsync([staffId], time.GetUtcNow().DateInChina(), Days, CancellationToken.None));
    }

    /// <summary>Reads days anew and puts them.</summary>
    public async Task<int> RefreshAsync(IReadOnlyList<string> resourceIds, DateOnly from, int days, CancellationToken cancel)
    {
        var computed = await ComputeAsync(resourceIds, from, days, cancel);
        await PutAsync(computed, cancel);
        return computed.Count;
    }

    /// <summary>The truth: days of resources from the database, in three statements however many they are.</summary>
    public Task<IReadOnlyList<ResourceDay>> ComputeAsync(IReadOnlyList<string> resourceIds, DateOnly from, int days, CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyList<ResourceDay>>(async connection =>
        {
            var calendar = await calendars.ReadAsync(cancel);
            var result = new List<ResourceDay>(resourceIds.Count * days);
            foreach (var some in resourceIds.Chunk(200)) result.AddRange(await ComputeAsync(connection, some, from, days, calendar));
            return result;
        }, cancel);

    private async Task<List<ResourceDay>> ComputeAsync(DbConnection connection, string[] ids, DateOnly from, int days, Domain.Clocks.WorkCalendar calendar)
    {
        // The version first: what is read afterwards is as new as it says, or newer.
        var versions = (await connection.QueryAsync<ResourceRow>("SELECT id, version, active FROM booking_resources WHERE id IN @ids", new { ids })).ToDictionary(r => r.Id);
        var (hours, leaves) = await HoursRepository.LoadBookableAsync(connection, ids, from);
        var (begin, end) = (Raster.At(from, 0), Raster.At(from.AddDays(days), 0));
        var taken = (await connection.QueryAsync<RasterRow>("""
            SELECT resource_id, raster_start, seat FROM appointment_rasters
            WHERE resource_id IN @ids AND raster_start >= @begin AND raster_start < @end AND (held_until IS NULL OR held_until >= @now)
            """, new { ids, begin, end, now = time.GetUtcNow() })).ToLookup(r => (r.ResourceId, r.RasterStart.DateInChina()));

        var result = new List<ResourceDay>(ids.Length * days);
        foreach (var id in ids)
        {
            var row = versions.GetValueOrDefault(id);
            var facts = new ResourceHours(id, 0, row is { Active: true } ? [.. hours[id]] : [], [.. leaves[id]]);
            for (var day = from; day < from.AddDays(days); day = day.AddDays(1))
            {
                var masks = new Dictionary<int, ushort>();
                foreach (var r in taken[(id, day)])
                {
                    var unit = Raster.Of(r.RasterStart).Minute / Raster.Minutes;
                    masks[unit] = (ushort)(masks.GetValueOrDefault(unit) | (1 << r.Seat));
                }
                result.Add(RasterRepository.DayOf(facts, day, calendar) with { Version = row?.Version ?? 0, Taken = masks });
            }
        }
        return result;
    }

    private async Task PutAsync(IReadOnlyList<ResourceDay> days, CancellationToken cancel)
    {
        try
        {
            await store.PutAsync(days, time.GetUtcNow(), cancel);
        }
        catch (AvailabilityStoreException e)
        {
            log.LogDebug(e, "The copy of availability was not brought up to date");
        }
    }

    private sealed record ResourceRow
    {
        public required string Id { get; init; }
        public long Version { get; init; }
        public bool Active { get; init; }
    }

    private sealed record RasterRow
    {
        public required string ResourceId { get; init; }
        public DateTimeOffset RasterStart { get; init; }
        public int Seat { get; init; }
    }
}
