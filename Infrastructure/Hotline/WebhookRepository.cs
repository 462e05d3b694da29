using System.Data.Common;
using Dapper;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Hotline;

/// <summary>Keeps where partners are told and what they are to be told. Bodies are sealed: they may name somebody.</summary>
public sealed class WebhookRepository(Database database, Sealer sealer, TimeProvider time)
{
    public static readonly SealedColumn Secret = new("hotline_webhooks", "secret_sealed", "app_id");
    public static readonly SealedColumn Previous = new("hotline_webhooks", "previous_sealed", "app_id");
    public static readonly SealedColumn Body = new("hotline_deliveries", "body_sealed", "id");

    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(1);

    private const string Select = "SELECT app_id, url, enabled, ids_only, with_hl1, success_codes, private_networks, secret_sealed, previous_sealed, previous_until, failing_since, disabled_reason, version FROM hotline_webhooks WHERE app_id = @appId";

    public Task<Webhook?> FindAsync(string appId, CancellationToken cancel) => database.ReadAsync(c => FindAsync(c, null, appId), cancel);

    public async Task<Webhook?> FindAsync(UnitOfWork tx, string appId) => await FindAsync(await tx.ConnectionAsync(), tx.Transaction, appId);

    /// <summary>Written whole; <paramref name="was"/> null for the first.</summary>
    /// <returns>False when somebody else changed it meanwhile.</returns>
    public async Task<bool> TrySaveAsync(UnitOfWork tx, Webhook hook, Webhook? was)
    {
        var row = new
        {
            hook.AppId, hook.Url, hook.Enabled, hook.IdsOnly, hook.WithHl1, codes = string.Join(',', hook.SuccessCodes), networks = string.Join(',', hook.PrivateNetworks),
            secret = sealer.Seal(hook.Secrets.Current, Secret.Of(hook.AppId)), previous = hook.Secrets.Previous is { } old ? sealer.Seal(old, Previous.Of(hook.AppId)) : null,
            hook.Secrets.PreviousUntil, hook.FailingSince, hook.DisabledReason, version = was?.Version ?? 0,
        };
        return was is null
            ? await tx.ExecuteAsync($"""
                {tx.Dialect.InsertIgnore} hotline_webhooks (app_id, url, enabled, ids_only, with_hl1, success_codes, private_networks, secret_sealed, previous_sealed, previous_until, failing_since, disabled_reason, version)
                VALUES (@AppId, @Url, @Enabled, @IdsOnly, @WithHl1, @codes, @networks, @secret, @previous, @PreviousUntil, @FailingSince, @DisabledReason, 1)
                """, row) == 1
            : await tx.ExecuteAsync("""
                UPDATE hotline_webhooks SET url = @Url, enabled = @Enabled, ids_only = @IdsOnly, with_hl1 = @WithHl1, success_codes = @codes, private_networks = @networks, secret_sealed = @secret,
                       previous_sealed = @previous, previous_until = @PreviousUntil, failing_since = @FailingSince, disabled_reason = @DisabledReason, version = version + 1
                WHERE app_id = @AppId AND version = @version
                """, row) == 1;
    }

    /// <summary>One more to be told. The id is the event's, so that an event handled twice is told once.</summary>
    public Task AddAsync(UnitOfWork tx, string eventId, string appId, string orderKey, string? ticketNo, string type, string body) => tx.ExecuteAsync($"""
        {tx.Dialect.InsertIgnore} hotline_deliveries (id, app_id, order_key, ticket_no, type, body_sealed, created_at, state, attempts, next_at, claimed_until)
        VALUES (@id, @appId, @orderKey, @ticketNo, @type, @body, @Now, 'Pending', 0, @Now, 0)
        """, new { id = $"evt_{eventId}", appId, orderKey, ticketNo, type, body = sealer.Seal(body, Body.Of($"evt_{eventId}")), tx.Now });

