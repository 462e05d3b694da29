using Dapper;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Matters;

/// <summary>The code tables whole, for clients that show them as trees.</summary>
public sealed class CodeQueries(Database database)
{
    /// <summary>Active categories in the order of their codes.</summary>
    public Task<IReadOnlyList<CodeNode>> CategoriesAsync(CancellationToken cancel) => ReadAsync("categories", cancel);

    /// <summary>Active regions in the order of their codes.</summary>
    public Task<IReadOnlyList<CodeNode>> RegionsAsync(CancellationToken cancel) => ReadAsync("regions", cancel);

    private Task<IReadOnlyList<CodeNode>> ReadAsync(string table, CancellationToken cancel) => database.ReadAsync<IReadOnlyList<CodeNode>>(async connection =>
        (await connection.QueryAsync<CodeNode>($"SELECT code, parent_code, name FROM {table} WHERE active = 1 ORDER BY code")).AsList(), cancel);
}

public sealed record CodeNode
{
    public required string Code { get; init; }
    public string? ParentCode { get; init; }
    public required string Name { get; init; }
}
