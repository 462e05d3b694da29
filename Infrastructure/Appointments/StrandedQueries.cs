using Dapper;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>Appointments ahead whose person may not serve there any more: somebody has to call the citizens.</summary>
public sealed class StrandedQueries(Database database)
{
    /// <summary>Of some units, soonest first.</summary>
    /// <param name="now">None lasts longer than a day, so what began before yesterday need not be read.</param>
    /// <param name="edge">Start and id of the last one seen.</param>
    public async Task<List<StrandedRow>> OfUnitsAsync(IReadOnlyList<string> units, DateTimeOffset now, (DateTimeOffset At, string Id)? edge, int limit, CancellationToken cancel)
    {
        if (units.Count == 0) return [];
        return await database.ReadAsync(async c => (await c.QueryAsync<StrandedRow>($"""
            SELECT a.id, m.number, a.state, a.starts_at, a.ends_at, a.mode, a.service_code, v.name AS service_name, a.resource_id, b.name AS resource_name, a.staff_id, s.name AS staff_name,
                   a.organisation_id, u.name AS organisation_name, b.active AS resource_active, s.active AS staff_active
            FROM appointments a
            JOIN matters m ON m.id = a.matter_id
            JOIN appointment_services v ON v.code = a.service_code
            JOIN booking_resources b ON b.id = a.resource_id
            JOIN organisations u ON u.id = a.organisation_id
            LEFT JOIN staff_members s ON s.id = b.staff_id
            WHERE a.organisation_id IN @units AND a.state IN ('Booked', 'CheckedIn') AND a.ends_at > @now AND a.starts_at > @since
              AND (b.active = 0 OR (b.staff_id IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM posts p JOIN organisations o ON o.id = p.organisation_id
                    WHERE p.staff_id = b.staff_id AND {HoursRepository.Serves} AND substr(u.path, 1, length(o.path)) = o.path)))
              {(edge is null ? "" : "AND a.starts_at >= @at AND (a.starts_at > @at OR a.id > @id)")}
            ORDER BY a.starts_at, a.id LIMIT @limit
            """, new { units, now, since = now.AddDays(-1), at = edge?.At, id = edge?.Id, limit })).AsList(), cancel);
    }
}

public sealed record StrandedRow
{
    public required string Id { get; init; }
    public required string Number { get; init; }
    public AppointmentState State { get; init; }
    public DateTimeOffset StartsAt { get; init; }
    public DateTimeOffset EndsAt { get; init; }
    public MeetingMode Mode { get; init; }
    public required string ServiceCode { get; init; }
    public required string ServiceName { get; init; }
    public required string ResourceId { get; init; }
    public required string ResourceName { get; init; }
    public string? StaffId { get; init; }
    public string? StaffName { get; init; }
    public required string OrganisationId { get; init; }
    public required string OrganisationName { get; init; }
    public bool ResourceActive { get; init; }
    public bool? StaffActive { get; init; }
}
