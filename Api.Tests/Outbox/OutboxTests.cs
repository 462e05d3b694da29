using System.Collections.Concurrent;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MicroPlatform.Api.Tests.Outbox;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class OutboxTests(Engine engine)
{
    private TestDatabase _test = null!;
    private Database _database = null!;
    private Subscriptions _subscriptions = null!;
    private Recorder _recorder = null!;

    [SetUp]
    public async Task Create()
    {
        _test = await TestDatabase.CreateAsync(engine);
        _database = await _test.OpenMigratedAsync();
        _subscriptions = new Subscriptions(list => list.On<Happened, Recorder>("recorder"));
        _recorder = new Recorder();
    }

    [TearDown]
    public async Task Drop()
    {
        if (_test is not null) await _test.DisposeAsync();
    }

    [Test]
    public async Task Deliver_InOrderPerKey_Once()
    {
        for (var n = 0; n < 20; n++) await RaiseAsync(new Happened($"k{n % 2}", n));
        Assert.That(await Dispatcher().RunOnceAsync(), Is.EqualTo(20));
        Assert.Multiple(() =>
        {
            Assert.That(_recorder.Seen.Where(h => h.Key == "k0").Select(h => h.Number), Is.EqualTo(new[] { 0, 2, 4, 6, 8, 10, 12, 14, 16, 18 }));
            Assert.That(_recorder.Seen.Where(h => h.Key == "k1").Select(h => h.Number), Is.EqualTo(new[] { 1, 3, 5, 7, 9, 11, 13, 15, 17, 19 }));
        });
        Assert.That(await Dispatcher().RunOnceAsync(), Is.Zero);
    }

    [Test]
    public async Task Write_RolledBack_DeliversNothing()
    {
        await _database.WriteAsync<int>(async tx =>
        {
            await new OutboxWriter(_subscriptions, new OutboxSignal()).WriteAsync(tx, [new Happened("k", 1)]);
            return CommonRefusals.NotFound;
        });
        Assert.That(await Dispatcher().RunOnceAsync(), Is.Zero);
    }

    [Test]
    public async Task Deliver_ByFourNodesAtOnce_EachOnceAndInOrder()
    {
        for (var n = 0; n < 60; n++) await RaiseAsync(new Happened($"k{n % 5}", n));
        var databases = Enumerable.Range(0, 4).Select(_ => _test.Open()).ToList();
        for (var round = 0; round < 20 && _recorder.Seen.Count < 60; round++)
            await Task.WhenAll(databases.Select(d => Task.Run(() => Dispatcher(d).RunOnceAsync())));
        Assert.That(_recorder.Seen, Has.Count.EqualTo(60));
        foreach (var key in _recorder.Seen.GroupBy(h => h.Key)) Assert.That(key.Select(h => h.Number), Is.Ordered, key.Key);
    }

    [Test]
    public async Task Deliver_Failing_HoldsItsKeyOnlyAndGoesOnLater()
    {
        _recorder.Fails = h => h is { Key: "a", Number: 0 };
        for (var n = 0; n < 3; n++)
        {
            await RaiseAsync(new Happened("a", n));
            await RaiseAsync(new Happened("b", n));
        }
        await Dispatcher().RunOnceAsync();
        Assert.That(_recorder.Seen.Select(h => h.Key), Is.All.EqualTo("b"));

        _recorder.Fails = _ => false;
        await Dispatcher().RunOnceAsync();
        Assert.That(_recorder.Seen.Count(h => h.Key == "a"), Is.Zero, "Not before its pause is over.");
        _test.Time.Advance(TimeSpan.FromSeconds(3));
        await Dispatcher().RunOnceAsync();
        Assert.That(_recorder.Seen.Where(h => h.Key == "a").Select(h => h.Number), Is.EqualTo(new[] { 0, 1, 2 }));
    }

    [Test]
    public async Task Deliver_FailingForEver_IsDeadLetteredAndFreesItsKey()
    {
        _recorder.Fails = h => h.Number == 0;
        await RaiseAsync(new Happened("a", 0));
        await RaiseAsync(new Happened("a", 1));
        for (var attempt = 0; attempt < OutboxDispatcher.MaxAttempts; attempt++)
        {
            await Dispatcher().RunOnceAsync();
            _test.Time.Advance(TimeSpan.FromHours(5));
        }
        Assert.That(_recorder.Seen.Select(h => h.Number), Is.EqualTo(new[] { 1 }));
        Assert.That(await StateAsync(0), Is.EqualTo("dead"));
    }

    [Test]
    public async Task Deliver_HopelessCase_IsDeadAtOnce()
    {
        _recorder.Hopeless = true;
        await RaiseAsync(new Happened("a", 0));
        await Dispatcher().RunOnceAsync();
        Assert.That(await StateAsync(0), Is.EqualTo("dead"));
    }

    [Test]
    public async Task Deliver_AfterANodeDiedInTheMiddle_IsDoneByAnother()
    {
        await RaiseAsync(new Happened("a", 0));
        await _database.WriteAlwaysAsync(tx => tx.ExecuteAsync("UPDATE outbox SET claimed_until = @until, attempts = 1", new { until = tx.Now.AddMinutes(1) }));
        await Dispatcher().RunOnceAsync();
        Assert.That(_recorder.Seen, Is.Empty, "The dead node's claim still holds.");
        _test.Time.Advance(TimeSpan.FromMinutes(2));
        await Dispatcher().RunOnceAsync();
        Assert.That(_recorder.Seen, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Deliver_ToOneSubscriber_WaitsForNoOther()
    {
        _subscriptions = new Subscriptions(list => { list.On<Happened, Slow>("slow"); list.On<Happened, Recorder>("recorder"); });
        await RaiseAsync(new Happened("a", 0));
        var slow = new Slow();
        var stuck = Dispatcher(slow: slow).RunOnceAsync("slow");
        Assert.That(await Dispatcher(slow: slow).RunOnceAsync("recorder"), Is.EqualTo(1), "while the other is still at it");
        slow.Go.SetResult();
        Assert.That(await stuck, Is.EqualTo(1));
    }

    [Test]
    public async Task Sweep_ForgetsWhatWasDeliveredLongAgo_AndKeepsDeadLetters()
    {
        await RaiseAsync(new Happened("a", 0));
        await Dispatcher().RunOnceAsync();
        _recorder.Hopeless = true;
        await RaiseAsync(new Happened("b", 1));
        await Dispatcher().RunOnceAsync();
        Assert.That(await Dispatcher().SweepAsync(TimeSpan.FromDays(7), CancellationToken.None), Is.Zero);
        _test.Time.Advance(TimeSpan.FromDays(8));
        Assert.That(await Dispatcher().SweepAsync(TimeSpan.FromDays(7), CancellationToken.None), Is.EqualTo(1));
        Assert.That(await StateAsync(1), Is.EqualTo("dead"));
    }

    private OutboxDispatcher Dispatcher(Database? database = null, Slow? slow = null)
    {
        var services = new ServiceCollection().AddSingleton(_recorder).AddSingleton(slow ?? new Slow()).BuildServiceProvider();
        return new OutboxDispatcher(database ?? _database, _subscriptions, services.GetRequiredService<IServiceScopeFactory>(), _test.Time, NullLogger<OutboxDispatcher>.Instance);
    }

    private Task<int> RaiseAsync(Happened happened) => _database.WriteAlwaysAsync(async tx =>
    {
        await new OutboxWriter(_subscriptions, new OutboxSignal()).WriteAsync(tx, [happened]);
        return 0;
    });

    private Task<string?> StateAsync(int number) => _database.ReadAsync(c =>
        Dapper.SqlMapper.ExecuteScalarAsync<string>(c, "SELECT state FROM outbox WHERE payload LIKE @like", new { like = $"%\"Number\":{number}%" }));

    private sealed record Happened(string Key, int Number) : IDomainEvent;

    private sealed class Slow : IHandle<Happened>
    {
        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task HandleAsync(Happened happened, Delivery delivery, CancellationToken cancel) => Go.Task;
    }

    private sealed class Recorder : IHandle<Happened>
    {
        private readonly ConcurrentQueue<Happened> _seen = new();

        public IReadOnlyCollection<Happened> Seen => _seen;

        public Func<Happened, bool> Fails { get; set; } = _ => false;

        public bool Hopeless { get; set; }

        public Task HandleAsync(Happened happened, Delivery delivery, CancellationToken cancel)
        {
            if (Hopeless) throw new DeadLetterException("never");
            if (Fails(happened)) throw new InvalidOperationException("not now");
            _seen.Enqueue(happened);
            return Task.CompletedTask;
        }
    }
}
