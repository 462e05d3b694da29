using System.Collections.Concurrent;
using MicroPlatform.Api.Tests.Hosting;
using Microsoft.Playwright;

namespace MicroPlatform.Api.Tests.Http;

/// <summary>The console in a real browser, as an administrator uses it. Needs Debian's <c>chromium</c>; <c>TEST_REQUIRE_BROWSER=1</c> makes its absence a failure.</summary>
public sealed class ConsoleTests
{
    private const string Chromium = "/usr/bin/chromium";

    private TestApi _api = null!;
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        if (!File.Exists(Chromium))
        {
            const string What = "chromium is not there: apt-get install chromium, or use ./test";
            if (Environment.GetEnvironmentVariable("TEST_REQUIRE_BROWSER") == "1") Assert.Fail(What);
            // A developer's plain `dotnet test`: a named skip. ./test installs a browser and demands it.
            Assert.Ignore(What);
        }
        _api = await TestApi.StartAsync(Engine.Embedded);
        // A busy machine is slow to answer the first sign-in.
        Assertions.SetDefaultExpectTimeout(20_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task DemoCitizen_AsksAQuestion_AndNoRequestLeavesTheMachine()
    {
        var requests = new ConcurrentQueue<string>();
        var complaints = new ConcurrentQueue<string>();
        var page = await _browser.NewPageAsync(new() { ViewportSize = new() { Width = 1360, Height = 1000 }, Locale = "zh-CN" });
        page.Request += (_, request) => requests.Enqueue(request.Url);
        page.Console += (_, message) => { if (message.Type == "error") complaints.Enqueue(message.Text); };
        page.SetDefaultTimeout(20_000);

        await page.GotoAsync(new Uri(_api.Address, "/swagger").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "登录", Exact = true }).ClickAsync();
        await ShootAsync(page, "console-sign-in");
        await page.GetByRole(AriaRole.Button, new() { Name = "以演示群众身份登录" }).ClickAsync();
        await Assertions.Expect(page.Locator(".who")).ToContainTextAsync("群众");

        var operation = page.Locator("#operations-留言咨询-askQuestion");
        await operation.Locator(".opblock-summary-control").First.ClickAsync();
        await operation.Locator("button.execute").ClickAsync();
        await Assertions.Expect(operation.Locator(".live-responses-table tbody .response-col_status").First).ToContainTextAsync("201");
        await Assertions.Expect(operation.Locator(".live-responses-table")).ToContainTextAsync("待受理");
        await operation.Locator("button.execute").ScrollIntoViewIfNeededAsync();
        await ShootAsync(page, "console-asked");

        Assert.Multiple(() =>
        {
            Assert.That(requests.Select(r => new Uri(r)).Where(u => u.Scheme is not ("data" or "blob")).Select(u => u.Host).Distinct(), Is.EqualTo(new[] { "127.0.0.1" }));
            Assert.That(complaints, Is.Empty);
        });
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM matters"), Is.EqualTo(1));

        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(".who")).ToContainTextAsync("群众");
        await page.GetByRole(AriaRole.Button, new() { Name = "退出", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".who")).ToContainTextAsync("未登录");
    }

    [Test]
    public async Task StaffMember_WithAWrongPassword_IsToldSoAndKeyboardIsEnough()
    {
        var page = await _browser.NewPageAsync();
        page.SetDefaultTimeout(20_000);
        await page.GotoAsync(new Uri(_api.Address, "/swagger?document=staff").ToString());
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

    /// <summary>Keeps a picture where <c>TEST_SCREENSHOTS</c> says, for people to look at.</summary>
    private static Task ShootAsync(IPage page, string name) => Environment.GetEnvironmentVariable("TEST_SCREENSHOTS") is { } folder
        ? page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") })
        : Task.CompletedTask;
}
