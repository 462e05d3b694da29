using System.Collections.Concurrent;
using System.Data.Common;
using System.Reflection;
using Dapper;

namespace MicroPlatform.Infrastructure.Sql;

/// <summary>
/// What one transaction says to the server, in as few trips as the driver can: on MySQL a trip costs more than most statements. Writes that nobody waits for go
/// together; BEGIN goes with the first statement, the claim with the first question, COMMIT with the last writes. MariaDB is given what goes together as one
/// compound statement: otherwise it answers every statement by itself, and each answer wakes us up.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>Writes are sent in the order in which they came, before whatever else the transaction says to the server, and before its commit: nothing in the body, and
/// nobody outside, ever sees a state in which they are not there. SQLite is given the same statements at the same moments, one by one.</item>
/// <item>Nobody hears how many rows one of them matched, so no write whose count decides can be among them. (A compound statement does not say.)</item>
/// <item>A key that says no to one of them comes out as <see cref="ConcurrencyConflictException"/>, wherever they are sent: it is never taken for the key of the
/// statement that made them go, and the whole transaction runs again. Every other error is what it would have been at once.</item>
/// <item>A server ends a batch at its first error, so a COMMIT behind writes is only reached when they all went well.</item>
/// <item>A refusal or an exception in the body undoes those that were sent and forgets the others.</item>
/// </list>
/// </remarks>
/// <param name="transaction">The driver's; null: the transaction is begun and ended here, in words.</param>
internal sealed class WriteQueue(DbConnection connection, DbTransaction? transaction, SqlDialect dialect)
{
    /// <summary>A batch has to fit into one packet of the server (16 MB, or as little as 1 MB on some).</summary>
    private const int Most = 50;

    private const string Begin = "START TRANSACTION", BeginCompound = "BEGIN NOT ATOMIC", EndCompound = "END";

    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = [];

    private readonly List<(string Sql, object? Args)> _waiting = [];
    private (string Sql, object Args, Func<Exception> Taken)? _claim;
    private readonly bool _compounds = dialect.TakesCompoundStatements(connection);
    private bool _begun = transaction is not null;

    public async Task AddAsync(string sql, object? args)
    {
        await SettleClaimAsync();
        _waiting.Add((sql, args));
        if (_waiting.Count >= Most) await SendAsync();
    }

    /// <summary>Keeps the claim for the first question, where that saves a trip; otherwise it is made at once.</summary>
    public Task ClaimAsync(string sql, object args, Func<Exception> taken)
    {
        if (_waiting.Count > 0 || _claim is not null) throw new InvalidOperationException("A claim comes before everything else, and there is one.");
        _claim = (sql, args, taken);
        return transaction is null ? Task.CompletedTask : SettleClaimAsync();
    }

    public async Task SettleClaimAsync()
    {
        if (_claim is not { } claim) return;
        _claim = null;
        try
        {
            await ExecuteAsync([(claim.Sql, claim.Args)]);
        }
        catch (Exception e) when (dialect.Classify(e) == SqlFault.DuplicateKey)
        {
            throw claim.Taken();
        }
    }

    /// <summary>Sends a question, with what may go before it in its trip: BEGIN, and a claim. No question writes a key, so a key's "no" is the claim's.</summary>
    public async Task<T> AskAsync<T>(string sql, object? args, Func<string, object?, Task<T>> ask)
    {
        await SendWaitingAsync();
        if (_claim is not { } claim) return await ask(Compound(Opened(sql)), args);
        _claim = null;
        var both = new DynamicParameters(args);
        both.AddDynamicParams(claim.Args);
        try
        {
            return await ask(Compound(Opened($"{claim.Sql};\n{sql}")), both);
        }
        catch (Exception e) when (dialect.Classify(e) == SqlFault.DuplicateKey)
        {
            throw claim.Taken();
        }
    }

    /// <summary>Sends the claim and what waits.</summary>
    /// <exception cref="ConcurrencyConflictException">A key said no. Only what is drawn at random has one here, and the next run draws anew.</exception>
    public async Task SendAsync()
    {
        await SettleClaimAsync();
        await SendWaitingAsync();
    }

