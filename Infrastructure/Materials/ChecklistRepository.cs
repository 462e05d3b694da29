using Dapper;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>What is asked for on which matters. Codes never change and nothing is deleted: materials carry them.</summary>
public sealed class ChecklistRepository(Database database)
{
    private const string Columns = "code, category_code, name, required, choice_group, hint, position, active, version";

    /// <summary>Everything, in the order it is shown.</summary>
    public Task<List<ChecklistItem>> AllAsync(CancellationToken cancel) => database.ReadAsync(async c =>
        (await c.QueryAsync<Row>($"SELECT {Columns} FROM checklist_items ORDER BY CASE WHEN category_code IS NULL THEN 0 ELSE 1 END, category_code, position, code")).Select(r => r.ToItem()).ToList(), cancel);

    /// <summary>What is asked for on a matter of a category: of all, of its group, of itself.</summary>
    public static async Task<IReadOnlyList<ChecklistItem>> ForAsync(UnitOfWork tx, string categoryCode) =>
        Apply(await tx.QueryAsync<Row>($"SELECT {Columns} FROM checklist_items WHERE active = 1 ORDER BY position, code"), categoryCode);

    /// <summary>The same outside a transaction.</summary>
    public Task<IReadOnlyList<ChecklistItem>> ForAsync(string categoryCode, CancellationToken cancel) => database.ReadAsync(async c =>
        Apply(await c.QueryAsync<Row>($"SELECT {Columns} FROM checklist_items WHERE active = 1 ORDER BY position, code"), categoryCode), cancel);

    public async Task<ChecklistItem?> FindAsync(UnitOfWork tx, string code) =>
        (await tx.FirstOrDefaultAsync<Row>($"SELECT {Columns} FROM checklist_items WHERE code = @code", new { code }))?.ToItem();

    public static async Task<bool> ExistsAsync(UnitOfWork tx, string code) =>
        await tx.ScalarAsync<long>("SELECT COUNT(*) FROM checklist_items WHERE code = @code AND active = 1", new { code }) == 1;

    /// <returns>False when the code is taken.</returns>
    public async Task<bool> TryInsertAsync(UnitOfWork tx, ChecklistItem item)
    {
        try
        {
            await tx.ExecuteAsync($"INSERT INTO checklist_items ({Columns}) VALUES (@Code, @CategoryCode, @Name, @Required, @ChoiceGroup, @Hint, @Position, @Active, 1)", item);
            return true;
        }
        catch (Exception e) when (database.IsDuplicateKey(e))
        {
            return false;
        }
    }

    /// <returns>False when somebody else has saved since.</returns>
    public static async Task<bool> TrySaveAsync(UnitOfWork tx, ChecklistItem item) => await tx.ExecuteAsync("""
        UPDATE checklist_items SET category_code = @CategoryCode, name = @Name, required = @Required, choice_group = @ChoiceGroup, hint = @Hint, position = @Position, active = @Active,
               version = version + 1
        WHERE code = @Code AND version = @Version
        """, item) == 1;

    private static IReadOnlyList<ChecklistItem> Apply(IEnumerable<Row> rows, string categoryCode) => [.. rows.Select(r => r.ToItem()).Where(i => i.AppliesTo(categoryCode))];

    private sealed record Row
    {
        public required string Code { get; init; }
        public string? CategoryCode { get; init; }
        public required string Name { get; init; }
        public bool Required { get; init; }
        public string? ChoiceGroup { get; init; }
        public string? Hint { get; init; }
        public int Position { get; init; }
        public bool Active { get; init; }
        public int Version { get; init; }

        public ChecklistItem ToItem() => new(Code, CategoryCode, Name, Required, ChoiceGroup, Hint, Position, Active, Version);
    }
}
