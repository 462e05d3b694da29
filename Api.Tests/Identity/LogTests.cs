using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Identity;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class LogTests(Engine engine)
{
    [Test]
    public async Task Logs_AtTheFinestLevel_HoldNothingPersonalAndNoSecret()
    {
        await using var api = await TestApi.StartAsync(engine, ["Identity:Passwords:Iterations=1000", "Logging:LogLevel:Default=Trace", "Logging:LogLevel:Microsoft.AspNetCore=Trace"]);
        using var nobody = api.Anonymous();
        var signedIn = await nobody.PostAsync("/v1/auth/wechat/login", new { code = "test:oSecretOpenId77", phoneCode = "test-phone:13877770001" }).Gives(OK);
        var (access, refresh) = (signedIn.String("tokens.accessToken"), signedIn.String("tokens.refreshToken"));
        using var citizen = new ApiClient(api.Address, access, "");
        await citizen.PutAsync("/v1/me/profile", """{"name":"李来运","nationalId":"341602198003159916","address":"十八里镇梨花路七号"}""").Gives(OK);
        await citizen.GetAsync("/v1/me/data").Gives(OK);
        await citizen.PostAsync("/v1/me/consents", new { version = 1, accepted = true }).Gives(OK);
        var refreshed = await nobody.PostAsync("/v1/auth/refresh", new { refreshToken = refresh }).Gives(OK);
        await citizen.GetAsync($"/v1/me/sessions/{refresh}").Gives(MethodNotAllowed);
        await nobody.PostAsync("/v1/auth/staff/login", new { userName = "wang.fang", password = "SecretPassword77" }).Gives(Unauthorized);
        using var admin = await api.NewStaffAsync(Role.Administrator);
        var created = await admin.PostAsync("/v1/admin/staff-accounts", new { userName = "new.one", name = "赵七七", posts = new[] { new { organisationId = MicroPlatform.Api.Hosting.DemoDistrict.AidCentre, role = "clerk" } } }).Gives(Created);
        await nobody.PostAsync("/v1/auth/wechat/login", """{"code":"test:oSecretOpenId77" broken 13877770001""").Gives(BadRequest);
        await citizen.DeleteAsync("/v1/me").Gives(OK);

        string[] secrets =
        [
            "13877770001", "oSecretOpenId77", "李来运", "341602198003159916", "梨花路七号", "SecretPassword77", "赵七七", created.String("temporaryPassword"),
            access.Split('.')[2], refresh, refreshed.String("refreshToken"), refreshed.String("accessToken").Split('.')[2],
        ];
        Assert.That(api.Logged, Has.Count.GreaterThan(20), "the log is really captured");
        // The path of a request is logged by the framework at Information; it never holds any of these, because R3 keeps tokens out of URLs.
        var lines = api.Logged.Where(line => !line.Contains("/v1/me/sessions/mpr_", StringComparison.Ordinal));
        foreach (var secret in secrets) Assert.That(lines.Where(line => line.Contains(secret, StringComparison.Ordinal)), Is.Empty, secret);

        Assert.That(await api.ScalarAsync<long>("SELECT COUNT(*) FROM audit_entries WHERE detail LIKE '%138%' OR detail LIKE '%李来运%' OR detail LIKE '%3416%'"), Is.Zero, "nor does the audit trail");
        Assert.That(await api.ScalarAsync<long>("SELECT COUNT(*) FROM idempotency_keys WHERE response LIKE '%mpr_%' OR response LIKE '%李来运%'"), Is.Zero, "nor do kept answers");
    }
}
