using System.Data.Common;
using System.Text;
using Dapper;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Matters;

/// <summary>
/// Inboxes: what the office owes an answer to, longest waiting first. One unit or one person is one range of one index. Several units
/// are several such ranges of a page each, merged: the cost is that of the units, never that of the matters stored.
/// </summary>
public sealed class InboxQueries(Database database)
{
    /// <summary>Ranges in one statement: SQLite takes 500 at most, and planning grows with them.</summary>
    private const int UnitsAtOnce = 100;

    internal static readonly Box Mine = new("ix_matters_handler_waiting", "handler_id = @staffId", "waiting_since");
    internal static readonly Box Answered = new("ix_matters_handler_status", "handler_id = @staffId AND status = 'AwaitingCitizen'", "updated_at");
    internal static readonly Box Untaken = new("ix_matters_inbox", "organisation_id = @unit AND handler_id IS NULL", "waiting_since");
    internal static readonly Box Owed = new("ix_matters_unit_waiting", "organisation_id = @unit", "waiting_since");

    private const string Columns = """
        m.id AS matter_id, m.number, m.kind, m.title, m.status, m.category_code, k.name AS category_name, m.region_code, r.name AS region_name, m.channel,
        m.organisation_id, o.name AS organisation_name, m.handler_id, s.name AS handler_name, m.waiting_since, m.opened_at, m.updated_at, m.version,
        c.id AS consultation_id, c.state, c.answer_due_at, c.first_answered_at, t.id AS open_transfer_id, p.sort,
        (SELECT MAX(a.id) FROM appointments a WHERE a.matter_id = m.id) AS appointment_id,
        (SELECT h.id FROM hotline_tickets h WHERE h.matter_id = m.id) AS hotline_ticket_id
        """;

    private const string Joins = """
        JOIN matters m ON m.id = p.id
        JOIN organisations o ON o.id = m.organisation_id
        LEFT JOIN categories k ON k.code = m.category_code
        LEFT JOIN regions r ON r.code = m.region_code
        LEFT JOIN staff_members s ON s.id = m.handler_id
        LEFT JOIN consultations c ON c.matter_id = m.id
        LEFT JOIN transfers t ON t.open_key = m.id
        """;

    /// <summary>What a person is responsible for and the office owes.</summary>
    public Task<List<InboxRow>> MineAsync(string staffId, InboxEdge after, int limit, CancellationToken cancel) =>
        database.ReadAsync(async c => (await c.QueryAsync<InboxRow>(Page([Range(Mine)]), Args(after, limit, staffId))).AsList(), cancel);

    /// <summary>What a person has answered and the citizen has neither asked on about nor closed; longest untouched first.</summary>
    public Task<List<InboxRow>> AnsweredByAsync(string staffId, InboxEdge after, int limit, CancellationToken cancel) =>
        database.ReadAsync(async c => (await c.QueryAsync<InboxRow>(
            Page([Range(Answered)]), Args(after, limit, staffId))).AsList(), cancel);

    /// <summary>What lies in the inboxes of units: nobody is responsible yet.</summary>
    public Task<List<InboxRow>> UntakenAsync(IReadOnlyList<string> units, InboxEdge after, int limit, CancellationToken cancel) =>
        OfUnitsAsync(Untaken, units, after, limit, cancel);

    /// <summary>Everything that units owe, whoever is responsible.</summary>
    public Task<List<InboxRow>> OwedAsync(IReadOnlyList<string> units, InboxEdge after, int limit, CancellationToken cancel) =>
        OfUnitsAsync(Owed, units, after, limit, cancel);

    private Task<List<InboxRow>> OfUnitsAsync(Box box, IReadOnlyList<string> units, InboxEdge after, int limit, CancellationToken cancel) =>
        database.ReadAsync(async connection =>
        {
            var rows = new List<InboxRow>();
            foreach (var chunk in units.Chunk(UnitsAtOnce)) rows.AddRange(await ChunkAsync(connection, box, chunk, after, limit));
            return units.Count <= UnitsAtOnce ? rows : [.. rows.OrderBy(r => r.Sort).ThenBy(r => r.MatterId, StringComparer.Ordinal).Take(limit)];
        }, cancel);

    private async Task<IEnumerable<InboxRow>> ChunkAsync(DbConnection connection, Box box, string[] units, InboxEdge after, int limit)
    {
        var args = new DynamicParameters(Args(after, limit, ""));
        var ranges = new List<string>();
        for (var i = 0; i < units.Length; i++)
        {
            args.Add($"u{i}", units[i]);
            ranges.Add(Range(box, $"@u{i}"));
        }
        return await connection.QueryAsync<InboxRow>(Page(ranges), args);
    }

    /// <summary>A page of one index range. The first comparison bounds the range, on both engines; the second settles equal instants.</summary>
    internal string Range(Box box, string unit = "@unit") => $"""
        SELECT id, {box.Sort} AS sort FROM matters {database.Dialect.UseIndex(box.Index)}
        WHERE {box.Condition.Replace("@unit", unit, StringComparison.Ordinal)} AND {box.Sort} >= @at AND ({box.Sort} > @at OR ({box.Sort} = @at AND id > @id))
        ORDER BY {box.Sort}, id LIMIT @limit
        """;

    private static string Page(IReadOnlyList<string> ranges)
    {
        var union = new StringBuilder();
        for (var i = 0; i < ranges.Count; i++) union.Append(i == 0 ? "" : " UNION ALL ").Append("SELECT id, sort FROM (").Append(ranges[i]).Append(") b").Append(i);
        return $"SELECT {Columns} FROM (SELECT id, sort FROM ({union}) u ORDER BY sort, id LIMIT @limit) p {Joins} ORDER BY p.sort, p.id";
    }

    /// <summary>One kind of list: its condition and order are exactly the columns of its index.</summary>
    internal sealed record Box(string Index, string Condition, string Sort);

    private static object Args(InboxEdge after, int limit, string staffId) => new { at = after.At, id = after.Id, limit, staffId };
}

/// <summary>Where a page of an inbox ended: sort instant in milliseconds, and id.</summary>
public readonly record struct InboxEdge(long At, string Id)
{
    public static readonly InboxEdge Start = new(0, "");
}

public sealed record InboxRow
{
    public required string MatterId { get; init; }
    public required string Number { get; init; }
    public required MatterKind Kind { get; init; }
    public required string Title { get; init; }
    public required MatterStatus Status { get; init; }
    public required string CategoryCode { get; init; }
    public string? CategoryName { get; init; }
    public required string RegionCode { get; init; }
    public string? RegionName { get; init; }
    public required Channel Channel { get; init; }
    public required string OrganisationId { get; init; }
    public required string OrganisationName { get; init; }
    public string? HandlerId { get; init; }
    public string? HandlerName { get; init; }
    public DateTimeOffset? WaitingSince { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required int Version { get; init; }
    public string? ConsultationId { get; init; }
    public ConsultationState? State { get; init; }
    public DateTimeOffset? AnswerDueAt { get; init; }
    public DateTimeOffset? FirstAnsweredAt { get; init; }
    public string? OpenTransferId { get; init; }

    /// <summary>The appointment booked last on it; a visit at home waits here for the unit's word.</summary>
    public string? AppointmentId { get; init; }
    public string? HotlineTicketId { get; init; }
    public required long Sort { get; init; }

    /// <summary>The promised time is over without an answer.</summary>
    public bool IsOverdue(DateTimeOffset now) => AnswerDueAt <= now && FirstAnsweredAt is null && WaitingSince is not null;
}
