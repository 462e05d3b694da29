using System.Data.Common;
using Dapper;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Hotline;

/// <summary>Keeps partners, their secrets sealed. Read at every call, so that a suspension or a new secret counts from the next one on.</summary>
public sealed class PartnerRepository(Database database, Sealer sealer)
{
    public static readonly SealedColumn Secret = new("hotline_partners", "secret_sealed", "app_id");
    public static readonly SealedColumn Previous = new("hotline_partners", "previous_sealed", "app_id");

    private const string Select = """
        SELECT app_id, name, organisation_id, scopes, networks, recording_hosts, window_seconds, per_minute, sandbox, active, secret_sealed, previous_sealed, previous_until, created_at, version
        FROM hotline_partners
        """;

    public Task<HotlinePartner?> FindAsync(string appId, CancellationToken cancel) => database.ReadAsync(c => FindAsync(c, null, appId), cancel);

    public async Task<HotlinePartner?> FindAsync(UnitOfWork tx, string appId) => await FindAsync(await tx.ConnectionAsync(), tx.Transaction, appId);

    public Task<List<HotlinePartner>> ListAsync(CancellationToken cancel) => database.ReadAsync(async c =>
        (await c.QueryAsync<Row>($"{Select} ORDER BY app_id LIMIT 200")).Select(Restore).ToList(), cancel);

    /// <returns>False when the app id is taken.</returns>
    public async Task<bool> TryInsertAsync(UnitOfWork tx, HotlinePartner partner) => await tx.ExecuteAsync($"""
        {tx.Dialect.InsertIgnore} hotline_partners (app_id, name, organisation_id, scopes, networks, recording_hosts, window_seconds, per_minute, sandbox, active,
                                                    secret_sealed, previous_sealed, previous_until, created_at, version)
        VALUES (@AppId, @Name, @OrganisationId, @Scopes, @Networks, @RecordingHosts, @WindowSeconds, @PerMinute, @Sandbox, @Active, @SecretSealed, @PreviousSealed, @PreviousUntil, @CreatedAt, 1)
        """, RowOf(partner)) == 1;

    /// <returns>False when somebody else changed it since it was read.</returns>
    public async Task<bool> TrySaveAsync(UnitOfWork tx, HotlinePartner partner) => await tx.ExecuteAsync("""
        UPDATE hotline_partners SET name = @Name, organisation_id = @OrganisationId, scopes = @Scopes, networks = @Networks, recording_hosts = @RecordingHosts,
               window_seconds = @WindowSeconds, per_minute = @PerMinute, sandbox = @Sandbox, active = @Active, secret_sealed = @SecretSealed,
               previous_sealed = @PreviousSealed, previous_until = @PreviousUntil, version = version + 1
        WHERE app_id = @AppId AND version = @Version
        """, RowOf(partner)) == 1;

    private async Task<HotlinePartner?> FindAsync(DbConnection connection, DbTransaction? transaction, string appId) =>
        await connection.QueryFirstOrDefaultAsync<Row>($"{Select} WHERE app_id = @appId", new { appId }, transaction) is { } row ? Restore(row) : null;

    private Row RowOf(HotlinePartner p) => new()
    {
        AppId = p.AppId, Name = p.Name, OrganisationId = p.OrganisationId, Scopes = string.Join(',', p.Scopes), Networks = string.Join(',', p.Networks),
        RecordingHosts = string.Join(',', p.RecordingHosts), WindowSeconds = p.WindowSeconds, PerMinute = p.PerMinute, Sandbox = p.Sandbox, Active = p.Active,
        SecretSealed = sealer.Seal(p.Secrets.Current, Secret.Of(p.AppId)), PreviousSealed = p.Secrets.Previous is { } was ? sealer.Seal(was, Previous.Of(p.AppId)) : null,
        PreviousUntil = p.Secrets.PreviousUntil, CreatedAt = p.CreatedAt, Version = p.Version,
    };

    private HotlinePartner Restore(Row r) => new()
    {
        AppId = r.AppId, Name = r.Name, OrganisationId = r.OrganisationId, Scopes = [.. Parts(r.Scopes).Select(Enum.Parse<PartnerScope>)], Networks = Parts(r.Networks),
        RecordingHosts = Parts(r.RecordingHosts), WindowSeconds = r.WindowSeconds, PerMinute = r.PerMinute, Sandbox = r.Sandbox, Active = r.Active,
        Secrets = new PartnerSecrets(sealer.Open(r.SecretSealed, Secret.Of(r.AppId)), r.PreviousSealed is null ? null : sealer.Open(r.PreviousSealed, Previous.Of(r.AppId)), r.PreviousUntil),
        CreatedAt = r.CreatedAt, Version = r.Version,
    };

    internal static string[] Parts(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private sealed record Row
    {
        public required string AppId { get; init; }
        public required string Name { get; init; }
        public required string OrganisationId { get; init; }
        public required string Scopes { get; init; }
        public required string Networks { get; init; }
        public required string RecordingHosts { get; init; }
        public int WindowSeconds { get; init; }
        public int PerMinute { get; init; }
        public bool Sandbox { get; init; }
        public bool Active { get; init; }
        public required string SecretSealed { get; init; }
        public string? PreviousSealed { get; init; }
        public DateTimeOffset? PreviousUntil { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public int Version { get; init; }
    }
}
