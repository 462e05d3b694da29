using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Matters;

/// <summary>Looks codes up that callers send; only active ones count.</summary>
public static class MatterCodes
{
    public static Task<CodeRow?> CategoryAsync(UnitOfWork tx, string? code) =>
        tx.FirstOrDefaultAsync<CodeRow>("SELECT code, name FROM categories WHERE code = @code AND active = 1", new { code });

    public static Task<CodeRow?> RegionAsync(UnitOfWork tx, string? code) =>
        tx.FirstOrDefaultAsync<CodeRow>("SELECT code, name FROM regions WHERE code = @code AND active = 1", new { code });
}

public sealed record CodeRow
{
    public required string Code { get; init; }
    public required string Name { get; init; }
}
