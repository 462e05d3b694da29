using Dapper;
using MicroPlatform.Domain.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Registry;

public sealed record OrganisationRow
{
    public required string Id { get; init; }
    public string? ParentId { get; init; }
    public string? ParentName { get; init; }
    public required string Path { get; init; }
    public required string Kind { get; init; }
    public required string Name { get; init; }
    public required string RegionCode { get; init; }
    public string? RegionName { get; init; }
    public string? Phone { get; init; }
    public string? Address { get; init; }
    public int? Latitude { get; init; }
    public int? Longitude { get; init; }
    public string? OpeningHours { get; init; }
    public bool IsServicePoint { get; init; }
    public AreaKind? AreaKind { get; init; }
    public bool TakesConsultations { get; init; }
    public bool Active { get; init; }
    public int Version { get; init; }
}

/// <summary>What an administrator's list of units is narrowed by; null: not at all.</summary>
/// <param name="Text">Somewhere in the name.</param>
public sealed record OrganisationFilter(string? ParentId, OrganisationKind? Kind, string? Text, bool? Active);

/// <summary>Units for the administrator's screen and for the public phone book, in the order of the tree.</summary>
public sealed class OrganisationQueries(Database database)
{
    internal const string Select = """
        SELECT o.id, o.parent_id, p.name AS parent_name, o.path, o.kind, o.name, o.region_code, r.name AS region_name, o.phone, o.address, o.latitude, o.longitude, o.opening_hours,
               o.is_service_point, o.area_kind, o.takes_consultations, o.active, o.version
        FROM organisations o LEFT JOIN organisations p ON p.id = o.parent_id LEFT JOIN regions r ON r.code = o.region_code
        """;

    public Task<OrganisationRow?> FindAsync(string id, CancellationToken cancel) => database.ReadAsync(c => c.QueryFirstOrDefaultAsync<OrganisationRow>($"{Select} WHERE o.id = @id", new { id }), cancel);

    /// <summary>The same inside a transaction, for the answer to a write.</summary>
    public static async Task<OrganisationRow> FindAsync(UnitOfWork tx, string id) =>
        await TryFindAsync(tx, id) ?? throw new InvalidOperationException($"Unit {id} was just written.");

    public static Task<OrganisationRow?> TryFindAsync(UnitOfWork tx, string id) => tx.FirstOrDefaultAsync<OrganisationRow>($"{Select} WHERE o.id = @id", new { id });

    public static Task<string?> IdOfAsync(UnitOfWork tx, string name, string? parentId) => tx.ScalarAsync<string>(
        $"SELECT id FROM organisations WHERE name = @name AND {(parentId is null ? "parent_id IS NULL" : "parent_id = @parentId")} ORDER BY id LIMIT 1", new { name, parentId });

    /// <summary>Its place in the order, wherever it hangs by now; ids make short cursors and paths do not.</summary>
    private const string PathOfAfter = "(SELECT l.path FROM organisations l WHERE l.id = @after)";

    /// <param name="after">Id of the last one seen.</param>
    public Task<List<OrganisationRow>> ListAsync(OrganisationFilter filter, string? after, int limit, CancellationToken cancel) => database.ReadAsync(async c =>
        (await c.QueryAsync<OrganisationRow>($"""
            {Select}
            WHERE 1 = 1 {(filter.ParentId is null ? "" : "AND o.parent_id = @ParentId")} {(filter.Kind is null ? "" : "AND o.kind = @kind")}
              {(filter.Text is null ? "" : "AND instr(o.name, @Text) > 0")} {(filter.Active is null ? "" : "AND o.active = @Active")} {(after is null ? "" : $"AND o.path > {PathOfAfter}")}
            ORDER BY o.path LIMIT @limit
            """, new { filter.ParentId, kind = filter.Kind?.Word(), filter.Text, filter.Active, after, limit })).AsList(), cancel);

    /// <summary>Units that can be called.</summary>
    public Task<List<OrganisationRow>> WithPhoneAsync(string? after, int limit, CancellationToken cancel) => database.ReadAsync(async c =>
        (await c.QueryAsync<OrganisationRow>($"{Select} WHERE o.active = 1 AND o.phone IS NOT NULL {(after is null ? "" : $"AND o.path > {PathOfAfter}")} ORDER BY o.path LIMIT @limit", new { after, limit })).AsList(), cancel);
}
