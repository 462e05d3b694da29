using Dapper;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Hotline;

/// <summary>Keeps what the office owes to callers. Of one sort there is one open per caller or ticket: a unique key that is null once it is over.</summary>
public sealed class HotlineTaskRepository(Database database, Sealer sealer)
{
    public static readonly SealedColumn Phone = new("hotline_tasks", "phone_sealed", "id");

    private const string Columns = "id, kind, app_id, organisation_id, ticket_id, call_id, phone_sealed, phone_hash, state, attempts, due_at, created_at, ended_at, version";

    /// <returns>Its id; null when one is open already.</returns>
    public async Task<string?> TryAddAsync(
        UnitOfWork tx, HotlineTaskKind kind, string appId, string organisationId, string? ticketId, string? callId, PhoneNumber? phone, DateTimeOffset dueAt)
    {
        var id = tx.NewId();
        var hash = phone is null ? null : sealer.LookupHash(LookupKind.Phone, phone.Reveal());
        return await tx.ExecuteAsync($"""
            {tx.Dialect.InsertIgnore} hotline_tasks (id, kind, app_id, organisation_id, ticket_id, call_id, phone_sealed, phone_hash, state, attempts, due_at, open_key, created_at, version)
            VALUES (@id, @kind, @appId, @organisationId, @ticketId, @callId, @sealed, @hash, 'Open', 0, @dueAt, @key, @Now, 1)
            """, new
        {
            id, kind = kind.ToString(), appId, organisationId, ticketId, callId, @sealed = phone is null ? null : sealer.Seal(phone.Reveal(), Phone.Of(id)), hash, dueAt, tx.Now,
            key = kind == HotlineTaskKind.CallBack ? $"{appId}:{hash}" : $"{kind}:{ticketId}",
        }) == 1 ? id : null;
    }

    /// <summary>The caller has rung again and was answered: nobody need call back.</summary>
    public Task<int> EndByCallAsync(UnitOfWork tx, string appId, PhoneNumber phone) => tx.ExecuteAsync("""
        UPDATE hotline_tasks SET state = 'CalledAgain', open_key = NULL, ended_at = @Now, version = version + 1
        WHERE phone_hash = @hash AND app_id = @appId AND kind = 'CallBack' AND state = 'Open'
        """, new { tx.Now, appId, hash = sealer.LookupHash(LookupKind.Phone, phone.Reveal()) });

    /// <summary>The hotline has asked by itself.</summary>
    public static Task<int> EndVisitAsync(UnitOfWork tx, string ticketId) => tx.ExecuteAsync("""
        UPDATE hotline_tasks SET state = 'Done', open_key = NULL, ended_at = @Now, version = version + 1 WHERE ticket_id = @ticketId AND kind = 'ReturnVisit' AND state = 'Open'
        """, new { tx.Now, ticketId });

    /// <summary>One that a staff member may work on: of their units and below.</summary>
    public async Task<HotlineTask?> FindForStaffAsync(UnitOfWork tx, string id, string staffId)
    {
        if (!Id.IsWellFormed(id) || await tx.FirstOrDefaultAsync<TaskRow>($"SELECT {Columns} FROM hotline_tasks WHERE id = @id", new { id }) is not { } r) return null;
        if (!(await RegistryQueries.ScopeAsync(tx, staffId)).Covers(await RegistryQueries.PathAsync(tx, r.OrganisationId))) return null;
        return HotlineTask.Restore(
            new HotlineTask { Id = r.Id, Kind = r.Kind, AppId = r.AppId, OrganisationId = r.OrganisationId, TicketId = r.TicketId, CallId = r.CallId, CreatedAt = r.CreatedAt, Version = r.Version },
            r.State, r.Attempts, r.DueAt, r.EndedAt);
    }

    public static async Task SaveAttemptAsync(UnitOfWork tx, HotlineTask task, bool reached, string? note, string staffId)
    {
        await tx.ExecuteExpectingOneAsync("""
            UPDATE hotline_tasks SET state = @state, attempts = @Attempts, due_at = @DueAt, ended_at = @EndedAt,
                   open_key = CASE WHEN @state = 'Open' THEN open_key ELSE NULL END, version = version + 1
            WHERE id = @Id AND version = @Version
            """, new { state = task.State.ToString(), task.Attempts, task.DueAt, task.EndedAt, task.Id, task.Version });
        await tx.ExecuteAsync("INSERT INTO hotline_task_attempts (task_id, number, reached, note, staff_id, at) VALUES (@Id, @Attempts, @reached, @note, @staffId, @Now)",
            new { task.Id, task.Attempts, reached, note, staffId, tx.Now });
    }

    /// <summary>What is owed in units, soonest due first.</summary>
    public Task<List<TaskRow>> OpenAsync(IReadOnlyList<string> units, long at, string afterId, int limit, CancellationToken cancel) => units.Count == 0 ? Task.FromResult(new List<TaskRow>())
        : database.ReadAsync(async c => (await c.QueryAsync<TaskRow>("""
            SELECT t.id, t.kind, t.app_id, t.organisation_id, t.ticket_id, t.call_id, t.phone_sealed, t.state, t.attempts, t.due_at, t.created_at, t.ended_at, t.version, k.ticket_no
            FROM hotline_tasks t LEFT JOIN hotline_tickets k ON k.id = t.ticket_id
            WHERE t.organisation_id IN @units AND t.state = 'Open' AND t.due_at >= @at AND (t.due_at > @at OR (t.due_at = @at AND t.id > @afterId)) ORDER BY t.due_at, t.id LIMIT @limit
            """, new { units, at, afterId, limit })).AsList(), cancel);

    /// <summary>The number to ring. Whoever shows it writes a read-audit row.</summary>
    public async Task<PhoneNumber?> PhoneOfAsync(UnitOfWork tx, string id) =>
        await tx.ScalarAsync<string>("SELECT phone_sealed FROM hotline_tasks WHERE id = @id", new { id }) is { } value && PhoneNumber.TryParse(sealer.Open(value, Phone.Of(id)), out var phone) ? phone : null;
}

public sealed record TaskRow
{
    public required string Id { get; init; }
    public required HotlineTaskKind Kind { get; init; }
    public required string AppId { get; init; }
    public required string OrganisationId { get; init; }
    public string? TicketId { get; init; }
    public string? TicketNo { get; init; }
    public string? CallId { get; init; }
    public string? PhoneSealed { get; init; }
    public string? PhoneHash { get; init; }
    public required HotlineTaskState State { get; init; }
    public int Attempts { get; init; }
    public DateTimeOffset DueAt { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public int Version { get; init; }
}
