using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Consultations;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class CannedAnswerTests(Engine engine)
{
    private TestApi _api = null!;
    private ApiClient _clerk = null!;
    private ApiClient _lawyer = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine);
        _clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        _lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _clerk?.Dispose();
        _lawyer?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task Personal_IsSeenAndChangedByItsOwnerOnly()
    {
        var mine = await _lawyer.PostAsync("/v1/staff/canned-answers", Text("支付令")).Gives(Created);
        var path = $"/v1/staff/canned-answers/{mine.String("id")}";
        Assert.That((await _lawyer.GetAsync("/v1/staff/canned-answers").Gives(OK)).Text, Does.Contain(mine.String("id")));
        Assert.That((await _clerk.GetAsync("/v1/staff/canned-answers").Gives(OK)).Text, Does.Not.Contain(mine.String("id")));
        await _clerk.PutAsync(path, Text("改"), ("If-Match", "\"1\"")).Refuses(NotFound, "not_found");
        await _clerk.DeleteAsync(path, ("If-Match", "\"1\"")).Refuses(NotFound, "not_found");
        await _lawyer.DeleteAsync(path, ("If-Match", "\"1\"")).Gives(OK);
        await _lawyer.DeleteAsync(path, ("If-Match", "\"1\"")).Refuses(NotFound, "not_found");
    }

    [Test]
    public async Task Units_IsWrittenByThoseWhoDirectItAndSeenBelow()
    {
        using var head = await _api.NewStaffAsync(Role.CentreHead, DemoDistrict.Bureau);
        using var elsewhere = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownB);
        var towns = await _clerk.PostAsync("/v1/staff/canned-answers", Text("本镇受理时间", DemoDistrict.TownA)).Gives(Created);
        var districts = await head.PostAsync("/v1/staff/canned-answers", Text("全区通用", DemoDistrict.Bureau)).Gives(Created);
        var seen = await _lawyer.GetAsync("/v1/staff/canned-answers?limit=100").Gives(OK);
        Assert.That(seen.Text, Does.Contain(towns.String("id")).And.Contain(districts.String("id")));
        Assert.That((await elsewhere.GetAsync("/v1/staff/canned-answers?limit=100").Gives(OK)).Text, Does.Not.Contain(towns.String("id")).And.Contain(districts.String("id")));

        await _lawyer.PostAsync("/v1/staff/canned-answers", Text("越权", DemoDistrict.TownA)).Refuses(Forbidden, "forbidden");
        await _lawyer.PostAsync("/v1/staff/canned-answers", Text("越界", DemoDistrict.TownB)).Refuses(NotFound, "not_found");
        await _lawyer.PutAsync($"/v1/staff/canned-answers/{towns.String("id")}", Text("改"), ("If-Match", "\"1\"")).Refuses(Forbidden, "forbidden");
        await elsewhere.PutAsync($"/v1/staff/canned-answers/{towns.String("id")}", Text("改"), ("If-Match", "\"1\"")).Refuses(NotFound, "not_found");
    }

    [Test]
    public async Task Edit_OverAnothersEdit_IsRefused()
    {
        var added = await _clerk.PostAsync("/v1/staff/canned-answers", Text("仲裁时效", DemoDistrict.TownA)).Gives(Created);
        var path = $"/v1/staff/canned-answers/{added.String("id")}";
        await _clerk.PutAsync(path, Text("甲改")).Refuses(BadRequest, "validation_failed");
        var edits = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => ConsultationTests.PatientlyAsync(() => _clerk.PutAsync(path, Text($"改{n}"), ("If-Match", "\"1\"")))));
        Assert.That(edits.Count(e => e.Status == OK), Is.EqualTo(1));
        foreach (var lost in edits.Where(e => e.Status != OK)) lost.Refuses(PreconditionFailed, "version_mismatch");
        await _clerk.DeleteAsync(path, ("If-Match", "\"1\"")).Refuses(PreconditionFailed, "version_mismatch");
        await _clerk.DeleteAsync(path, ("If-Match", "\"2\"")).Gives(OK);
    }

    [Test]
    public async Task List_OfCategory_HasThatItsGroupAndTheGeneral()
    {
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        foreach (var category in new[] { "0201", "02", null, "0401" })
            await lawyer.PostAsync("/v1/staff/canned-answers", new { categoryCode = category, title = $"类别{category}", text = "答复文字" }).Gives(Created);
        var page = await lawyer.GetAsync("/v1/staff/canned-answers?categoryCode=0201&limit=100").Gives(OK);
        Assert.That(page["items"].EnumerateArray().Where(i => i.GetProperty("mine").GetBoolean()).Select(i => i.GetProperty("title").GetString()), Is.EqualTo(new[] { "类别0201", "类别02", "类别" }));
        await lawyer.PostAsync("/v1/staff/canned-answers", new { categoryCode = "9999", title = "题", text = "文" }).Refuses(BadRequest, "category_unknown");
    }

    private static object Text(string title, string? organisationId = null) => new { organisationId, categoryCode = (string?)null, title, text = "答复文字，供参考。" };
}
