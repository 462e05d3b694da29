using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Dapper;
using MicroPlatform.Domain.Common;
using Microsoft.Extensions.Logging;

namespace MicroPlatform.Infrastructure.Sql;

/// <summary>
/// Brings the schema up to this build, forward only. Files <c>Migrations/V####__feature_what.sql</c>, applied in number order, their
/// SHA-256 kept: a file changed after it was applied stops the start. Several nodes may start at once: one holds the lease row, the
/// others wait for it. DDL is not transactional on MySQL, so every statement is written to be safe to run again.
/// </summary>
public sealed partial class Migrator(Database database, TimeProvider time, ILogger<Migrator> log)
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);

    /// <summary>All migrations of this build, in order.</summary>
    internal static IReadOnlyList<Migration> All { get; } = Load();

    /// <returns>How many were applied now.</returns>
    /// <exception cref="InvalidOperationException">An applied file has changed, or the database is newer than this build.</exception>
    public async Task<int> MigrateAsync(CancellationToken cancel = default)
    {
        await using var connection = await OpenPatientlyAsync(cancel);
        await CreateBookkeepingAsync(connection);
        if (await PendingAsync(connection) is { Count: 0 }) return 0;

        var owner = Id.New(time);
        await TakeLeaseAsync(connection, owner, cancel);
        try
        {
            var pending = await PendingAsync(connection);
            foreach (var migration in pending) await ApplyAsync(connection, migration);
            return pending.Count;
        }
        finally
        {
            await connection.ExecuteAsync("UPDATE schema_lease SET owner = '', expires_at = 0 WHERE id = 1 AND owner = @owner", new { owner });
        }
    }

    internal static IEnumerable<string> Statements(string sql) =>
        StatementEnd().Split(sql).Select(s => s.Trim()).Where(s => s.Length > 0 && !s.Split('\n').All(l => l.TrimStart().StartsWith("--", StringComparison.Ordinal)));

    /// <summary>A database that starts together with the program may need a moment.</summary>
    private async Task<DbConnection> OpenPatientlyAsync(CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await database.OpenAsync(cancel);
            }
            catch (DbException e) when (attempt < 30 && database.Dialect.Classify(e) == SqlFault.ConnectionLost)
            {
                log.LogWarning("Database not reachable yet (attempt {Attempt} of 30): {Reason}", attempt, e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), time, cancel);
            }
        }
    }

    private async Task CreateBookkeepingAsync(DbConnection connection)
    {
        var sql = database.Dialect.Translate("""
            CREATE TABLE IF NOT EXISTS schema_migrations (
                version {int} NOT NULL PRIMARY KEY, name {short} NOT NULL, checksum {code} NOT NULL, applied_at {instant} NOT NULL) {table};
            CREATE TABLE IF NOT EXISTS schema_lease (
                id {int} NOT NULL PRIMARY KEY, owner {code} NOT NULL, expires_at {instant} NOT NULL) {table};
            """);
        foreach (var statement in Statements(sql)) await connection.ExecuteAsync(statement);
        await connection.ExecuteAsync($"{database.Dialect.InsertIgnore} schema_lease (id, owner, expires_at) VALUES (1, '', 0)");
    }

    private static async Task<List<Migration>> PendingAsync(DbConnection connection)
    {
        var applied = (await connection.QueryAsync<(int Version, string Checksum)>("SELECT version, checksum FROM schema_migrations")).ToDictionary(r => r.Version, r => r.Checksum);
        foreach (var migration in All)
            if (applied.TryGetValue(migration.Version, out var checksum) && checksum != migration.Checksum)
                throw new InvalidOperationException($"Migration {migration.Name} was changed after it was applied. Add a new one instead.");
        if (applied.Keys.Except(All.Select(m => m.Version)).ToList() is { Count: > 0 } unknown)
            throw new InvalidOperationException($"The database has migrations this build does not know ({string.Join(", ", unknown)}). Run a newer build.");
        return [.. All.Where(m => !applied.ContainsKey(m.Version))];
    }

    private async Task TakeLeaseAsync(DbConnection connection, string owner, CancellationToken cancel)
    {
        while (true)
        {
            var now = time.GetUtcNow();
            var taken = await connection.ExecuteAsync(
                "UPDATE schema_lease SET owner = @owner, expires_at = @until WHERE id = 1 AND (owner = '' OR expires_at < @now)",
                new { owner, now, until = now + Lease });
            if (taken == 1) return;
            log.LogInformation("Another node is migrating; waiting");
            await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancel);
        }
    }

    private async Task ApplyAsync(DbConnection connection, Migration migration)
    {
        log.LogInformation("Applying migration {Name}", migration.Name);
        foreach (var statement in Statements(database.Dialect.Translate(migration.Sql)))
        {
            try
            {
                await connection.ExecuteAsync(statement);
            }
            catch (DbException e) when (database.Dialect.IsAlreadyThere(e))
            {
                log.LogInformation("Already there, left by an interrupted start: {Statement}", statement.Split('\n')[0]);
            }
        }
        await connection.ExecuteAsync(
            "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (@Version, @Name, @Checksum, @now)",
            new { migration.Version, migration.Name, migration.Checksum, now = time.GetUtcNow() });
    }

    private static List<Migration> Load()
    {
        var assembly = typeof(Migrator).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(n => FileName().IsMatch(n))
            .Select(n =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(n)!);
                var sql = reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
                var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
                return new Migration(int.Parse(n.AsSpan(1, 4), System.Globalization.CultureInfo.InvariantCulture), n, sql, checksum);
            })
            .OrderBy(m => m.Version)];
    }

    [GeneratedRegex(@"^V\d{4}__[a-z0-9_]+\.sql$")]
    private static partial Regex FileName();

    [GeneratedRegex(@";\s*(?:\n|$)")]
    private static partial Regex StatementEnd();
}

/// <summary>One migration file.</summary>
internal sealed record Migration(int Version, string Name, string Sql, string Checksum);
