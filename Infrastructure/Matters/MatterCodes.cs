using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Matters;

/// <summary>Looks codes up that callers send; only active ones count.</summary>
public static class MatterCodes
{
    internal const string CategoryByCode = "SELECT code, name FROM categories WHERE code = @categoryCode AND active = 1";
    internal const string RegionByCode = "SELECT code, name FROM regions WHERE code = @regionCode AND active = 1";

    public static Task<CodeRow?> CategoryAsync(UnitOfWork tx, string? categoryCode) => tx.FirstOrDefaultAsync<CodeRow>(CategoryByCode, new { categoryCode });

    public static Task<CodeRow?> RegionAsync(UnitOfWork tx, string? regionCode) => tx.FirstOrDefaultAsync<CodeRow>(RegionByCode, new { regionCode });
}

public sealed record CodeRow
{
    public required string Code { get; init; }
    public required string Name { get; init; }
}
