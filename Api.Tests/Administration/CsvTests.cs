using System.Text;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Administration;

/// <summary>What is exported is imported without a change; what is wrong is told by line, all at once, and nothing is written.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class CsvTests(Engine engine)
{
    private const string Staff = "/v1/admin/staff-accounts/csv";
    private const string Units = "/v1/admin/organisations/csv";
    private const string Categories = "/v1/admin/categories/csv";
    private const string Duty = "/v1/staff/duty-shifts/csv";
    private const string Calendar = "/v1/admin/calendar/2026/csv";
    private const string UnitHeader = "机构编号,上级机构,机构类型,名称,行政区划,电话,地址,纬度,经度,开放时间,服务点,城乡,受理留言";

    private TestApi _api = null!;
    private ApiClient _admin = null!;

    [SetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine);
        _admin = await _api.NewStaffAsync(Role.Administrator, DemoDistrict.Bureau, "吴管理");
    }

    [TearDown]
    public async Task Stop()
    {
        _admin?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    [TestCase(Staff, "result.")]
    [TestCase(Units, "")]
    [TestCase(Categories, "")]
    [TestCase(Calendar, "")]
    [TestCase(Duty, "")]
    public async Task Export_ImportedAsItIs_ChangesNothing(string path, string result)
    {
        // Names of tests end in digits, which no person's name does.
        await _api.ExecuteAsync("UPDATE staff_members SET name = '吴管理'");
        await ShiftAsync();
        // A cell that a spreadsheet would run, one with everything that needs quotes, and one that looks like the escape itself.
        await _api.ExecuteAsync("UPDATE organisations SET name = '=1+1', address = '@甲,\"乙\"', opening_hours = '''-1' WHERE id = @VillageB1", new { DemoDistrict.VillageB1 });
        await _api.ExecuteAsync("UPDATE categories SET name = '+加班费' WHERE code = '0207'");
        await _api.ExecuteAsync("UPDATE staff_members SET title = '-主任'");
        var file = await _admin.GetAsync(path).Gives(OK);
        Assert.That(file.ContentHeaders.ContentType?.ToString(), Is.EqualTo("text/csv; charset=utf-8"));
        Assert.That(file.ContentHeaders.ContentDisposition?.FileName, Does.EndWith(".csv"));
        foreach (var cell in file.Text.Split('\n').SelectMany(l => l.Split(','))) Assert.That(cell.TrimStart('"'), Does.Not.Match("^[=+@-]"), cell);
        var audits = await _api.ScalarAsync<long>("SELECT COUNT(*) FROM audit_entries WHERE action NOT LIKE '%.import%'");

        var imported = await _admin.PostCsvAsync(path, file.Text).Gives(OK);
        Assert.That((imported[$"{result}added"].GetInt32(), imported[$"{result}changed"].GetInt32(), imported[$"{result}unchanged"].GetInt32()), Is.EqualTo((0, 0, file.Text.Split("\r\n").Length - 2)));
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM audit_entries WHERE action NOT LIKE '%.import%'"), Is.EqualTo(audits), "nothing was written");
        Assert.That((await _admin.GetAsync(path).Gives(OK)).Text, Is.EqualTo(file.Text));
    }

    [Test]
    public async Task Export_BeginsWithTheMarkOfUtf8()
    {
        using var raw = new HttpClient { BaseAddress = _api.Address, DefaultRequestHeaders = { { "Authorization", $"Bearer {_admin.Token}" } } };
        var bytes = await raw.GetByteArrayAsync(new Uri(Categories, UriKind.Relative));
        Assert.That(bytes[..3], Is.EqualTo(new byte[] { 0xEF, 0xBB, 0xBF }));
    }

    [Test]
    public async Task Staff_AreAddedAndChanged_AndSignInWithWhatIsTold()
    {
        const string File = "\uFEFF用户名,姓名,职务,岗位\r\nhe.xiu,何秀,窗口人员,东河镇公共法律服务工作站:窗口人员\r\nma.chao,马超,,西山镇公共法律服务工作站：律师；明理律师事务所:律师\r\n";
        var tried = await _admin.PostCsvAsync($"{Staff}?validateOnly=true", File).Gives(OK);
        Assert.That((tried["result.added"].GetInt32(), tried["result.validateOnly"].GetBoolean(), tried["accounts"][0].GetProperty("temporaryPassword").GetString()), Is.EqualTo((2, true, (string?)null)));
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM staff_members WHERE username = 'he.xiu'"), Is.Zero);

        var done = await _admin.PostCsvAsync(Staff, File).Gives(OK);
        Assert.That(done["result.added"].GetInt32(), Is.EqualTo(2));
        using var nobody = _api.Anonymous();
        await nobody.PostAsync("/v1/auth/staff/login", new { userName = "he.xiu", password = done["accounts"][0].GetProperty("temporaryPassword").GetString() }).Refuses(Forbidden, "password_change_required");
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM idempotency_keys WHERE response LIKE '%temporaryPassword%'"), Is.Zero);

        var changed = await _admin.PostCsvAsync(Staff, File.Replace("窗口人员,东河镇", "综合岗,西山镇", StringComparison.Ordinal)).Gives(OK);
        Assert.That((changed["result.added"].GetInt32(), changed["result.changed"].GetInt32(), changed["result.unchanged"].GetInt32(), changed["accounts"].GetArrayLength()), Is.EqualTo((0, 1, 1, 0)));
        Assert.That(await _api.ScalarAsync<string>("SELECT organisation_id FROM posts p JOIN staff_members s ON s.id = p.staff_id WHERE s.username = 'he.xiu'"), Is.EqualTo(DemoDistrict.TownB));
    }

    [Test]
    public async Task Staff_WithFaults_AreToldAllOfThemByLine_AndNobodyIsAdded()
    {
        const string File = "用户名,姓名,职务,岗位,状态\r\nhe.xiu,何秀,,东河镇公共法律服务工作站:窗口人员,\r\n"
            + "1x,,,没有的机构:律师,\r\nhe.xiu,何秀,,明理律师事务所:公众,\r\n\r\n\"a\r\nb\",何花,,,\r\n";
        var refused = await _admin.PostCsvAsync(Staff, File).Refuses(UnprocessableEntity, "csv_rows_invalid");
        Assert.That(refused["errors"].EnumerateObject().Select(e => e.Name), Is.EquivalentTo(new[]
        {
            "lines[3].用户名", "lines[3].姓名", "lines[3].岗位", "lines[4].岗位", "lines[6].用户名", "lines[6].岗位",
        }));
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM staff_members WHERE username = 'he.xiu'"), Is.Zero);
        await _api.ExecuteAsync("UPDATE staff_members SET name = '吴管理'");
        var export = (await _admin.GetAsync(Staff).Gives(OK)).Text;
        Assert.That((await _admin.PostCsvAsync(Staff, export.Replace("系统管理员", "审计员", StringComparison.Ordinal)).Refuses(UnprocessableEntity, "csv_rows_invalid")).Text, Does.Contain("最后一名系统管理员"));
        Assert.That((await _admin.PostCsvAsync(Staff, export.Replace("启用", "停用", StringComparison.Ordinal)).Refuses(UnprocessableEntity, "csv_rows_invalid")).Text, Does.Contain("lines[2].状态"));
    }

    [Test]
    public async Task Units_AreAddedUnderEachOther_ChangedAndMoved()
    {
        var file = $"{UnitHeader}\r\n,示范区司法局,公共法律服务工作站,南湖镇公共法律服务工作站,341602102,0558-5550203,,33.81,115.71,周一至周五,是,农村,是\r\n"
            + ",南湖镇公共法律服务工作站,村（社区）公共法律服务工作室,杏林村工作室,341602102,,,,,,否,,否\r\n";
        Assert.That((await _admin.PostCsvAsync(Units, file).Gives(OK))["added"].GetInt32(), Is.EqualTo(2));
        var twice = await _admin.PostCsvAsync(Units, file).Gives(OK);
        Assert.That((twice["added"].GetInt32(), twice["unchanged"].GetInt32()), Is.EqualTo((0, 2)), "the same file again makes nothing double");

        var export = (await _admin.GetAsync(Units).Gives(OK)).Text;
        var moved = await _admin.PostCsvAsync(Units, export.Replace("南湖镇公共法律服务工作站,村", "西山镇公共法律服务工作站,村", StringComparison.Ordinal).Replace("0558-5550203", "0558-5550209", StringComparison.Ordinal)).Gives(OK);
        Assert.That(moved["changed"].GetInt32(), Is.EqualTo(2));
        Assert.That(await _api.ScalarAsync<string>("SELECT path FROM organisations WHERE name = '杏林村工作室'"), Does.Contain(DemoDistrict.TownB));
        // The versions in the old file are not those of now.
        Assert.That((await _admin.PostCsvAsync(Units, export).Refuses(UnprocessableEntity, "csv_rows_invalid")).Text, Does.Contain("已被他人修改"));

        var wrong = await _admin.PostCsvAsync(Units, $"{UnitHeader}\r\n,没有,什么,,9,电话,,x,115.7,,对,海里,否\r\n").Refuses(UnprocessableEntity, "csv_rows_invalid");
        Assert.That(wrong["errors"].EnumerateObject().Select(e => e.Name), Is.SupersetOf(new[] { "lines[2].机构类型", "lines[2].纬度", "lines[2].服务点", "lines[2].城乡" }));
    }

    [Test]
    public async Task Duty_IsAddedOnce_AndOverlapsAreTold()
    {
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        var (user, name) = (await _api.ScalarAsync<string>("SELECT username FROM staff_members WHERE id = @Id", new { lawyer.Id }), await _api.ScalarAsync<string>("SELECT name FROM staff_members WHERE id = @Id", new { lawyer.Id }));
        var day = _api.Time.GetUtcNow().DateInChina().AddDays(3);
        var file = $"用户名,单位,开始,结束,姓名\n{user},东河镇公共法律服务工作站,{day:yyyy-MM-dd} 09:00,{day:yyyy-MM-dd} 12:00,{name}\n{user},东河镇公共法律服务工作站,{day:yyyy/M/d} 14:00,{day:yyyy/M/d} 17:00,\n";
        Assert.That((await _admin.PostCsvAsync(Duty, file).Gives(OK))["added"].GetInt32(), Is.EqualTo(2));
        Assert.That((await _admin.PostCsvAsync(Duty, file).Gives(OK))["unchanged"].GetInt32(), Is.EqualTo(2));
        var overlap = await _admin.PostCsvAsync(Duty, file.Replace("09:00", "08:30", StringComparison.Ordinal)).Refuses(UnprocessableEntity, "csv_rows_invalid");
        Assert.That(overlap["errors"].EnumerateObject().Select(e => e.Name), Is.EqualTo(new[] { "lines[2].开始" }));

        using var elsewhere = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownB);
        Assert.That((await elsewhere.PostCsvAsync(Duty, file).Refuses(UnprocessableEntity, "csv_rows_invalid")).Text, Does.Contain("不是您管理的单位"));
        Assert.That((await elsewhere.GetAsync(Duty).Gives(OK)).Text, Does.Not.Contain(user));
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        Assert.That((await clerk.GetAsync(Duty).Gives(OK)).Text, Does.Contain($"{user},东河镇公共法律服务工作站,{day:yyyy-MM-dd} 09:00"));
    }

    [Test]
    public async Task Calendar_WithAFault_IsToldAndKept()
    {
        var file = (await _admin.GetAsync(Calendar).Gives(OK)).Text;
        await _admin.PostCsvAsync(Calendar, file.Replace("2026-01-01", "元旦那天", StringComparison.Ordinal)).Refuses(UnprocessableEntity, "csv_rows_invalid");
        await _admin.PostCsvAsync(Calendar, string.Join("\r\n", file.Split("\r\n").Where(l => !l.Contains("国庆", StringComparison.Ordinal)))).Refuses(UnprocessableEntity, "calendar_invalid");
        var other = await _admin.PostCsvAsync($"{Calendar}?source=新的通知&validateOnly=true", file).Gives(OK);
        Assert.That((other["changed"].GetInt32(), other["validateOnly"].GetBoolean()), Is.EqualTo((0, true)));
        await _admin.PostCsvAsync("/v1/admin/calendar/2027/csv", file).Refuses(BadRequest, "validation_failed");
    }

    [Test]
    public async Task Files_ThatAreNone_AreRefused()
    {
        foreach (var path in new[] { Staff, Units, Categories, Duty, Calendar })
        {
            await _admin.PostCsvAsync(path, "").Refuses(BadRequest, "csv_columns");
            await _admin.PostCsvAsync(path, "甲,乙\r\n1,2\r\n").Refuses(BadRequest, "csv_columns");
            await _admin.PostCsvAsync(path, "\"没有关上的引号").Refuses(BadRequest, "csv_malformed");
            await _admin.PostCsvAsync(path, [0xD3, 0xC3, 0xBB, 0xA7, 0xC3, 0xFB, (byte)',']).Refuses(BadRequest, "csv_not_utf8");
            await _admin.PostCsvAsync(path, new byte[512 * 1024 + 1]).Refuses(RequestEntityTooLarge, "body_too_large");
            await _admin.PostAsync(path, new { }).Refuses(UnsupportedMediaType, "unsupported_media_type");
        }
        Assert.That((await _admin.PostCsvAsync(Categories, "代码,名称,法律援助事项,免经济审查,可调解,可司法确认,外部代码\r\n0299,竞业,,否,是,是,,多,余\r\n").Refuses(UnprocessableEntity, "csv_rows_invalid")).Text, Does.Contain("lines[2]"));
        var many = new StringBuilder("代码,名称,法律援助事项,免经济审查,可调解,可司法确认,外部代码\r\n").Insert(0, "");
        for (var i = 0; i < 2001; i++) many.Append("02,劳动争议,,否,是,是,\r\n");
        await _admin.PostCsvAsync(Categories, many.ToString()).Refuses(BadRequest, "csv_too_many_rows");
    }

    private async Task ShiftAsync()
    {
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        await _api.ExecuteAsync("UPDATE staff_members SET name = '张律师' WHERE id = @Id", new { lawyer.Id });
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        await _api.ExecuteAsync("UPDATE staff_members SET name = '陈窗口' WHERE id = @Id", new { clerk.Id });
        var day = new DateTimeOffset(_api.Time.GetUtcNow().InChina().Date.AddDays(2), ChinaTime.Offset);
        await clerk.PostAsync("/v1/staff/duty-shifts", new { staffId = lawyer.Id, organisationId = DemoDistrict.TownA, startsAt = day.AddHours(9), endsAt = day.AddHours(12) }).Gives(Created);
    }
}
