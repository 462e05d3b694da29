using Dapper;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Matters;

/// <summary>What screens show of matters, straight from SQL.</summary>
public sealed class MatterQueries(Database database)
{
    internal const string Columns = """
        m.id, m.number, m.kind, m.title, m.status, m.category_code, k.name AS category_name, m.region_code, r.name AS region_name, m.channel, m.citizen_id,
        m.contact_preference, m.organisation_id, o.name AS organisation_name, o.path AS organisation_path, m.handler_id, s.name AS handler_name,
        m.waiting_since, m.opened_at, m.updated_at, m.closed_at, m.merged_into_id, m.version, c.id AS consultation_id, g.score,
        (SELECT MAX(a.id) FROM appointments a WHERE a.matter_id = m.id) AS appointment_id
        """;

    internal const string Joins = """
        JOIN organisations o ON o.id = m.organisation_id
        LEFT JOIN categories k ON k.code = m.category_code
        LEFT JOIN regions r ON r.code = m.region_code
        LEFT JOIN staff_members s ON s.id = m.handler_id
        LEFT JOIN consultations c ON c.matter_id = m.id
        LEFT JOIN ratings g ON g.matter_id = m.id
        """;

    public Task<MatterRow?> FindAsync(string id, CancellationToken cancel) => database.ReadAsync(connection =>
        connection.QueryFirstOrDefaultAsync<MatterRow>($"SELECT {Columns} FROM matters m {Joins} WHERE m.id = @id", new { id }), cancel);

    /// <summary>The same inside a transaction, for the answer to a write.</summary>
    public static Task<MatterRow?> FindAsync(UnitOfWork tx, string id) =>
        tx.FirstOrDefaultAsync<MatterRow>($"SELECT {Columns} FROM matters m {Joins} WHERE m.id = @id", new { id });

    /// <summary>A citizen's matters, newest first, after the one named by the cursor. Of hotline tickets merged by the office only the one that goes on.</summary>
    public Task<List<MatterRow>> OfCitizenAsync(string citizenId, string? after, int limit, CancellationToken cancel) =>
        database.ReadAsync(async connection => (await connection.QueryAsync<MatterRow>($"""
            SELECT {Columns} FROM matters m {Joins}
            WHERE m.citizen_id = @citizenId AND NOT (m.kind = 'HotlineTicket' AND m.status = 'Merged') {(after is null ? "" : "AND m.id < @after")}
            ORDER BY m.id DESC LIMIT @limit
            """, new { citizenId, after, limit })).AsList(), cancel);

    /// <summary>The timeline of a matter, oldest first.</summary>
    public Task<List<TimelineRow>> TimelineAsync(string matterId, bool publicOnly, CancellationToken cancel) =>
        database.ReadAsync(async connection => (await connection.QueryAsync<TimelineRow>($"""
            SELECT kind, text, is_public, at FROM matter_timeline WHERE matter_id = @matterId {(publicOnly ? "AND is_public = 1" : "")} ORDER BY id LIMIT 500
            """, new { matterId })).AsList(), cancel);

    /// <summary>The whole timeline with who did what, oldest first.</summary>
    public Task<List<TimelineRow>> InternalTimelineAsync(string matterId, CancellationToken cancel) =>
        database.ReadAsync(async connection => (await connection.QueryAsync<TimelineRow>("""
            SELECT t.kind, t.text, t.is_public, t.at, t.actor_kind, s.name AS actor_name
            FROM matter_timeline t LEFT JOIN staff_members s ON s.id = t.actor_id WHERE t.matter_id = @matterId ORDER BY t.id LIMIT 1000
            """, new { matterId })).AsList(), cancel);
}

public sealed record MatterRow
{
    public required string Id { get; init; }
    public required string Number { get; init; }
    public required MatterKind Kind { get; init; }
    public required string Title { get; init; }
    public required MatterStatus Status { get; init; }
    public required string CategoryCode { get; init; }
    public string? CategoryName { get; init; }
    public required string RegionCode { get; init; }
    public string? RegionName { get; init; }
    public required Channel Channel { get; init; }
    public required string CitizenId { get; init; }
    public required Domain.Identity.ContactPreference ContactPreference { get; init; }
    public required string OrganisationId { get; init; }
    public required string OrganisationName { get; init; }
    public required string OrganisationPath { get; init; }
    public string? HandlerId { get; init; }
    public string? HandlerName { get; init; }
    public DateTimeOffset? WaitingSince { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
    public string? MergedIntoId { get; init; }
    public required int Version { get; init; }
    public string? ConsultationId { get; init; }

    /// <summary>The appointment booked last on it.</summary>
    public string? AppointmentId { get; init; }
    public int? Score { get; init; }
}

public sealed record TimelineRow
{
    public required string Kind { get; init; }
    public required string Text { get; init; }
    public required bool IsPublic { get; init; }
    public required DateTimeOffset At { get; init; }
    public Domain.Common.ActorKind ActorKind { get; init; }

    /// <summary>Only in the internal timeline.</summary>
    public string? ActorName { get; init; }
}
