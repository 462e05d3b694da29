using System.Data.Common;
using System.Threading.Channels;
using Dapper;

namespace MicroPlatform.Infrastructure.Sql;

/// <summary>
/// SQLite has one writer at a time, and a durable commit waits for the disk. This runs the waiting bodies one after another inside
/// one transaction, each behind its own savepoint, and commits them together: many writers share one wait. Nobody is answered
/// before the commit that holds their work has returned.
/// </summary>
internal sealed class SqliteGroupWriter : IAsyncDisposable
{
    private readonly Channel<Work> _queue = Channel.CreateUnbounded<Work>(new UnboundedChannelOptions { SingleReader = true });
    private readonly DbDataSource _source;
    private readonly SqlDialect _dialect;
    private readonly int _groupSize;
    private readonly Task _loop;

    /// <summary>The writer's own: as nobody else writes, what its connection has in memory stays true from one group to the next.</summary>
    private DbConnection? _connection;

    /// <summary>Set inside a body, so that a nested write, which would wait for itself for ever, is caught as the bug it is.</summary>
    private static readonly AsyncLocal<bool> InsideBody = new();

    public SqliteGroupWriter(DbDataSource source, SqlDialect dialect, int groupSize)
    {
        (_source, _dialect, _groupSize) = (source, dialect, groupSize);
        _loop = Task.Run(LoopAsync);
    }

    /// <param name="body">Returns whether its work is to be kept.</param>
    public Task RunAsync(Func<UnitOfWork, Task<bool>> body, TimeProvider time)
    {
        if (InsideBody.Value) throw new InvalidOperationException("A write inside a write: pass the UnitOfWork on instead.");
        var work = new Work(body, time, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        return _queue.Writer.TryWrite(work) ? work.Done.Task : throw new ObjectDisposedException(nameof(SqliteGroupWriter));
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
        await CloseAsync();
    }

    private async ValueTask CloseAsync()
    {
        if (_connection is not { } connection) return;
        _connection = null;
        await connection.DisposeAsync();
    }

    private async Task LoopAsync()
    {
        while (await _queue.Reader.WaitToReadAsync())
        {
            var group = new List<Work>();
            try
            {
                await RunGroupAsync(group);
            }
            catch (Exception e)
            {
                foreach (var work in group) work.Done.TrySetException(e);
                await CloseAsync();
            }
        }
    }

    private async Task RunGroupAsync(List<Work> group)
    {
        if (!_queue.Reader.TryRead(out var next)) return;
        group.Add(next);
        var connection = _connection ??= await _source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var kept = 0;
        do
        {
            if (await RunOneAsync(next, connection, transaction)) kept++;
            if (group.Count >= _groupSize || !_queue.Reader.TryRead(out next)) break;
            group.Add(next);
        }
        while (true);
        if (kept > 0) await transaction.CommitAsync();
        else await transaction.RollbackAsync();
        foreach (var work in group) work.Done.TrySetResult();
    }

    /// <summary>True when the body's work is part of the transaction. A failure that broke the transaction itself is thrown on, and fails the group.</summary>
    private async Task<bool> RunOneAsync(Work work, DbConnection connection, DbTransaction transaction)
    {
        await connection.ExecuteAsync("SAVEPOINT body", transaction: transaction);
        InsideBody.Value = true;
        try
        {
            if (await work.Body(new UnitOfWork(connection, transaction, _dialect, work.Time)))
            {
                await connection.ExecuteAsync("RELEASE body", transaction: transaction);
                return true;
            }
            await connection.ExecuteAsync("ROLLBACK TO body; RELEASE body", transaction: transaction);
            return false;
        }
        catch (Exception e) when (_dialect.Classify(e) is SqlFault.Other or SqlFault.DuplicateKey)
        {
            await connection.ExecuteAsync("ROLLBACK TO body; RELEASE body", transaction: transaction);
            work.Done.TrySetException(e);
            return false;
        }
        finally
        {
            InsideBody.Value = false;
        }
    }

    private sealed record Work(Func<UnitOfWork, Task<bool>> Body, TimeProvider Time, TaskCompletionSource Done);
}
