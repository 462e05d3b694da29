using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace MicroPlatform.Infrastructure.Sql;

/// <summary>
/// Connections to the embedded database: WAL, every commit synced to disk (<c>synchronous=FULL</c>), foreign keys on. They are kept open with the statements
/// that they have prepared (docs/adr/0025): to read a statement's text costs SQLite more than to run most of them.
/// </summary>
internal sealed class SqliteDataSource(string path) : DbDataSource
{
    internal const string Settings =
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY";

    /// <summary>Kept open while nobody uses them. As many as ever work at once: beyond the processors' number they would only wait.</summary>
    private static readonly int MostIdle = 2 * Environment.ProcessorCount;

    private readonly ConcurrentStack<SqliteStatements> _idle = [];
    private volatile bool _disposed;

    public override string ConnectionString { get; } = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 10 }.ConnectionString;

    protected override DbConnection CreateDbConnection() => new SqliteLease(this);

    /// <summary>An open connection for one user at a time.</summary>
    internal SqliteStatements Take()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_idle.TryPop(out var idle)) return idle;
        var connection = new SqliteConnection(ConnectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = Settings;
            command.ExecuteNonQuery();
            return new SqliteStatements(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    internal void GiveBack(SqliteStatements connection)
    {
        // What a user has left half done must not be the next one's.
        if (_disposed || connection.IsInTransaction || _idle.Count >= MostIdle) connection.Dispose();
        else _idle.Push(connection);
        if (_disposed) CloseIdle();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _disposed = true;
            CloseIdle();
        }
        base.Dispose(disposing);
    }

    private void CloseIdle()
    {
        while (_idle.TryPop(out var idle)) idle.Dispose();
    }
}
