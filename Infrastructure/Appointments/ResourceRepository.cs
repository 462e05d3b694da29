using Dapper;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>Keeps what can be booked. Nothing is deleted: appointments carry it.</summary>
public sealed class ResourceRepository(Database database)
{
    private const string Select = """
        SELECT b.id, b.kind, b.staff_id, b.organisation_id, b.name, b.active, b.hours_version, b.version, s.name AS staff_name, s.title AS staff_title, o.name AS organisation_name, o.path
        FROM booking_resources b JOIN organisations o ON o.id = b.organisation_id LEFT JOIN staff_members s ON s.id = b.staff_id
        """;

    public static Task<BookableResource?> FindAsync(UnitOfWork tx, string resourceId) =>
        tx.FirstOrDefaultAsync<BookableResource>($"{Select} WHERE b.id = @resourceId", new { resourceId });

    public Task<BookableResource?> FindAsync(string resourceId, CancellationToken cancel) => database.ReadAsync(c =>
        c.QueryFirstOrDefaultAsync<BookableResource>($"{Select} WHERE b.id = @resourceId", new { resourceId }), cancel);

    /// <summary>Resources of a unit: its own, and those with hours there now or later. By id.</summary>
    public Task<List<BookableResource>> OfUnitAsync(string organisationId, string today, string after, int limit, CancellationToken cancel) => database.ReadAsync(async c =>
        (await c.QueryAsync<BookableResource>($"""
            {Select}
            WHERE b.id > @after AND (b.organisation_id = @organisationId
              OR EXISTS (SELECT 1 FROM office_hours h WHERE h.resource_id = b.id AND h.organisation_id = @organisationId AND (h.valid_until IS NULL OR h.valid_until >= @today)))
            ORDER BY b.id LIMIT @limit
            """, new { organisationId, today, after, limit })).AsList(), cancel);

    /// <returns>False when the id is taken: the person can be booked already.</returns>
    public static async Task<bool> TryInsertAsync(UnitOfWork tx, string id, ResourceKind kind, string? staffId, string organisationId, string name) => await tx.ExecuteAsync($"""
        {tx.Dialect.InsertIgnore} booking_resources (id, kind, staff_id, organisation_id, name, active, hours_version, version) VALUES (@id, @kind, @staffId, @organisationId, @name, 1, 1, 1)
        """, new { id, kind = kind.ToString(), staffId, organisationId, name }) == 1;

    public static Task RenameAsync(UnitOfWork tx, string id, string name) => tx.ExecuteAsync("UPDATE booking_resources SET name = @name WHERE id = @id", new { id, name });

    public static Task SetActiveAsync(UnitOfWork tx, string id, bool active) => tx.ExecuteAsync("UPDATE booking_resources SET active = @active WHERE id = @id", new { id, active });

    /// <summary>What a person is, in whatever unit: which services they can give.</summary>
    public static async Task<IReadOnlyList<Role>> RolesAsync(UnitOfWork tx, string staffId) =>
        [.. (await tx.QueryAsync<string>("SELECT DISTINCT role FROM posts WHERE staff_id = @staffId", new { staffId })).Select(Enum.Parse<Role>)];
}

/// <summary>A person or a desk that can be booked, with the unit it belongs to.</summary>
public sealed record BookableResource
{
    public required string Id { get; init; }
    public ResourceKind Kind { get; init; }
    public string? StaffId { get; init; }
    public required string OrganisationId { get; init; }
    public required string OrganisationName { get; init; }

    /// <summary>Of the unit.</summary>
    public required string Path { get; init; }
    public required string Name { get; init; }
    public string? StaffName { get; init; }
    public string? StaffTitle { get; init; }
    public bool Active { get; init; }
    public int HoursVersion { get; init; }
    public long Version { get; init; }

    /// <summary>The person's name as it is now; a desk's own.</summary>
    public string ShownName => StaffName ?? Name;
}
