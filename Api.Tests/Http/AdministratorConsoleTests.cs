using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using Microsoft.Playwright;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Http;

/// <summary>An administrator who knows only the page: signs in with a code, runs the platform from Swagger UI, and reads the bureau's page.</summary>
public sealed class AdministratorConsoleTests : BrowserTests
{
    private const string Password = "Quietly-Flowing-River-26";

    [Test]
    public async Task Administrator_RunsThePlatformFromThePage()
    {
        using var other = await Api.NewStaffAsync(Role.Administrator, DemoDistrict.Bureau, "何管理");
        var account = await other.PostAsync("/v1/admin/staff-accounts", new { userName = "wu.gang", name = "吴刚", posts = new[] { new { organisationId = DemoDistrict.Bureau, role = "administrator" } } }).Gives(Created);
        using var citizen = await Api.NewCitizenAsync();
        await citizen.PostAsync("/v1/me/phone", new { code = "test-phone:13805550001" }).Gives(OK);
        var asked = await citizen.PostAsync("/v1/consultations", new { categoryCode = "0201", regionCode = "341602101", text = "厂里拖欠我七个月工资，只有一张欠条，怎么要回来？" }).Gives(Created);
        var request = await other.PostAsync("/v1/admin/approvals", new { act = "closeOrganisation", subjectId = DemoDistrict.VillageB2, reason = "行政村合并" }).Gives(Created);

        var (requests, complaints) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        var page = await Browser.NewPageAsync(new() { ViewportSize = new() { Width = 1360, Height = 1000 }, Locale = "zh-CN" });
        page.Request += (_, sent) => requests.Enqueue(sent.Url);
        page.Console += (_, message) => { if (message.Type == "error") complaints.Enqueue(message.Text); };
        page.PageError += (_, error) => complaints.Enqueue(error);
        page.SetDefaultTimeout(20_000);
        await page.GotoAsync(new Uri(Api.Address, "/swagger?document=admin").ToString());
        await SignInAsync(page, account.String("temporaryPassword"));
        complaints.Clear(); // The steps of a first sign-in are refusals that the browser reports.

        await CallAsync(page, "机构", "addOrganisation", "201", "南湖镇公共法律服务工作站");
        await Browsers.ShootAsync(page, "admin-unit");
        await CallAsync(page, "工作人员账号", "importStaffAccounts", "200", "temporaryPassword");
        await Browsers.ShootAsync(page, "admin-staff-csv");
        var day = Api.Time.GetUtcNow().DateInChina().AddDays(2);
        await CallAsync(page, "值班", "importDutyShifts", "200", "\"added\": 1", body: $"用户名,单位,开始,结束\nhe.xiu,东河镇公共法律服务工作站,{day:yyyy-MM-dd} 09:00,{day:yyyy-MM-dd} 17:00\n");
        await Browsers.ShootAsync(page, "admin-roster");
        await CallAsync(page, "事项查询", "searchAllMatters", "200", asked.String("matter.number"));
        await Browsers.ShootAsync(page, "admin-search");
        await CallAsync(page, "双人审批", "approve", "200", "已批准并执行", ("id", request.String("id")));
        await Browsers.ShootAsync(page, "admin-approved");
        Assert.That(await Api.ScalarAsync<long>("SELECT COUNT(*) FROM organisations WHERE id = @VillageB2 AND active = 0", new { DemoDistrict.VillageB2 }), Is.EqualTo(1));
        Assert.That(await Api.ScalarAsync<long>("SELECT COUNT(*) FROM duty_shifts d JOIN staff_members s ON s.id = d.staff_id WHERE s.username = 'he.xiu'"), Is.EqualTo(1));

        await page.GotoAsync(new Uri(Api.Address, "/dashboard").ToString());
        await Assertions.Expect(page.Locator(".who")).ToContainTextAsync("吴刚");
        await Assertions.Expect(page.Locator("[data-figure=waiting] b")).ToHaveTextAsync("1");
        await Assertions.Expect(page.Locator("#trend svg")).ToBeVisibleAsync();
        await Browsers.ShootAsync(page, "dashboard-desktop", whole: true);
        await page.Locator("[data-figure=waiting]").ClickAsync();
        await Assertions.Expect(page.Locator("#list tbody")).ToContainTextAsync(asked.String("matter.numberText"));
        await Browsers.ShootAsync(page, "dashboard-list");
        await page.Keyboard.PressAsync("Escape");
        await page.SetViewportSizeAsync(390, 844);
        await Browsers.ShootAsync(page, "dashboard-phone", whole: true);
        Assert.That(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(390), "nothing reaches beyond a phone's edge");

        Assert.Multiple(() =>
        {
            Assert.That(requests.Select(r => new Uri(r)).Where(u => u.Scheme is not ("data" or "blob")).Select(u => u.Host).Distinct(), Is.EqualTo(new[] { "127.0.0.1" }));
            Assert.That(complaints, Is.Empty);
        });
        await page.GetByRole(AriaRole.Button, new() { Name = "退出", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".note")).ToContainTextAsync("请登录后查看");
        await Assertions.Expect(page.Locator(".card")).ToHaveCountAsync(0);
    }

    /// <summary>A first sign-in: a password of one's own, then an authenticator app.</summary>
    private async Task SignInAsync(IPage page, string temporary)
    {
        await page.Locator("#open-sign-in").ClickAsync();
        await page.Locator("[data-step=credentials] [name=userName]").FillAsync("wu.gang");
        await page.Locator("[data-step=credentials] [name=password]").FillAsync(temporary);
        await page.Locator("[data-step=credentials] button").ClickAsync();
        await page.Locator("[data-step=password] [name=newPassword]").FillAsync(Password);
        await page.Locator("[data-step=password] [name=again]").FillAsync(Password);
        await page.Locator("[data-step=password] button").ClickAsync();
        await Assertions.Expect(page.Locator(".qr")).ToHaveAttributeAsync("src", new Regex("^data:image/svg"));
        var secret = Browsers.Base32(await page.Locator(".secret code").InnerTextAsync());
        await page.Locator("[data-step=enrolment] [name=code]").FillAsync(Totp.CodeAt(secret, Totp.StepAt(Api.Time.GetUtcNow())));
        await page.Locator("[data-step=enrolment] button").ClickAsync();
        await Assertions.Expect(page.Locator(".who")).ToContainTextAsync("吴刚");
    }

    /// <summary>Opens an operation and sends its example as it stands, or with a parameter or body of one's own.</summary>
    private static async Task CallAsync(IPage page, string tag, string operationId, string status, string told, (string Name, string Value)? parameter = null, string? body = null)
    {
        await Browsers.FilterAsync(page, tag);
        var operation = page.Locator($"[id='operations-{tag}-{operationId}']");
        await operation.Locator(".opblock-summary-control").First.ClickAsync();
        if (parameter is { } p) await operation.Locator($"tr[data-param-name={p.Name}] input").FillAsync(p.Value);
        if (body is not null) await operation.Locator("textarea").First.FillAsync(body);
        await operation.Locator("button.execute").ClickAsync();
        await Assertions.Expect(operation.Locator(".live-responses-table tbody .response-col_status").First).ToContainTextAsync(status);
        await Assertions.Expect(operation.Locator(".live-responses-table")).ToContainTextAsync(told);
        await operation.Locator("button.execute").ScrollIntoViewIfNeededAsync();
    }
}
