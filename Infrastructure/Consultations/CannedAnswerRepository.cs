using Dapper;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Consultations;

/// <summary>Keeps canned answers. The version in the WHERE guards every edit.</summary>
public sealed class CannedAnswerRepository(Database database)
{
    private const string Select = """
        SELECT a.id, a.organisation_id, o.name AS organisation_name, o.path AS organisation_path, a.staff_id, a.category_code, k.name AS category_name, a.title, a.text,
               a.updated_at, a.version
        FROM canned_answers a LEFT JOIN organisations o ON o.id = a.organisation_id LEFT JOIN categories k ON k.code = a.category_code
        """;

    /// <summary>
    /// One's own, and those of one's units and the units above them, newest last. Of a category: those about it, about its group, and about
    /// nothing in particular.
    /// </summary>
    public Task<List<CannedAnswerRow>> VisibleAsync(string staffId, StaffScope scope, string? categoryCode, string after, int limit, CancellationToken cancel) =>
        database.ReadAsync(async c => (await c.QueryAsync<CannedAnswerRow>($"""
            {Select}
            WHERE (a.staff_id = @staffId OR a.organisation_id IN @units) AND a.id > @after
            {(categoryCode is null ? "" : "AND (a.category_code IS NULL OR a.category_code IN (@categoryCode, @group))")}
            ORDER BY a.id LIMIT @limit
            """, new
        {
            staffId, after, limit, categoryCode, group = categoryCode is null ? null : Dispatch.Group(categoryCode),
            units = scope.Paths.SelectMany(p => p.Split('/', StringSplitOptions.RemoveEmptyEntries)).Distinct(),
        })).AsList(), cancel);

    public Task<CannedAnswerRow?> FindAsync(UnitOfWork tx, string id) => tx.FirstOrDefaultAsync<CannedAnswerRow>($"{Select} WHERE a.id = @id", new { id });

    public Task InsertAsync(UnitOfWork tx, CannedAnswer answer, string by) => tx.ExecuteAsync("""
        INSERT INTO canned_answers (id, organisation_id, staff_id, category_code, title, text, updated_by, updated_at, version)
        VALUES (@Id, @OrganisationId, @StaffId, @CategoryCode, @Title, @Text, @by, @Now, 1)
        """, Args(tx, answer, by));

    /// <returns>False when it is not the version given any more.</returns>
    public async Task<bool> TryUpdateAsync(UnitOfWork tx, CannedAnswer answer, string by) => await tx.ExecuteAsync("""
        UPDATE canned_answers SET category_code = @CategoryCode, title = @Title, text = @Text, updated_by = @by, updated_at = @Now, version = version + 1
        WHERE id = @Id AND version = @Version
        """, Args(tx, answer, by)) == 1;

    /// <returns>False when it is not the version given any more.</returns>
    public async Task<bool> TryDeleteAsync(UnitOfWork tx, string id, int version) =>
        await tx.ExecuteAsync("DELETE FROM canned_answers WHERE id = @id AND version = @version", new { id, version }) == 1;

    private static object Args(UnitOfWork tx, CannedAnswer a, string by) =>
        new { a.Id, a.OrganisationId, a.StaffId, a.CategoryCode, a.Title, a.Text, a.Version, by, tx.Now };
}

public sealed record CannedAnswerRow
{
    public required string Id { get; init; }
    public string? OrganisationId { get; init; }
    public string? OrganisationName { get; init; }
    public string? OrganisationPath { get; init; }
    public string? StaffId { get; init; }
    public string? CategoryCode { get; init; }
    public string? CategoryName { get; init; }
    public required string Title { get; init; }
    public required string Text { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required int Version { get; init; }
}
