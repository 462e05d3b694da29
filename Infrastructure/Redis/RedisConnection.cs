using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using StackExchange.Redis;
using StackExchange.Redis.KeyspaceIsolation;

namespace MicroPlatform.Infrastructure.Redis;

/// <summary>
/// The one connection to Redis. Every call that is answered has a deadline and stands behind a
/// circuit breaker: with Redis gone, callers learn it at once and go on without.
/// </summary>
public sealed class RedisConnection : IAsyncDisposable
{
    /// <summary>Which client library this build talks through.</summary>
    public static readonly string DriverName = $"StackExchange.Redis {PackageVersion.Of<ConnectionMultiplexer>()}";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);

    private readonly Lazy<Task<ConnectionMultiplexer>> _multiplexer;
    private readonly ResiliencePipeline _pipeline;
    private readonly CircuitBreakerStateProvider _state = new();
    private long _breaks;

    public RedisConnection(IOptions<RedisOptions> options, ILogger<RedisConnection> log)
    {
        var configuration = ConfigurationOptions.Parse(options.Value.ConnectionString!);
        configuration.AbortOnConnectFail = false;
        configuration.ConnectTimeout = 2000;
        configuration.SyncTimeout = 1000;
        configuration.ClientName = "microplatform";
        Prefix = options.Value.Prefix;
        _multiplexer = new Lazy<Task<ConnectionMultiplexer>>(() => ConnectAsync(configuration));
        _pipeline = new ResiliencePipelineBuilder()
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                MinimumThroughput = 4,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDuration = TimeSpan.FromSeconds(2),
                StateProvider = _state,
                OnOpened = _ => { log.LogWarning("Redis is away; going on without it"); return default; },
                OnClosed = _ => { log.LogInformation("Redis is back"); return default; },
            })
            .Build();
    }

    /// <summary>What stands before every key and channel. <see cref="CallAsync"/> puts it there; who subscribes or scans does so by hand.</summary>
    public string Prefix { get; }

    /// <summary>How often the connection has broken or come back. What was read before and after may be two different states of the server.</summary>
    public long Breaks => Interlocked.Read(ref _breaks);

    /// <summary>Whether calls go through now.</summary>
    public bool IsUp => _state.CircuitState is CircuitState.Closed or CircuitState.HalfOpen
        && (!_multiplexer.IsValueCreated || (_multiplexer.Value.IsCompletedSuccessfully && Connected));

    // Completed, as IsUp has just seen: reading it cannot block.
#pragma warning disable RS0030
    private bool Connected => _multiplexer.Value.Result.IsConnected;
#pragma warning restore RS0030

    public Task<ConnectionMultiplexer> MultiplexerAsync() => _multiplexer.Value.WaitAsync(TimeSpan.FromSeconds(5));

    /// <exception cref="BrokenCircuitException">Redis has been failing; not tried.</exception>
    public Task<T> CallAsync<T>(Func<IDatabase, Task<T>> call, CancellationToken cancel = default) =>
        _pipeline.ExecuteAsync(async token => await call(await DatabaseAsync(token)).WaitAsync(Deadline, token), cancel).AsTask();

    /// <summary>
    /// Sends something to which no answer is waited for (<see cref="CommandFlags.FireAndForget"/>); with Redis away it is not sent. The breaker hears nothing of it:
    /// what nobody answers proves neither that Redis is there nor that it is not.
    /// </summary>
    public async Task TellAsync(Func<IDatabase, Task> tell)
    {
        if (IsUp) await tell(await DatabaseAsync(CancellationToken.None));
    }

    private async Task<IDatabase> DatabaseAsync(CancellationToken cancel)
    {
        var db = (await _multiplexer.Value.WaitAsync(TimeSpan.FromSeconds(3), cancel)).GetDatabase();
        return Prefix.Length == 0 ? db : db.WithKeyPrefix(Prefix);
    }

    public Task PingAsync(CancellationToken cancel) => CallAsync(db => db.PingAsync(), cancel);

    private async Task<ConnectionMultiplexer> ConnectAsync(ConfigurationOptions configuration)
    {
        var multiplexer = await ConnectionMultiplexer.ConnectAsync(configuration);
        multiplexer.ConnectionFailed += (_, _) => Interlocked.Increment(ref _breaks);
        multiplexer.ConnectionRestored += (_, _) => Interlocked.Increment(ref _breaks);
        return multiplexer;
    }

    public async ValueTask DisposeAsync()
    {
        if (_multiplexer.IsValueCreated && _multiplexer.Value.IsCompletedSuccessfully) (await _multiplexer.Value).Dispose();
    }
}
