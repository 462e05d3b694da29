using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Identity;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class StaffAccountTests(Engine engine)
{
    private TestApi _api = null!;

    [SetUp]
    public async Task Start() => _api = await TestApi.StartAsync(engine, ["Identity:Passwords:Iterations=1000", "Administration:SecondAdministrator=false"]);

    [TearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task Create_TellsThePasswordOnce()
    {
        using var admin = await _api.NewStaffAsync(Role.Administrator);
        var created = await admin.PostAsync("/v1/admin/staff-accounts", Account("li.si"), key: "same").Gives(Created);
        Assert.That(created.String("temporaryPassword"), Has.Length.EqualTo(16));
        Assert.That(created["account.roles"][0].GetProperty("roleText").GetString(), Is.EqualTo("律师"));
        Assert.That(created["account.passwordTemporary"].GetBoolean(), Is.True);
        await admin.PostAsync("/v1/admin/staff-accounts", Account("li.si"), key: "same").Refuses(Conflict, "username_taken");
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM idempotency_keys WHERE response LIKE '%temporaryPassword%'"), Is.Zero);
        Assert.That((await admin.GetAsync("/v1/admin/staff-accounts").Gives(OK)).Text, Does.Not.Contain(created.String("temporaryPassword")).And.Not.Contain("pbkdf2"));
    }

    [TestCase("ab", "张三", "lawyer", "userName")]
    [TestCase("Zhang San", "张三", "lawyer", "userName")]
    [TestCase("'; drop table--", "张三", "lawyer", "userName")]
    [TestCase("zhang.san", "13800138000", "lawyer", "name")]
    [TestCase("zhang.san", "张三", "citizen", "posts")]
    [TestCase("zhang.san", "张三", "partner", "posts")]
    public async Task Create_WithSomethingWrong_NamesTheField(string userName, string name, string role, string field)
    {
        using var admin = await _api.NewStaffAsync(Role.Administrator);
        var refused = await admin.PostAsync("/v1/admin/staff-accounts", new { userName, name, posts = new[] { new { organisationId = DemoDistrict.AidCentre, role } } }).Refuses(BadRequest, "validation_failed");
        Assert.That(refused["errors"].TryGetProperty(field, out _), Is.True, refused.Text);
    }

    [Test]
    public async Task Create_InAnUnknownUnit_LeavesNothingBehind()
    {
        using var admin = await _api.NewStaffAsync(Role.Administrator);
        await admin.PostAsync("/v1/admin/staff-accounts", new { userName = "li.si", name = "李四", posts = new[] { new { organisationId = DemoDistrict.AidCentre, role = "clerk" }, new { organisationId = "01NOSUCHUNIT00000000000000", role = "clerk" } } })
            .Refuses(BadRequest, "validation_failed");
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM staff_members WHERE username = 'li.si'"), Is.Zero);
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM posts WHERE role = 'Clerk'"), Is.Zero);
    }

    [Test]
    public async Task Disable_TheLastAdministrator_IsRefused()
    {
        using var admin = await _api.NewStaffAsync(Role.Administrator);
        await DisableOthersAsync(admin.Id);
        await admin.PostAsync($"/v1/admin/staff-accounts/{admin.Id}/disabling").Refuses(Conflict, "last_administrator");
        await admin.PutAsync($"/v1/admin/staff-accounts/{admin.Id}/posts", new { posts = new[] { new { organisationId = DemoDistrict.AidCentre, role = "clerk" } } }).Refuses(Conflict, "last_administrator");
        await admin.GetAsync("/v1/me").Gives(OK);
    }

    [Test]
    public async Task Disable_TwoAdministratorsEachOtherAtOnce_LeavesOne()
    {
        using var one = await _api.NewStaffAsync(Role.Administrator);
        using var two = await _api.NewStaffAsync(Role.Administrator);
        await DisableOthersAsync(one.Id, two.Id);
        var answers = await Task.WhenAll(
            one.PostAsync($"/v1/admin/staff-accounts/{two.Id}/disabling"), two.PostAsync($"/v1/admin/staff-accounts/{one.Id}/disabling"));
        Assert.That(answers.Count(a => a.Status == OK), Is.EqualTo(1), string.Join('\n', answers.Select(a => a.Text)));
        Assert.That(await ActiveAdministratorsAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task SetPosts_EndsSessions()
    {
        using var admin = await _api.NewStaffAsync(Role.Administrator);
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer);
        var set = await admin.PutAsync($"/v1/admin/staff-accounts/{lawyer.Id}/posts", new { posts = new[] { new { organisationId = DemoDistrict.TownA, role = "mediator" } } }).Gives(OK);
        Assert.That(set["posts"][0].GetProperty("organisationId").GetString(), Is.EqualTo(DemoDistrict.TownA));
        await lawyer.GetAsync("/v1/me").Refuses(Unauthorized, "session_revoked");
    }

    [Test]
    public async Task Accounts_AreForAdministratorsOnly()
    {
        foreach (var role in Roles.OfStaff.Where(r => r != Role.Administrator))
        {
            using var other = await _api.NewStaffAsync(role);
            await other.GetAsync("/v1/admin/staff-accounts").Refuses(Forbidden, "forbidden");
        }
        using var citizen = await _api.NewCitizenAsync();
        await citizen.PostAsync("/v1/admin/staff-accounts", Account("li.si")).Refuses(Forbidden, "forbidden");
        await citizen.PutAsync("/v1/me/password", new { currentPassword = "x", newPassword = "y" }).Refuses(Forbidden, "forbidden");
    }

    [Test]
    public async Task List_PagesByUserName()
    {
        using var admin = await _api.NewStaffAsync(Role.Administrator);
        for (var n = 0; n < 5; n++) await admin.PostAsync("/v1/admin/staff-accounts", Account($"person{n}")).Gives(Created);
        var all = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = await admin.GetAsync($"/v1/admin/staff-accounts?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}").Gives(OK);
            all.AddRange(page["items"].EnumerateArray().Select(a => a.GetProperty("userName").GetString()!));
            if (!page["hasMore"].GetBoolean()) break;
            cursor = page.String("nextCursor");
        }
        Assert.That(all, Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
        Assert.That(all, Is.Unique);
        Assert.That(all, Does.Contain("person4"));
    }

    private Task<int> DisableOthersAsync(params string[] except) => _api.ExecuteAsync("UPDATE staff_members SET active = 0 WHERE id NOT IN @except", new { except });

    private Task<long> ActiveAdministratorsAsync() => _api.ScalarAsync<long>(
        "SELECT COUNT(DISTINCT s.id) FROM staff_members s JOIN posts p ON p.staff_id = s.id WHERE s.active = 1 AND p.role = 'Administrator'");

    private static object Account(string userName) =>
        new { userName, name = "李四", posts = new[] { new { organisationId = DemoDistrict.AidCentre, role = "lawyer" } } };
}