    /// <summary>Begins by itself, for who talks to the connection.</summary>
    public async Task BeginAsync()
    {
        if (!_begun) await connection.ExecuteAsync(Opened(""));
    }

    /// <summary>Sends what waits and the commit. A transaction that has said nothing needs none.</summary>
    /// <exception cref="ConcurrencyConflictException">As <see cref="SendAsync"/>.</exception>
    public async Task CommitAsync()
    {
        await SettleClaimAsync();
        if (!_begun && _waiting.Count == 0) return;
        _waiting.Add(("COMMIT", null));
        await SendWaitingAsync();
    }

    public async Task RollBackAsync()
    {
        if (_begun) await connection.ExecuteAsync("ROLLBACK");
    }

    /// <summary>Sends writes at once, in one trip where the driver can.</summary>
    /// <returns>How many rows all of them matched.</returns>
    public async Task<int> ExecuteAsync(IReadOnlyList<(string Sql, object? Args)> some)
    {
        if (some.Count > 1 && connection.CanCreateBatch) return await SendTogetherAsync(some, compound: false);
        var matched = 0;
        foreach (var (sql, args) in some)
        {
            // A list of arguments is a statement for each, and BEGIN is said once.
            if (args is System.Collections.IEnumerable and not IEnumerable<KeyValuePair<string, object?>>) await BeginAsync();
            matched += await connection.ExecuteAsync(Opened(sql), args, transaction);
        }
        return matched;
    }

    private async Task SendWaitingAsync()
    {
        if (_waiting.Count == 0) return;
        var some = _waiting.ToArray();
        _waiting.Clear();
        try
        {
            if (_compounds && some.Length > 1) await SendTogetherAsync(some, compound: true);
            else await ExecuteAsync(some);
        }
        catch (Exception e) when (dialect.Classify(e) == SqlFault.DuplicateKey)
        {
            // Its words and not the exception itself: who looks for a key's "no" looks at inner exceptions, too.
            throw new ConcurrencyConflictException(e.Message);
        }
    }

    /// <param name="compound">As one statement, for who does not ask how many rows were matched. The driver joins commands by semicolons, and END is the last of them.</param>
    private async Task<int> SendTogetherAsync(IReadOnlyList<(string Sql, object? Args)> some, bool compound)
    {
        await using var batch = connection.CreateBatch();
        batch.Transaction = transaction;
        foreach (var (sql, args) in some)
        {
            var command = batch.CreateBatchCommand();
            command.CommandText = compound && batch.BatchCommands.Count == 0 ? $"{BeginCompound}\n{Opened(sql)}" : Opened(sql);
            foreach (var (name, value) in ValuesOf(args))
            {
                var parameter = command.CreateParameter();
                // As SqlTypes has it everywhere else.
                (parameter.ParameterName, parameter.Value) = (name, value switch { null => DBNull.Value, DateTimeOffset instant => instant.ToUnixTimeMilliseconds(), _ => value });
                command.Parameters.Add(parameter);
            }
            batch.BatchCommands.Add(command);
        }
        if (compound)
        {
            var end = batch.CreateBatchCommand();
            end.CommandText = EndCompound;
            batch.BatchCommands.Add(end);
        }
        return await batch.ExecuteNonQueryAsync();
    }

    /// <summary>A statement, behind BEGIN when it is the first.</summary>
    private string Opened(string sql)
    {
        if (_begun) return sql;
        _begun = true;
        return sql.Length == 0 ? Begin : $"{Begin};\n{sql}";
    }

    /// <summary>Several statements as one, where that can be.</summary>
    private string Compound(string sql) => _compounds && sql.Contains(';') ? $"{BeginCompound}\n{sql.TrimEnd(';', ' ', '\n', '\r')};\n{EndCompound}" : sql;

    private static IEnumerable<(string Name, object? Value)> ValuesOf(object? args) => args switch
    {
        null => [],
        IEnumerable<KeyValuePair<string, object?>> pairs => pairs.Select(p => (p.Key, p.Value)),
        _ => Properties.GetOrAdd(args.GetType(), type => type.GetProperties()).Select(p => (p.Name, p.GetValue(args))),
    };
}
