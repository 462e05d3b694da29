using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Infrastructure.Queues;
using MicroPlatform.Infrastructure.Redis;
using Microsoft.Extensions.Logging.Abstractions;

namespace MicroPlatform.Api.Tests.Queues;

/// <summary>What every store of queues does, memory and Redis, one server and a cluster.</summary>
[TestFixture(Kind.Memory)]
[TestFixture(Kind.Redis)]
[TestFixture(Kind.Cluster)]
public sealed class QueueStoreContract(QueueStoreContract.Kind kind)
{
    public enum Kind
    {
        Memory,
        Redis,
        Cluster,
    }

    private const string Queue = "01KAN8R4XHGV0T3ZQ5W7C9E2AP";
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-11-25T08:00+08:00", System.Globalization.CultureInfo.InvariantCulture);

    private PrivateRedis? _server;
    private RedisConnection? _connection;
    private IQueueStore _store = null!;

    [OneTimeSetUp]
    public async Task StartServer()
    {
        if (kind != Kind.Memory) _server = await PrivateRedis.StartAsync(kind == Kind.Cluster);
    }

    [OneTimeTearDown]
    public async Task StopServer()
    {
        if (_server is not null) await _server.DisposeAsync();
    }

    [SetUp]
    public async Task StartEmpty()
    {
        if (_server is null)
        {
            _store = new MemoryQueueStore();
            return;
        }
        _connection = new RedisConnection(Microsoft.Extensions.Options.Options.Create(new RedisOptions { ConnectionString = _server.ConnectionString, Prefix = $"t{TestContext.CurrentContext.Test.ID}:" }),
            NullLogger<RedisConnection>.Instance);
        _store = new RedisQueueStore(_connection);
        await _store.ForgetAsync(Queue, default);
    }

    [TearDown]
    public async Task Close()
    {
        if (_connection is not null) await _connection.DisposeAsync();
        _connection = null;
    }

    [Test]
    public async Task Put_WithoutACopy_SaysSoAndMakesNone()
    {
        Assert.That(await _store.PutAsync(Queue, "a", 1, 10, default), Is.False);
        Assert.That(await _store.OrderAsync(Queue, default), Is.Null);
        Assert.That(await _store.FindAsync(Queue, "a", default), Is.Null);
    }

    [Test]
    public async Task Order_IsByRankThenId()
    {
        await _store.RebuildAsync(Queue, 0, [], default);
        var rank = Now.ToUnixTimeMilliseconds();
        foreach (var (n, id) in new[] { "d", "b", "c", "a" }.Index()) await _store.PutAsync(Queue, id, n + 1, id == "d" ? rank - 1 : rank, default);
        Assert.That(await _store.OrderAsync(Queue, default), Is.EqualTo(new[] { "d", "a", "b", "c" }));
        Assert.That(await _store.FindAsync(Queue, "b", default), Is.EqualTo(new QueuePosition(2, 4)));
        Assert.That(await _store.FindAsync(Queue, "nobody", default), Is.Null);
    }

