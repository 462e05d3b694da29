using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace MicroPlatform.Infrastructure.Sql;

/// <summary>Connections to the embedded database: WAL, every commit synced to disk (<c>synchronous=FULL</c>), foreign keys on.</summary>
internal sealed class SqliteDataSource(string path) : DbDataSource
{
    /// <summary>Pooled connections keep their settings; this remembers which native handles have them.</summary>
    private static readonly ConditionalWeakTable<object, object> Prepared = [];

    public override string ConnectionString { get; } = new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Pooling = true,
        DefaultTimeout = 10,
    }.ConnectionString;

    protected override DbConnection CreateDbConnection() => new SqliteConnection(ConnectionString);

    protected override DbConnection OpenDbConnection()
    {
        var connection = new SqliteConnection(ConnectionString);
        try
        {
            connection.Open();
            if (!Prepared.TryGetValue(connection.Handle!, out _))
            {
                using var command = connection.CreateCommand();
                command.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-16000; PRAGMA mmap_size=4294967296; PRAGMA temp_store=MEMORY";
                command.ExecuteNonQuery();
                Prepared.AddOrUpdate(connection.Handle!, this);
            }
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    protected override ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default) => new(OpenDbConnection());

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            using var connection = new SqliteConnection(ConnectionString);
            SqliteConnection.ClearPool(connection);
        }
        base.Dispose(disposing);
    }
}
