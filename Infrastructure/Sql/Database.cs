using System.Data.Common;
using Dapper;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;

namespace MicroPlatform.Infrastructure.Sql;

// Inside the namespace: our Outcome, not Polly's.
using MicroPlatform.Domain.Common;

/// <summary>
/// The one door to SQL. Reads open a connection; writes run a body in a transaction and run the whole body again when it loses to
/// others or when the connection breaks. An error at COMMIT says nothing about the commit, so a body that creates something
/// carries its Idempotency-Key row and finds it on the second run (<c>Api/Http/Idempotency.cs</c>).
/// </summary>
public sealed class Database : IAsyncDisposable
{
    private readonly DbDataSource _source;
    private readonly TimeProvider _time;
    private readonly ILogger<Database> _log;
    private readonly ResiliencePipeline _open;
    private readonly ResiliencePipeline _transaction;
    private readonly SqliteGroupWriter? _writer;

    public Database(IOptions<DatabaseOptions> options, IOptions<DataOptions> data, TimeProvider time, ILogger<Database> log)
    {
        SqlTypes.Register();
        (_time, _log) = (time, log);
        Dialect = SqlDialect.For(options.Value);
        if (options.Value.Provider == "mysql")
        {
            _source = MySqlDriver.CreateDataSource(
                options.Value.ConnectionString ?? throw new InvalidOperationException("Database:ConnectionString is missing (Database:Provider is mysql)."));
            DriverName = MySqlDriver.Name;
        }
        else
        {
            Directory.CreateDirectory(data.Value.Folder);
            _source = new SqliteDataSource(Path.Combine(data.Value.Folder, "microplatform.db"));
            _writer = new SqliteGroupWriter(_source, Dialect, options.Value.CommitGroup);
            DriverName = "Microsoft.Data.Sqlite";
        }
        _open = Pipeline(3, TimeSpan.FromMilliseconds(50), e => Dialect.Classify(e) == SqlFault.ConnectionLost);
        _transaction = Pipeline(options.Value.Attempts, TimeSpan.FromMilliseconds(5), e =>
            e is ConcurrencyConflictException || Dialect.Classify(e) is SqlFault.Contention or SqlFault.ConnectionLost);
    }

    public SqlDialect Dialect { get; }

    /// <summary>Which driver this build talks through.</summary>
    public string DriverName { get; }

    /// <summary>Reads. Several statements in one body see the database as it is at each statement.</summary>
    public async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> body, CancellationToken cancel = default)
    {
        try
        {
            return await _open.ExecuteAsync(async token =>
            {
                await using var connection = await _source.OpenConnectionAsync(token);
                return await body(connection);
            }, cancel);
        }
        catch (Exception e) when (Translate(e) is { } unavailable)
        {
            throw unavailable;
        }
    }

    /// <summary>Writes: commits when the body returns, rolls back when it throws or returns a refusal.</summary>
    public async Task<Outcome<T>> WriteAsync<T>(Func<UnitOfWork, Task<Outcome<T>>> body, CancellationToken cancel = default)
    {
        UnitOfWork? done = null;
        Outcome<T> result;
        try
        {
            result = await _transaction.ExecuteAsync(async token =>
            {
                done = null;
                Outcome<T> outcome = default;
                async Task<bool> Body(UnitOfWork tx)
                {
                    outcome = await body(tx);
                    if (outcome.IsRefused) return false;
                    await tx.FinishAsync();
                    done = tx;
                    return true;
                }
                await (_writer is not null ? _writer.RunAsync(Body, _time) : InTransactionAsync(Body, token));
                return outcome;
            }, cancel);
        }
        catch (Exception e) when (e is ConcurrencyConflictException || Dialect.Classify(e) == SqlFault.Contention)
        {
            _log.LogWarning(e, "A transaction lost to others on every attempt");
            return CommonRefusals.TryAgain;
        }
        catch (Exception e) when (Translate(e) is { } unavailable)
        {
            throw unavailable;
        }
        if (done is not null) await done.RunAfterCommitAsync(e => _log.LogWarning(e, "An after-commit step failed; the commit stands"));
        return result;
    }

    /// <summary>A write that cannot be refused, for jobs. The body must be safe to run again after its commit.</summary>
    public async Task<T> WriteAlwaysAsync<T>(Func<UnitOfWork, Task<T>> body, CancellationToken cancel = default)
    {
        var outcome = await WriteAsync<T>(async tx => await body(tx), cancel);
        return outcome.IsRefused
            ? throw new DatabaseUnavailableException(SqlFault.Contention, new InvalidOperationException(outcome.Refusal!.Code))
            : outcome.Value;
    }

    /// <summary>Whether an exception is a unique key saying no.</summary>
    public bool IsDuplicateKey(Exception exception) => Dialect.Classify(exception) == SqlFault.DuplicateKey;

    /// <summary>Opens one connection and asks it a trifle, for <c>/health/ready</c>.</summary>
    public async Task PingAsync(CancellationToken cancel)
    {
        await using var connection = await _source.OpenConnectionAsync(cancel);
        await connection.ExecuteScalarAsync<long>("SELECT 1");
    }

    /// <summary>A connection of one's own, for the migrator.</summary>
    internal ValueTask<DbConnection> OpenAsync(CancellationToken cancel) => _source.OpenConnectionAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        if (_writer is not null) await _writer.DisposeAsync();
        await _source.DisposeAsync();
    }

    /// <param name="body">Has committed when it returns true.</param>
    private async Task InTransactionAsync(Func<UnitOfWork, Task<bool>> body, CancellationToken cancel)
    {
        await using var connection = await _source.OpenConnectionAsync(cancel);
        var tx = new UnitOfWork(connection, null, Dialect, _time);
        var committed = false;
        try
        {
            committed = await body(tx);
        }
        finally
        {
            if (!committed) await RollBackAsync(tx, connection);
        }
    }

    private async Task RollBackAsync(UnitOfWork tx, DbConnection connection)
    {
        try
        {
            await tx.RollBackAsync();
        }
        catch (Exception e) when (e is DbException or InvalidOperationException or IOException)
        {
            _log.LogDebug(e, "Rollback failed; the server rolls back when the connection closes");
            // The driver knows of no transaction here: given back as it is, the next one's BEGIN would commit this one's half.
            await MySqlDriver.DiscardAsync(connection);
        }
    }

    private DatabaseUnavailableException? Translate(Exception e) => Dialect.Classify(e) switch
    {
        SqlFault.ConnectionLost => new DatabaseUnavailableException(SqlFault.ConnectionLost, e),
        SqlFault.Contention => new DatabaseUnavailableException(SqlFault.Contention, e),
        SqlFault.StorageFull => new DatabaseUnavailableException(SqlFault.StorageFull, e),
        _ => null,
    };

    private static ResiliencePipeline Pipeline(int attempts, TimeSpan delay, Func<Exception, bool> worthTrying) =>
        attempts <= 1 ? ResiliencePipeline.Empty : new ResiliencePipelineBuilder()
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = attempts - 1,
                Delay = delay,
                MaxDelay = TimeSpan.FromMilliseconds(500),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is { } e && worthTrying(e)),
            })
            .Build();
}
