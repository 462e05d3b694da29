using Dapper;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Audit;

/// <summary>Which readings are asked for; null: not narrowed by it.</summary>
/// <param name="CitizenId">Whose data was read.</param>
/// <param name="ReaderId">Who read.</param>
/// <param name="Until">Just before this instant.</param>
public sealed record ReadLogFilter(string? CitizenId, string? ReaderId, DateTimeOffset? From, DateTimeOffset? Until);

/// <summary>谁查看了什么: every reading of sealed personal data by staff, newest first. Each question is a range of one index of the audit trail.</summary>
public sealed class ReadLogQueries(Database database)
{
    /// <param name="before">Instant and position of the last one seen.</param>
    public Task<List<ReadLogRow>> ListAsync(ReadLogFilter filter, (long At, long Position)? before, int limit, CancellationToken cancel) => database.ReadAsync(async c =>
        (await c.QueryAsync<ReadLogRow>($"""
            SELECT a.position, a.at, a.actor_id AS reader_id, s.name AS reader_name, s.username AS reader_username, a.subject_id AS citizen_id, a.detail AS fields
            FROM audit_entries a {Index(filter)} LEFT JOIN staff_members s ON s.id = a.actor_id
            WHERE a.action = @Action
              {(filter.CitizenId is null ? "" : "AND a.subject_kind = 'citizen' AND a.subject_id = @CitizenId")}
              {(filter.ReaderId is null ? "" : "AND a.actor_id = @ReaderId")}
              {(filter.From is null ? "" : "AND a.at >= @From")} {(filter.Until is null ? "" : "AND a.at < @Until")}
              {(before is null ? "" : "AND a.at <= @at AND (a.at < @at OR (a.at = @at AND a.position < @position))")}
            ORDER BY a.at DESC, a.position DESC LIMIT @limit
            """, new { SealedReads.Action, filter.CitizenId, filter.ReaderId, filter.From, filter.Until, at = before?.At, position = before?.Position, limit })).AsList(), cancel);

    /// <summary>The citizen of a matter, by the number that people quote.</summary>
    public Task<string?> CitizenOfAsync(string number, CancellationToken cancel) =>
        database.ReadAsync(c => c.ExecuteScalarAsync<string?>("SELECT citizen_id FROM matters WHERE number = @number", new { number }), cancel);

    private string Index(ReadLogFilter filter) => database.Dialect.UseIndex(
        filter.CitizenId is not null ? "ix_audit_entries_subject" : filter.ReaderId is not null ? "ix_audit_entries_actor" : "ix_audit_entries_action");
}

public sealed record ReadLogRow
{
    public required long Position { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string ReaderId { get; init; }
    public string? ReaderName { get; init; }
    public string? ReaderUsername { get; init; }
    public required string CitizenId { get; init; }

    /// <summary>Comma-separated.</summary>
    public string? Fields { get; init; }
}
