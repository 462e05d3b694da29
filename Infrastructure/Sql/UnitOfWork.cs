using System.Data.Common;
using System.Globalization;
using System.Text;
using Dapper;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Infrastructure.Sql;

/// <summary>
/// One transaction that writes. Its body may run more than once, so it has no effect but on the database; what must happen
/// afterwards is given to <see cref="AfterCommit"/>.
/// </summary>
public sealed class UnitOfWork
{
    private readonly List<Func<Task>> _afterCommit = [];
    private readonly DbConnection _connection;
    private readonly WriteQueue _later;

    /// <param name="transaction">Null: it is begun with the first statement and ends with <see cref="FinishAsync"/> or <see cref="RollBackAsync"/>.</param>
    internal UnitOfWork(DbConnection connection, DbTransaction? transaction, SqlDialect dialect, TimeProvider time)
    {
        (_connection, Transaction, Dialect, Time, _later) = (connection, transaction, dialect, time, new WriteQueue(connection, transaction, dialect));
        Now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    /// <summary>To be given to the driver with a statement on <see cref="ConnectionAsync"/>; null where the transaction is the connection's own (MySQL).</summary>
    public DbTransaction? Transaction { get; }

    public SqlDialect Dialect { get; }

    /// <summary>The one instant of this transaction, in whole milliseconds as it will be read back.</summary>
    public DateTimeOffset Now { get; }

    private TimeProvider Time { get; }

    public string NewId() => Id.New(Time);

    /// <summary>The connection, for reads that are shared with who reads outside a transaction. Sees what was written so far.</summary>
    public async Task<DbConnection> ConnectionAsync()
    {
        await _later.SendAsync();
        await _later.BeginAsync();
        return _connection;
    }

    public async Task<int> ExecuteAsync(string sql, object? args = null)
    {
        await _later.SendAsync();
        return await _later.ExecuteAsync([(sql, args)]);
    }

    public Task<IEnumerable<T>> QueryAsync<T>(string sql, object? args = null) => _later.AskAsync(sql, args, (s, a) => _connection.QueryAsync<T>(s, a, Transaction));

    public Task<T?> FirstOrDefaultAsync<T>(string sql, object? args = null) => _later.AskAsync(sql, args, (s, a) => _connection.QueryFirstOrDefaultAsync<T>(s, a, Transaction));

    public Task<T?> ScalarAsync<T>(string sql, object? args = null) => _later.AskAsync(sql, args, (s, a) => _connection.ExecuteScalarAsync<T>(s, a, Transaction));

    /// <summary>Several questions in one trip to the server; read in the order of the statements.</summary>
    public Task<SqlMapper.GridReader> QueryMultipleAsync(string sql, object? args = null) => _later.AskAsync(sql, args, (s, a) => _connection.QueryMultipleAsync(s, a, Transaction));

    /// <summary>
    /// The row whose key decides whether there is anything to do here. It is written before every other statement of the transaction, and on MySQL in one trip with the
    /// first question: what the body does until then must have no effect, as everywhere in it.
    /// </summary>
    /// <param name="sql">The INSERT. Its parameters' names are no others' in this transaction.</param>
    /// <param name="taken">Thrown, from here or from the first statement, when the key is there already.</param>
    public Task ClaimAsync(string sql, object args, Func<Exception> taken) => _later.ClaimAsync(sql, args, taken);

    /// <summary>For who leaves without a statement, and must know whether the claim was good all the same.</summary>
    public Task SettleClaimAsync() => _later.SettleClaimAsync();

    /// <summary>
    /// Writes that are sent together, in this order; the first that fails ends them. For one that decides and one that only makes sense with it: who counts fewer
    /// rows than expected undoes both.
    /// </summary>
    /// <param name="writes">Arguments as for <see cref="ExecuteLaterAsync"/>.</param>
    /// <returns>How many rows all of them matched.</returns>
    public async Task<int> ExecuteTogetherAsync(params IReadOnlyList<(string Sql, object? Args)> writes)
    {
        await _later.SendAsync();
        return await _later.ExecuteAsync(writes);
    }

    /// <summary>
    /// A write that nobody here waits for: it goes to the server before the next statement or the commit, in one trip with all that wait. For what is only
    /// added, or written where a row before it has decided (timeline, outbox, audit): no count of rows and no key decides anything; a key that says no all the
    /// same makes the transaction run again. A write that does decide is <see cref="ExecuteAsync"/>.
    /// </summary>
    /// <param name="args">Properties are the parameters, no lists among them.</param>
    public Task ExecuteLaterAsync(string sql, object? args = null) => _later.AddAsync(sql, args);

    /// <summary>Several rows in one statement, as <see cref="ExecuteLaterAsync"/>.</summary>
    /// <param name="columns">Names, comma-separated.</param>
    /// <param name="rows">Values in the order of the columns; none writes nothing.</param>
    public Task InsertLaterAsync(string table, string columns, IReadOnlyList<object?[]> rows)
    {
        if (rows.Count == 0) return Task.CompletedTask;
        var args = new Dictionary<string, object?>();
        var values = new StringBuilder();
        foreach (var (r, row) in rows.Index())
        {
            values.Append(r == 0 ? "(" : ", (");
            for (var c = 0; c < row.Length; c++)
            {
                values.Append(CultureInfo.InvariantCulture, $"{(c == 0 ? "" : ", ")}@r{r}c{c}");
                args.Add($"r{r}c{c}", row[c]);
            }
            values.Append(')');
        }
        return ExecuteLaterAsync($"INSERT INTO {table} ({columns}) VALUES {values}", args);
    }

    /// <summary>Runs a conditional write; when no row matched, somebody else was first: the whole transaction runs again on fresh data.</summary>
    public async Task ExecuteExpectingOneAsync(string sql, object args)
    {
        if (await ExecuteAsync(sql, args) != 1) throw new ConcurrencyConflictException();
    }

    /// <summary>
    /// Something to do once the commit is certain, such as waking those who wait. It may be lost when the process dies in between,
    /// so it may only ever be a hint; what must not be lost is an outbox row.
    /// </summary>
    public void AfterCommit(Func<Task> action) => _afterCommit.Add(action);

    /// <summary>Sends what still waits, with the commit where it is ours to give.</summary>
    internal Task FinishAsync() => Transaction is null ? _later.CommitAsync() : _later.SendAsync();

    internal Task RollBackAsync() => _later.RollBackAsync();

    internal async Task RunAfterCommitAsync(Action<Exception> onError)
    {
        foreach (var action in _afterCommit)
        {
            try
            {
                await action();
            }
            catch (Exception e)
            {
                onError(e);
            }
        }
    }
}

/// <summary>A conditional write matched no row. Caught by <see cref="Database.WriteAsync{T}"/>, which runs the transaction again.</summary>
public sealed class ConcurrencyConflictException(string why = "The row changed between reading and writing.") : Exception(why);

/// <summary>The database cannot be used now. Mapped to 503 in one place; nothing was acknowledged.</summary>
public sealed class DatabaseUnavailableException(SqlFault fault, Exception inner) : Exception($"Database unavailable: {fault}", inner)
{
    public SqlFault Fault { get; } = fault;
}
