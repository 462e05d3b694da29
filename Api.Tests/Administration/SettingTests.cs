using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Administration;
using MicroPlatform.Infrastructure.Consultations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Administration;

/// <summary>What is set counts at once, is remembered with who and when, survives a restart and reaches the other nodes.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class SettingTests(Engine engine)
{
    internal const string Path = "/v1/admin/settings/consultations.openPerPerson";

    private TestApi _api = null!;
    private ApiClient _admin = null!;

    [SetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine, ["Consultations:OpenPerPerson=15"]);
        _admin = await _api.NewStaffAsync(Role.Administrator, DemoDistrict.Bureau);
    }

    [TearDown]
    public async Task Stop()
    {
        _admin?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task Setting_SetAgainAndGivenBack_CountsAndIsRemembered()
    {
        var before = (await _admin.GetAsync("/v1/admin/settings").Gives(OK))["items"].EnumerateArray().Single(s => s.GetProperty("name").GetString() == "consultations.openPerPerson");
        Assert.That((before.GetProperty("value").GetString(), before.GetProperty("configured").GetString(), before.GetProperty("version").GetInt32()), Is.EqualTo(("15", "15", 0)));

        await _admin.PutAsync($"{Path}?validateOnly=true", new { value = "40" }, Match(0)).Gives(OK);
        Assert.That(Now(_api), Is.EqualTo(15), "only tried");
        var set = await _admin.PutAsync(Path, new { value = " 40 " }, Match(0)).Gives(OK);
        Assert.That((set.String("value"), set["version"].GetInt32(), Now(_api)), Is.EqualTo(("40", 1, 40)));
        await _admin.PutAsync(Path, new { value = "50" }, Match(0)).Refuses(PreconditionFailed, "version_mismatch");
        await _admin.PutAsync(Path, new { value = "50" }, Match(1)).Gives(OK);
        await _admin.PutAsync(Path, new { value = (string?)null }, Match(2)).Gives(OK);
        Assert.That(Now(_api), Is.EqualTo(15));

        var changes = await _admin.GetAsync($"{Path}/changes?limit=2").Gives(OK);
        Assert.That(changes["items"].EnumerateArray().Select(c => (c.GetProperty("oldValue").GetString(), c.GetProperty("newValue").GetString())), Is.EqualTo(new[] { ("50", (string?)null), ("40", "50") }));
        Assert.That(changes["items"][0].GetProperty("changedByName").GetString(), Does.StartWith("测试员"));
        Assert.That((await _admin.GetAsync($"{Path}/changes?limit=2&cursor={changes.String("nextCursor")}").Gives(OK))["items"].GetArrayLength(), Is.EqualTo(1));
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM audit_entries WHERE action = 'settings.set'"), Is.EqualTo(3));
    }

    [Test]
    public async Task Values_OutsideOfTheirLimits_AreRefused()
    {
        foreach (var value in new[] { "0", "201", "-1", "1.5", "", "二十", "99999999999999" }) await _admin.PutAsync(Path, new { value }, Match(0)).Refuses(BadRequest, "validation_failed");
        await _admin.PutAsync(Path, new { value = "20" }).Refuses(BadRequest, "validation_failed");
        await _admin.PutAsync("/v1/admin/settings/no.such", new { value = "20" }, Match(0)).Refuses(NotFound, "not_found");
        await _admin.GetAsync("/v1/admin/settings/no.such/changes").Refuses(NotFound, "not_found");
        Assert.That(Now(_api), Is.EqualTo(15));
    }

    [Test]
    public async Task Restart_AndValuesThatNoLongerFit()
    {
        await _admin.PutAsync(Path, new { value = "40" }, Match(0)).Gives(OK);
        await _api.RestartAsync(["Consultations:OpenPerPerson=15"]);
        Assert.That(Now(_api), Is.EqualTo(40));
        await _api.ExecuteAsync("UPDATE settings SET value = '4000', version = version + 1");
        await _api.Services.GetRequiredService<Settings>().FollowAsync(default);
        Assert.That(Now(_api), Is.EqualTo(15));
    }

    [Test]
    public async Task AllAtOnce_OneSets()
    {
        var answers = await Task.WhenAll(Enumerable.Range(20, 20).Select(n => _admin.PutAsync(Path, new { value = $"{n}" }, Match(0))));
        Assert.That(answers.Count(a => a.Status == OK), Is.EqualTo(1));
        Assert.That(answers.Where(a => a.Status != OK).Select(a => a.String("code")).Distinct(), Is.EqualTo(new[] { "version_mismatch" }));
    }

    internal static (string, string) Match(int version) => ("If-Match", $"\"{version}\"");

    internal static int Now(TestApi api) => api.Services.GetRequiredService<IOptions<ConsultationsOptions>>().Value.OpenPerPerson;
}

/// <summary>Two nodes; an embedded database has one.</summary>
public sealed class SettingNodesTests
{
    [Test]
    public async Task AnotherNode_FollowsWithoutBeingTold()
    {
        await using var api = await TestApi.StartAsync(Engine.Served, ["Consultations:OpenPerPerson=15"]);
        using var admin = await api.NewStaffAsync(Role.Administrator, DemoDistrict.Bureau);
        await using var other = await api.StartSecondNodeAsync("Consultations:OpenPerPerson=15");
        await admin.PutAsync(SettingTests.Path, new { value = "40" }, SettingTests.Match(0)).Gives(OK);
        await other.Services.GetRequiredService<Settings>().FollowAsync(default);
        Assert.That(SettingTests.Now(other), Is.EqualTo(40));
    }
}
