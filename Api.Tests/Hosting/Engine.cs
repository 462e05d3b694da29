using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Tests.Hosting;

/// <summary>Where a fixture keeps its data. Every fixture over HTTP or over a repository runs on each.</summary>
public enum Engine
{
    /// <summary>SQLite file and in-process store: what <c>./run</c> gives.</summary>
    Embedded,
    /// <summary>MariaDB and Redis, from <c>TEST_MYSQL</c> and <c>TEST_REDIS</c>.</summary>
    Served,
}

public static class Engines
{
    public static readonly Engine[] All = [Engine.Embedded, Engine.Served];

    public static string? Redis => Environment.GetEnvironmentVariable("TEST_REDIS");

    public static string MySqlPort => (string)new DbConnectionStringBuilder { ConnectionString = MySql }["Port"];

    private static string? MySql => Environment.GetEnvironmentVariable("TEST_MYSQL");

    public static void Require(Engine engine)
    {
        if (engine == Engine.Served && (MySql is null || Redis is null)) Needs.Nothing("MariaDB and Redis are not there: set TEST_MYSQL and TEST_REDIS, or use ./test", Needs.Servers);
    }

    /// <summary>A new, empty database of a name that says it is for tests.</summary>
    public static async Task<string> CreateMySqlAsync()
    {
        var name = $"mp_test_{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
        await using var connection = await OpenServerAsync();
        await connection.ExecuteAsync($"CREATE DATABASE {name} CHARACTER SET utf8mb4");
        return $"{MySql};Database={name}";
    }

    public static async Task DropMySqlAsync(string connectionString)
    {
        var name = connectionString[(connectionString.LastIndexOf('=') + 1)..];
        if (!name.StartsWith("mp_test_", StringComparison.Ordinal)) throw new InvalidOperationException($"{name} is not a test database.");
        await using var connection = await OpenServerAsync();
        await connection.ExecuteAsync($"DROP DATABASE {name}");
    }

    private static async Task<DbConnection> OpenServerAsync()
    {
        var connection = MySqlDriver.Factory.CreateConnection()!;
        connection.ConnectionString = MySql!;
        await connection.OpenAsync();
        return connection;
    }
}
