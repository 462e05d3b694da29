using Dapper;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Matters;

/// <summary>Keeps the table of categories. Unique keys hold code and external code; the version in the WHERE guards every edit.</summary>
public sealed class CategoryRepository(Database database)
{
    private const string Select = "SELECT code, parent_code, name, legal_aid_item, hardship_exempt, mediable, confirmable, external_code, active, version FROM categories";

    /// <summary>All of them, also those out of choice; there are some hundred.</summary>
    public Task<List<Category>> ListAsync(CancellationToken cancel) => database.ReadAsync(async c =>
        (await c.QueryAsync<Row>($"{Select} ORDER BY code")).Select(r => r.ToCategory()).ToList(), cancel);

    public async Task<Category?> FindAsync(UnitOfWork tx, string code) => (await tx.FirstOrDefaultAsync<Row>($"{Select} WHERE code = @code", new { code }))?.ToCategory();

    public async Task<bool> HasActiveChildrenAsync(UnitOfWork tx, string code) =>
        await tx.ScalarAsync<long>("SELECT COUNT(*) FROM categories WHERE parent_code = @code AND active = 1", new { code }) > 0;

    /// <returns>False when the code or the external code is taken.</returns>
    public async Task<bool> TryInsertAsync(UnitOfWork tx, Category category) => await tx.ExecuteAsync($"""
        {tx.Dialect.InsertIgnore} categories (code, parent_code, name, legal_aid_item, hardship_exempt, mediable, confirmable, external_code, active, version)
        VALUES (@Code, @ParentCode, @Name, @LegalAidItem, @HardshipExempt, @Mediable, @Confirmable, @ExternalCode, @Active, 1)
        """, category) == 1;

    /// <summary>Saves over the version read. <see cref="CategorySaved.ExternalCodeTaken"/> is the unique key's word.</summary>
    public async Task<CategorySaved> SaveAsync(UnitOfWork tx, Category category)
    {
        try
        {
            return await tx.ExecuteAsync("""
                UPDATE categories SET name = @Name, legal_aid_item = @LegalAidItem, hardship_exempt = @HardshipExempt, mediable = @Mediable,
                       confirmable = @Confirmable, external_code = @ExternalCode, active = @Active, version = version + 1
                WHERE code = @Code AND version = @Version
                """, category) == 1 ? CategorySaved.Yes : CategorySaved.OtherVersion;
        }
        catch (Exception e) when (database.IsDuplicateKey(e))
        {
            return CategorySaved.ExternalCodeTaken;
        }
    }

    private sealed record Row
    {
        public required string Code { get; init; }
        public string? ParentCode { get; init; }
        public required string Name { get; init; }
        public int? LegalAidItem { get; init; }
        public bool HardshipExempt { get; init; }
        public bool Mediable { get; init; }
        public bool Confirmable { get; init; }
        public string? ExternalCode { get; init; }
        public bool Active { get; init; }
        public int Version { get; init; }

        public Category ToCategory() => new(Code, ParentCode, Name, LegalAidItem, HardshipExempt, Mediable, Confirmable, ExternalCode, Active, Version);
    }
}

/// <summary>How saving a category ended.</summary>
public enum CategorySaved
{
    Yes,
    OtherVersion,
    ExternalCodeTaken,
}
