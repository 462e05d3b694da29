using Dapper;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Hotline;

/// <summary>What partners and screens see of hotline tickets, straight from SQL.</summary>
public sealed class HotlineTicketQueries(Database database, Sealer sealer)
{
    private const string Select = """
        SELECT t.id, t.app_id, t.ticket_no, t.matter_id, t.source, t.door, t.demand, t.category_code, t.title, t.content, t.caller_name_sealed, t.caller_phone_sealed, t.gender, t.area_code,
               t.address_sealed, t.urgency, t.confidential, t.accepted_at, t.deadline_at, t.agent_no, t.call_id, t.department_code, t.attachments, t.ext, t.content_hash, t.state, t.result,
               t.reply_summary, t.merged_into_no, t.created_at, t.updated_at, t.version, m.number, m.organisation_id, o.name AS unit_name, s.name AS handler_name, m.handler_id,
               m.category_code AS matter_category, g.score,
               (SELECT COUNT(*) FROM hotline_ticket_events e WHERE e.ticket_id = t.id AND e.type = 'Returned' AND e.applied = 1) AS refusals
        FROM hotline_tickets t JOIN matters m ON m.id = t.matter_id JOIN organisations o ON o.id = m.organisation_id
        LEFT JOIN staff_members s ON s.id = m.handler_id LEFT JOIN ratings g ON g.matter_id = m.id
        """;

    public Task<TicketRow?> FindByNoAsync(string appId, string ticketNo, CancellationToken cancel) => database.ReadAsync(async c =>
        Opened(await c.QueryFirstOrDefaultAsync<TicketRow>($"{Select} WHERE t.app_id = @appId AND t.ticket_no = @ticketNo", new { appId, ticketNo })), cancel);

    public async Task<TicketRow> FindAsync(UnitOfWork tx, string id) =>
        Opened(await tx.FirstOrDefaultAsync<TicketRow>($"{Select} WHERE t.id = @id", new { id })) ?? throw new InvalidOperationException($"Hotline ticket {id} was just written.");

    /// <summary>A partner's own, by the time of their last change, after the edge.</summary>
    public Task<List<TicketRow>> ChangedSinceAsync(string appId, long at, string afterId, int limit, CancellationToken cancel) => database.ReadAsync(async c =>
        (await c.QueryAsync<TicketRow>($"""
            {Select} WHERE t.app_id = @appId AND t.updated_at >= @at AND (t.updated_at > @at OR (t.updated_at = @at AND t.id > @afterId)) ORDER BY t.updated_at, t.id LIMIT @limit
            """, new { appId, at, afterId, limit })).Select(r => Opened(r)!).ToList(), cancel);

    public Task<List<TicketEventRow>> EventsAsync(string ticketId, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<TicketEventRow>("""
        SELECT e.event_id, e.type, e.occurred_at, e.actor_kind, e.operator, e.remark, e.applied, s.name AS staff_name
        FROM hotline_ticket_events e LEFT JOIN staff_members s ON s.id = e.actor_id WHERE e.ticket_id = @ticketId ORDER BY e.occurred_at, e.id LIMIT 500
        """, new { ticketId })).AsList(), cancel);

    /// <summary>Numbers of other open tickets of the caller, on the same group of categories, not older than <paramref name="since"/>.</summary>
    public static async Task<IReadOnlyList<string>> SimilarAsync(UnitOfWork tx, string id, DateTimeOffset since) => (await tx.QueryAsync<string>("""
        SELECT b.ticket_no FROM hotline_tickets a JOIN matters am ON am.id = a.matter_id
        JOIN hotline_tickets b ON b.phone_hash = a.phone_hash AND b.app_id = a.app_id AND b.created_at >= @since AND b.id <> a.id
        JOIN matters bm ON bm.id = b.matter_id
        WHERE a.id = @id AND b.state NOT IN ('Closed', 'Withdrawn', 'Merged') AND substr(am.category_code, 1, 2) = substr(bm.category_code, 1, 2) ORDER BY b.id LIMIT 20
        """, new { id, since })).AsList();

    private TicketRow? Opened(TicketRow? r)
    {
        if (r is null) return null;
        string? Open(string? value, SealedColumn column) => value is null ? null : sealer.Open(value, column.Of(r.Id));
        return r with
        {
            CallerName = Open(r.CallerNameSealed, HotlineTicketRepository.CallerName), CallerPhone = Open(r.CallerPhoneSealed, HotlineTicketRepository.CallerPhone),
            Address = Open(r.AddressSealed, HotlineTicketRepository.Address),
        };
    }
}

public sealed record TicketRow
{
    public required string Id { get; init; }
    public required string AppId { get; init; }
    public required string TicketNo { get; init; }
    public required string MatterId { get; init; }
    public required string Source { get; init; }
    public required HotlineDoor Door { get; init; }
    public HotlineDemand? Demand { get; init; }
    public string? CategoryCode { get; init; }
    public string? Title { get; init; }
    public required string Content { get; init; }
    public string? CallerNameSealed { get; init; }
    public string? CallerPhoneSealed { get; init; }
    public required CallerGender Gender { get; init; }
    public string? AreaCode { get; init; }
    public string? AddressSealed { get; init; }
    public required HotlineUrgency Urgency { get; init; }
    public bool Confidential { get; init; }
    public DateTimeOffset AcceptedAt { get; init; }
    public DateTimeOffset? DeadlineAt { get; init; }
    public string? AgentNo { get; init; }
    public string? CallId { get; init; }
    public string? DepartmentCode { get; init; }
    public string? Attachments { get; init; }
    public string? Ext { get; init; }
    public required string ContentHash { get; init; }
    public required HotlineTicketState State { get; init; }
    public HotlineResult? Result { get; init; }
    public string? ReplySummary { get; init; }
    public string? MergedIntoNo { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
    public int Version { get; init; }
    public required string Number { get; init; }
    public required string OrganisationId { get; init; }
    public required string UnitName { get; init; }
    public string? HandlerId { get; init; }
    public string? HandlerName { get; init; }
    public required string MatterCategory { get; init; }
    public int? Score { get; init; }
    public int Refusals { get; init; }

    /// <summary>Opened; whoever shows it masks it.</summary>
    public string? CallerName { get; init; }
    public string? CallerPhone { get; init; }
    public string? Address { get; init; }
}

public sealed record TicketEventRow
{
    public required string EventId { get; init; }
    public required HotlineEventType Type { get; init; }
    public DateTimeOffset OccurredAt { get; init; }
    public ActorKind ActorKind { get; init; }
    public string? Operator { get; init; }
    public string? Remark { get; init; }
    public bool Applied { get; init; }
    public string? StaffName { get; init; }
}
