using Dapper;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Identity;

public sealed record SessionRow
{
    public required string Id { get; init; }
    public string? Client { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset LastUsedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
}

public sealed class SessionQueries(Database database, TimeProvider time)
{
    /// <summary>Whose session it is.</summary>
    public static Task<string?> SubjectAsync(UnitOfWork tx, string sessionId) => tx.ScalarAsync<string>("SELECT subject_id FROM sessions WHERE id = @sessionId", new { sessionId });

    /// <summary>A person's open sessions, the last used first; at most a hundred.</summary>
    public Task<List<SessionRow>> OpenOfAsync(string subjectId, CancellationToken cancel) => database.ReadAsync(async connection =>
        (await connection.QueryAsync<SessionRow>("""
            SELECT id, client, created_at, last_used_at, expires_at FROM sessions
            WHERE subject_id = @subjectId AND revoked_at IS NULL AND expires_at > @now ORDER BY last_used_at DESC, id DESC LIMIT 100
            """, new { subjectId, now = time.GetUtcNow() })).AsList(), cancel);
}
