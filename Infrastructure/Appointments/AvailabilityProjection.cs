using System.Data.Common;
using Dapper;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Logging;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>What a comparison of the copy with the database found.</summary>
/// <param name="Compared">Days that were in the copy.</param>
/// <param name="Differences">Expected: none. All of them are repaired.</param>
public sealed record AvailabilityCheck(int Compared, int Differences);

/// <summary>
/// Availability for reading: from the copy, and what the copy has not from the database, which then goes into the copy. With the store away
/// everything comes from the database. After each commit the days it touched are read anew and put.
/// </summary>
/// <remarks>
/// What was committed while the store was away is not in the copy, and the copy does not know: from the first write that was lost, or the first
/// sign that the store went away or back, this node reads from the database until it has put everything anew (<see cref="RebuildAsync"/>).
/// </remarks>
public sealed class AvailabilityProjection(
    Database database, IAvailabilityStore store, CalendarStore calendars, DayReading days, BookableDirectory directory, TimeProvider time, ILogger<AvailabilityProjection> log)
{
    /// <summary>Resources per batch of a rebuild: some thousand days, and no reader waits for long.</summary>
    private const int Batch = 20;

    private long _lost;
    private volatile Trust? _trusted;

    /// <summary>Days from today on that the copy is filled with ahead of being asked.</summary>
    public const int Days = BookingTerms.StaffHorizonDays + 1;

    /// <summary>Days of resources, with holds as far as they are known.</summary>
    public async Task<AvailabilityReading> ReadAsync(IReadOnlyList<string> resourceIds, DateOnly from, int days, CancellationToken cancel)
    {
        if (resourceIds.Count == 0) return new AvailabilityReading(new Dictionary<(string, DateOnly), ResourceDay>(), []);
        AvailabilityReading copy;
        try
        {
            if (IsBehind) return await FromDatabaseAsync(resourceIds, from, days, await store.HoldsAsync(time.GetUtcNow(), cancel), cancel);
            copy = await store.ReadAsync(resourceIds, from, days, time.GetUtcNow(), cancel);
        }
        catch (AvailabilityStoreException e)
        {
            log.LogDebug(e, "Availability is read from the database");
            return await FromDatabaseAsync(resourceIds, from, days, [], cancel);
        }
        if (copy.Days.Count == resourceIds.Count * days) return copy;
        var lacking = resourceIds.Where(id => Enumerable.Range(0, days).Any(n => !copy.Days.ContainsKey((id, from.AddDays(n))))).ToList();
        var computed = await ComputeAsync(lacking, from, days, cancel);
        await FillAsync(computed);
        var whole = copy.Days.ToDictionary();
        foreach (var day in computed) whole[(day.ResourceId, day.Day)] = day;
        return copy with { Days = whole };
    }

    private async Task<AvailabilityReading> FromDatabaseAsync(IReadOnlyList<string> resourceIds, DateOnly from, int days, IReadOnlyList<Hold> holds, CancellationToken cancel) =>
        new((await ComputeAsync(resourceIds, from, days, cancel)).ToDictionary(d => (d.ResourceId, d.Day)), holds);

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
    public void RefreshAfter(UnitOfWork tx, string resourceId, DateOnly day) => tx.AfterCommit(() => RefreshAsync(async () =>
    {
        var read = await database.ReadAsync(c => days.ReadAsync(c, resourceId, day));
        if (read is null) return [];
        directory.Saw(resourceId, read.HoursVersion, read.Active);
        return [read.At(time.GetUtcNow())];
    }, CancellationToken.None));

    /// <summary>The day is put as the transaction leaves it, once that is committed.</summary>
    public void PutAfter(UnitOfWork tx, KnownDay known) => tx.AfterCommit(() => RefreshAsync(() =>
    {
        directory.Saw(known.Day.ResourceId, known.HoursVersion, active: true);
        days.Remember(known.Openings, known.HoursVersion);
        return Task.FromResult<IReadOnlyList<ResourceDay>>([known.Day]);
    }, CancellationToken.None));

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
    public Task<int> RefreshAsync(IReadOnlyList<string> resourceIds, DateOnly from, int days, CancellationToken cancel) =>
        RefreshAsync(() => ComputeAsync(resourceIds, from, days, cancel), cancel);

    private async Task<int> RefreshAsync(Func<Task<IReadOnlyList<ResourceDay>>> compute, CancellationToken cancel)
    {
        try
        {
            var computed = await compute();
            await store.PutAsync(Kept(computed), time.GetUtcNow(), cancel);
            return computed.Count;
        }
        catch (Exception e)
        {
            // Whatever the reason, the copy does not have it, and does not know.
            Interlocked.Increment(ref _lost);
            if (e is not AvailabilityStoreException) throw;
            log.LogDebug(e, "The copy of availability was not brought up to date");
            return 0;
        }
    }

    /// <summary>Whether the copy may lack what was committed: at first, and after the store was away. Then nothing is read from it.</summary>
    public bool IsBehind => _trusted is not { } trusted || trusted.Doubts != store.Doubts || trusted.Lost != Interlocked.Read(ref _lost);

    /// <summary>Reads everything anew and puts it: all resources, <see cref="Days"/> days. Versions see to it that no later day is replaced.</summary>
    /// <returns>Days put.</returns>
    /// <exception cref="AvailabilityStoreException">The store is away, or went away meanwhile.</exception>
    public async Task<int> RebuildAsync(CancellationToken cancel)
    {
        // Before anything is read: what goes wrong from here on is in doubt again.
        var trust = new Trust(store.Doubts, Interlocked.Read(ref _lost));
        days.Forget();
        await store.HoldsAsync(time.GetUtcNow(), cancel);
        var put = 0;
        foreach (var some in (await ResourcesAsync(cancel)).Chunk(Batch))
        {
            var computed = await ComputeAsync(some, time.GetUtcNow().DateInChina(), Days, cancel);
            await store.PutAsync(computed, time.GetUtcNow(), cancel);
            put += computed.Count;
        }
        _trusted = trust;
        return put;
    }

    /// <summary>Throws the copy away first: also days that claim to be later than the database, as after the database was restored from a backup.</summary>
    /// <exception cref="AvailabilityStoreException">The store is away.</exception>
    public async Task<int> RebuildFromNothingAsync(CancellationToken cancel)
    {
        await store.ForgetAsync(cancel);
        return await RebuildAsync(cancel);
    }

    /// <summary>
    /// Compares every day that is in the copy with the database's and repairs what differs. A day that somebody just changes is looked at again, so
    /// that a refresh on its way is no difference.
    /// </summary>
    /// <exception cref="AvailabilityStoreException">The store is away.</exception>
    public async Task<AvailabilityCheck> CheckAsync(CancellationToken cancel)
    {
        var today = time.GetUtcNow().DateInChina();
        var (compared, wrong) = (0, new List<ResourceDay>());
        foreach (var some in (await ResourcesAsync(cancel)).Chunk(Batch))
        {
            var copy = await store.ReadAsync(some, today, Days, time.GetUtcNow(), cancel);
            compared += copy.Days.Count;
            foreach (var day in (await ComputeAsync(some, today, Days, cancel)).Where(d => copy.Days.TryGetValue((d.ResourceId, d.Day), out var copied) && !SameDay(copied, d)))
            {
                var again = (await store.ReadAsync([day.ResourceId], day.Day, 1, time.GetUtcNow(), cancel)).Days.GetValueOrDefault((day.ResourceId, day.Day));
                var truth = (await ComputeAsync([day.ResourceId], day.Day, 1, cancel))[0];
                if (again is null || SameDay(again, truth) || (again.Version != copy.Days[(day.ResourceId, day.Day)].Version)) continue;
                log.LogWarning("The copy of {Resource} on {Day} differs: version {Copied}, the database's {Version}", day.ResourceId, day.Day, again.Version, truth.Version);
                wrong.Add(truth);
                // Nothing replaces what claims to be later: then all of it goes.
                if (again.Version > truth.Version) await store.ForgetAsync(cancel);
            }
        }
        await store.PutAsync(wrong, time.GetUtcNow(), cancel);
        return new AvailabilityCheck(compared, wrong.Count);
    }

    /// <summary>Everything that was ever bookable: who left must not stand in the copy either.</summary>
    private Task<List<string>> ResourcesAsync(CancellationToken cancel) =>
        database.ReadAsync(async c => (await c.QueryAsync<string>("SELECT id FROM booking_resources ORDER BY id")).AsList(), cancel);

    /// <summary>Whether two readings say the same; versions may differ, another day's booking raises them.</summary>
    private static bool SameDay(ResourceDay a, ResourceDay b) => a.CalendarMissing == b.CalendarMissing && a.Openings.SequenceEqual(b.Openings)
        && a.Taken.Count == b.Taken.Count && a.Taken.All(t => b.Taken.TryGetValue(t.Key, out var seats) && seats == t.Value);

    /// <summary>The truth: days of resources from the database, in one trip for every two hundred of them.</summary>
    public Task<IReadOnlyList<ResourceDay>> ComputeAsync(IReadOnlyList<string> resourceIds, DateOnly from, int days, CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyList<ResourceDay>>(async connection =>
        {
            var result = new List<ResourceDay>(resourceIds.Count * days);
            foreach (var some in resourceIds.Chunk(200)) result.AddRange(await ComputeAsync(connection, some, from, days));
            return result;
        }, cancel);

    private async Task<List<ResourceDay>> ComputeAsync(DbConnection connection, string[] ids, DateOnly from, int days)
    {
        var facts = await ResourceFacts.ReadAsync(connection, null, calendars, ids, from, days);
        foreach (var resource in facts.Resources.Values) directory.Saw(resource.Id, resource.HoursVersion, resource.Active);
        var (now, result) = (time.GetUtcNow(), new List<ResourceDay>(ids.Length * days));
        foreach (var id in ids)
        {
            var (hours, version) = (facts.HoursOf(id), facts.Resources.GetValueOrDefault(id)?.Version ?? 0);
            for (var day = from; day < from.AddDays(days); day = day.AddDays(1))
            {
                result.Add(RasterRepository.DayOf(hours, day, facts.Calendar) with { Version = version, Taken = ResourceFacts.Masks(facts.Taken[(id, day)], now) });
            }
        }
        return result;
    }

    /// <summary>Puts what the copy did not have. When that fails it still has not, and nothing is lost. Not given up with the request that asked.</summary>
    private async Task FillAsync(IReadOnlyList<ResourceDay> days)
    {
        try
        {
            await store.PutAsync(Kept(days), time.GetUtcNow(), CancellationToken.None);
        }
        catch (AvailabilityStoreException e)
        {
            log.LogDebug(e, "The copy of availability was not filled");
        }
    }

    /// <summary>Only what can be booked: who asks for all days of a century fills nobody's memory.</summary>
    private List<ResourceDay> Kept(IReadOnlyList<ResourceDay> days)
    {
        var today = time.GetUtcNow().DateInChina();
        return [.. days.Where(d => d.Day >= today && d.Day < today.AddDays(Days) && d.Version > 0)];
    }

    private sealed record Trust(long Doubts, long Lost);
}
