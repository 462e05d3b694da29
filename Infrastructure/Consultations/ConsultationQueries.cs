using Dapper;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Consultations;

/// <summary>What screens show of a consultation, straight from SQL.</summary>
public sealed class ConsultationQueries(Database database)
{
    internal const string HeadColumns = """
        c.id, c.state, c.answer_due_at, c.first_answered_at, c.last_seq, m.id AS matter_id, m.number, m.title, m.status, m.category_code, k.name AS category_name,
        m.region_code, r.name AS region_name, m.channel, m.citizen_id, m.organisation_id, o.name AS organisation_name, o.path AS organisation_path,
        m.handler_id, s.name AS handler_name, m.waiting_since, m.opened_at, m.updated_at, m.closed_at, m.version,
        CASE WHEN g.matter_id IS NULL THEN 0 ELSE 1 END AS rated
        """;

    internal const string MessageColumns = "m.id, m.seq, m.kind, m.author_kind, m.author_id, s.name AS author_name, m.text, m.client_message_id, m.at";

    internal const string HeadFrom = """
        FROM consultations c
        JOIN matters m ON m.id = c.matter_id
        JOIN organisations o ON o.id = m.organisation_id
        LEFT JOIN categories k ON k.code = m.category_code
        LEFT JOIN regions r ON r.code = m.region_code
        LEFT JOIN staff_members s ON s.id = m.handler_id
        LEFT JOIN ratings g ON g.matter_id = m.id
        """;

    public Task<ConsultationHead?> HeadAsync(string id, CancellationToken cancel) => database.ReadAsync(connection =>
        connection.QueryFirstOrDefaultAsync<ConsultationHead>($"SELECT {HeadColumns} {HeadFrom} WHERE c.id = @id", new { id }), cancel);

    /// <summary>The same inside a transaction, for the answer to a write.</summary>
    public static Task<ConsultationHead?> HeadAsync(UnitOfWork tx, string id) =>
        tx.FirstOrDefaultAsync<ConsultationHead>($"SELECT {HeadColumns} {HeadFrom} WHERE c.id = @id", new { id });

    /// <summary>The versions of many consultations' matters at once: whoever follows them sees whether something is new.</summary>
    public Task<List<PulseRow>> PulseAsync(IReadOnlyList<string> ids, CancellationToken cancel) => database.ReadAsync(async connection => (await connection.QueryAsync<PulseRow>(
        "SELECT c.id, m.version FROM consultations c JOIN matters m ON m.id = c.matter_id WHERE c.id IN @ids", new { ids })).AsList(), cancel);

    /// <summary>Messages of a thread after a sequence number, oldest first. Notes only for staff.</summary>
    public Task<List<MessageRow>> AfterAsync(string consultationId, int after, int limit, bool withNotes, CancellationToken cancel) =>
        PageAsync("m.seq > @edge", "ASC", consultationId, after, limit, withNotes, cancel);

    /// <summary>Messages of a thread before a sequence number, newest first.</summary>
    public Task<List<MessageRow>> BeforeAsync(string consultationId, int before, int limit, bool withNotes, CancellationToken cancel) =>
        PageAsync("m.seq < @edge", "DESC", consultationId, before, limit, withNotes, cancel);

    private Task<List<MessageRow>> PageAsync(string edgeCondition, string order, string consultationId, int edge, int limit, bool withNotes, CancellationToken cancel) =>
        database.ReadAsync(async connection => (await connection.QueryAsync<MessageRow>($"""
            SELECT {MessageColumns} FROM messages m LEFT JOIN staff_members s ON s.id = m.author_id
            WHERE m.consultation_id = @consultationId AND {edgeCondition} {(withNotes ? "" : "AND m.kind <> 'Note'")}
            ORDER BY m.seq {order} LIMIT @limit
            """, new { consultationId, edge, limit })).AsList(), cancel);
}

public sealed record ConsultationHead
{
    public required string Id { get; init; }
    public required ConsultationState State { get; init; }
    public required DateTimeOffset AnswerDueAt { get; init; }
    public DateTimeOffset? FirstAnsweredAt { get; init; }
    public required int LastSeq { get; init; }
    public required string MatterId { get; init; }
    public required string Number { get; init; }
    public required string Title { get; init; }
    public required MatterStatus Status { get; init; }
    public required string CategoryCode { get; init; }
    public string? CategoryName { get; init; }
    public required string RegionCode { get; init; }
    public string? RegionName { get; init; }
    public required Channel Channel { get; init; }
    public required string CitizenId { get; init; }
    public required string OrganisationId { get; init; }
    public required string OrganisationName { get; init; }
    public required string OrganisationPath { get; init; }
    public string? HandlerId { get; init; }
    public string? HandlerName { get; init; }
    public DateTimeOffset? WaitingSince { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
    public required int Version { get; init; }
    public required bool Rated { get; init; }
}

public sealed record PulseRow
{
    public required string Id { get; init; }
    public required int Version { get; init; }
}

public sealed record MessageRow
{
    public required string Id { get; init; }
    public required int Seq { get; init; }
    public required MessageKind Kind { get; init; }
    public required Domain.Common.ActorKind AuthorKind { get; init; }
    public required string AuthorId { get; init; }
    public string? AuthorName { get; init; }
    public required string Text { get; init; }
    public string? ClientMessageId { get; init; }
    public required DateTimeOffset At { get; init; }
}
