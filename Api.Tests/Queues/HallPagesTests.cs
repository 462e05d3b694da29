using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Appointments;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Api.Tests.Http;
using MicroPlatform.Domain.Identity;
using Microsoft.Playwright;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Queues;

/// <summary>The screen in the hall and the slip in the hand, in a real browser.</summary>
public sealed class HallPagesTests() : BrowserTests(Bookable.LongDays)
{
    [Test]
    public async Task Display_ShowsAndReadsEachCall_AndTheSlipFollows()
    {
        Api.Time.At("2026-11-25T09:00+08:00");
        const string unit = DemoDistrict.TownA;
        var queue = await Api.ScalarAsync<string>("SELECT id FROM queues WHERE organisation_id = @unit AND kind = 'Window'", new { unit });
        using var head = await Api.NewStaffAsync(Role.CentreHead, unit);
        using var clerk = await Api.NewStaffAsync(Role.Clerk, unit);
        using var colleague = await Api.NewStaffAsync(Role.Clerk, unit);
        var device = await head.PostAsync("/v1/staff/hall-devices", new { organisationId = unit, kind = "display", name = "大厅屏" }).Gives(Created);
        var numbers = new List<Answer>();
        for (var n = 0; n < 4; n++) numbers.Add(await clerk.PostAsync($"/v1/staff/window-queues/{queue}/tickets", new { }).Gives(Created));

        var screen = await Browser.NewPageAsync(new() { ViewportSize = new() { Width = 1280, Height = 720 } });
        await screen.AddInitScriptAsync("window.spoken = []; speechSynthesis.speak = words => window.spoken.push(words.text);");
        await screen.GotoAsync(new Uri(Api.Address, device.String("pagePath")).AbsoluteUri);
        await Assertions.Expect(screen.Locator("#latest-desk")).ToHaveTextAsync("暂无叫号");
        await Assertions.Expect(screen.Locator("#next li")).ToHaveCountAsync(4);
        await screen.Locator("#sound").ClickAsync();

        var slip = await Browser.NewPageAsync(new() { ViewportSize = new() { Width = 390, Height = 760 } });
        await slip.GotoAsync(new Uri(Api.Address, $"/slip#{numbers[1].String("slipCode")}").AbsoluteUri);
        await Assertions.Expect(slip.Locator("#wait")).ToContainTextAsync("前面还有 1 人");

        await clerk.PostAsync($"/v1/staff/window-queues/{queue}/next", new { desk = "3号窗口" }).Gives(OK);
        await Assertions.Expect(screen.Locator("#latest-number")).ToContainTextAsync(numbers[0].String("number"));
        await Assertions.Expect(screen.Locator("#latest-desk")).ToContainTextAsync("3号窗口");
        await Assertions.Expect(slip.Locator("#wait")).ToContainTextAsync("下一位就是您");

        // The hall's network goes and comes back: what was called meanwhile is shown, and read once.
        await screen.Context.SetOfflineAsync(true);
        await clerk.PostAsync($"/v1/staff/window-queues/{queue}/tickets", new { }).Gives(Created);
        await Assertions.Expect(screen.Locator("#notice")).ToContainTextAsync("网络中断");
        await colleague.PostAsync($"/v1/staff/window-queues/{queue}/next", new { desk = "4号窗口" }).Gives(OK);
        await screen.Context.SetOfflineAsync(false);
        await Assertions.Expect(screen.Locator("#latest-number")).ToContainTextAsync(numbers[1].String("number"));
        await Assertions.Expect(screen.Locator("#notice")).ToHaveTextAsync("");
        await Assertions.Expect(screen.Locator("#called li").First).ToContainTextAsync(numbers[0].String("number"));
        await Assertions.Expect(slip.Locator("#state")).ToHaveTextAsync("请到4号窗口办理");

        var spoken = await screen.EvaluateAsync<string[]>("() => window.spoken");
        Assert.That(spoken.Where(s => s.Contains('请')).GroupBy(s => s).Select(s => (s.Key.Contains("3号窗口", StringComparison.Ordinal) || s.Key.Contains("4号窗口", StringComparison.Ordinal), s.Count())),
            Is.EqualTo(new[] { (true, 2), (true, 2) }), string.Join('|', spoken));
        await Browsers.ShootAsync(screen, "hall-display");
        await Browsers.ShootAsync(slip, "hall-slip");
    }
}
