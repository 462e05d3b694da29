using System.Collections.Concurrent;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Redis;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Tests.Live;

/// <summary>What every live bus does, in memory or over Redis.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class LiveBusContract(Engine engine)
{
    private readonly List<IAsyncDisposable> _opened = [];

    [OneTimeSetUp]
    public void Require() => Engines.Require(engine);

    [TearDown]
    public async Task Close()
    {
        foreach (var opened in _opened) await opened.DisposeAsync();
        _opened.Clear();
    }

    [Test]
    public async Task Publish_ReachesItsOwnNodeOnce()
    {
        var bus = await OpenAsync();
        var seen = new ConcurrentQueue<string>();
        bus.Received = seen.Enqueue;
        await bus.PublishAsync("consultation:1");
        await Task.Delay(200);
        Assert.That(seen, Is.EqualTo(new[] { "consultation:1" }));
        Assert.That(bus.IsHealthy, Is.True);
    }

    [Test]
    public async Task Poll_IsWokenByAPublication()
    {
        var hub = new LiveHub(await OpenAsync(), TimeProvider.System);
        var value = 0;
        var polling = hub.PollAsync(["t"], TimeSpan.FromSeconds(20), () => Task.FromResult(value), v => v > 0, default);
        await Task.Delay(100);
        value = 1;
        await hub.PublishAsync("t");
        Assert.That(await polling.WaitAsync(TimeSpan.FromSeconds(2)), Is.EqualTo(1));
    }

    [Test]
    public async Task Poll_WithoutNews_ReturnsWhenTimeIsUp()
    {
        var hub = new LiveHub(await OpenAsync(), TimeProvider.System);
        Assert.That(await hub.PollAsync(["t"], TimeSpan.FromMilliseconds(300), () => Task.FromResult(0), v => v > 0, default), Is.Zero);
    }

    [Test]
    public async Task Poll_MissedHint_LooksByItself()
    {
        var hub = new LiveHub(await OpenAsync(), TimeProvider.System);
        var value = 0;
        var polling = hub.PollAsync(["t"], TimeSpan.FromSeconds(20), () => Task.FromResult(value), v => v > 0, default);
        value = 1;
        Assert.That(await polling.WaitAsync(TimeSpan.FromSeconds(8)), Is.EqualTo(1));
    }

    private async Task<ILiveBus> OpenAsync() => engine == Engine.Embedded ? new InProcessLiveBus() : await OverRedisAsync(_opened);

    internal static async Task<ILiveBus> OverRedisAsync(List<IAsyncDisposable> opened)
    {
        var redis = new RedisConnection(Options.Create(new RedisOptions { ConnectionString = Engines.Redis }), NullLogger<RedisConnection>.Instance);
        var bus = new RedisLiveBus(redis, NullLogger<RedisLiveBus>.Instance);
        opened.AddRange([bus, redis]);
        await bus.Ready.WaitAsync(TimeSpan.FromSeconds(5));
        return bus;
    }
}

/// <summary>What only a bus between nodes does.</summary>
public sealed class RedisLiveBusTests
{
    private readonly List<IAsyncDisposable> _opened = [];

    [OneTimeSetUp]
    public void Require() => Engines.Require(Engine.Served);

    [TearDown]
    public async Task Close()
    {
        foreach (var opened in _opened) await opened.DisposeAsync();
        _opened.Clear();
    }

    [Test]
    public async Task Publish_ReachesOtherNodes()
    {
        var (a, b) = (await LiveBusContract.OverRedisAsync(_opened), await LiveBusContract.OverRedisAsync(_opened));
        var (seen, arrived) = (new ConcurrentQueue<string>(), new TaskCompletionSource());
        b.Received = topic =>
        {
            seen.Enqueue(topic);
            if (seen.Count == 3) arrived.TrySetResult();
        };
        await a.PublishAsync("citizen:42");
        await a.PublishAsync("staff:1", "unit:7");
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(2));
        Assert.That(seen, Is.EquivalentTo(new[] { "citizen:42", "staff:1", "unit:7" }));
    }

    /// <summary>A hint that nobody waits for proves nothing: with Redis away many of them must not keep those waiting who ask it something.</summary>
    [Test]
    public async Task Publish_WithRedisGone_DoesNotKeepTheBreakerClosed()
    {
        await using var server = await PrivateRedis.StartAsync();
        var redis = new RedisConnection(Options.Create(new RedisOptions { ConnectionString = server.ConnectionString }), NullLogger<RedisConnection>.Instance);
        var bus = new RedisLiveBus(redis, NullLogger<RedisLiveBus>.Instance);
        _opened.AddRange([bus, redis]);
        await bus.Ready.WaitAsync(TimeSpan.FromSeconds(5));
        await server.KillAsync();
        for (var n = 0; n < 6; n++)
        {
            for (var hints = 0; hints < 5; hints++) await bus.PublishAsync("t");
            Assert.That(() => redis.PingAsync(default), Throws.Exception);
        }
        Assert.That(() => redis.PingAsync(default), Throws.InstanceOf<Polly.CircuitBreaker.BrokenCircuitException>());
        for (var hints = 0; hints < 5; hints++) await bus.PublishAsync("t");
        Assert.That(bus.IsHealthy, Is.False);
        await server.StartAgainAsync();
        for (var tries = 0; tries < 50 && !bus.IsHealthy; tries++)
        {
            await Task.Delay(200);
            await redis.PingAsync(default).ContinueWith(_ => { }, TaskScheduler.Default);
        }
        Assert.That(bus.IsHealthy, Is.True, "it is back");
    }

    [Test]
    public async Task Publish_WithRedisAway_NeverThrowsAndStaysLocal()
    {
        var redis = new RedisConnection(Options.Create(new RedisOptions { ConnectionString = "127.0.0.1:1" }), NullLogger<RedisConnection>.Instance);
        var bus = new RedisLiveBus(redis, NullLogger<RedisLiveBus>.Instance);
        _opened.AddRange([bus, redis]);
        var seen = new ConcurrentQueue<string>();
        bus.Received = seen.Enqueue;
        for (var n = 0; n < 6; n++) await bus.PublishAsync("t");
        Assert.That(seen, Has.Count.EqualTo(6));
        Assert.That(bus.IsHealthy, Is.False);
    }
}
