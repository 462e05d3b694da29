using System.Data.Common;
using Dapper;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Bench;

/// <summary>One database under measurement, reached exactly as the API reaches it: same driver, same settings, same pool.</summary>
/// <param name="Folder">Data folder of the API that serves it.</param>
/// <param name="Server">ADO.NET connection string of the server without a database; null is SQLite.</param>
/// <param name="Name">Database on the server.</param>
internal sealed record Store(string Folder, string? Server, string Name, string? Redis)
{
    public SqlDialect Dialect { get; } = SqlDialect.For(new DatabaseOptions { Provider = Server is null ? "sqlite" : "mysql" });

    public string? ConnectionString => Server is null ? null : $"{Server};Database={Name}";

    public static string Driver(string engine) => engine == "sqlite" ? "Microsoft.Data.Sqlite" : MySqlDriver.Name;

    public DbDataSource Open()
    {
        SqlTypes.Register();
        return Server is null
            ? new SqliteDataSource(Path.Combine(Folder, "microplatform.db"))
            : MySqlDriver.CreateDataSource(ConnectionString!);
    }

    /// <summary>As the baseline opens it: on SQLite without kept statements, which are the platform's own, unless it is asked to have them too.</summary>
    public DbDataSource OpenBare()
    {
        SqlTypes.Register();
        return Server is null && System.Environment.GetEnvironmentVariable("BENCH_BARE_KEEPS") != "1" ? new PlainSqlite(Path.Combine(Folder, "microplatform.db")) : Open();
    }

    public async Task CreateAsync()
    {
        Directory.CreateDirectory(Folder);
        if (Server is null) return;
        await using var source = MySqlDriver.CreateDataSource(Server);
        await using var connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync($"CREATE DATABASE {Name} CHARACTER SET utf8mb4");
    }

    /// <summary>What makes a child serve this database. Both sides log warnings only.</summary>
    public Dictionary<string, string?> Environment() => new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Development",
        ["Data__Folder"] = Folder,
        ["Database__Provider"] = Server is null ? "sqlite" : "mysql",
        ["Database__ConnectionString"] = ConnectionString,
        ["Redis__ConnectionString"] = Redis,
        ["Demo__Enabled"] = "true",
        ["Logging__LogLevel__Default"] = "Warning",
        ["RateLimits__Enabled"] = "false",
    };
}
