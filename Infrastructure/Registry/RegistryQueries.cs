using Dapper;
using MicroPlatform.Domain.Identity;
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

    private const string ScopeSql = """
        SELECT o.path, p.role FROM posts p JOIN organisations o ON o.id = p.organisation_id JOIN staff_members s ON s.id = p.staff_id
        WHERE p.staff_id = @staffId AND o.active = 1 AND s.active = 1
        """;

    /// <summary>What a staff member may see of matters: the units of the posts in which they work on matters, and everything below.</summary>
    public Task<StaffScope> ScopeAsync(string staffId, CancellationToken cancel) => database.ReadAsync(async c =>
        StaffScope.Of(await c.QueryAsync<PostRow>(ScopeSql, new { staffId })), cancel);

    /// <summary>Whether a unit is one of the caller's or below one.</summary>
    public async Task<bool> InScopeAsync(string staffId, string organisationId, CancellationToken cancel)
    {
        var path = await database.ReadAsync(c => c.ExecuteScalarAsync<string>("SELECT path FROM organisations WHERE id = @organisationId", new { organisationId }), cancel);
        return path is not null && (await ScopeAsync(staffId, cancel)).Covers(path);
    }

    /// <summary>The same inside a transaction.</summary>
    public static async Task<StaffScope> ScopeAsync(UnitOfWork tx, string staffId) =>
        StaffScope.Of(await tx.QueryAsync<PostRow>(ScopeSql, new { staffId }));

    /// <summary>Path of a unit; null for one that does not exist.</summary>
    public Task<string?> PathAsync(string organisationId, CancellationToken cancel) => database.ReadAsync(c =>
        c.ExecuteScalarAsync<string>("SELECT path FROM organisations WHERE id = @organisationId", new { organisationId }), cancel);

    /// <summary>The ids of the units in a scope.</summary>
    public Task<List<string>> UnitsAsync(StaffScope scope, CancellationToken cancel) => database.ReadAsync(async c =>
    {
        var units = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in scope.Paths)
            units.UnionWith(await c.QueryAsync<string>("SELECT id FROM organisations WHERE path LIKE @below", new { below = path + "%" }));
        return units.Order(StringComparer.Ordinal).ToList();
    }, cancel);

    /// <summary>Path of a unit that exists; empty, which nobody's scope covers, for one that does not.</summary>
    public static async Task<string> PathAsync(UnitOfWork tx, string organisationId) =>
        await tx.ScalarAsync<string>("SELECT path FROM organisations WHERE id = @organisationId", new { organisationId }) ?? "";

    public static Task<UnitRow?> UnitAsync(UnitOfWork tx, string organisationId) =>
        tx.FirstOrDefaultAsync<UnitRow>("SELECT id, name, path FROM organisations WHERE id = @organisationId", new { organisationId });

    /// <summary>A unit that takes consultations now.</summary>
    public static Task<UnitRow?> TakingUnitAsync(UnitOfWork tx, string organisationId) => tx.FirstOrDefaultAsync<UnitRow>(
        "SELECT id, name, path FROM organisations WHERE id = @organisationId AND takes_consultations = 1 AND active = 1", new { organisationId });

    /// <summary>A person who may be given matters of a unit: active, with a post that works on matters in the unit or above it.</summary>
    public static async Task<StaffName?> HandlerAsync(UnitOfWork tx, string staffId, string organisationPath)
    {
        var person = await tx.FirstOrDefaultAsync<StaffName>("SELECT id, name FROM staff_members WHERE id = @staffId AND active = 1", new { staffId });
        return person is not null && (await ScopeAsync(tx, staffId)).Covers(organisationPath) ? person : null;
    }

    internal sealed record PostRow
    {
        public required string Path { get; init; }
        public required Role Role { get; init; }
    }
}

public sealed record UnitRow
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Path { get; init; }
}

public sealed record StaffName
{
    public required string Id { get; init; }
    public required string Name { get; init; }
}

/// <summary>Own units and everything below them.</summary>
/// <param name="Paths">As in <c>organisations.path</c>.</param>
public sealed record StaffScope(IReadOnlyList<string> Paths)
{
    /// <summary>Units where they direct others' work: as clerk or as head.</summary>
    public IReadOnlyList<string> DirectedPaths { get; init; } = [];

    /// <summary>Units they are the head of.</summary>
    public IReadOnlyList<string> HeadedPaths { get; init; } = [];

    public bool Covers(string organisationPath) => Below(Paths, organisationPath);

    public bool Directs(string organisationPath) => Below(DirectedPaths, organisationPath);

    public bool Heads(string organisationPath) => Below(HeadedPaths, organisationPath);

    internal static StaffScope Of(IEnumerable<RegistryQueries.PostRow> posts)
    {
        var rows = posts.Where(p => Roles.OnMatters.Contains(p.Role)).ToList();
        return new StaffScope([.. rows.Select(p => p.Path).Distinct()])
        {
            DirectedPaths = [.. rows.Where(p => p.Role is Role.Clerk or Role.CentreHead).Select(p => p.Path).Distinct()],
            HeadedPaths = [.. rows.Where(p => p.Role == Role.CentreHead).Select(p => p.Path).Distinct()],
        };
    }

    private static bool Below(IReadOnlyList<string> paths, string path) => paths.Any(p => path.StartsWith(p, StringComparison.Ordinal));
}
