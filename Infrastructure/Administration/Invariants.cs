using System.Diagnostics;
using Dapper;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Queues;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Infrastructure.Administration;

/// <summary>What must hold of the data whatever happened, derived anew from what is stored and not from what guards it. Expected everywhere: zero.</summary>
public sealed partial class Invariants
{
    private readonly Database _database;
    private readonly AuditChain _chain;
    private readonly QueueInvariants _queues;
    private readonly CallOversight _calls;
    private readonly TimeProvider _time;
    private readonly List<(string Name, string Title, Func<DateTimeOffset, CancellationToken, Task<long>> CountAsync)> _all = [];

    public Invariants(Database database, AuditChain chain, QueueInvariants queues, CallOversight calls, TimeProvider time)
    {
        (_database, _chain, _queues, _calls, _time) = (database, chain, queues, calls, time);
        Define();
    }

    /// <summary>Looks at everything: seconds with hundreds of thousands of rows. One after the other, so that the database has something left for others.</summary>
    public async Task<IReadOnlyList<InvariantFound>> CheckAsync(CancellationToken cancel)
    {
        var found = new List<InvariantFound>(_all.Count);
        foreach (var (name, title, count) in _all)
        {
            var began = Stopwatch.GetTimestamp();
            var broken = await count(_time.GetUtcNow(), cancel);
            found.Add(new InvariantFound(name, title, broken, (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds));
        }
        return found;
    }

    /// <param name="sql">Counts what breaks the rule; may use <c>@now</c>.</param>
    private void None(string name, string title, string sql) =>
        _all.Add((name, title, (now, cancel) => _database.ReadAsync(c => c.ExecuteScalarAsync<long>(new CommandDefinition(sql, new { now }, cancellationToken: cancel)), cancel)));

    private void Ask(string name, string title, Func<CancellationToken, Task<long>> count) => _all.Add((name, title, (_, cancel) => count(cancel)));
}

/// <param name="Name">Stable.</param>
/// <param name="Title">Chinese: what is wrong where <paramref name="Found"/> is not zero.</param>
/// <param name="Milliseconds">Time taken.</param>
public sealed record InvariantFound(string Name, string Title, long Found, long Milliseconds);
