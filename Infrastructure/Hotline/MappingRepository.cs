using Dapper;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Hotline;

/// <summary>What a partner's codes mean here. A code that is not on the list stands for itself: many hotlines use ours.</summary>
public sealed class MappingRepository(Database database)
{
    public const string Categories = "categories";
    public const string Areas = "areas";
    public const string Departments = "departments";

    /// <summary>Those that can be mapped.</summary>
    public static readonly IReadOnlyList<string> Dictionaries = [Categories, Areas, Departments];

    public static async Task<string?> ResolveAsync(UnitOfWork tx, string appId, string dictionary, string? code) => code is null ? null
        : await tx.ScalarAsync<string>("SELECT internal_code FROM hotline_mappings WHERE app_id = @appId AND dictionary = @dictionary AND external_code = @code", new { appId, dictionary, code }) ?? code;

    public Task<List<MappingRow>> ListAsync(string appId, string dictionary, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<MappingRow>(
        "SELECT external_code, internal_code FROM hotline_mappings WHERE app_id = @appId AND dictionary = @dictionary ORDER BY external_code", new { appId, dictionary })).AsList(), cancel);

    /// <summary>The whole list of one dictionary, in place of the one before.</summary>
    public static async Task ReplaceAsync(UnitOfWork tx, string appId, string dictionary, IEnumerable<MappingRow> rows)
    {
        await tx.ExecuteAsync("DELETE FROM hotline_mappings WHERE app_id = @appId AND dictionary = @dictionary", new { appId, dictionary });
        foreach (var some in rows.Chunk(200))
            await tx.InsertLaterAsync("hotline_mappings", "app_id, dictionary, external_code, internal_code", [.. some.Select(r => new object?[] { appId, dictionary, r.ExternalCode, r.InternalCode })]);
    }

    /// <summary>Whether a code of ours exists.</summary>
    public static async Task<bool> ExistsAsync(UnitOfWork tx, string dictionary, string code) => await tx.ScalarAsync<long>(dictionary switch
    {
        Categories => "SELECT COUNT(*) FROM categories WHERE code = @code",
        Areas => "SELECT COUNT(*) FROM regions WHERE code = @code",
        Departments => "SELECT COUNT(*) FROM organisations WHERE id = @code AND active = 1",
        _ => throw new ArgumentOutOfRangeException(nameof(dictionary)),
    }, new { code }) == 1;

    /// <summary>Our own codes: what a partner may send without any mapping.</summary>
    public Task<List<DictionaryRow>> OwnAsync(string dictionary, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<DictionaryRow>(dictionary switch
    {
        Categories => "SELECT code, parent_code, name FROM categories WHERE active = 1 ORDER BY code",
        Areas => "SELECT code, parent_code, name FROM regions WHERE active = 1 ORDER BY code",
        Departments => "SELECT id AS code, parent_id AS parent_code, name FROM organisations WHERE active = 1 ORDER BY path",
        _ => throw new ArgumentOutOfRangeException(nameof(dictionary)),
    })).AsList(), cancel);
}

public sealed record MappingRow
{
    public required string ExternalCode { get; init; }
    public required string InternalCode { get; init; }
}

public sealed record DictionaryRow
{
    public required string Code { get; init; }
    public string? ParentCode { get; init; }
    public required string Name { get; init; }
}
