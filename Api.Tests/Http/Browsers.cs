using MicroPlatform.Api.Tests.Hosting;
using Microsoft.Playwright;

namespace MicroPlatform.Api.Tests.Http;

/// <summary>Debian's <c>chromium</c> for tests; <c>TEST_REQUIRE_BROWSER=1</c> makes its absence a failure.</summary>
internal static class Browsers
{
    private const string Chromium = "/usr/bin/chromium";

    public static void Require()
    {
        Needs.Nothing(File.Exists(Chromium) ? null : "chromium is not there: apt-get install chromium, or use ./test", Needs.Browser);
    }

    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) =>
        playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });

    /// <summary>Narrows the console to one tag, as people do: of a document with more than a hundred operations Swagger UI draws only those that are in sight.</summary>
    public static async Task FilterAsync(IPage page, string tag)
    {
        await page.Locator(".operation-filter-input").FillAsync(tag);
        await Assertions.Expect(page.Locator(".opblock-tag").First).ToContainTextAsync(tag);
        await Assertions.Expect(page.Locator(".opblock-tag")).ToHaveCountAsync(1);
    }

    /// <summary>Keeps a picture where <c>TEST_SCREENSHOTS</c> says, for people to look at.</summary>
    public static Task ShootAsync(IPage page, string name, bool whole = false) => Environment.GetEnvironmentVariable("TEST_SCREENSHOTS") is { } folder
        ? page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = whole })
        : Task.CompletedTask;

    /// <summary>RFC 4648 §6, as authenticator apps read it.</summary>
    public static byte[] Base32(string text)
    {
        var bits = string.Concat(text.Where(char.IsAsciiLetterOrDigit).Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))];
    }
}
