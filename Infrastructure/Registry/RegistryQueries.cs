using Dapper;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Registry;

/// <summary>Reads of the registry that other features need.</summary>
public sealed class RegistryQueries(Database database)
{
    /// <summary>
    /// The unit that takes consultations of a region: the one registered for the region itself, else for the nearest region above it
    /// (village, town, district). Null when there is none.
    /// </summary>
    public static async Task<string?> ResponsibleUnitAsync(UnitOfWork tx, string regionCode)
    {
        for (var code = regionCode; code is not null;)
        {
            var unit = await tx.ScalarAsync<string>(
                "SELECT id FROM organisations WHERE region_code = @code AND takes_consultations = 1 AND active = 1 ORDER BY id LIMIT 1", new { code });
            if (unit is not null) return unit;
            code = await tx.ScalarAsync<string>("SELECT parent_code FROM regions WHERE code = @code", new { code });
        }
        return null;
    }

    /// <summary>What a staff member may see: the paths of the units of their posts. A unit is in scope when its path begins with one of them.</summary>
    public Task<StaffScope> ScopeAsync(string staffId, CancellationToken cancel) => database.ReadAsync(async c => new StaffScope(
        [.. await c.QueryAsync<string>("""
            SELECT DISTINCT o.path FROM posts p JOIN organisations o ON o.id = p.organisation_id WHERE p.staff_id = @staffId AND o.active = 1
            """, new { staffId })]), cancel);
}

/// <summary>Own units and everything below them.</summary>
/// <param name="Paths">As in <c>organisations.path</c>.</param>
public sealed record StaffScope(IReadOnlyList<string> Paths)
{
    public bool Covers(string organisationPath) => Paths.Any(p => organisationPath.StartsWith(p, StringComparison.Ordinal));
}
