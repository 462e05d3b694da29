using System.Collections.Concurrent;
using System.Data.Common;
using System.Reflection;
using Dapper;

namespace MicroPlatform.Infrastructure.Sql;

/// <summary>
/// Writes of one transaction that wait to be sent together, where the driver can: on MySQL every trip to the server costs more than most writes.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>They are sent in the order in which they came, before whatever else the transaction says to the server, and before its commit: nothing in the body, and
/// nobody outside, ever sees a state in which they are not there. SQLite is given the same statements at the same moments, one by one.</item>
/// <item>Nobody hears how many rows one of them matched, so no write whose count decides can be among them.</item>
/// <item>A key that says no to one of them comes out as <see cref="ConcurrencyConflictException"/>, wherever they are sent: it is never taken for the key of the
/// statement that made them go, and the whole transaction runs again. Every other error is what it would have been at once.</item>
/// <item>A refusal or an exception in the body undoes those that were sent and forgets the others.</item>
/// </list>
/// </remarks>
internal sealed class WriteQueue(DbConnection connection, DbTransaction transaction, SqlDialect dialect)
{
    /// <summary>A batch has to fit into one packet of the server (16 MB, or as little as 1 MB on some).</summary>
    private const int Most = 50;

    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = [];

    private readonly List<(string Sql, object? Args)> _waiting = [];

    public Task AddAsync(string sql, object? args)
    {
        _waiting.Add((sql, args));
        return _waiting.Count < Most ? Task.CompletedTask : SendAsync();
    }

    /// <exception cref="ConcurrencyConflictException">A key said no. Only what is drawn at random has one here, and the next run draws anew.</exception>
    public async Task SendAsync()
    {
        if (_waiting.Count == 0) return;
        var some = _waiting.ToArray();
        _waiting.Clear();
        try
        {
            await ExecuteAsync(some);
        }
        catch (Exception e) when (dialect.Classify(e) == SqlFault.DuplicateKey)
        {
            // Its words and not the exception itself: who looks for a key's "no" looks at inner exceptions, too.
            throw new ConcurrencyConflictException(e.Message);
        }
    }

    /// <summary>Sends writes at once, in one trip where the driver can.</summary>
    /// <returns>How many rows all of them matched.</returns>
    public async Task<int> ExecuteAsync(IReadOnlyList<(string Sql, object? Args)> some)
    {
        if (some.Count > 1 && connection.CanCreateBatch) return await SendTogetherAsync(some);
        var matched = 0;
        foreach (var (sql, args) in some) matched += await connection.ExecuteAsync(sql, args, transaction);
        return matched;
    }

    private async Task<int> SendTogetherAsync(IReadOnlyList<(string Sql, object? Args)> some)
    {
        await using var batch = connection.CreateBatch();
        batch.Transaction = transaction;
        foreach (var (sql, args) in some)
        {
            var command = batch.CreateBatchCommand();
            command.CommandText = sql;
            foreach (var (name, value) in ValuesOf(args))
            {
                var parameter = command.CreateParameter();
                // As SqlTypes has it everywhere else.
                (parameter.ParameterName, parameter.Value) = (name, value switch { null => DBNull.Value, DateTimeOffset instant => instant.ToUnixTimeMilliseconds(), _ => value });
                command.Parameters.Add(parameter);
            }
            batch.BatchCommands.Add(command);
        }
        return await batch.ExecuteNonQueryAsync();
    }

    private static IEnumerable<(string Name, object? Value)> ValuesOf(object? args) => args switch
    {
        null => [],
        IEnumerable<KeyValuePair<string, object?>> pairs => pairs.Select(p => (p.Key, p.Value)),
        _ => Properties.GetOrAdd(args.GetType(), type => type.GetProperties()).Select(p => (p.Name, p.GetValue(args))),
    };
}