    [Test]
    public async Task Put_OldNews_ChangesNothing()
    {
        await _store.RebuildAsync(Queue, 10, [new("a", 1), new("b", 2)], default);
        await _store.PutAsync(Queue, "a", 10, null, default);
        Assert.That(await _store.OrderAsync(Queue, default), Is.EqualTo(new[] { "a", "b" }), "as old as the copy");
        await _store.PutAsync(Queue, "a", 12, null, default);
        await _store.PutAsync(Queue, "a", 11, 1, default);
        Assert.That(await _store.OrderAsync(Queue, default), Is.EqualTo(new[] { "b" }), "whoever has gone does not come back by old news");
        await _store.PutAsync(Queue, "a", 13, 1, default);
        Assert.That(await _store.OrderAsync(Queue, default), Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public async Task Rebuild_LaterNewsStays_EarlierGoes()
    {
        await _store.RebuildAsync(Queue, 1, [new("old", 1)], default);
        await _store.PutAsync(Queue, "later", 9, 3, default);
        await _store.PutAsync(Queue, "gone", 8, null, default);
        await _store.PutAsync(Queue, "early", 4, 5, default);
        // Read at 5: does not know of "later" yet, and knows "gone" still.
        await _store.RebuildAsync(Queue, 5, [new("gone", 0), new("kept", 2)], default);
        Assert.That(await _store.OrderAsync(Queue, default), Is.EqualTo(new[] { "kept", "later" }));
        await _store.RebuildAsync(Queue, 3, [new("stale", 0)], default);
        Assert.That(await _store.OrderAsync(Queue, default), Is.EqualTo(new[] { "kept", "later" }), "read before another rebuild");
        await _store.ForgetAsync(Queue, default);
        await _store.RebuildAsync(Queue, 2, [new("restored", 0)], default);
        Assert.That(await _store.OrderAsync(Queue, default), Is.EqualTo(new[] { "restored" }), "after the database came from a backup");
    }

    /// <summary>Whatever the order in which news and rebuilds arrive: in the end the copy is what the history says.</summary>
    [Test]
    public async Task Converges_AtRandom()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            await _store.ForgetAsync(Queue, default);
            var random = new Random(seed);
            var (truth, news, snapshots) = (new Dictionary<string, long>(), new List<(string Id, long Seq, long? Rank)>(), new List<(long Seq, List<WaitingPlace> Places)>());
            for (var seq = 1; seq <= 60; seq++)
            {
                var id = $"t{random.Next(12):00}";
                long? rank = random.Next(3) == 0 ? null : random.Next(100);
                if (rank is { } r) truth[id] = r;
                else truth.Remove(id);
                news.Add((id, seq, rank));
                if (random.Next(6) == 0) snapshots.Add((seq, [.. truth.Select(t => new WaitingPlace(t.Key, t.Value))]));
            }
            await _store.RebuildAsync(Queue, 0, [], default);
            var steps = news.Select(n => (Func<Task>)(() => _store.PutAsync(Queue, n.Id, n.Seq, n.Rank, default)))
                .Concat(snapshots.Select(s => (Func<Task>)(() => _store.RebuildAsync(Queue, s.Seq, s.Places, default)))).ToArray();
            random.Shuffle(steps);
            foreach (var step in steps) await step();
            Assert.That(await _store.OrderAsync(Queue, default), Is.EqualTo(truth.OrderBy(t => t.Value).ThenBy(t => t.Key, StringComparer.Ordinal).Select(t => t.Key)), $"seed {seed}");
        }
    }

    [Test]
    public async Task Claim_FiftyAtOnce_OneIsLetThrough_AndItRunsOut()
    {
        var tries = await Task.WhenAll(Enumerable.Range(0, 50).Select(n => Task.Run(() => _store.TryClaimAsync("ticket", $"s{n}", Now.AddSeconds(5), Now, default))));
        Assert.That(tries.Count(t => t), Is.EqualTo(1));
        var winner = $"s{Array.IndexOf(tries, true)}";
        await _store.ReleaseAsync("ticket", "somebody else", default);
        Assert.That(await _store.TryClaimAsync("ticket", "x", Now.AddSeconds(5), Now, default), Is.False);
        Assert.That(await _store.TryClaimAsync("ticket", winner, Now.AddSeconds(5), Now, default), Is.True, "twice is once");
        Assert.That(await _store.TryClaimAsync("ticket", "x", Now.AddSeconds(10), Now.AddSeconds(5), default), Is.True, "a claim that was not followed by anything");
        await _store.ReleaseAsync("ticket", "x", default);
        Assert.That(await _store.TryClaimAsync("ticket", "y", Now.AddSeconds(10), Now.AddSeconds(5), default), Is.True);
    }

    [Test]
    public async Task Beats_RunOutByTheCallersClock()
    {
        await _store.BeatAsync("a", Now.AddSeconds(45), Now, default);
        await _store.BeatAsync("b", Now.AddSeconds(60), Now, default);
        await _store.BeatAsync("a", Now.AddSeconds(50), Now, default);
        Assert.That(await _store.PresentAsync(Now.AddSeconds(49), default), Is.EquivalentTo(new[] { "a", "b" }));
        Assert.That(await _store.PresentAsync(Now.AddSeconds(50), default), Is.EqualTo(new[] { "b" }));
        await _store.StopAsync("b", default);
        Assert.That(await _store.PresentAsync(Now, default), Is.EqualTo(new[] { "a" }));
    }
}
