using System.Data.Common;
using Dapper;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Identity;

public sealed record StaffAccountRow
{
    public required string Id { get; init; }
    public required string Username { get; init; }
    public required string Name { get; init; }
    public string? Title { get; init; }
    public bool Active { get; init; }
    public bool PasswordTemporary { get; init; }
    public bool TotpEnrolled { get; init; }
    public DateTimeOffset? LockedUntil { get; set; }
    public IReadOnlyList<StaffPostRow> Posts { get; set; } = [];
}

public sealed record StaffPostRow
{
    public required string StaffId { get; init; }
    public required string OrganisationId { get; init; }
    public required string OrganisationName { get; init; }
    public Role Role { get; init; }
}

/// <summary>Staff accounts for the administrator's screen.</summary>
public sealed class StaffAccountQueries(Database database, ThrottleRepository throttles, TimeProvider time)
{
    private const string Select = """
        SELECT id, username, name, title, active, password_temporary, CASE WHEN totp_sealed IS NULL THEN 0 ELSE 1 END AS totp_enrolled FROM staff_members
        """;

    public Task<List<StaffAccountRow>> ListAsync(string? after, int limit, CancellationToken cancel) => database.ReadAsync(async connection =>
    {
        var rows = (await connection.QueryAsync<StaffAccountRow>($"{Select} {(after is null ? "" : "WHERE username > @after")} ORDER BY username LIMIT @limit", new { after, limit })).AsList();
        await CompleteAsync(connection, null, rows);
        return rows;
    }, cancel);

    /// <summary>All user names that are taken.</summary>
    public Task<HashSet<string>> UserNamesAsync(CancellationToken cancel) => database.ReadAsync(async connection =>
        (await connection.QueryAsync<string>("SELECT username FROM staff_members")).ToHashSet(StringComparer.Ordinal), cancel);

    public async Task<StaffAccountRow?> FindAsync(UnitOfWork tx, string id)
    {
        var rows = (await tx.QueryAsync<StaffAccountRow>($"{Select} WHERE id = @id", new { id })).AsList();
        await CompleteAsync(await tx.ConnectionAsync(), tx.Transaction, rows);
        return rows.Count == 0 ? null : rows[0];
    }

    private async Task CompleteAsync(DbConnection connection, DbTransaction? transaction, List<StaffAccountRow> rows)
    {
        if (rows.Count == 0) return;
        var posts = (await connection.QueryAsync<StaffPostRow>("""
            SELECT p.staff_id, p.organisation_id, o.name AS organisation_name, p.role FROM posts p JOIN organisations o ON o.id = p.organisation_id
            WHERE p.staff_id IN @ids ORDER BY p.staff_id, o.path, p.role
            """, new { ids = rows.Select(r => r.Id) }, transaction)).ToLookup(p => p.StaffId);
        var locks = await throttles.LockedUntilAsync(connection, transaction, [.. rows.Select(r => r.Username)], time.GetUtcNow());
        foreach (var row in rows) (row.Posts, row.LockedUntil) = ([.. posts[row.Id]], locks.TryGetValue(row.Username, out var until) ? until : null);
    }
}