    /// <summary>Partners for whom something is due.</summary>
    public Task<List<string>> DueAppsAsync(CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<string>(
        "SELECT DISTINCT d.app_id FROM hotline_deliveries d JOIN hotline_webhooks w ON w.app_id = d.app_id WHERE d.state = 'Pending' AND d.next_at <= @now AND w.enabled = 1", new { now = time.GetUtcNow() })).AsList(), cancel);

    /// <summary>What may be sent to a partner now: due, unclaimed, and nothing of the same ticket before it still under way, unless that has been refused for longer than is waited for.</summary>
    /// <param name="passBefore">What was first refused before this may be passed; null while the endpoint as such is failing: then order is kept whatever the time.</param>
    public Task<List<DueRow>> DueAsync(string appId, DateTimeOffset? passBefore, int limit, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<DueRow>("""
        SELECT d.position, d.id, d.order_key, d.type, d.body_sealed, d.attempts FROM hotline_deliveries d
        WHERE d.app_id = @appId AND d.state = 'Pending' AND d.next_at <= @now AND d.claimed_until < @now
          AND NOT EXISTS (SELECT 1 FROM hotline_deliveries e WHERE e.order_key = d.order_key AND e.state = 'Pending' AND e.position < d.position
                          AND (e.claimed_until >= @now OR e.first_at IS NULL OR e.first_at > @passBefore))
        ORDER BY d.position LIMIT @limit
        """, new { appId, now = time.GetUtcNow(), passBefore = passBefore ?? DateTimeOffset.UnixEpoch, limit })).Select(r => r with { BodySealed = sealer.Open(r.BodySealed, Body.Of(r.Id)) }).ToList(), cancel);

    public Task<bool> ClaimAsync(DueRow row, CancellationToken cancel) => database.WriteAlwaysAsync(async tx => await tx.ExecuteAsync("""
        UPDATE hotline_deliveries SET claimed_until = @until, attempts = attempts + 1, first_at = COALESCE(first_at, @Now)
        WHERE position = @Position AND state = 'Pending' AND claimed_until < @Now AND attempts = @Attempts
        """, new { until = tx.Now + Claim, tx.Now, row.Position, row.Attempts }) == 1, cancel);

    /// <summary>It is there. An endpoint that was away gets everything else at once, in order.</summary>
    public Task<int> DeliveredAsync(string appId, DueRow row, int status) => database.WriteAlwaysAsync(async tx =>
    {
        await tx.ExecuteAsync("UPDATE hotline_deliveries SET state = 'Delivered', delivered_at = @Now, last_status = @status, last_error = NULL, claimed_until = 0 WHERE position = @Position", new { tx.Now, status, row.Position });
        if (await tx.ExecuteAsync("UPDATE hotline_webhooks SET failing_since = NULL WHERE app_id = @appId AND failing_since IS NOT NULL", new { appId }) == 0) return 0;
        return await tx.ExecuteAsync("UPDATE hotline_deliveries SET next_at = @Now WHERE app_id = @appId AND state = 'Pending' AND next_at > @Now", new { tx.Now, appId });
    }, CancellationToken.None);

    /// <param name="after">When it is tried again; null: never.</param>
    /// <param name="endpointDown">Not this event but the endpoint as such failed.</param>
    public Task<int> FailedAsync(string appId, DueRow row, int? status, string error, TimeSpan? after, bool endpointDown) => database.WriteAlwaysAsync(async tx =>
    {
        if (endpointDown) await tx.ExecuteAsync("UPDATE hotline_webhooks SET failing_since = @Now WHERE app_id = @appId AND failing_since IS NULL", new { tx.Now, appId });
        return await tx.ExecuteAsync("UPDATE hotline_deliveries SET state = @state, next_at = @next, last_status = @status, last_error = @error, claimed_until = 0 WHERE position = @Position",
            new { state = after is null ? "Dead" : "Pending", next = tx.Now + (after ?? TimeSpan.Zero), status, error = error.Length > 200 ? error[..200] : error, row.Position });
    }, CancellationToken.None);

    /// <summary>410: the receiver is gone, and says so.</summary>
    public Task<int> DisableAsync(string appId, string reason) => database.WriteAlwaysAsync(tx => tx.ExecuteAsync(
        "UPDATE hotline_webhooks SET enabled = 0, disabled_reason = @reason, version = version + 1 WHERE app_id = @appId", new { reason, appId }), CancellationToken.None);

    /// <summary>Once more from the beginning: one, or all dead ones of a partner.</summary>
    public static Task<int> ReplayAsync(UnitOfWork tx, string appId, string? id) => tx.ExecuteAsync($"""
        UPDATE hotline_deliveries SET state = 'Pending', attempts = 0, first_at = NULL, next_at = @Now, claimed_until = 0, last_error = NULL
        WHERE app_id = @appId AND {(id is null ? "state = 'Dead'" : "id = @id AND state <> 'Pending'")}
        """, new { tx.Now, appId, id });

    public Task<List<DeliveryRow>> ListAsync(string? appId, DeliveryState? state, string? ticketNo, long before, int limit, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<DeliveryRow>($"""
        SELECT position, id, app_id, ticket_no, type, created_at, state, attempts, next_at, last_status, last_error, delivered_at, body_sealed FROM hotline_deliveries
        WHERE position < @before {(appId is null ? "" : "AND app_id = @appId")} {(state is null ? "" : "AND state = @state")} {(ticketNo is null ? "" : "AND ticket_no = @ticketNo")} ORDER BY position DESC LIMIT @limit
        """, new { before, appId, state = state?.ToString(), ticketNo, limit })).AsList(), cancel);

    public Task<DeliveryRow?> FindDeliveryAsync(string id, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryFirstOrDefaultAsync<DeliveryRow>("""
        SELECT position, id, app_id, ticket_no, type, created_at, state, attempts, next_at, last_status, last_error, delivered_at, body_sealed FROM hotline_deliveries WHERE id = @id
        """, new { id })) is { } row ? row with { BodySealed = sealer.Open(row.BodySealed, Body.Of(row.Id)) } : null, cancel);

    /// <summary>Forgets what was delivered long ago; dead letters stay until somebody has looked at them.</summary>
    public Task<int> SweepAsync(TimeSpan kept, CancellationToken cancel) => database.WriteAlwaysAsync(tx => tx.ExecuteAsync(
        "DELETE FROM hotline_deliveries WHERE state = 'Delivered' AND delivered_at < @before", new { before = tx.Now - kept }), cancel);

    private async Task<Webhook?> FindAsync(DbConnection connection, DbTransaction? transaction, string appId)
    {
        if (await connection.QueryFirstOrDefaultAsync<Row>(Select, new { appId }, transaction) is not { } r) return null;
        var secrets = new PartnerSecrets(sealer.Open(r.SecretSealed, Secret.Of(appId)), r.PreviousSealed is null ? null : sealer.Open(r.PreviousSealed, Previous.Of(appId)), r.PreviousUntil);
        return new Webhook(r.AppId, r.Url, r.Enabled, r.IdsOnly, r.WithHl1, PartnerRepository.Parts(r.SuccessCodes), PartnerRepository.Parts(r.PrivateNetworks), secrets, r.FailingSince, r.DisabledReason, r.Version);
    }

    private sealed record Row
    {
        public required string AppId { get; init; }
        public required string Url { get; init; }
        public bool Enabled { get; init; }
        public bool IdsOnly { get; init; }
        public bool WithHl1 { get; init; }
        public required string SuccessCodes { get; init; }
        public required string PrivateNetworks { get; init; }
        public required string SecretSealed { get; init; }
        public string? PreviousSealed { get; init; }
        public DateTimeOffset? PreviousUntil { get; init; }
        public DateTimeOffset? FailingSince { get; init; }
        public string? DisabledReason { get; init; }
        public int Version { get; init; }
    }
}

/// <summary>What is to be sent now.</summary>
public sealed record DueRow
{
    public long Position { get; init; }
    public required string Id { get; init; }
    public required string OrderKey { get; init; }
    public required string Type { get; init; }

    /// <summary>Opened by whoever reads it.</summary>
    public required string BodySealed { get; init; }
    public int Attempts { get; init; }
}

public sealed record DeliveryRow
{
    public long Position { get; init; }
    public required string Id { get; init; }
    public required string AppId { get; init; }
    public string? TicketNo { get; init; }
    public required string Type { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public required DeliveryState State { get; init; }
    public int Attempts { get; init; }
    public DateTimeOffset NextAt { get; init; }
    public int? LastStatus { get; init; }
    public string? LastError { get; init; }
    public DateTimeOffset? DeliveredAt { get; init; }
    public required string BodySealed { get; init; }
}
