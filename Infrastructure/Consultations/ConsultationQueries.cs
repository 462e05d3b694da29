using System.Data.Common;
using Dapper;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Materials;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Consultations;

/// <summary>What screens show of a consultation, straight from SQL.</summary>
public sealed class ConsultationQueries(Database database)
{
    internal const string HeadColumns = """
        c.id, c.state, c.answer_due_at, c.first_answered_at, c.last_seq, c.last_public_seq, m.id AS matter_id, m.number, m.title, m.status, m.category_code, k.name AS category_name,
        m.region_code, r.name AS region_name, m.channel, m.citizen_id, m.organisation_id, o.name AS organisation_name, o.path AS organisation_path,
        m.handler_id, s.name AS handler_name, m.waiting_since, m.opened_at, m.updated_at, m.closed_at, m.version,
        CASE WHEN g.matter_id IS NULL THEN 0 ELSE 1 END AS rated
        """;

    /// <summary>What the citizen reads, numbered without notes.</summary>
    internal const string MessageColumns = "m.id, m.public_seq AS seq, m.kind, m.author_kind, m.author_id, s.name AS author_name, m.text, m.client_message_id, m.at, m.attachments";

    /// <summary>What the author of a message reads of it, by the numbers of their side.</summary>
    internal static readonly string AuthorsColumns = MessageColumns.Replace("m.public_seq AS seq", "CASE WHEN m.author_kind = 'Citizen' THEN m.public_seq ELSE m.seq END AS seq", StringComparison.Ordinal);

    /// <summary>What staff read: of a person who has deleted the account, what was said is stored and not shown any more (PIPL art. 47).</summary>
    private static readonly string StaffsColumns = MessageColumns.Replace("m.public_seq AS seq", "m.seq", StringComparison.Ordinal).Replace("m.text,", """
        CASE WHEN EXISTS (SELECT 1 FROM consultations rc JOIN matters rm ON rm.id = rc.matter_id JOIN citizens rz ON rz.id = rm.citizen_id
                          WHERE rc.id = m.consultation_id AND rz.restricted_at IS NOT NULL)
             THEN '（当事人已注销，内容不再显示）' ELSE m.text END AS text, m.text_check,
        """, StringComparison.Ordinal);

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

    /// <summary>Head and a page of a thread over one connection: the most frequent read there is. Null when there is no such consultation.</summary>
    public Task<(ConsultationHead Head, List<MessageRow> Rows)?> ThreadAsync(string id, ThreadPage page, bool withNotes, CancellationToken cancel) =>
        database.ReadAsync<(ConsultationHead, List<MessageRow>)?>(async connection =>
            await connection.QueryFirstOrDefaultAsync<ConsultationHead>($"SELECT {HeadColumns} {HeadFrom} WHERE c.id = @id", new { id }) is { } head
                ? (head, await PageAsync(connection, id, page, withNotes))
                : null, cancel);

    /// <summary>Messages of a thread after a sequence number of the reader's side, oldest first. Notes only for staff.</summary>
    public Task<List<MessageRow>> AfterAsync(string consultationId, int after, int limit, bool withNotes, CancellationToken cancel) =>
        database.ReadAsync(connection => PageAsync(connection, consultationId, new ThreadPage(after, Back: false, limit), withNotes), cancel);

    private static async Task<List<MessageRow>> PageAsync(DbConnection connection, string consultationId, ThreadPage page, bool withNotes)
    {
        // Each side counts by its own numbers. The citizen's are never higher, so the key serves both.
        var edge = (withNotes, page.Back) switch
        {
            (true, false) => "m.seq > @Edge",
            (true, true) => "m.seq < @Edge",
            (false, false) => "m.seq > @Edge AND m.public_seq > @Edge AND m.kind <> 'Note'",
            (false, true) => "m.public_seq < @Edge AND m.kind <> 'Note'",
        };
        var rows = (await connection.QueryAsync<MessageRow>($"""
            SELECT {(withNotes ? StaffsColumns : MessageColumns)} FROM messages m LEFT JOIN staff_members s ON s.id = m.author_id
            WHERE m.consultation_id = @consultationId AND {edge} ORDER BY m.seq {(page.Back ? "DESC" : "ASC")} LIMIT @Limit
            """, new { consultationId, page.Edge, page.Limit })).AsList();
        await WithAttachmentsAsync(connection, null, rows);
        return rows;
    }

    /// <summary>Adds what the messages carry; costs nothing where none carries anything.</summary>
    internal static async Task WithAttachmentsAsync(DbConnection connection, DbTransaction? transaction, IReadOnlyList<MessageRow> rows)
    {
        var carrying = rows.Where(r => r.Attachments > 0).ToList();
        if (carrying.Count == 0) return;
        var attachments = await MaterialQueries.OfMessagesAsync(connection, transaction, [.. carrying.Select(r => r.Id)]);
        foreach (var row in carrying) row.Carried = [.. attachments[row.Id]];
    }
}

/// <summary>Which messages of a thread: after a sequence number, oldest first, or back from one, newest first.</summary>
public readonly record struct ThreadPage(int Edge, bool Back, int Limit);

public sealed record ConsultationHead
{
    public required string Id { get; init; }
    public required ConsultationState State { get; init; }
    public required DateTimeOffset AnswerDueAt { get; init; }
    public DateTimeOffset? FirstAnsweredAt { get; init; }
    public required int LastSeq { get; init; }
    public required int LastPublicSeq { get; init; }
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

    /// <summary>How many materials it carries.</summary>
    public int? Attachments { get; init; }

    public IReadOnlyList<AttachmentRow> Carried { get; set; } = [];

    /// <summary>WeChat's word on it; read for the office only.</summary>
    public Domain.Identity.TextSuggestion? TextCheck { get; init; }
}
