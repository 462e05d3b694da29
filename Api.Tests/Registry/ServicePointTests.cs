using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Appointments;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Registry;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Registry;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ServicePointTests(Engine engine)
{
    private const string Points = "/v1/registry/service-points";

    private TestApi _api = null!;
    private ApiClient _nobody = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine);
        _api.Time.At("2026-11-25T08:00+08:00");
        _nobody = _api.Anonymous();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _nobody?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task List_WithoutPosition_IsInTreeOrderAndPages()
    {
        var names = await NamesAsync("?limit=2");
        Assert.That(names, Has.Count.EqualTo(6).And.Unique);
        Assert.That(names[0], Is.EqualTo("示范区司法局"));
        Assert.That(await NamesAsync("?townCode=341602101"), Is.EqualTo(new[] { "东河镇公共法律服务工作站", "柳树村公共法律服务工作室" }));
        Assert.That(await NamesAsync("?regionCode=341602102201"), Is.EqualTo(new[] { "枣园村公共法律服务工作室" }));
        Assert.That(await NamesAsync("?text=便民"), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task List_NearAPlace_IsByDistanceAndPages([Values(1, 2, 100)] int limit)
    {
        var page = await _nobody.GetAsync($"{Points}?near=33.9214,115.8427&limit=3").Gives(OK);
        Assert.That(page["items"][0].GetProperty("metres").GetInt32(), Is.Zero);
        Assert.That(page["items"].EnumerateArray().Select(p => p.GetProperty("metres").GetInt32()), Is.Ordered);
        var all = await NamesAsync($"?near=33.9214,115.8427&limit={limit}");
        Assert.That(all, Has.Count.EqualTo(6).And.Unique);
        Assert.That(all[..2], Is.EqualTo(new[] { "东河镇公共法律服务工作站", "柳树村公共法律服务工作室" }));
        Assert.That(await NamesAsync("?near=31.23,121.47"), Is.Empty, "farther than 100 km");
    }

    [Test]
    public async Task List_WithinTheCircle_CityHalfHourVillageOneHour()
    {
        // In the county town: its own points are minutes away, the towns' within the hour of the country.
        var near = await _nobody.GetAsync($"{Points}?near=33.8700,115.7790&circle=true").Gives(OK);
        Assert.That(near["items"].EnumerateArray().Select(p => p.GetProperty("name").GetString()), Does.Contain("示范区司法局").And.Contain("西山镇公共法律服务工作站"));
        // Some 17 km north of the town: the city's points are too far for half an hour, the village's are within the hour.
        var far = await _nobody.GetAsync($"{Points}?near=34.0300,115.8427&circle=true").Gives(OK);
        var names = far["items"].EnumerateArray().Select(p => p.GetProperty("name").GetString()).ToList();
        Assert.That(names, Does.Contain("东河镇公共法律服务工作站").And.Not.Contain("示范区司法局"));
        Assert.That(far["items"].EnumerateArray().Select(p => p.GetProperty("minutes").GetInt32()), Is.All.LessThanOrEqualTo(60));
    }

    [Test]
    public async Task List_ForAService_OnlyWhereItCanBeBooked()
    {
        using var lawyer = await _api.NewPersonAsync(unit: DemoDistrict.TownB, terms: Bookable.Terms with { Services = 1 });
        Assert.That(await NamesAsync("?serviceCode=lawyer"), Is.EqualTo(new[] { "西山镇公共法律服务工作站" }));
        Assert.That(await NamesAsync("?serviceCode=notary"), Is.Empty);
        var point = await _nobody.GetAsync($"{Points}/{DemoDistrict.TownB}").Gives(OK);
        Assert.Multiple(() =>
        {
            Assert.That(point["todayHours"][0].GetProperty("from").GetString(), Is.EqualTo("09:00"));
            Assert.That(point["todayHours"][0].GetProperty("to").GetString(), Is.EqualTo("17:00"));
            Assert.That(point["resources"][0].GetProperty("staffId").GetString(), Is.EqualTo(lawyer.Id));
            Assert.That(point["resources"][0].GetProperty("serviceCodes")[0].GetString(), Is.EqualTo("lawyer"));
        });
        await _nobody.GetAsync($"{Points}/{Operation.NoSuchId}").Refuses(NotFound, "not_found");
        await _nobody.GetAsync($"{Points}/{DemoDistrict.VillageA2}").Refuses(NotFound, "not_found");
    }

    [TestCase("near=33.9")]
    [TestCase("near=NaN,NaN")]
    [TestCase("near=48.85,2.35")]
    [TestCase("near=1e1,1e2")]
    [TestCase("circle=true")]
    [TestCase("regionCode=%25")]
    [TestCase("townCode=34160210120112")]
    [TestCase("limit=0")]
    [TestCase("circle=maybe")]
    public async Task List_WithABadQuery_IsRefused(string query) => await _nobody.GetAsync($"{Points}?{query}").Refuses(BadRequest, "validation_failed");

    [Test]
    public async Task List_WithACursorOfAnotherPlace_IsRefused()
    {
        var cursor = (await _nobody.GetAsync($"{Points}?near=33.92,115.84&limit=1").Gives(OK)).String("nextCursor");
        await _nobody.GetAsync($"{Points}?near=33.93,115.84&limit=1&cursor={cursor}").Refuses(BadRequest, "cursor_invalid");
        await _nobody.GetAsync($"{Points}?limit=1&cursor={cursor}").Refuses(BadRequest, "cursor_invalid");
        await _nobody.GetAsync($"{Points}?serviceCode=palace").Refuses(BadRequest, "service_unknown");
    }

    [Test]
    public async Task PhoneBook_IsInTreeOrder()
    {
        var book = await _nobody.GetAsync("/v1/registry/phone-book?limit=4").Gives(OK);
        Assert.That(book["items"][0].GetProperty("phone").GetString(), Is.EqualTo("0558-5550100"));
        Assert.That(book["items"].EnumerateArray().Select(e => e.GetProperty("depth").GetInt32()).First(), Is.EqualTo(1));
        var rest = await _nobody.GetAsync($"/v1/registry/phone-book?limit=100&cursor={book.String("nextCursor")}").Gives(OK);
        Assert.That(book["items"].GetArrayLength() + rest["items"].GetArrayLength(), Is.EqualTo(9));
        Assert.That((await _nobody.GetAsync("/v1/registry/regions").Gives(OK))["items"].GetArrayLength(), Is.EqualTo(7));
    }

    [Test]
    public void Distance_OfKnownPlaces_IsRight() => Assert.Multiple(() =>
    {
        var beijing = Position.Read(39.9042, 116.4074).Value!.Value;
        var shanghai = Position.Read(31.2304, 121.4737).Value!.Value;
        Assert.That(beijing.MetresTo(shanghai), Is.EqualTo(1_067_000).Within(2_000));
        Assert.That(beijing.MetresTo(beijing), Is.Zero);
        var (southWest, northEast) = beijing.Box(100_000);
        Assert.That(southWest.MetresTo(beijing), Is.GreaterThan(100_000));
        Assert.That(new Position(northEast.Latitude, beijing.Longitude).MetresTo(beijing), Is.EqualTo(100_000).Within(1));
    });

    [TestCase(7_690, AreaKind.City, true)]
    [TestCase(7_700, AreaKind.City, false)]
    [TestCase(23_070, AreaKind.Village, true)]
    [TestCase(23_090, AreaKind.Village, false)]
    [TestCase(7_700, null, false)]
    public void Circle_EndsWhereItsTimeEnds(double metres, AreaKind? area, bool holds) => Assert.That(new ServiceCircle(20, 30, 1.3, 30, 60).Holds(metres, area), Is.EqualTo(holds));

    private async Task<List<string>> NamesAsync(string query)
    {
        var names = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = await _nobody.GetAsync($"{Points}{query}{(cursor is null ? "" : $"&cursor={cursor}")}").Gives(OK);
            names.AddRange(page["items"].EnumerateArray().Select(p => p.GetProperty("name").GetString()!));
            if (!page["hasMore"].GetBoolean()) return names;
            cursor = page.String("nextCursor");
        }
    }
}
