using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Appointments;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Registry;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class PeopleTests(Engine engine)
{
    private TestApi _api = null!;
    private ApiClient _nobody = null!;

    [SetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine);
        _api.Time.At("2026-11-25T08:00+08:00");
        _nobody = _api.Anonymous();
    }

    [TearDown]
    public async Task Stop()
    {
        _nobody?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task People_AreFoundByWhatTheyAreAndSay()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var mediator = await _api.NewPersonAsync(Role.Mediator, DemoDistrict.TownB);
        using var hidden = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        using var admin = await _api.NewStaffAsync(Role.Administrator, DemoDistrict.Bureau);
        await lawyer.PutAsync("/v1/staff/me/profile", new { languages = new[] { "普通话", "手语", "普通话" }, introduction = "擅长讨薪案件", practisingSince = 2014 }, ("If-Match", "\"1\"")).Gives(OK);
        await admin.PutAsync($"/v1/admin/staff-profiles/{mediator.Id}",
            new { title = "金牌调解员", specialities = new[] { "04", "10" }, languages = new[] { "皖北方言" }, introduction = "", practisingSince = (int?)null }, ("If-Match", "\"1\"")).Gives(OK);

        Assert.That(await IdsAsync(""), Is.EquivalentTo(new[] { lawyer.Id, mediator.Id }), "who has no hours is not shown");
        Assert.That(await IdsAsync("language=手语"), Is.EqualTo(new[] { lawyer.Id }));
        Assert.That(await IdsAsync("speciality=10"), Is.EqualTo(new[] { mediator.Id }));
        Assert.That(await IdsAsync("speciality=1"), Is.Empty);
        Assert.That(await IdsAsync("role=mediator"), Is.EqualTo(new[] { mediator.Id }));
        Assert.That(await IdsAsync("townCode=341602102"), Is.EqualTo(new[] { mediator.Id }));
        Assert.That(await IdsAsync($"organisationId={DemoDistrict.TownA}"), Is.EqualTo(new[] { lawyer.Id }));
        Assert.That(await IdsAsync("text=讨薪"), Is.EqualTo(new[] { lawyer.Id }));
        Assert.That(await IdsAsync("near=33.80,115.69&sort=distance"), Is.EqualTo(new[] { mediator.Id, lawyer.Id }));

        var shown = await _nobody.GetAsync($"/v1/lawyers/{mediator.Id}").Gives(OK);
        Assert.Multiple(() =>
        {
            Assert.That(shown["specialities"][0].GetProperty("name").GetString(), Is.EqualTo("邻里纠纷"));
            Assert.That(shown["roles"][0].GetProperty("text").GetString(), Is.EqualTo("人民调解员"));
            Assert.That(shown["places"][0].GetProperty("name").GetString(), Is.EqualTo("西山镇公共法律服务工作站"));
            Assert.That(shown.String("title"), Is.EqualTo("金牌调解员"));
        });
        await _nobody.GetAsync($"/v1/lawyers/{hidden.Id}").Refuses(NotFound, "not_found");
        await _api.ExecuteAsync("UPDATE staff_members SET active = 0 WHERE id = @Id", new { mediator.Id });
        await _nobody.GetAsync($"/v1/lawyers/{mediator.Id}").Refuses(NotFound, "not_found");
        Assert.That(await IdsAsync(""), Is.EqualTo(new[] { lawyer.Id }));
    }

    [Test]
    public async Task People_ByNextFree_WhoHasTimeFirstIsFirst()
    {
        using var busy = await _api.NewPersonAsync(from: 9, to: 10);
        using var free = await _api.NewPersonAsync(from: 10, to: 11);
        using var never = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        await _api.AddResourceAsync(never.Id, DemoDistrict.TownA, never.Id);
        await _api.AddHoursAsync(never.Id, DemoDistrict.TownA, DayOfWeek.Monday, 9, 10, since: new DateOnly(2027, 6, 1));
        Assert.That(await IdsAsync("sort=nextFree&serviceCode=lawyer"), Is.EqualTo(new[] { busy.Id, free.Id, never.Id }));
        using var one = await _api.NewBookerAsync();
        using var two = await _api.NewBookerAsync();
        await one.PostAsync("/v1/appointments", Bookable.Order(busy.Id, _api.Day(0, 9))).Gives(Created);
        await two.PostAsync("/v1/appointments", Bookable.Order(busy.Id, _api.Day(0, 9, 30))).Gives(Created);

        var page = await _nobody.GetAsync("/v1/lawyers?sort=nextFree&serviceCode=lawyer").Gives(OK);
        Assert.That(page["items"].EnumerateArray().Select(p => p.GetProperty("id").GetString()), Is.EqualTo(new[] { free.Id, busy.Id, never.Id }));
        Assert.That(page["items"].EnumerateArray().Select(p => p.GetProperty("nextFreeAt").GetString()),
            Is.EqualTo(new[] { "2026-11-25T10:00:00.000+08:00", "2026-11-26T09:00:00.000+08:00", null }));
        foreach (var sort in new[] { "name", "nextFree", "distance" }) Assert.That(await IdsAsync($"sort={sort}&near=33.9,115.8", 1), Has.Count.EqualTo(3).And.Unique, sort);
    }

    [TestCase("sort=distance")]
    [TestCase("sort=fame")]
    [TestCase("role=king")]
    [TestCase("near=0,0")]
    [TestCase("speciality=02,08")]
    [TestCase("organisationId=x")]
    [TestCase("townCode=x")]
    public async Task People_WithABadQuery_AreRefused(string query) => await _nobody.GetAsync($"/v1/lawyers?{query}").Refuses(BadRequest, "validation_failed");

    [Test]
    public async Task Profile_IsEditedWithTheVersionSeenOnly()
    {
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        using var admin = await _api.NewStaffAsync(Role.Administrator, DemoDistrict.Bureau);
        var seen = await lawyer.GetAsync("/v1/staff/me/profile").Gives(OK);
        var etag = seen.Headers.ETag!.Tag;
        var body = new { languages = new[] { "普通话" }, introduction = "执业十二年", practisingSince = 2014 };
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => lawyer.PutAsync("/v1/staff/me/profile", body, ("If-Match", etag))));
        Assert.That(answers.Count(a => a.Status == OK), Is.EqualTo(1));
        foreach (var loser in answers.Where(a => a.Status != OK)) loser.Refuses(PreconditionFailed, "version_mismatch");
        await lawyer.PutAsync("/v1/staff/me/profile", body).Refuses(BadRequest, "validation_failed");

        (object Body, string Field)[] bad =
        [
            (new { languages = new[] { "普通话,手语" } }, "languages"), (new { languages = new string?[] { null } }, "languages"), (new { languages = Enumerable.Range(0, 11).Select(n => $"语{n}") }, "languages"),
            (new { languages = new[] { "普通话" }, practisingSince = 2027 }, "practisingSince"), (new { languages = new[] { "普通话" }, introduction = new string('字', 1001) }, "introduction"),
        ];
        foreach (var (wrong, field) in bad)
        {
            var refused = await lawyer.PutAsync("/v1/staff/me/profile", wrong, ("If-Match", "\"2\"")).Refuses(BadRequest, "validation_failed");
            Assert.That(refused["errors"].EnumerateObject().Select(e => e.Name), Has.Some.StartsWith(field));
        }
        await admin.PutAsync($"/v1/admin/staff-profiles/{lawyer.Id}", new { specialities = new[] { "0201" }, languages = Array.Empty<string>() }, ("If-Match", "\"2\"")).Refuses(BadRequest, "validation_failed");
        await admin.PutAsync($"/v1/admin/staff-profiles/{Operation.NoSuchId}", new { specialities = new[] { "02" }, languages = Array.Empty<string>() }, ("If-Match", "\"1\"")).Refuses(NotFound, "not_found");
        await lawyer.PutAsync($"/v1/admin/staff-profiles/{lawyer.Id}", body, ("If-Match", "\"2\"")).Refuses(Forbidden, "forbidden");
    }

    private async Task<List<string>> IdsAsync(string query, int limit = 20)
    {
        var ids = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = await _nobody.GetAsync($"/v1/lawyers?limit={limit}&{query}{(cursor is null ? "" : $"&cursor={cursor}")}").Gives(OK);
            ids.AddRange(page["items"].EnumerateArray().Select(p => p.GetProperty("id").GetString()!));
            if (!page["hasMore"].GetBoolean()) return ids;
            cursor = page.String("nextCursor");
        }
    }
}
