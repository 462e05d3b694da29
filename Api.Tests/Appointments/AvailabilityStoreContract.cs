using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Redis;
using Microsoft.Extensions.Logging.Abstractions;

namespace MicroPlatform.Api.Tests.Appointments;

/// <summary>What every store of availability does, memory and Redis, one server and a cluster.</summary>
[TestFixture(Kind.Memory)]
[TestFixture(Kind.Redis)]
[TestFixture(Kind.Cluster)]
public sealed class AvailabilityStoreContract(AvailabilityStoreContract.Kind kind)
{
    public enum Kind
    {
        Memory,
        Redis,
        Cluster,
    }

    internal const string Resource = "01KAN8R4XHGV0T3ZQ5W7C9E2AP";
    internal static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-11-25T08:00+08:00", System.Globalization.CultureInfo.InvariantCulture);
    internal static readonly DateOnly Today = new(2026, 11, 25);
    private static readonly Opening Opening = new("01KAN8R4XHGV0T3ZQ5W7C9E2A0", "01KAN8R4XHGV0T3ZQ5W7C9E2A1", 540, 720, Bookable.Terms with { Seats = new Seats(2, 3, 4) });

    private PrivateRedis? _server;
    private RedisConnection? _connection;
    private IAvailabilityStore _store = null!;

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
            _store = new MemoryAvailabilityStore();
            return;
        }
        _connection = Connect(_server, $"t{TestContext.CurrentContext.Test.ID}:");
        _store = new RedisAvailabilityStore(_connection);
        await _store.ForgetAsync(default);
    }

    [TearDown]
    public async Task Close()
    {
        if (_connection is not null) await _connection.DisposeAsync();
        _connection = null;
    }

    [Test]
    public async Task Put_Day_IsReadBackWhole()
    {
        var day = Day(3, (36, 1), (37, 5));
        await _store.PutAsync([day, day with { Day = Today.AddDays(1), CalendarMissing = true, Openings = [], Taken = SeatMaskDictionary.Nothing }], Now, default);
        var read = (await _store.ReadAsync([Resource], Today, 3, Now, default)).Days;
        Assert.Multiple(() =>
        {
            Assert.That(read, Has.Count.EqualTo(2), "what is not there is missing");
            Assert.That(read[(Resource, Today)].Openings, Is.EqualTo(day.Openings));
            Assert.That(read[(Resource, Today)].Taken, Is.EquivalentTo(day.Taken));
            Assert.That(read[(Resource, Today)].Version, Is.EqualTo(3));
            Assert.That(read[(Resource, Today.AddDays(1))].CalendarMissing, Is.True);
        });
    }

    [Test]
    public async Task Put_EarlierVersion_LaterStays()
    {
        await _store.PutAsync([Day(5, (36, 1))], Now, default);
        await _store.PutAsync([Day(4)], Now, default);
        Assert.That((await OneAsync())!.Version, Is.EqualTo(5));
        await _store.PutAsync([Day(5)], Now, default);
        Assert.That((await OneAsync())!.Taken, Is.Empty, "the same version again may say something new, such as of holidays");
        await Task.WhenAll(Enumerable.Range(1, 200).Select(v => _store.PutAsync([Day(v * 1_000_000_007L)], Now, default)));
        Assert.That((await OneAsync())!.Version, Is.EqualTo(200 * 1_000_000_007L), "in whatever order they arrive");
    }

    [Test]
    public async Task Put_ManyDays_AllAreThere()
    {
        var days = Enumerable.Range(0, 450).Select(n => Day(1) with { Day = Today.AddDays(n) }).ToList();
        await _store.PutAsync(days, Now, default);
        Assert.That((await _store.ReadAsync([Resource], Today, 450, Now, default)).Days, Has.Count.EqualTo(450));
    }

    [Test]
    public async Task Forget_DaysGo_HoldsStay()
    {
        await _store.PutAsync([Day(5)], Now, default);
        var hold = (await _store.TryHoldAsync(Wish("h1"), Now, default)).Hold!;
        await _store.ForgetAsync(default);
        Assert.That(await OneAsync(), Is.Null);
        Assert.That(await _store.HoldsAsync(Now, default), Is.EqualTo(new[] { hold }));
        await _store.PutAsync([Day(1)], Now, default);
        Assert.That((await OneAsync())!.Version, Is.EqualTo(1), "what was forgotten stands in nobody's way");
    }

    [Test]
    public async Task Hold_TwoHundredAtOnce_EachSeatOnce()
    {
        var tries = await Task.WhenAll(Enumerable.Range(0, 200).Select(n => Task.Run(() => _store.TryHoldAsync(Wish($"h{n}", holder: $"p{n}", seats: [0, 1, 2]), Now, default))));
        Assert.That(tries.Where(t => t.Hold is not null).Select(t => t.Hold!.Seat).Order(), Is.EqualTo(new[] { 0, 1, 2 }));
        Assert.That(tries.Any(t => t.TooMany), Is.False);
        Assert.That(await _store.HoldsAsync(Now, default), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Hold_OnlyWhereTimesMeet_StandsInTheWay()
    {
        Assert.That((await _store.TryHoldAsync(Wish("a", span: new RasterSpan(36, 38)), Now, default)).Hold, Is.Not.Null);
        Assert.That((await _store.TryHoldAsync(Wish("b", holder: "b", span: new RasterSpan(37, 39)), Now, default)).Hold, Is.Null);
        Assert.That((await _store.TryHoldAsync(Wish("c", holder: "c", span: new RasterSpan(38, 40)), Now, default)).Hold, Is.Not.Null, "one ends as the other begins");
        Assert.That((await _store.TryHoldAsync(Wish("d", holder: "d", day: Today.AddDays(1)), Now, default)).Hold, Is.Not.Null, "another day");
        Assert.That((await _store.TryHoldAsync(Wish("e", holder: "e", resource: "01KAN8R4XHGV0T3ZQ5W7C9E2AQ"), Now, default)).Hold, Is.Not.Null, "another resource");
    }

    [Test]
    public async Task Hold_ExpiresByTheCallersClock()
    {
        await _store.TryHoldAsync(Wish("a", minutes: 5), Now, default);
        Assert.That(await _store.FindHoldAsync("a", Now.AddMinutes(5).AddMilliseconds(-1), default), Is.Not.Null);
        Assert.That(await _store.FindHoldAsync("a", Now.AddMinutes(5), default), Is.Null);
        Assert.That(await _store.HoldsAsync(Now.AddMinutes(5), default), Is.Empty);
        Assert.That((await _store.TryHoldAsync(Wish("b", holder: "b"), Now.AddMinutes(5), default)).Hold, Is.Not.Null);
    }

    [Test]
    public async Task Hold_MoreThanOneMayHave_IsTold([Values] bool atOnce)
    {
        Task<HoldOutcome> One(int n) => _store.TryHoldAsync(Wish($"h{n}", span: new RasterSpan(n * 2, (n * 2) + 2), most: 3), Now, default);
        var tries = new List<HoldOutcome>();
        if (atOnce) tries.AddRange(await Task.WhenAll(Enumerable.Range(0, 40).Select(n => Task.Run(() => One(n)))));
        else for (var n = 0; n < 6; n++) tries.Add(await One(n));
        Assert.That(tries.Count(t => t.Hold is not null), Is.EqualTo(3));
        Assert.That(tries.Where(t => t.Hold is null), Is.All.Matches<HoldOutcome>(t => t.TooMany));
        Assert.That((await _store.TryHoldAsync(Wish("other", holder: "other", span: new RasterSpan(90, 92), most: 3), Now, default)).Hold, Is.Not.Null);
    }

    [Test]
    public async Task Release_LetsGo_TwiceIsNothing()
    {
        await _store.TryHoldAsync(Wish("a"), Now, default);
        await _store.ReleaseHoldAsync("a", default);
        await _store.ReleaseHoldAsync("a", default);
        await _store.ReleaseHoldAsync("never-there", default);
        Assert.That(await _store.HoldsAsync(Now, default), Is.Empty);
        Assert.That((await _store.TryHoldAsync(Wish("b", holder: "b"), Now, default)).Hold, Is.Not.Null);
    }

    private async Task<ResourceDay?> OneAsync() => (await _store.ReadAsync([Resource], Today, 1, Now, default)).Days.GetValueOrDefault((Resource, Today));

    internal static RedisConnection Connect(PrivateRedis server, string prefix) => new(
        Microsoft.Extensions.Options.Options.Create(new RedisOptions { ConnectionString = server.ConnectionString, Prefix = prefix }), NullLogger<RedisConnection>.Instance);

    internal static ResourceDay Day(long version, params (int Unit, ushort Seats)[] taken) => new(Resource, Today, version, [Opening], taken.ToDictionary(t => t.Unit, t => t.Seats));

    internal static HoldWish Wish(
        string id, string holder = "somebody", int[]? seats = null, RasterSpan? span = null, DateOnly? day = null, string resource = Resource, int minutes = 5, int most = 100) =>
        new(id, resource, day ?? Today, span ?? new RasterSpan(36, 38), seats ?? [0], Now.AddMinutes(minutes), holder, most);
}
