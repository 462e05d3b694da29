using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Matters;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class CategoryTests(Engine engine)
{
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

    [Test]
    public async Task Add_UnderAGroup_CanBeAskedAbout()
    {
        var added = await _admin.PostAsync("/v1/admin/categories", Body("0250", "竞业限制")).Gives(Created);
        Assert.That((added.String("parentCode"), added["version"].GetInt32()), Is.EqualTo(("02", 1)));
        using var citizen = await _api.NewCitizenAsync();
        await citizen.PostAsync("/v1/consultations", new { categoryCode = "0250", regionCode = "341602101", text = "签了竞业协议还能去同行上班吗？" }).Gives(Created);
        Assert.That((await _admin.GetAsync("/v1/admin/categories").Gives(OK)).Text, Does.Contain("竞业限制"));
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM audit_entries WHERE action = 'categories.add' AND subject_id = '0250'"), Is.EqualTo(1));

        await _admin.PostAsync("/v1/admin/categories", Body("0250", "重复")).Refuses(Conflict, "category_code_taken");
        await _admin.PostAsync("/v1/admin/categories", Body("8801", "无组")).Refuses(BadRequest, "category_parent_unknown");
        await _admin.PostAsync("/v1/admin/categories", Body("2a", "错码")).Refuses(BadRequest, "validation_failed");
    }

    [Test]
    public async Task Edit_WithTheVersionSeen_ChangesAndAnOlderOneIsRefused()
    {
        var before = await _admin.GetAsync("/v1/admin/categories/1001").Gives(OK);
        var etag = before.Headers.ETag!.Tag;
        var edited = await _admin.PutAsync("/v1/admin/categories/1001", Body("1001", "物业服务与收费"), ("If-Match", etag)).Gives(OK);
        Assert.That(edited.String("name"), Is.EqualTo("物业服务与收费"));
        await _admin.PutAsync("/v1/admin/categories/1001", Body("1001", "旧"), ("If-Match", etag)).Refuses(PreconditionFailed, "version_mismatch");
        await _admin.PutAsync("/v1/admin/categories/1001", Body("1001", "无头")).Refuses(BadRequest, "validation_failed");
        await _admin.PutAsync("/v1/admin/categories/0000", Body("0000", "没有"), ("If-Match", "\"1\"")).Refuses(NotFound, "not_found");
    }

    [Test]
    public async Task ExternalCode_OfAnother_IsRefused()
    {
        await _admin.PutAsync("/v1/admin/categories/0301", Body("0301", "交通事故损害赔偿", "JT-01"), ("If-Match", "\"1\"")).Gives(OK);
        await _admin.PutAsync("/v1/admin/categories/0402", Body("0402", "相邻林木", "JT-01"), ("If-Match", "\"1\"")).Refuses(Conflict, "category_external_code_taken");
        await _admin.PostAsync("/v1/admin/categories", Body("0450", "新", "JT-01")).Refuses(Conflict, "category_external_code_taken");
        await _admin.PutAsync("/v1/admin/categories/0402", Body("0402", "相邻林木", "LM-01"), ("If-Match", "\"1\"")).Gives(OK);
    }

    [Test]
    public async Task Deactivate_GroupAfterItsKinds_TakesThemOutOfChoice()
    {
        await _admin.PostAsync("/v1/admin/categories/06/deactivation", null, key: "").Refuses(BadRequest, "validation_failed");
        await DoAsync("06", "deactivation", 1).Refuses(Conflict, "category_has_children");
        await DoAsync("0601", "deactivation", 1).Gives(OK);
        await DoAsync("06", "deactivation", 1).Gives(OK);
        using var citizen = await _api.NewCitizenAsync();
        await citizen.PostAsync("/v1/consultations", new { categoryCode = "0601", regionCode = "341602101", text = "征收补偿怎么算？" }).Refuses(BadRequest, "category_unknown");
        await DoAsync("0601", "activation", 2).Refuses(BadRequest, "category_parent_unknown");
        await DoAsync("06", "activation", 2).Gives(OK);
        await DoAsync("0601", "activation", 2).Gives(OK);
    }

    [Test]
    public async Task EveryRoute_ForOthers_IsForbidden()
    {
        using var head = await _api.NewStaffAsync(Role.CentreHead, DemoDistrict.Bureau);
        await head.GetAsync("/v1/admin/categories").Refuses(Forbidden, "forbidden");
        await head.PostAsync("/v1/admin/categories", Body("0251", "越权")).Refuses(Forbidden, "forbidden");
    }

    private Task<Answer> DoAsync(string code, string what, int version) =>
        _admin.SendAsync(HttpMethod.Post, $"/v1/admin/categories/{code}/{what}", null, ("If-Match", $"\"{version}\""));

    private static object Body(string code, string name, string? externalCode = null) =>
        new { code, name, legalAidItem = (int?)null, hardshipExempt = false, mediable = true, confirmable = true, externalCode };
}
