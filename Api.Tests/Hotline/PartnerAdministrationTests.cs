using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Hotline;

/// <summary>Partners in an administrator's hands: secrets told once, changed over with both good, shut out at once.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class PartnerAdministrationTests(Engine engine)
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

    private static object Partner(string appId, string network = "127.0.0.1") => new
    {
        appId, sandbox = true, name = "市12348热线", organisationId = DemoDistrict.AidCentre, scopes = new[] { "tickets", "calls" }, networks = new[] { network }, recordingHosts = new[] { "REC.example.cn" },
    };

    [Test]
    public async Task Secret_IsToldOnce_ChangedOverWithBothGood_AndTheOldOneEnds()
    {
        var made = await _admin.PostAsync("/v1/admin/hotline/partners", Partner("hl_rotate")).Gives(Created);
        var first = made.String("secret");
        Assert.That(made["partner.networks"][0].GetString(), Is.EqualTo("127.0.0.1/32"));
        Assert.That((await _admin.GetAsync("/v1/admin/hotline/partners/hl_rotate").Gives(OK)).Text, Does.Not.Contain(first));
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM hotline_partners WHERE secret_sealed LIKE @plain", new { plain = $"%{first}%" }), Is.Zero);
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM idempotency_keys WHERE response LIKE @plain", new { plain = $"%{first}%" }), Is.Zero);
        using var old = _api.As("hl_rotate", first);
        (await old.GetAsync("/partner/v1/ping")).Gives(OK);
        using var fresh = _api.As("hl_rotate", (await _admin.PostAsync("/v1/admin/hotline/partners/hl_rotate/secret", new { overlapHours = 1 }).Gives(OK)).String("secret"));
        Assert.That((await old.GetAsync("/partner/v1/ping").Gives(OK)).String("data.secret"), Is.EqualTo("current,previous"));
        (await fresh.GetAsync("/partner/v1/ping")).Gives(OK);
        _api.Time.Advance(TimeSpan.FromHours(1));
        (await old.GetAsync("/partner/v1/ping")).Refuses(Unauthorized, "bad_signature");
        (await fresh.GetAsync("/partner/v1/ping")).Gives(OK);
        _api.Time.Advance(TimeSpan.FromHours(-1));
        using var leaked = _api.As("hl_rotate", (await _admin.PostAsync("/v1/admin/hotline/partners/hl_rotate/secret", new { overlapHours = 0 }).Gives(OK)).String("secret"));
        (await fresh.GetAsync("/partner/v1/ping")).Refuses(Unauthorized, "bad_signature");
        (await leaked.GetAsync("/partner/v1/ping")).Gives(OK);
    }

    [Test]
    public async Task Writes_CanBeTriedOut_AndLeaveNothing()
    {
        const string Partners = "/v1/admin/hotline/partners";
        var tried = await _admin.PostAsync($"{Partners}?validateOnly=true", Partner("hl_tried")).Gives(OK);
        Assert.That((tried.String("partner.appId"), tried["secret"].ValueKind), Is.EqualTo(("hl_tried", System.Text.Json.JsonValueKind.Null)));
        await _admin.GetAsync($"{Partners}/hl_tried").Refuses(NotFound, "not_found");
        await _admin.PostAsync(Partners, Partner("hl_tried")).Gives(Created);
        await _admin.PostAsync($"{Partners}?validateOnly=true", Partner("hl_tried")).Refuses(Conflict, "app_id_taken");
        var hook = await _admin.PutAsync($"{Partners}/hl_tried/webhook?validateOnly=true", new { url = "https://example.cn/x", enabled = true }).Gives(OK);
        Assert.That(hook["secret"].ValueKind, Is.EqualTo(System.Text.Json.JsonValueKind.Null));
        await _admin.GetAsync($"{Partners}/hl_tried/webhook").Refuses(NotFound, "not_found");
        await _admin.SendAsync(HttpMethod.Post, $"{Partners}/hl_tried/suspension?validateOnly=true", null, ("If-Match", "\"1\"")).Gives(OK);
        Assert.That((await _admin.GetAsync($"{Partners}/hl_tried").Gives(OK))["active"].GetBoolean(), Is.True);
    }

    [TestCase("PUT", "/v1/admin/hotline/duty-phones", """{"items":[null]}""")]
    [TestCase("PUT", "/v1/admin/hotline/partners/{app}/mappings/categories", """{"items":[null]}""")]
    [TestCase("PUT", "/v1/admin/hotline/partners/{app}/webhook", """{"url":"https://example.cn/x","enabled":true,"successCodes":[null]}""")]
    [TestCase("POST", "/v1/admin/hotline/partners", """{"appId":"hl_null_1","name":"x","organisationId":"{unit}","scopes":[],"networks":["127.0.0.1"],"recordingHosts":[null]}""")]
    [TestCase("POST", "/v1/admin/hotline/partners", """{"appId":"hl_null_2","name":"x","organisationId":"{unit}","scopes":[],"networks":[null]}""")]
    public async Task Lists_ThatHoldNull_AreNotWellFormed(string method, string path, string body)
    {
        using var partner = await _api.NewPartnerAsync();
        (await _admin.SendAsync(new HttpMethod(method), path.Replace("{app}", partner.Id, StringComparison.Ordinal), body.Replace("{unit}", DemoDistrict.AidCentre, StringComparison.Ordinal))).Refuses(BadRequest, "validation_failed");
    }

    [Test]
    public async Task Partner_IsEditedByVersion_AndSuspendedAtOnce()
    {
        var made = await _admin.PostAsync("/v1/admin/hotline/partners", Partner("hl_edit")).Gives(Created);
        using var partner = _api.As("hl_edit", made.String("secret"));
        (await _admin.PostAsync("/v1/admin/hotline/partners", Partner("hl_edit"))).Refuses(Conflict, "app_id_taken");
        (await _admin.PostAsync("/v1/admin/hotline/partners", Partner("hl_net", "10.0.0.0/40"))).Refuses(BadRequest, "validation_failed");
        var edit = new { name = "改名", organisationId = DemoDistrict.AidCentre, scopes = new[] { "calls" }, networks = new[] { "127.0.0.0/8" } };
        (await _admin.PutAsync("/v1/admin/hotline/partners/hl_edit", edit, ("If-Match", "\"7\""))).Refuses(PreconditionFailed, "version_mismatch");
        await _admin.PutAsync("/v1/admin/hotline/partners/hl_edit", edit, ("If-Match", "\"1\"")).Gives(OK);
        (await partner.GetAsync("/partner/v1/tickets")).Refuses(Forbidden, "forbidden");
        await _admin.SendAsync(HttpMethod.Post, "/v1/admin/hotline/partners/hl_edit/suspension", null, ("If-Match", "\"2\"")).Gives(OK);
        (await partner.GetAsync("/partner/v1/ping")).Refuses(Unauthorized, "unknown_app");
        await _admin.SendAsync(HttpMethod.Post, "/v1/admin/hotline/partners/hl_edit/activation", null, ("If-Match", "\"3\"")).Gives(OK);
        (await partner.GetAsync("/partner/v1/ping")).Gives(OK);
    }
}
