using System.Data.Common;
using System.Runtime.CompilerServices;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Data.Sqlite;

namespace MicroPlatform.Bench;

/// <summary>The embedded database as the driver gives it: its own pool, the platform's settings, and every statement read anew each time it is run.</summary>
internal sealed class PlainSqlite(string path) : DbDataSource
{
    /// <summary>Pooled connections keep their settings; this remembers which native handles have them.</summary>
    private static readonly ConditionalWeakTable<object, object> Set = [];

    public override string ConnectionString { get; } = new SqliteConnectionStringBuilder { DataSource = path, Pooling = true, DefaultTimeout = 10 }.ConnectionString;

    protected override DbConnection CreateDbConnection() => new SqliteConnection(ConnectionString);

    protected override ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default) => new(OpenDbConnection());

    protected override DbConnection OpenDbConnection()
    {
        var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        if (Set.TryGetValue(connection.Handle!, out _)) return connection;
        using var command = connection.CreateCommand();
        command.CommandText = SqliteDataSource.Settings;
        command.ExecuteNonQuery();
        Set.AddOrUpdate(connection.Handle!, this);
        return connection;
    }
}
