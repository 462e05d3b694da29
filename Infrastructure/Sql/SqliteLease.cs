using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace MicroPlatform.Infrastructure.Sql;

/// <summary>A connection of <see cref="SqliteDataSource"/> in somebody's hands: closing it gives it back, open, with its statements.</summary>
internal sealed class SqliteLease(SqliteDataSource source) : DbConnection
{
    private SqliteStatements? _held;

    [AllowNull]
    public override string ConnectionString { get => source.ConnectionString; set => throw new NotSupportedException(); }

    public override string Database => Held.Connection.Database;

    public override string DataSource => Held.Connection.DataSource;

    public override string ServerVersion => Held.Connection.ServerVersion;

    public override ConnectionState State => _held is null ? ConnectionState.Closed : ConnectionState.Open;

    internal SqliteStatements Held => _held ?? throw new InvalidOperationException("The connection is closed.");

    public override void Open() => _held ??= source.Take();

    public override void Close()
    {
        if (Interlocked.Exchange(ref _held, null) is { } held) source.GiveBack(held);
    }

    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

    /// <summary>Immediate: no other writer until it ends.</summary>
    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => Held.Connection.BeginTransaction(isolationLevel, deferred: false);

    protected override DbCommand CreateDbCommand() => new SqliteKeptCommand(this);

    protected override void Dispose(bool disposing)
    {
        if (disposing) Close();
        base.Dispose(disposing);
    }
}

/// <summary>A command that runs through one of its connection's statements: taken when it is first run, given back when it is disposed.</summary>
internal sealed class SqliteKeptCommand(SqliteLease connection) : DbCommand
{
    private readonly Values _parameters = [];
    private SqliteCommand? _statement;
    private string _text = "";
    private bool _failed;

    [AllowNull]
    public override string CommandText
    {
        get => _text;
        set
        {
            if (value != _text) GiveBack();
            _text = value ?? "";
        }
    }

    public override int CommandTimeout { get; set; } = connection.Held.Connection.DefaultTimeout;

    public override CommandType CommandType { get => CommandType.Text; set => Expect(value == CommandType.Text); }

    public override bool DesignTimeVisible { get; set; }

    public override UpdateRowSource UpdatedRowSource { get; set; }

    protected override DbConnection? DbConnection { get => connection; set => Expect(value == connection); }

    protected override DbParameterCollection DbParameterCollection => _parameters;

    protected override DbTransaction? DbTransaction { get; set; }

    public override void Cancel() => _statement?.Cancel();

    public override void Prepare() => Statement().Prepare();

    protected override DbParameter CreateDbParameter() => new SqliteParameter();

    public override int ExecuteNonQuery() => Run(static (s, _) => s.ExecuteNonQuery(), CommandBehavior.Default);

    public override object? ExecuteScalar() => Run(static (s, _) => s.ExecuteScalar(), CommandBehavior.Default);

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => Run(static (s, b) => s.ExecuteReader(b), behavior);

    protected override void Dispose(bool disposing)
    {
        if (disposing) GiveBack();
        base.Dispose(disposing);
    }

    private T Run<T>(Func<SqliteCommand, CommandBehavior, T> run, CommandBehavior behavior)
    {
        try
        {
            return run(Statement(), behavior);
        }
        catch
        {
            _failed = true;
            throw;
        }
    }

    private SqliteCommand Statement()
    {
        _statement ??= connection.Held.Take(_text);
        (_statement.Transaction, _statement.CommandTimeout) = ((SqliteTransaction?)DbTransaction, CommandTimeout);
        _statement.Parameters.Clear();
        foreach (SqliteParameter parameter in _parameters)
        {
            // With its prefix SQLite finds it at the first look; the driver would else ask for the bare name and for each prefix in turn.
            if (parameter.ParameterName is [not '@', ..]) parameter.ParameterName = "@" + parameter.ParameterName;
            _statement.Parameters.Add(parameter);
        }
        return _statement;
    }

    private void GiveBack()
    {
        if (Interlocked.Exchange(ref _statement, null) is not { } statement) return;
        // Whatever state an error has left it in is not for the next user; nor is one whose connection has been given back meanwhile.
        if (_failed || connection.State != ConnectionState.Open) statement.Dispose();
        else connection.Held.GiveBack(statement);
        _failed = false;
    }

    private static void Expect(bool so)
    {
        if (!so) throw new NotSupportedException("A command stays with the connection that made it, and its text is SQL.");
    }

    private sealed class Values : SqliteParameterCollection;
}
