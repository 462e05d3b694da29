using Dapper;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Audit;

/// <summary>The audit trail as the auditor reads it.</summary>
public sealed class AuditQueries(Database database)
{
    /// <summary>Newest first, before a position; of one subject or one actor where given.</summary>
    public Task<List<AuditRow>> ListAsync(long? before, string? subjectKind, string? subjectId, string? actorId, int limit, CancellationToken cancel) =>
        database.ReadAsync(async connection => (await connection.QueryAsync<AuditRow>($"""
            SELECT a.position, a.id, a.at, a.actor_kind, a.actor_id, s.name AS actor_name, a.action, a.subject_kind, a.subject_id, a.detail, a.chain_seq
            FROM audit_entries a LEFT JOIN staff_members s ON s.id = a.actor_id
            WHERE 1 = 1
            {(before is null ? "" : "AND a.position < @before")}
            {(subjectId is null ? "" : "AND a.subject_kind = @subjectKind AND a.subject_id = @subjectId")}
            {(actorId is null ? "" : "AND a.actor_id = @actorId")}
            ORDER BY a.position DESC LIMIT @limit
            """, new { before, subjectKind, subjectId, actorId, limit })).AsList(), cancel);
}

public sealed record AuditRow
{
    public required long Position { get; init; }
    public required string Id { get; init; }
    public required DateTimeOffset At { get; init; }
    public required ActorKind ActorKind { get; init; }
    public required string ActorId { get; init; }
    public string? ActorName { get; init; }
    public required string Action { get; init; }
    public required string SubjectKind { get; init; }
    public required string SubjectId { get; init; }
    public string? Detail { get; init; }
    public long? ChainSeq { get; init; }
}
