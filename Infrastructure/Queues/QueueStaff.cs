using System.Data.Common;
using Dapper;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Queues;

/// <summary>
/// Who may serve a queue: whoever is on duty for its unit now, and whoever holds a post there that works on matters. Whether they are there is asked of
/// <see cref="PresenceRepository"/>; whether they have somebody shows here, from tickets and calls.
/// </summary>
public static class QueueStaff
{
    private const string MayServe = """
        s.active = 1 AND EXISTS (SELECT 1 FROM posts r WHERE r.staff_id = s.id AND r.role IN @roles)
        AND (EXISTS (SELECT 1 FROM duty_shifts d WHERE d.staff_id = s.id AND d.organisation_id = @organisationId AND d.starts_at <= @now AND d.ends_at > @now)
             OR EXISTS (SELECT 1 FROM posts p WHERE p.staff_id = s.id AND p.organisation_id = @organisationId AND p.role IN @roles))
        """;

    private static readonly IReadOnlyList<string> Roles = [.. Domain.Identity.Roles.OnMatters.Select(r => r.ToString())];

    public static Task<IEnumerable<QueueStaffRow>> OfAsync(DbConnection connection, string organisationId, DateTimeOffset now, DbTransaction? transaction = null) =>
        connection.QueryAsync<QueueStaffRow>($"""
            SELECT s.id, s.name, s.title, s.specialities,
                   (SELECT COUNT(*) FROM duty_shifts d WHERE d.staff_id = s.id AND d.organisation_id = @organisationId AND d.starts_at <= @now AND d.ends_at > @now) AS shifts,
                   (SELECT COUNT(*) FROM tickets t WHERE t.serving_key = s.id) + (SELECT COUNT(*) FROM video_calls v WHERE v.live_staff_key = s.id)
                     + (SELECT COUNT(*) FROM video_calls w WHERE w.owed_by = s.id) AS hands,
                   (SELECT COUNT(*) FROM tickets t WHERE t.staff_id = s.id AND t.started_at >= @today) AS served_today,
                   (SELECT MAX(t.started_at) FROM tickets t WHERE t.staff_id = s.id) AS last_served_at
            FROM staff_members s WHERE {MayServe} ORDER BY s.id
            """, new { organisationId, now, today = new DateTimeOffset(now.InChina().Date, ChinaTime.Offset), roles = Roles }, transaction);

    public static async Task<bool> MayServeAsync(UnitOfWork tx, string staffId, string organisationId) => await tx.ScalarAsync<long>(
        $"SELECT COUNT(*) FROM staff_members s WHERE s.id = @staffId AND {MayServe}", new { staffId, organisationId, now = tx.Now, roles = Roles }) > 0;

    /// <summary>Whether citizens are taken in: somebody is on duty, or has said that they are there.</summary>
    /// <param name="seenSince">Said and never seen since is not there.</param>
    public static async Task<bool> IsServedAsync(DbConnection connection, string organisationId, DateTimeOffset now, DateTimeOffset seenSince, DbTransaction? transaction = null) =>
        await connection.ExecuteScalarAsync<long>($"""
            SELECT COUNT(*) FROM staff_members s WHERE {MayServe}
              AND (EXISTS (SELECT 1 FROM duty_shifts d WHERE d.staff_id = s.id AND d.organisation_id = @organisationId AND d.starts_at <= @now AND d.ends_at > @now)
                   OR EXISTS (SELECT 1 FROM staff_presence h WHERE h.staff_id = s.id AND h.state = 'On' AND h.seen_at > @seenSince))
            """, new { organisationId, now, seenSince, roles = Roles }, transaction) > 0;

    /// <summary>Queues that somebody may serve now, by the unit's path: their own first.</summary>
    public static async Task<IReadOnlyList<string>> QueuesOfAsync(DbConnection connection, string staffId, string kind, DateTimeOffset now) => [.. await connection.QueryAsync<string>("""
        SELECT q.id FROM queues q
        WHERE q.active = 1 AND q.kind = @kind
          AND (EXISTS (SELECT 1 FROM duty_shifts d WHERE d.staff_id = @staffId AND d.organisation_id = q.organisation_id AND d.starts_at <= @now AND d.ends_at > @now)
               OR EXISTS (SELECT 1 FROM posts p WHERE p.staff_id = @staffId AND p.organisation_id = q.organisation_id AND p.role IN @roles))
        ORDER BY q.id
        """, new { staffId, kind, now, roles = Roles })];

    /// <summary>Who must not act against whom: people of the office by the hash of a name. Nothing stands under a name that nobody knows.</summary>
    public static async Task<ILookup<string, string>> ConflictedAsync(UnitOfWork tx, IEnumerable<string?> opposingHashes)
    {
        var hashes = opposingHashes.OfType<string>().Distinct().ToList();
        var rows = hashes.Count == 0 ? [] : await tx.QueryAsync<PartyRow>("SELECT name_hash, staff_id FROM known_parties WHERE name_hash IN @hashes", new { hashes });
        return rows.ToLookup(r => r.NameHash, r => r.StaffId, StringComparer.Ordinal);
    }

    private sealed record PartyRow
    {
        public required string NameHash { get; init; }
        public required string StaffId { get; init; }
    }
}

/// <summary>Somebody who may serve a queue.</summary>
public sealed record QueueStaffRow
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public string? Title { get; init; }
    public required string Specialities { get; init; }

    /// <summary>More than none: on duty for the unit now.</summary>
    public long Shifts { get; init; }

    /// <summary>Tickets, calls and summaries owed that bind them now.</summary>
    public long Hands { get; init; }
    public int ServedToday { get; init; }
    public DateTimeOffset? LastServedAt { get; init; }

    public bool IsOnDuty => Shifts > 0;

    public bool IsBusy => Hands > 0;

    public IReadOnlyList<string> SpecialityCodes => Specialities.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
