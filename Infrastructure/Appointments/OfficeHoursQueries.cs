using Dapper;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>What screens show of hours and leave.</summary>
public sealed class OfficeHoursQueries(Database database)
{
    /// <summary>Hours and leave of many resources from a day on.</summary>
    public Task<(ILookup<string, OfficeHours> Hours, ILookup<string, Leave> Leaves)> OfAsync(IReadOnlyList<string> resourceIds, DateOnly from, CancellationToken cancel) =>
        database.ReadAsync(c => HoursRepository.LoadAsync(c, null, resourceIds, from), cancel);

    /// <summary>Appointments that stand, by resource and day in China.</summary>
    public async Task<IReadOnlyDictionary<(string, DateOnly), int>> BookedAsync(IReadOnlyList<string> resourceIds, DateOnly from, int days, CancellationToken cancel) =>
        (await database.ReadAsync(c => c.QueryAsync<StartRow>("""
            SELECT resource_id, starts_at FROM appointments
            WHERE resource_id IN @resourceIds AND starts_at >= @begin AND starts_at < @end AND state IN ('Booked', 'CheckedIn', 'InService')
            """, new { resourceIds, begin = Raster.At(from, 0), end = Raster.At(from.AddDays(days), 0) }), cancel))
        .GroupBy(a => (a.ResourceId, a.StartsAt.DateInChina())).ToDictionary(g => g.Key, g => g.Count());

    private const string Leaves = "SELECT l.id, l.resource_id, b.name AS resource_name, l.starts_at, l.ends_at, l.reason, l.created_at FROM leaves l JOIN booking_resources b ON b.id = l.resource_id";

    /// <summary>Leave of a resource that is not over, soonest first.</summary>
    public Task<List<LeaveItem>> LeavesAsync(string resourceId, DateTimeOffset now, DateTimeOffset at, string after, int limit, CancellationToken cancel) => database.ReadAsync(async c =>
        (await c.QueryAsync<LeaveItem>($"""
            {Leaves} WHERE l.resource_id = @resourceId AND l.ends_at > @now AND l.starts_at >= @at AND (l.starts_at > @at OR l.id > @after) ORDER BY l.starts_at, l.id LIMIT @limit
            """, new { resourceId, now, at, after, limit })).AsList(), cancel);

    public static async Task<LeaveItem> LeaveAsync(UnitOfWork tx, string leaveId) =>
        (await tx.FirstOrDefaultAsync<LeaveItem>($"{Leaves} WHERE l.id = @leaveId", new { leaveId }))!;

    private sealed record StartRow
    {
        public required string ResourceId { get; init; }
        public DateTimeOffset StartsAt { get; init; }
    }
}

public sealed record LeaveItem
{
    public required string Id { get; init; }
    public required string ResourceId { get; init; }
    public required string ResourceName { get; init; }
    public DateTimeOffset StartsAt { get; init; }
    public DateTimeOffset EndsAt { get; init; }
    public string? Reason { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
}
