using Dapper;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Registry;

public sealed record CoverageUnitRow
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string RegionCode { get; init; }

    /// <summary>Of a village: whether it has a legal adviser.</summary>
    public bool Advised { get; init; }
}

/// <summary>Who may sit where.</summary>
public sealed record SittingRow
{
    public required string ResourceId { get; init; }
    public required string OrganisationId { get; init; }
}

/// <summary>What the coverage report is made of. Scopes are paths of units; null is everything.</summary>
public sealed class CoverageQueries(Database database)
{
    /// <summary>Active service points.</summary>
    public Task<List<CoverageUnitRow>> PointsAsync(IReadOnlyList<string>? paths, CancellationToken cancel) => database.ReadAsync(async c =>
        (await c.QueryAsync<CoverageUnitRow>(
            $"SELECT o.id, o.name, o.region_code FROM organisations o WHERE o.is_service_point = 1 AND o.active = 1 AND {Within(paths)} ORDER BY o.path", Args(paths))).AsList(), cancel);

    /// <summary>Villages, and whether a lawyer has a post there or keeps hours there (一村一法律顾问).</summary>
    public Task<List<CoverageUnitRow>> VillagesAsync(IReadOnlyList<string>? paths, DateOnly today, CancellationToken cancel) => database.ReadAsync(async c =>
    {
        var args = Args(paths);
        args.Add("today", DayCode.Of(today));
        return (await c.QueryAsync<CoverageUnitRow>($"""
            SELECT o.id, o.name, o.region_code, CASE WHEN
              EXISTS (SELECT 1 FROM posts p JOIN staff_members s ON s.id = p.staff_id WHERE p.organisation_id = o.id AND p.role = 'Lawyer' AND s.active = 1)
              OR EXISTS (SELECT 1 FROM office_hours h JOIN booking_resources b ON b.id = h.resource_id JOIN staff_members s ON s.id = b.staff_id JOIN posts p ON p.staff_id = s.id
                         WHERE h.organisation_id = o.id AND (h.valid_until IS NULL OR h.valid_until >= @today) AND b.active = 1 AND s.active = 1 AND p.role = 'Lawyer')
              THEN 1 ELSE 0 END AS advised
            FROM organisations o WHERE o.kind = 'village_room' AND o.active = 1 AND {Within(paths)} ORDER BY o.path
            """, args)).AsList();
    }, cancel);

    /// <summary>Resources with hours at service points, today or later.</summary>
    public Task<List<SittingRow>> SittingsAsync(IReadOnlyList<string>? paths, DateOnly today, CancellationToken cancel) => database.ReadAsync(async c =>
    {
        var args = Args(paths);
        args.Add("today", DayCode.Of(today));
        return (await c.QueryAsync<SittingRow>($"""
            SELECT DISTINCT h.resource_id, h.organisation_id FROM office_hours h JOIN booking_resources b ON b.id = h.resource_id JOIN organisations o ON o.id = h.organisation_id
            WHERE b.active = 1 AND o.is_service_point = 1 AND o.active = 1 AND (h.valid_until IS NULL OR h.valid_until >= @today) AND {Within(paths)}
            """, args)).AsList();
    }, cancel);

    private static string Within(IReadOnlyList<string>? paths) => paths switch
    {
        null => "1 = 1",
        [] => "1 = 0",
        _ => $"({string.Join(" OR ", paths.Select((_, n) => $"o.path LIKE @path{n}"))})",
    };

    private static DynamicParameters Args(IReadOnlyList<string>? paths)
    {
        var args = new DynamicParameters();
        foreach (var (n, path) in (paths ?? []).Index()) args.Add($"path{n}", path + "%");
        return args;
    }
}
