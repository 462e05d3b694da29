using Dapper;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Queues;

/// <summary>Displays and printers of halls, and the secrets they are known by.</summary>
public sealed class HallDeviceRepository(Database database)
{
    private const string Select = """
        SELECT d.id, d.organisation_id, o.name AS organisation_name, o.address AS organisation_address, d.kind, d.name, d.added_at
        FROM hall_devices d JOIN organisations o ON o.id = d.organisation_id
        """;

    public static Task InsertAsync(UnitOfWork tx, HallDeviceRow device, string secret, string addedBy) => tx.ExecuteAsync("""
        INSERT INTO hall_devices (id, organisation_id, kind, name, secret_hash, added_by, added_at, removed_at) VALUES (@Id, @OrganisationId, @kind, @Name, @hash, @addedBy, @Now, NULL)
        """, new { device.Id, device.OrganisationId, kind = device.Kind.ToString(), device.Name, hash = SecretHash.Of(secret), addedBy, tx.Now });

    public static Task<HallDeviceRow?> FindAsync(UnitOfWork tx, string id) =>
        tx.FirstOrDefaultAsync<HallDeviceRow>($"{Select} WHERE d.id = @id AND d.removed_at IS NULL", new { id });

    /// <summary>From now on its secret opens nothing.</summary>
    public static Task RemoveAsync(UnitOfWork tx, string id) => tx.ExecuteAsync("UPDATE hall_devices SET removed_at = @Now WHERE id = @id AND removed_at IS NULL", new { tx.Now, id });

    public Task<List<HallDeviceRow>> OfUnitAsync(string organisationId, CancellationToken cancel) => database.ReadAsync(async c =>
        (await c.QueryAsync<HallDeviceRow>($"{Select} WHERE d.organisation_id = @organisationId AND d.removed_at IS NULL ORDER BY d.id", new { organisationId })).AsList(), cancel);

    /// <summary>The device that a secret is of; null for a wrong one, for a device that was removed, and for a unit that is closed.</summary>
    public Task<HallDeviceRow?> BySecretAsync(string secret, HallDeviceKind kind, CancellationToken cancel) => database.ReadAsync(c => c.QueryFirstOrDefaultAsync<HallDeviceRow>(
        $"{Select} WHERE d.secret_hash = @hash AND d.kind = @kind AND d.removed_at IS NULL AND o.active = 1", new { hash = SecretHash.Of(secret), kind = kind.ToString() }), cancel);
}

public sealed record HallDeviceRow
{
    public required string Id { get; init; }
    public required string OrganisationId { get; init; }
    public string OrganisationName { get; init; } = "";
    public string? OrganisationAddress { get; init; }
    public HallDeviceKind Kind { get; init; }
    public required string Name { get; init; }
    public DateTimeOffset AddedAt { get; init; }
}
