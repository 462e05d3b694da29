using Dapper;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Administration;

/// <summary>Keeps what was set and every change of it. The version guards each, the one that the administrator saw; 0 where nobody has set anything.</summary>
public sealed class SettingRepository(Database database)
{
    private const string Select = "SELECT s.name, s.value, s.version, s.changed_at, p.name AS changed_by_name FROM settings s LEFT JOIN staff_members p ON p.id = s.changed_by";

    public Task<Dictionary<string, SettingRow>> ListAsync(CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<SettingRow>(Select)).ToDictionary(r => r.Name, StringComparer.Ordinal), cancel);

    public static Task<SettingRow?> FindAsync(UnitOfWork tx, string name) => tx.FirstOrDefaultAsync<SettingRow>($"{Select} WHERE s.name = @name", new { name });

    /// <returns>False when somebody else has set it since.</returns>
    public static async Task<bool> TrySetAsync(UnitOfWork tx, string name, string? oldValue, string? value, int version, string by)
    {
        var sql = version == 0
            ? $"{tx.Dialect.InsertIgnore} settings (name, value, version, changed_by, changed_at) VALUES (@name, @value, 1, @by, @Now)"
            : "UPDATE settings SET value = @value, version = version + 1, changed_by = @by, changed_at = @Now WHERE name = @name AND version = @version";
        if (await tx.ExecuteAsync(sql, new { name, value, version, by, tx.Now }) != 1) return false;
        await tx.ExecuteAsync("INSERT INTO setting_changes (name, version, old_value, new_value, changed_by, changed_at) VALUES (@name, @next, @oldValue, @value, @by, @Now)",
            new { name, next = version + 1, oldValue, value, by, tx.Now });
        return true;
    }

    /// <summary>Newest first, before a version.</summary>
    public Task<List<SettingChangeRow>> ChangesAsync(string name, int? before, int limit, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<SettingChangeRow>($"""
        SELECT h.version, h.old_value, h.new_value, h.changed_at, p.name AS changed_by_name FROM setting_changes h LEFT JOIN staff_members p ON p.id = h.changed_by
        WHERE h.name = @name {(before is null ? "" : "AND h.version < @before")} ORDER BY h.version DESC LIMIT @limit
        """, new { name, before, limit })).AsList(), cancel);
}

public sealed record SettingRow
{
    public required string Name { get; init; }
    public string? Value { get; init; }
    public required int Version { get; init; }
    public required DateTimeOffset ChangedAt { get; init; }
    public string? ChangedByName { get; init; }
}

public sealed record SettingChangeRow
{
    public required int Version { get; init; }
    public string? OldValue { get; init; }
    public string? NewValue { get; init; }
    public required DateTimeOffset ChangedAt { get; init; }
    public string? ChangedByName { get; init; }
}
