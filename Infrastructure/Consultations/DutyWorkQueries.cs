using System.Data.Common;
using Dapper;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Consultations;

/// <summary>What the jobs of consultations have to look at; each a bounded range of an index.</summary>
public sealed class DutyWorkQueries(Database database)
{
    private const int PerPerson = 500;

    /// <summary>
    /// What people owe who are off duty, longest waiting first: of those whose shift has ended since <paramref name="remember"/> all that they had
    /// before it ended; of accounts that are switched off, all. Who is on no roster keeps what they took by hand.
    /// </summary>
    public Task<List<HeldRow>> HeldOffDutyAsync(DateTimeOffset now, DateTimeOffset remember, CancellationToken cancel) => database.ReadAsync(async c =>
    {
        var held = new List<HeldRow>();
        foreach (var person in await OffDutyAsync(c, now, remember))
            held.AddRange(await c.QueryAsync<HeldRow>($"""
                SELECT c.id AS consultation_id, m.handler_id, m.waiting_since
                FROM matters m {database.Dialect.UseIndex("ix_matters_handler_waiting")} JOIN consultations c ON c.matter_id = m.id
                WHERE m.handler_id = @Id AND m.waiting_since > 0 AND (@Active = 0 OR c.assigned_at IS NULL OR c.assigned_at < @LastEnd)
                ORDER BY m.waiting_since, m.id LIMIT {PerPerson}
                """, new { person.Id, Active = person.Active ? 1 : 0, person.LastEnd }));
        return held.OrderBy(h => h.WaitingSince).ThenBy(h => h.ConsultationId, StringComparer.Ordinal).ToList();
    }, cancel);

    /// <summary>Units with somebody on duty, and everything below them: where the duty rule can give anything.</summary>
    public Task<StaffScope> ServedNowAsync(DateTimeOffset now, CancellationToken cancel) => database.ReadAsync(async c => new StaffScope(
        [.. await c.QueryAsync<string>("""
            SELECT DISTINCT o.path FROM duty_shifts d JOIN organisations o ON o.id = d.organisation_id WHERE d.ends_at > @now AND d.starts_at <= @now
            """, new { now })]), cancel);

    /// <summary>Answered, and nothing of the citizen since.</summary>
    public Task<List<string>> SilentSinceAsync(DateTimeOffset edge, int limit, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<string>($"""
        SELECT id FROM consultations {database.Dialect.UseIndex("ix_consultations_silent")}
        WHERE state = 'Answered' AND last_answered_at <= @edge ORDER BY last_answered_at, id LIMIT @limit
        """, new { edge, limit })).AsList(), cancel);

    /// <summary>Past the promise, unanswered and not reported.</summary>
    /// <param name="state">Submitted or Assigned: the only two in which there has been no answer.</param>
    public Task<List<string>> OverdueAsync(string state, DateTimeOffset now, int limit, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<string>($"""
        SELECT id FROM consultations {database.Dialect.UseIndex("ix_consultations_due")}
        WHERE state = @state AND overdue_at IS NULL AND answer_due_at <= @now ORDER BY answer_due_at, id LIMIT @limit
        """, new { state, now, limit })).AsList(), cancel);

    /// <summary>The head of the unit or of the nearest one above that has one.</summary>
    public static Task<string?> HeadAsync(UnitOfWork tx, string organisationPath) => tx.ScalarAsync<string>("""
        SELECT p.staff_id FROM posts p JOIN organisations o ON o.id = p.organisation_id JOIN staff_members s ON s.id = p.staff_id
        WHERE p.role = 'CentreHead' AND s.active = 1 AND o.id IN @chain ORDER BY LENGTH(o.path) DESC, p.staff_id LIMIT 1
        """, new { chain = organisationPath.Split('/', StringSplitOptions.RemoveEmptyEntries) });

    private static Task<IEnumerable<PersonRow>> OffDutyAsync(DbConnection connection, DateTimeOffset now, DateTimeOffset remember) => connection.QueryAsync<PersonRow>("""
        SELECT s.id, s.active, (SELECT MAX(e.ends_at) FROM duty_shifts e WHERE e.staff_id = s.id AND e.ends_at <= @now) AS last_end
        FROM staff_members s
        WHERE EXISTS (SELECT 1 FROM matters m WHERE m.handler_id = s.id AND m.waiting_since > 0)
          AND (s.active = 0
               OR (NOT EXISTS (SELECT 1 FROM duty_shifts d WHERE d.staff_id = s.id AND d.ends_at > @now AND d.starts_at <= @now)
                   AND EXISTS (SELECT 1 FROM duty_shifts d WHERE d.staff_id = s.id AND d.ends_at > @remember AND d.ends_at <= @now)))
        """, new { now, remember });

    private sealed record PersonRow
    {
        public required string Id { get; init; }
        public bool Active { get; init; }
        public DateTimeOffset? LastEnd { get; init; }
    }
}

/// <summary>A consultation in the hands of somebody off duty.</summary>
public sealed record HeldRow
{
    public required string ConsultationId { get; init; }
    public required string HandlerId { get; init; }
    public required DateTimeOffset WaitingSince { get; init; }
}
