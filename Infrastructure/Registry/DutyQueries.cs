using Dapper;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Registry;

/// <summary>What screens show of duty, straight from SQL.</summary>
public sealed class DutyQueries(Database database)
{
    private const string Select = """
        SELECT d.id, d.staff_id, s.name AS staff_name, s.username AS staff_username, s.title AS staff_title, s.specialities, d.organisation_id, o.name AS organisation_name, o.path AS organisation_path, d.starts_at, d.ends_at
        FROM duty_shifts d JOIN staff_members s ON s.id = d.staff_id JOIN organisations o ON o.id = d.organisation_id
        """;

    /// <summary>Shifts of one unit that touch a span, by beginning, after the edge.</summary>
    public Task<List<ShiftRow>> OfUnitAsync(string organisationId, DateTimeOffset from, DateTimeOffset to, long afterStart, string afterId, int limit, CancellationToken cancel) =>
        database.ReadAsync(async c => (await c.QueryAsync<ShiftRow>($"""
            {Select} WHERE d.organisation_id = @organisationId AND d.ends_at > @from AND d.starts_at < @to
              AND d.starts_at >= @afterStart AND (d.starts_at > @afterStart OR (d.starts_at = @afterStart AND d.id > @afterId))
            ORDER BY d.starts_at, d.id LIMIT @limit
            """, new { organisationId, from, to, afterStart, afterId, limit })).AsList(), cancel);

    /// <summary>Who is on duty for a unit at an instant.</summary>
    public Task<List<ShiftRow>> OnDutyAsync(string organisationId, DateTimeOffset at, CancellationToken cancel) =>
        database.ReadAsync(async c => (await c.QueryAsync<ShiftRow>($"""
            {Select} WHERE d.organisation_id = @organisationId AND d.starts_at <= @at AND d.ends_at > @at AND s.active = 1 ORDER BY s.name, d.id LIMIT 200
            """, new { organisationId, at })).AsList(), cancel);

    /// <summary>Shifts that touch a span, by unit and beginning.</summary>
    /// <param name="paths">Of units with everything below them; null: everywhere.</param>
    public Task<List<ShiftRow>> BelowAsync(IReadOnlyList<string>? paths, DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancel) => database.ReadAsync(async c =>
    {
        var rows = new List<ShiftRow>();
        foreach (var path in paths ?? [""])
            rows.AddRange(await c.QueryAsync<ShiftRow>($"""
                {Select} WHERE o.path LIKE @below AND d.ends_at > @from AND d.starts_at < @to ORDER BY o.path, d.starts_at, d.id LIMIT @limit
                """, new { below = path + "%", from, to, limit }));
        return rows.DistinctBy(r => r.Id).Take(limit).ToList();
    }, cancel);

    /// <summary>Whether a person has exactly this shift, to the minute: files say no more.</summary>
    public static async Task<bool> HasAsync(UnitOfWork tx, string staffId, string organisationId, DateTimeOffset startsAt, DateTimeOffset endsAt) => await tx.ScalarAsync<long>("""
        SELECT COUNT(*) FROM duty_shifts
        WHERE staff_id = @staffId AND organisation_id = @organisationId AND starts_at >= @startsAt AND starts_at < @begun AND ends_at >= @endsAt AND ends_at < @ended
        """, new { staffId, organisationId, startsAt, endsAt, begun = startsAt.AddMinutes(1), ended = endsAt.AddMinutes(1) }) > 0;

    public static async Task<ShiftRow> FindAsync(UnitOfWork tx, string id) =>
        await tx.FirstOrDefaultAsync<ShiftRow>($"{Select} WHERE d.id = @id", new { id }) ?? throw new InvalidOperationException($"Shift {id} was just written.");
}

public sealed record ShiftRow
{
    public required string Id { get; init; }
    public required string StaffId { get; init; }
    public required string StaffName { get; init; }
    public required string StaffUsername { get; init; }
    public string? StaffTitle { get; init; }
    public required string Specialities { get; init; }
    public required string OrganisationId { get; init; }
    public required string OrganisationName { get; init; }
    public required string OrganisationPath { get; init; }
    public required DateTimeOffset StartsAt { get; init; }
    public required DateTimeOffset EndsAt { get; init; }
}
