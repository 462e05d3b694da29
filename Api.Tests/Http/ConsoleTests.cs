using System.Collections.Concurrent;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Api.Tests.Hotline;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Domain.Identity;
using Microsoft.Playwright;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Http;

/// <summary>The console in a real browser, as an administrator uses it.</summary>
public sealed class ConsoleTests : BrowserTests
{
    [Test]
    public async Task DemoCitizen_AsksAQuestion_AndNoRequestLeavesTheMachine()
    {
        var requests = new ConcurrentQueue<string>();
        var complaints = new ConcurrentQueue<string>();
        var page = await Browser.NewPageAsync(new() { ViewportSize = new() { Width = 1360, Height = 1000 }, Locale = "zh-CN" });
        page.Request += (_, request) => requests.Enqueue(request.Url);
        page.Console += (_, message) => { if (message.Type == "error") complaints.Enqueue(message.Text); };
        page.SetDefaultTimeout(20_000);

        await page.GotoAsync(new Uri(Api.Address, "/swagger").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "登录", Exact = true }).ClickAsync();
        await Browsers.ShootAsync(page, "console-sign-in");
        await page.GetByRole(AriaRole.Button, new() { Name = "以演示群众身份登录" }).ClickAsync();
        await Assertions.Expect(page.Locator(".who")).ToContainTextAsync("群众");

        await Browsers.FilterAsync(page, "留言咨询");
        var operation = page.Locator("#operations-留言咨询-askQuestion");
        await operation.Locator(".opblock-summary-control").First.ClickAsync();
        await operation.Locator("button.execute").ClickAsync();
        await Assertions.Expect(operation.Locator(".live-responses-table tbody .response-col_status").First).ToContainTextAsync("201");
        await Assertions.Expect(operation.Locator(".live-responses-table")).ToContainTextAsync("待受理");
        await operation.Locator("button.execute").ScrollIntoViewIfNeededAsync();
        await Browsers.ShootAsync(page, "console-asked");

