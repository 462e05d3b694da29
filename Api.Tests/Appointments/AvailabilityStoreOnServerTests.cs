using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Redis;
using StackExchange.Redis;
using static MicroPlatform.Api.Tests.Appointments.AvailabilityStoreContract;

namespace MicroPlatform.Api.Tests.Appointments;

/// <summary>What the store of availability does besides where it is on a server: bytes of others, lifetimes, neighbours.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class AvailabilityStoreOnServerTests(bool cluster)
{
    private PrivateRedis _server = null!;
    private RedisConnection _connection = null!;
    private RedisAvailabilityStore _store = null!;

    [OneTimeSetUp]
    public async Task StartServer() => _server = await PrivateRedis.StartAsync(cluster);

    [OneTimeTearDown]
    public async Task StopServer()
    {
        if (_server is not null) await _server.DisposeAsync();
    }

    [SetUp]
    public async Task StartEmpty()
    {
        _connection = Connect(_server, $"t{TestContext.CurrentContext.Test.ID}:");
        _store = new RedisAvailabilityStore(_connection);
        await _store.ForgetAsync(default);
    }

    [TearDown]
    public async Task Close() => await _connection.DisposeAsync();

    [Test]
    public async Task Read_WhatSomebodyElseWrote_IsNothing()
    {
        await using var raw = await ConnectionMultiplexer.ConnectAsync(_server.ConnectionString);
        var db = raw.GetDatabase();
        foreach (var bytes in new[] { "", "x", "\u0001", new string('\u0002', 300), new string('\u0001', 90) })
        {
            await db.StringSetAsync(_connection.Prefix + RedisKeys.AvailabilityDay(Resource, Today).ToString(), bytes);
            Assert.That(await OneAsync(), Is.Null, $"{bytes.Length} bytes");
            await _store.PutAsync([Day(1)], Now, default);
            Assert.That(await OneAsync(), Is.Not.Null, "and is replaced");
        }
        foreach (var member in new[] { "", "||||||", "a|b|c|d|e|f|g", "a|b|c|2026-11-25|99|1|2", "a|b|c|2026-11-25|0|1|999", "字" }) await db.SortedSetAddAsync(_connection.Prefix + RedisKeys.Holds.ToString(), member, 1e13);
        Assert.That(await _store.HoldsAsync(Now, default), Is.Empty);
        Assert.That((await _store.TryHoldAsync(Wish("a"), Now, default)).Hold, Is.Not.Null);
    }

    [Test]
    public async Task Lifetimes_EndByThemselves()
    {
        await _store.PutAsync([Day(1), Day(1) with { Day = Today.AddDays(40) }], Now, default);
        await _store.TryHoldAsync(Wish("a", minutes: 5), Now, default);
        await using var raw = await ConnectionMultiplexer.ConnectAsync(_server.ConnectionString);
        var db = raw.GetDatabase();
        async Task<TimeSpan> LeftAsync(string key) => await db.KeyTimeToLiveAsync(_connection.Prefix + key) ?? TimeSpan.MaxValue;
        Assert.That(await LeftAsync(RedisKeys.AvailabilityDay(Resource, Today)!), Is.EqualTo(TimeSpan.FromHours(40)).Within(TimeSpan.FromMinutes(1)));
        Assert.That(await LeftAsync(RedisKeys.AvailabilityDay(Resource, Today.AddDays(40))!), Is.EqualTo(TimeSpan.FromDays(40) + TimeSpan.FromHours(40)).Within(TimeSpan.FromMinutes(1)));
        Assert.That(await LeftAsync(RedisKeys.Hold("a")!), Is.EqualTo(TimeSpan.FromMinutes(5)).Within(TimeSpan.FromSeconds(10)));
        var members = await db.SortedSetRangeByScoreWithScoresAsync(_connection.Prefix + RedisKeys.Holds.ToString());
        Assert.That(members.Single().Score, Is.EqualTo(Now.AddMinutes(5).ToUnixTimeMilliseconds()));
    }

    [Test]
    public async Task Prefix_KeepsInstallationsApart()
    {
        await using var other = Connect(_server, "other:");
        var theirs = new RedisAvailabilityStore(other);
        await theirs.PutAsync([Day(7)], Now, default);
        await _store.PutAsync([Day(1)], Now, default);
        Assert.That((await OneAsync())!.Version, Is.EqualTo(1));
        await _store.TryHoldAsync(Wish("a"), Now, default);
        Assert.That(await theirs.HoldsAsync(Now, default), Is.Empty);
        await _store.ForgetAsync(default);
        Assert.That((await theirs.ReadAsync([Resource], Today, 1, Now, default)).Days, Has.Count.EqualTo(1), "forgetting forgets one's own");
    }

    private async Task<ResourceDay?> OneAsync() => (await _store.ReadAsync([Resource], Today, 1, Now, default)).Days.GetValueOrDefault((Resource, Today));
}
