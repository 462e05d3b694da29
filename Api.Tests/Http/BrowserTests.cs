using MicroPlatform.Api.Tests.Hosting;
using Microsoft.Playwright;

namespace MicroPlatform.Api.Tests.Http;

/// <summary>Pages in a real browser, on the embedded engines: what is looked at is the page. Needs Debian's <c>chromium</c>; <c>TEST_REQUIRE_BROWSER=1</c> makes its absence a failure.</summary>
public abstract class BrowserTests(params string[] settings)
{
    private IPlaywright _playwright = null!;
    private TestApi? _api;
    private IBrowser? _browser;

    protected TestApi Api => _api!;

    protected IBrowser Browser => _browser!;

    [OneTimeSetUp]
    public async Task StartApiAndBrowser()
    {
        Browsers.Require();
        _api = await TestApi.StartAsync(Engine.Embedded, settings);
        // A busy machine is slow to answer the first sign-in.
        Assertions.SetDefaultExpectTimeout(20_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await Browsers.LaunchAsync(_playwright);
    }

    [OneTimeTearDown]
    public async Task StopApiAndBrowser()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }
}