        Assert.Multiple(() =>
        {
            Assert.That(requests.Select(r => new Uri(r)).Where(u => u.Scheme is not ("data" or "blob")).Select(u => u.Host).Distinct(), Is.EqualTo(new[] { "127.0.0.1" }));
            Assert.That(complaints, Is.Empty);
        });
        Assert.That(await Api.ScalarAsync<long>("SELECT COUNT(*) FROM matters WHERE title LIKE '%食品厂%'"), Is.EqualTo(1));

        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(".who")).ToContainTextAsync("群众");
        await page.GetByRole(AriaRole.Button, new() { Name = "退出", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".who")).ToContainTextAsync("未登录");
    }

    [Test]
    public async Task NewLawyer_ChangesThePassword_EnrolsACode_AndAnswers()
    {
        using var admin = await Api.NewStaffAsync(Role.Administrator);
        var account = await admin.PostAsync("/v1/admin/staff-accounts", new { userName = "li.si", name = "李四", posts = new[] { new { organisationId = DemoDistrict.TownA, role = "lawyer" } } }).Gives(Created);
        using var citizen = await Api.NewCitizenAsync();
        var asked = await citizen.PostAsync("/v1/consultations", new { categoryCode = "0201", regionCode = "341602101", text = "厂里拖欠我七个月工资，只有一张欠条，怎么要回来？" }).Gives(Created);

        var page = await Browser.NewPageAsync(new() { ViewportSize = new() { Width = 1360, Height = 1000 }, Locale = "zh-CN" });
        page.SetDefaultTimeout(20_000);
        await page.GotoAsync(new Uri(Api.Address, "/swagger?document=staff").ToString());
        await page.Locator("#open-sign-in").ClickAsync();
        await page.Locator("[data-step=credentials] [name=userName]").FillAsync("li.si");
        await page.Locator("[data-step=credentials] [name=password]").FillAsync(account.String("temporaryPassword"));
        await page.Locator("[data-step=credentials] button").ClickAsync();

        await page.Locator("[data-step=password] [name=newPassword]").FillAsync("Quietly-Flowing-River-26");
        await page.Locator("[data-step=password] [name=again]").FillAsync("Quietly-Flowing-River-27");
        await page.Locator("[data-step=password] button").ClickAsync();
        await Assertions.Expect(page.Locator("#sign-in .problem")).ToContainTextAsync("不一致");
        await page.Locator("[data-step=password] [name=again]").FillAsync("Quietly-Flowing-River-26");
        await page.Locator("[data-step=password] button").ClickAsync();

        await Assertions.Expect(page.Locator(".qr")).ToHaveAttributeAsync("src", new System.Text.RegularExpressions.Regex("^data:image/svg"));
        await Browsers.ShootAsync(page, "console-enrolment");
        var secret = Browsers.Base32(await page.Locator(".secret code").InnerTextAsync());
        await page.Locator("[data-step=enrolment] [name=code]").FillAsync(Totp.CodeAt(secret, Totp.StepAt(Api.Time.GetUtcNow())));
        await page.Locator("[data-step=enrolment] button").ClickAsync();
        await Assertions.Expect(page.Locator(".who")).ToContainTextAsync("李四");

        await Browsers.FilterAsync(page, "咨询办理");
        await CallAsync(page, "assignConsultation", asked.String("id"), "200", body: "{}");
        await CallAsync(page, "answerConsultation", asked.String("id"), "201");
        await Browsers.ShootAsync(page, "console-answered");
        var read = await citizen.GetAsync($"/v1/consultations/{asked.String("id")}/messages").Gives(OK);
        Assert.That(read["items"][1].GetProperty("authorName").GetString(), Is.EqualTo("李四"));
    }

    [Test]
    public async Task Vendor_SignsFromTheConsole_WithNothingButSecretAndPage()
    {
        var secrets = PartnerSecrets.New();
        using var partner = await Api.NewPartnerAsync(p => p with { Secrets = secrets });
        var page = await Browser.NewPageAsync(new() { ViewportSize = new() { Width = 1360, Height = 1000 }, Locale = "zh-CN" });
        page.SetDefaultTimeout(20_000);
        await page.GotoAsync(new Uri(Api.Address, "/swagger?document=partner").ToString());
        await page.Locator("#hl1 [name=appId]").FillAsync(partner.Id);
        await page.Locator("#hl1 [name=secret]").FillAsync(secrets.Current);

        await RunAsync(page, "pingPartner", "200");
        var put = page.Locator("[id$='-putPartnerTicket']");
        await put.Locator(".opblock-summary-control").First.ClickAsync();
        await put.Locator("tr[data-param-name=ticketNo] input").FillAsync("CONSOLE-1");
        await put.Locator("button.execute").ClickAsync();
        await Assertions.Expect(put.Locator(".live-responses-table tbody .response-col_status").First).ToContainTextAsync("200");
        await Browsers.ShootAsync(page, "console-partner");
        var list = page.Locator("[id$='-pullPartnerTickets']");
        await list.Locator(".opblock-summary-control").First.ClickAsync();
        await list.Locator("tr[data-param-name=updatedSince] input").FillAsync("2026-01-01T00:00:00+08:00");
        await list.Locator("button.execute").ClickAsync();
        await Assertions.Expect(list.Locator(".live-responses-table")).ToContainTextAsync("CONSOLE-1");

        await page.Locator("#hl1 [name=secret]").FillAsync($"{secrets.Current}x");
        await RunAsync(page, "pingPartner", "401", opened: true);
    }

    [Test]
    public async Task StaffMember_WithAWrongPassword_IsToldSoAndKeyboardIsEnough()
    {
        var page = await Browser.NewPageAsync();
        page.SetDefaultTimeout(20_000);
        await page.GotoAsync(new Uri(Api.Address, "/swagger?document=staff").ToString());
        await page.Locator("#open-sign-in").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync("nobody");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("wrong-password-1");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#sign-in .problem")).ToContainTextAsync("密码");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("#sign-in")).Not.ToBeVisibleAsync();
    }

    private static async Task RunAsync(IPage page, string operationId, string status, bool opened = false)
    {
        var operation = page.Locator($"[id$='-{operationId}']");
        if (!opened) await operation.Locator(".opblock-summary-control").First.ClickAsync();
        await operation.Locator("button.execute").ClickAsync();
        await Assertions.Expect(operation.Locator(".live-responses-table tbody .response-col_status").First).ToContainTextAsync(status);
    }

    /// <summary>Opens an operation, gives it an id, sends its example as it stands or another body.</summary>
    private static async Task CallAsync(IPage page, string operationId, string id, string status, string? body = null)
    {
        var operation = page.Locator($"[id$='-{operationId}']");
        await operation.Locator(".opblock-summary-control").First.ClickAsync();
        await operation.Locator("tr[data-param-name=id] input").FillAsync(id);
        if (body is not null) await operation.Locator("textarea.body-param__text").FillAsync(body);
        await operation.Locator("button.execute").ClickAsync();
        await Assertions.Expect(operation.Locator(".live-responses-table tbody .response-col_status").First).ToContainTextAsync(status);
        await operation.Locator("button.execute").ScrollIntoViewIfNeededAsync();
    }
}
