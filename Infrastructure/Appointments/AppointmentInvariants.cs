using System.Diagnostics;
using Dapper;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>
/// The proof that nothing is booked twice, from what was booked and not from what guards it: times of appointments are compared with each other,
/// and only then with the raster. Expected everywhere: zero.
/// </summary>
public sealed class AppointmentInvariants(Database database)
{
    /// <summary>Appointments that begin before an earlier one of the same seat has ended. Whoever did not come has given the rest of the time away.</summary>
    internal const string Overlapping = """
        SELECT COUNT(*) FROM (
            SELECT starts_at, MAX(ends_at) OVER (PARTITION BY resource_id, seat ORDER BY starts_at, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy_until
            FROM appointments WHERE state NOT IN ('Cancelled', 'NoShow')) x
        WHERE x.busy_until > x.starts_at
        """;

    /// <summary>Appointments ahead or under way that have not exactly the quarters they take.</summary>
    internal const string WithoutRasters = """
        SELECT COUNT(*) FROM appointments a
        LEFT JOIN (SELECT owner_id, resource_id, seat, COUNT(*) AS n, MIN(raster_start) AS first_start, MAX(raster_start) AS last_start
                   FROM appointment_rasters WHERE held_until IS NULL GROUP BY owner_id, resource_id, seat) r
               ON r.owner_id = a.id AND r.resource_id = a.resource_id AND r.seat = a.seat
        WHERE a.state IN ('Booked', 'CheckedIn', 'InService')
          AND (r.n IS NULL OR r.n <> a.raster_until - a.raster_first OR r.first_start > a.starts_at OR r.last_start + 900000 < a.ends_at)
        """;

    /// <summary>Quarters that belong to no appointment that stands and to no open offer.</summary>
    internal const string Orphans = """
        SELECT COUNT(*) FROM appointment_rasters r
        LEFT JOIN appointments a ON a.id = r.owner_id
        LEFT JOIN waitlist_offers o ON o.id = r.owner_id
        WHERE NOT (a.id IS NOT NULL AND a.state <> 'Cancelled' AND r.held_until IS NULL AND a.resource_id = r.resource_id AND a.seat = r.seat)
          AND NOT (o.id IS NOT NULL AND o.state = 'Open' AND r.held_until IS NOT NULL AND o.resource_id = r.resource_id AND o.seat = r.seat)
        """;

    /// <summary>Offers that can still be accepted and do not hold what they promise.</summary>
    internal const string EmptyOffers = """
        SELECT COUNT(*) FROM waitlist_offers o
        WHERE o.state = 'Open' AND o.expires_at >= @now
          AND (SELECT COUNT(*) FROM appointment_rasters r WHERE r.owner_id = o.id AND r.held_until = o.expires_at) <> o.raster_until - o.raster_first
        """;

    /// <summary>Citizens who would have to be at two places at once.</summary>
    private const string TornCitizens = """
        SELECT COUNT(*) FROM (
            SELECT starts_at, MAX(ends_at) OVER (PARTITION BY citizen_id ORDER BY starts_at, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy_until
            FROM appointments WHERE state IN ('Booked', 'CheckedIn', 'InService')) x
        WHERE x.busy_until > x.starts_at
        """;

    public async Task<InvariantsFound> CheckAsync(DateTimeOffset now, CancellationToken cancel = default)
    {
        var began = Stopwatch.GetTimestamp();
        return await database.ReadAsync(async c => new InvariantsFound(
            await c.ExecuteScalarAsync<long>(Overlapping), await c.ExecuteScalarAsync<long>(WithoutRasters), await c.ExecuteScalarAsync<long>(Orphans),
            await c.ExecuteScalarAsync<long>(EmptyOffers, new { now }), await c.ExecuteScalarAsync<long>(TornCitizens), (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds), cancel);
    }
}

/// <summary>What was found. Everything but the time taken should be zero.</summary>
/// <param name="OverlappingAppointments">Appointments that begin before an earlier one of the same seat has ended.</param>
/// <param name="AppointmentsWithoutRasters">Appointments ahead that have not exactly the quarters of an hour they take.</param>
/// <param name="RastersWithoutOwner">Quarters that belong to nobody.</param>
/// <param name="OffersWithoutRasters">Open offers of the waiting list that do not hold their time.</param>
/// <param name="CitizensAtTwoPlaces">Appointments that begin before another of the same citizen has ended; staff may have booked on purpose for a family.</param>
/// <param name="Milliseconds">Time taken.</param>
public sealed record InvariantsFound(
    long OverlappingAppointments, long AppointmentsWithoutRasters, long RastersWithoutOwner, long OffersWithoutRasters, long CitizensAtTwoPlaces, long Milliseconds);
