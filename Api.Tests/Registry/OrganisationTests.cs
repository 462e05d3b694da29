using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Appointments;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Registry;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class OrganisationTests(Engine engine)
{
    private const string Units = "/v1/admin/organisations";

    private TestApi _api = null!;
    private ApiClient _admin = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine);
        _admin = await _api.NewStaffAsync(Role.Administrator, DemoDistrict.Bureau);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _admin?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    [SetUp]
    public void OnAWednesday() => _api.Time.At("2026-11-25T08:00+08:00");

    [Test]
    public async Task Add_ThenEdit_WithTheVersionSeen()
    {
        var added = await AddAsync(DemoDistrict.Bureau, Facts("南湖镇工作站", isServicePoint: true));
        Assert.Multiple(() =>
        {
            Assert.That(added.String("organisation.parentName"), Is.EqualTo("示范区司法局"));
            Assert.That(added["organisation.depth"].GetInt32(), Is.EqualTo(2));
            Assert.That(added["organisation.latitude"].GetDouble(), Is.EqualTo(33.812345));
            Assert.That(added.String("organisation.kindText"), Is.EqualTo("公共法律服务工作站"));
        });
        var id = added.String("organisation.id");
        var etag = (await _admin.GetAsync($"{Units}/{id}").Gives(OK)).Headers.ETag!.Tag;
        var would = await _admin.PutAsync($"{Units}/{id}?validateOnly=true", Facts("南湖街道工作站"), ("If-Match", etag)).Gives(OK);
        Assert.That((would["validateOnly"].GetBoolean(), would.String("organisation.name")), Is.EqualTo((true, "南湖街道工作站")));
        Assert.That((await _admin.GetAsync($"{Units}/{id}").Gives(OK)).String("name"), Is.EqualTo("南湖镇工作站"), "validateOnly changes nothing");

        var edited = await _admin.PutAsync($"{Units}/{id}", Facts("南湖街道工作站"), ("If-Match", etag)).Gives(OK);
        Assert.That((edited.String("organisation.name"), edited["organisation.version"].GetInt32()), Is.EqualTo(("南湖街道工作站", 2)));
        await _admin.PutAsync($"{Units}/{id}", Facts("旧"), ("If-Match", etag)).Refuses(PreconditionFailed, "version_mismatch");
        await _admin.PutAsync($"{Units}/{id}", Facts("无头")).Refuses(BadRequest, "validation_failed");
        await _admin.PutAsync($"{Units}/{Operation.NoSuchId}", Facts("没有"), ("If-Match", "\"1\"")).Refuses(NotFound, "not_found");
        Assert.That(await _api.ScalarAsync<string>("SELECT kind FROM organisations WHERE id = @id", new { id }), Is.EqualTo("town_station"));
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM audit_entries WHERE subject_id = @id AND action LIKE 'organisations.%'", new { id }), Is.EqualTo(2));
    }

    [Test]
    public async Task Edit_ByTwoAtOnce_OneIsRefused()
    {
        var id = (await AddAsync(DemoDistrict.Bureau, Facts("争站"))).String("organisation.id");
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(n => _admin.PutAsync($"{Units}/{id}", Facts($"争站{n}"), ("If-Match", "\"1\""))));
        Assert.That(answers.Count(a => a.Status == OK), Is.EqualTo(1), string.Join('\n', answers.Select(a => a.Text)));
        foreach (var loser in answers.Where(a => a.Status != OK)) loser.Refuses(PreconditionFailed, "version_mismatch");
    }

    [TestCase("latitude", 33.8, "facts.longitude", TestName = "No longitude with it")]
    [TestCase("both", 48.85, "facts.longitude", TestName = "Paris")]
    [TestCase("name", 0, "facts.name", TestName = "No name")]
    [TestCase("phone", 0, "facts.phone", TestName = "No phone number")]
    [TestCase("area", 0, "facts.areaKind", TestName = "A service point of no area")]
    public async Task Add_WithBadFacts_NamesTheField(string what, double latitude, string field)
    {
        object facts = what switch
        {
            "latitude" => new { kind = "townStation", name = "站", regionCode = "341602101", latitude },
            "both" => new { kind = "townStation", name = "站", regionCode = "341602101", latitude, longitude = 2.35 },
            "name" => new { kind = "townStation", name = " \u200B ", regionCode = "341602101" },
            "phone" => new { kind = "townStation", name = "站", regionCode = "341602101", phone = "打电话" },
            _ => new { kind = "townStation", name = "站", regionCode = "341602101", isServicePoint = true },
        };
        var refused = await _admin.PostAsync(Units, new { parentId = DemoDistrict.Bureau, facts }).Refuses(BadRequest, "validation_failed");
        Assert.That(refused["errors"].EnumerateObject().Select(e => e.Name), Does.Contain(field));
    }

    [Test]
    public async Task Add_UnderNothingOrUpsideDown_IsRefused()
    {
        await _admin.PostAsync(Units, new { parentId = Operation.NoSuchId, facts = Facts("站") }).Refuses(UnprocessableEntity, "organisation_parent_unknown");
        await _admin.PostAsync(Units, new { parentId = "x", facts = Facts("站") }).Refuses(UnprocessableEntity, "organisation_parent_unknown");
        await _admin.PostAsync(Units, new { parentId = DemoDistrict.TownA, facts = Facts("局", "bureau") }).Refuses(UnprocessableEntity, "organisation_level");
        await _admin.PostAsync(Units, new { parentId = DemoDistrict.TownA, facts = new { kind = "townStation", name = "站", regionCode = "999999" } }).Refuses(BadRequest, "region_unknown");
        await _admin.PostAsync(Units, new { parentId = DemoDistrict.TownA, facts = new { kind = "palace", name = "站", regionCode = "341602101" } }).Gives(BadRequest);
    }

    [Test]
    public async Task Move_WithWhatHangsUnderIt_RewritesAllPaths()
    {
        var one = (await AddAsync(DemoDistrict.Bureau, Facts("甲站"))).String("organisation.id");
        var other = (await AddAsync(DemoDistrict.Bureau, Facts("乙站"))).String("organisation.id");
        var room = (await AddAsync(one, Facts("甲村", "villageRoom"))).String("organisation.id");
        var group = (await AddAsync(room, Facts("甲组", "mediationGroup"))).String("organisation.id");

        await MoveAsync(one, room).Refuses(Conflict, "organisation_cycle");
        await MoveAsync(one, one).Refuses(Conflict, "organisation_cycle");
        var would = await MoveAsync(room, other, "?validateOnly=true").Gives(OK);
        Assert.That(would["unitsMoved"].GetInt32(), Is.EqualTo(2));
        Assert.That(await PathAsync(group), Does.Contain(one));
        var moved = await MoveAsync(room, other).Gives(OK);
        Assert.That((moved["unitsMoved"].GetInt32(), moved.String("organisation.parentId")), Is.EqualTo((2, other)));
        Assert.That(await PathAsync(group), Is.EqualTo($"/{DemoDistrict.Bureau}/{other}/{room}/{group}/"));
        Assert.That(await PathAsync(room), Is.EqualTo($"/{DemoDistrict.Bureau}/{other}/{room}/"));
        using var clerk = await _api.NewStaffAsync(Role.Clerk, other);
        await clerk.GetAsync($"/v1/staff/on-duty?organisationId={group}").Gives(OK);
    }

    [Test]
    public async Task Move_AwayFromWhereSomebodyHasAPost_EndsTheirHoursThereAtOnce()
    {
        var one = (await AddAsync(DemoDistrict.Bureau, Facts("丙站"))).String("organisation.id");
        var other = (await AddAsync(DemoDistrict.Bureau, Facts("丁站"))).String("organisation.id");
        var room = (await AddAsync(one, Facts("丙村", "villageRoom"))).String("organisation.id");
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, one);
        await _api.AddResourceAsync(lawyer.Id, one, lawyer.Id);
        foreach (var day in Enum.GetValues<DayOfWeek>()) await _api.AddHoursAsync(lawyer.Id, room, day, 9, 12);
        var slots = $"/v1/slots?resourceId={lawyer.Id}&serviceCode=lawyer&mode=inPerson&date={_api.Day(1, 0):yyyy-MM-dd}";
        Assert.That((await _admin.GetAsync(slots).Gives(OK))["items"].GetArrayLength(), Is.GreaterThan(0));

        await MoveAsync(room, other).Gives(OK);
        Assert.That((await _admin.GetAsync(slots).Gives(OK))["items"].GetArrayLength(), Is.Zero);
        using var citizen = await _api.NewBookerAsync();
        await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(1, 9))).Refuses(UnprocessableEntity, "slot_outside_hours");
    }

    [Test]
    public async Task Move_DeeperThanAPathHolds_IsRefused()
    {
        string? parent = null;
        for (var level = 1; level <= 9; level++) parent = (await AddAsync(parent, Facts($"第{level}层", "lawFirm"))).String("organisation.id");
        await _admin.PostAsync(Units, new { parentId = parent, facts = Facts("第10层", "lawFirm") }).Refuses(UnprocessableEntity, "organisation_too_deep");
        var root = (await AddAsync(null, Facts("另一棵", "lawFirm"))).String("organisation.id");
        await MoveAsync(root, parent!).Refuses(UnprocessableEntity, "organisation_too_deep");
        var top = (await PathAsync(parent!)).Split('/')[1];
        await MoveAsync(top, root).Refuses(UnprocessableEntity, "organisation_too_deep");
    }

    [Test]
    public async Task Move_EachUnderTheOtherAtOnce_MakesNoCycle([Range(1, 4)] int round)
    {
        var one = (await AddAsync(DemoDistrict.Bureau, Facts($"左{round}"))).String("organisation.id");
        var other = (await AddAsync(DemoDistrict.Bureau, Facts($"右{round}"))).String("organisation.id");
        var answers = await Task.WhenAll(MoveAsync(one, other), MoveAsync(other, one));
        Assert.That(answers.Count(a => a.Status == OK), Is.EqualTo(1), string.Join('\n', answers.Select(a => a.Text)));
        answers.Single(a => a.Status != OK).Refuses(Conflict, "organisation_cycle");
        Assert.That(new[] { await PathAsync(one), await PathAsync(other) }.Select(p => p.Count(c => c == '/')).Order(), Is.EqualTo(new[] { 3, 4 }));
    }

    [Test]
    public async Task Close_WithPeopleChildrenOrBookings_IsRefused()
    {
        var id = (await AddAsync(DemoDistrict.Bureau, Facts("将关站"))).String("organisation.id");
        var child = (await AddAsync(id, Facts("小村", "villageRoom"))).String("organisation.id");
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, id);
        await DoAsync(id, "closure").Refuses(Conflict, "organisation_has_people");
        // Serves here from above: nobody has a post in the unit itself.
        await _api.ExecuteAsync("UPDATE posts SET organisation_id = @Bureau WHERE staff_id = @Id", new { DemoDistrict.Bureau, lawyer.Id });
        await DoAsync(id, "closure").Refuses(Conflict, "organisation_has_children");
        await DoAsync(child, "closure").Gives(OK);

        await _api.AddResourceAsync(lawyer.Id, id, lawyer.Id);
        await _api.AddHoursAsync(lawyer.Id, id, DayOfWeek.Thursday, 9, 12);
        using var citizen = await _api.NewBookerAsync();
        var booked = await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(1, 9))).Gives(Created);
        await DoAsync(id, "closure").Refuses(Conflict, "organisation_has_bookings");
        await citizen.PostAsync($"/v1/appointments/{booked.String("id")}/cancellation").Gives(OK);
        var would = await DoAsync(id, "closure", "?validateOnly=true").Gives(OK);
        Assert.That((would["resourcesWithoutHours"].GetInt32(), would["organisation.active"].GetBoolean()), Is.EqualTo((1, false)));
        await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(1, 9))).Gives(Created);
        await DoAsync(id, "closure").Refuses(Conflict, "organisation_has_bookings");
        await _api.ExecuteAsync("UPDATE appointments SET state = 'Cancelled' WHERE resource_id = @Id", new { lawyer.Id });
        await DoAsync(id, "closure").Gives(OK);

        using var nobody = _api.Anonymous();
        var slots = await nobody.GetAsync($"/v1/slots?resourceId={lawyer.Id}&serviceCode=lawyer&mode=inPerson&date=2026-11-26").Gives(OK);
        Assert.That(slots["items"].GetArrayLength(), Is.Zero, "nobody sits in a closed unit");
        await DoAsync(id, "closure").Refuses(Conflict, "organisation_closed");
        await DoAsync(child, "reopening").Refuses(Conflict, "organisation_parent_closed");
        await _admin.PostAsync(Units, new { parentId = id, facts = Facts("新村", "villageRoom") }).Refuses(Conflict, "organisation_parent_closed");
        await DoAsync(id, "reopening").Gives(OK);
        await DoAsync(id, "reopening").Refuses(Conflict, "organisation_not_closed");
        await DoAsync(child, "reopening").Gives(OK);
    }

    [Test]
    public async Task Close_WhileTwentyBookThere_LeavesNobodyBehind([Range(1, 3)] int round)
    {
        var id = (await AddAsync(DemoDistrict.Bureau, Facts($"抢关站{round}"))).String("organisation.id");
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.AidCentre);
        await _api.AddResourceAsync(lawyer.Id, id, lawyer.Id);
        await _api.AddHoursAsync(lawyer.Id, id, DayOfWeek.Thursday, 8, 20);
        var citizens = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _api.NewBookerAsync()));
        var bookings = citizens.Select((c, n) => c.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(1, 8 + (n / 2), n % 2 * 30)))).ToList();
        var closed = await DoAsync(id, "closure");
        var answers = await Task.WhenAll(bookings);
        var booked = answers.Count(a => a.Status == Created);
        if (closed.Status == OK) Assert.That(booked, Is.Zero, "booked in a closed unit");
        else closed.Refuses(Conflict, "organisation_has_bookings");
        foreach (var loser in answers.Where(a => a.Status != Created))
            Assert.That(loser.String("code"), Is.AnyOf("slot_outside_hours", "busy_try_again"), loser.Text);
        foreach (var c in citizens) c.Dispose();
    }

    [Test]
    public async Task Close_WhileSomebodyGetsAPostThere_LeavesNobodyBehind([Range(1, 4)] int round)
    {
        var id = (await AddAsync(DemoDistrict.Bureau, Facts($"任职站{round}"))).String("organisation.id");
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        var posts = new { posts = new[] { new { organisationId = id, role = "clerk" } } };
        var answers = await Task.WhenAll(DoAsync(id, "closure"), _admin.PutAsync($"/v1/admin/staff-accounts/{clerk.Id}/posts", posts));
        Assert.That(answers.Count(a => a.Status == OK), Is.EqualTo(1), string.Join('\n', answers.Select(a => a.Text)));
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM posts p JOIN organisations o ON o.id = p.organisation_id WHERE o.active = 0 AND o.id = @id", new { id }), Is.Zero);
    }

    [Test]
    public async Task List_ByParentKindAndText_PagesInTreeOrder()
    {
        var town = (await AddAsync(DemoDistrict.Bureau, Facts("列站"))).String("organisation.id");
        for (var n = 0; n < 5; n++) await AddAsync(town, Facts($"列村{n}", "villageRoom"));
        await AddAsync(town, Facts("列所", "judicialOffice"));
        var seen = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = await _admin.GetAsync($"{Units}?parentId={town}&kind=villageRoom&limit=2{(cursor is null ? "" : $"&cursor={cursor}")}").Gives(OK);
            seen.AddRange(page["items"].EnumerateArray().Select(o => o.GetProperty("name").GetString()!));
            if (!page["hasMore"].GetBoolean()) break;
            cursor = page.String("nextCursor");
        }
        Assert.That(seen, Is.EqualTo(Enumerable.Range(0, 5).Select(n => $"列村{n}")));
        Assert.That((await _admin.GetAsync($"{Units}?text=列所").Gives(OK))["items"].GetArrayLength(), Is.EqualTo(1));
        Assert.That((await _admin.GetAsync($"{Units}?text=%25").Gives(OK))["items"].GetArrayLength(), Is.Zero);
        await _admin.GetAsync($"{Units}?kind=palace").Refuses(BadRequest, "validation_failed");
        await _admin.GetAsync($"{Units}?parentId=x").Refuses(BadRequest, "validation_failed");
    }

    private Task<Answer> AddAsync(string? parentId, object facts) => _admin.PostAsync(Units, new { parentId, facts }).Gives(Created);

    private async Task<Answer> MoveAsync(string id, string parentId, string query = "") =>
        await _admin.SendAsync(HttpMethod.Post, $"{Units}/{id}/move{query}", new { parentId }, ("If-Match", $"\"{await VersionAsync(id)}\""));

    private async Task<Answer> DoAsync(string id, string what, string query = "") =>
        await _admin.SendAsync(HttpMethod.Post, $"{Units}/{id}/{what}{query}", null, ("If-Match", $"\"{await VersionAsync(id)}\""));

    private Task<int> VersionAsync(string id) => _api.ScalarAsync<int>("SELECT version FROM organisations WHERE id = @id", new { id });

    private async Task<string> PathAsync(string id) => (await _api.ScalarAsync<string>("SELECT path FROM organisations WHERE id = @id", new { id }))!;

    private static object Facts(string name, string kind = "townStation", bool isServicePoint = false) => new
    {
        kind, name, regionCode = "341602101", phone = "0558-5550203", address = "便民服务大厅", latitude = 33.812345, longitude = 115.712345, openingHours = "周一至周五", isServicePoint,
        areaKind = "village", takesConsultations = false,
    };
}
