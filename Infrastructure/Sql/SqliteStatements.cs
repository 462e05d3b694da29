using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MicroPlatform.Infrastructure.Sql;

/// <summary>An open connection and the statements that it has prepared, by their text. For one user at a time.</summary>
internal sealed class SqliteStatements(SqliteConnection connection) : IDisposable
{
    /// <summary>Statements in a generation, some kilobytes each. What was not used while one filled up is forgotten with it.</summary>
    private const int Most = 250;

    private readonly HashSet<int> _metOnce = [];
    private Dictionary<string, SqliteCommand> _young = new(StringComparer.Ordinal);
    private Dictionary<string, SqliteCommand> _old = new(StringComparer.Ordinal);

    public SqliteConnection Connection => connection;

    public bool IsInTransaction => raw.sqlite3_get_autocommit(connection.Handle) == 0;

    /// <summary>A command with this text and no parameters, prepared if it was run before. Nobody else gets it until it is given back.</summary>
    public SqliteCommand Take(string sql)
    {
        if (_young.Remove(sql, out var command) || _old.Remove(sql, out command)) return command;
        command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    /// <param name="command">Its reader is closed.</param>
    public void GiveBack(SqliteCommand command)
    {
        command.Parameters.Clear();
        command.Transaction = null;
        // Some texts never come again, as those that hold numbers: the second time tells.
        if (_metOnce.Add(command.CommandText.GetHashCode(StringComparison.Ordinal)))
        {
            if (_metOnce.Count > 4 * Most) _metOnce.Clear();
            command.Dispose();
            return;
        }
        if (_young.Count >= Most)
        {
            foreach (var forgotten in _old.Values) forgotten.Dispose();
            (_old, _young) = (_young, new(StringComparer.Ordinal));
        }
        // Two of one text were in use at once.
        if (!_young.TryAdd(command.CommandText, command)) command.Dispose();
    }

    /// <summary>Closes the connection, and with it all statements.</summary>
    public void Dispose() => connection.Dispose();
}
