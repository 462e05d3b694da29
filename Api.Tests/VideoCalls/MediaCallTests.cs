using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MicroPlatform.Api.Tests.Appointments;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Api.VideoCalls;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.VideoCalls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.VideoCalls;

/// <summary>
/// Two browsers talk through the call page, a real Janus and a real coturn, with keys that the platform made; once directly and once where only the relay is let through.
/// What counts is what the browsers decoded.
/// </summary>
[TestFixture(false)]
[TestFixture(true)]
[NonParallelizable]
public sealed class MediaCallTests(bool relayOnly)
{
    private const string Chromium = "/usr/bin/chromium";
    private const float Patience = 30_000;

    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly List<IBrowserContext> _contexts = [];
    private MediaServers _servers = null!;
    private TestApi _api = null!;
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    private string Way => relayOnly ? "relay" : "direct";

    [OneTimeSetUp]
    public async Task Start()
    {
        MediaServers.Require(Chromium);
        _servers = await MediaServers.ConnectAsync();
        _api = await TestApi.StartAsync(Engine.Embedded, [.. Bookable.LongDays, .. _servers.Settings, $"Video:Turn:RelayOnly={relayOnly}", $"urls=http://127.0.0.1:0;http://{_servers.Here}:0"]);
        await _servers.StartAsync(_api.PortOn(_servers.Here));
        Assertions.SetDefaultExpectTimeout(Patience);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required", "--disable-features=WebRtcHideLocalIpsWithMdns"],
        });
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
        if (_servers is not null) await _servers.DisposeAsync();
    }

    [TearDown]
    public async Task CloseThePages()
    {
        foreach (var context in _contexts) await context.CloseAsync();
        _contexts.Clear();
        if (TestContext.CurrentContext.Result.Outcome.Status == NUnit.Framework.Interfaces.TestStatus.Failed) TestContext.Out.WriteLine(_servers.Log + "\n" + string.Join('\n', _complaints));
    }

    [Test]
    public async Task TwoPages_HoldACallBothWays_AndTheRecordShowsIt()
    {
        var call = await VideoStage.BookNowAsync(_api);
        var (citizen, lawyer) = (await OpenAsync(call, call.Citizen), await OpenAsync(call, call.Staff));
        await EnterAsync(citizen);
        await ShootAsync(citizen.Page, "waiting");
        await EnterAsync(lawyer);

        await SeesAsync(citizen);
        await SeesAsync(lawyer);
        foreach (var page in new[] { citizen.Page, lawyer.Page })
        {
            Assert.That(await PathsAsync(page), relayOnly ? Is.Not.Empty.And.All.EqualTo("relay") : Is.Not.Empty.And.None.EqualTo("relay"));
            await GrowsAsync(page, "energy", 0.001);
        }
        await ShootAsync(citizen.Page, "citizen");
        await ShootAsync(lawyer.Page, "lawyer");
        Assert.That(await StateAsync(call), Is.EqualTo("Connected"));
        await ToldAsync(call, ProviderEventKind.Joined, call.Citizen, call.Staff);
        await ToldAsync(call, ProviderEventKind.Published, call.Citizen, call.Staff);

        await lawyer.Page.Locator("#leave").ClickAsync();
        await Assertions.Expect(lawyer.Page.Locator("#over-title")).ToHaveTextAsync("您已离开通话");
        await Assertions.Expect(citizen.Page.Locator("#waiting")).ToContainTextAsync("对方暂时离开");
        await ToldAsync(call, ProviderEventKind.Left, call.Staff);
        Assert.That(await StateAsync(call), Is.EqualTo("Reconnecting"));
        await citizen.Page.Locator("#leave").ClickAsync();
        await BecomesAsync(call, "Ended");
        Assert.Multiple(async () =>
        {
            Assert.That(await _api.ScalarAsync<string>("SELECT how FROM video_calls WHERE id = @Id", new { call.Id }), Is.EqualTo("Finished"));
            Assert.That(await _api.ScalarAsync<long>("SELECT talked_ms FROM video_calls WHERE id = @Id", new { call.Id }), Is.GreaterThan(1000));
            Assert.That(await _api.ScalarAsync<long>("SELECT ended_at - connected_at FROM video_calls WHERE id = @Id", new { call.Id }), Is.GreaterThan(1000));
        });
    }

    [Test]
    public async Task MuteCameraAndVoiceOnly_ChangeWhatTheOtherGets()
    {
        var (_, citizen, lawyer) = await TalkingAsync();

        await citizen.Page.Keyboard.PressAsync("m");
        await Assertions.Expect(citizen.Page.Locator("#mute")).ToHaveAttributeAsync("aria-pressed", "true");
        await Assertions.Expect(citizen.Page.Locator("#mute")).ToHaveTextAsync("取消静音");

        await citizen.Page.Locator("#audio-only").ClickAsync();
        await Assertions.Expect(citizen.Page.Locator("#self")).ToBeHiddenAsync();
        await StandsStillAsync(citizen.Page, "framesDecoded");
        await StandsStillAsync(lawyer.Page, "framesDecoded");
        await GrowsAsync(lawyer.Page, "packets", 20);
        await ShootAsync(citizen.Page, "voice-only");

        await citizen.Page.Locator("#audio-only").ClickAsync();
        await GrowsAsync(citizen.Page, "framesDecoded", 10);
        await GrowsAsync(lawyer.Page, "framesDecoded", 10);
    }

    [Test]
    public async Task JanusKilledAndStartedAnew_PagesComeBackByThemselves()
    {
        var (call, citizen, lawyer) = await TalkingAsync();

        await _servers.KillJanusAsync();
        await Assertions.Expect(citizen.Page.Locator("#status")).ToContainTextAsync("正在重新连接");
        await ShootAsync(citizen.Page, "reconnecting");
        await _servers.StartJanusAsync();

        await SeesAsync(citizen);
        await SeesAsync(lawyer);
        await BecomesAsync(call, "Connected");
    }

    [Test]
    public async Task PutOutOfTheRoomOnly_ComesBack_AndHungUpByTheOffice_IsOver()
    {
        var (call, citizen, lawyer) = await TalkingAsync();
        var before = (await Janus.ListAsync(call.Id)).Value;
        Assert.That(before.Select(p => p.ParticipantId), Is.EquivalentTo(new[] { call.Citizen, call.Staff }));

        // The platform still counts on them, so the page comes in anew.
        Assert.That((await Janus.RemoveAsync(call.Id, call.Citizen)).IsRefused, Is.False);
        await UntilAsync(async () => (await Janus.ListAsync(call.Id)).Value.Except(before).Any(p => p.ParticipantId == call.Citizen), "the page does not come in anew");
        await SeesAsync(lawyer);

        using var office = await _api.SignedInAsync(call.LawyerId, Role.Lawyer);
        await office.PostAsync($"/v1/staff/video-calls/{call.Id}/end").Gives(OK);
        await _api.DeliverAsync();
        await Assertions.Expect(citizen.Page.Locator("#over-title")).ToHaveTextAsync("通话已结束");
        await Assertions.Expect(lawyer.Page.Locator("#over-title")).ToHaveTextAsync("通话已结束");
        await ShootAsync(citizen.Page, "over");
        Assert.That((await Janus.ListAsync(call.Id)).Value, Is.Empty);
        await citizen.Page.Locator("#dial").WaitForAsync();
    }

    [Test]
    public async Task SecondPhone_TakesOver_AndTheFirstIsToldSo()
    {
        var (call, citizen, lawyer) = await TalkingAsync();
        var second = await OpenAsync(call, call.Citizen);
        await EnterAsync(second);

        await Assertions.Expect(citizen.Page.Locator("#over-title")).ToHaveTextAsync("已在另一台设备上进入");
        await SeesAsync(second);
        await SeesAsync(lawyer);
        Assert.That((await Janus.ListAsync(call.Id)).Value.Select(p => p.ParticipantId), Is.EquivalentTo(new[] { call.Citizen, call.Staff }));
    }

    [Test]
    public async Task Recording_IsWrittenWhileBothAgree_AndGoneOnItsDay()
    {
        var (call, citizen, lawyer) = await TalkingAsync();
        using var office = await _api.SignedInAsync(call.LawyerId, Role.Lawyer);
        using var phone = _api.Anonymous();
        await office.PostAsync($"/v1/staff/video-calls/{call.Id}/recordings").Refuses(Conflict, "recording_not_agreed");
        var tickets = new List<string>();
        foreach (var who in new[] { call.Citizen, call.Staff })
        {
            tickets.Add(await VideoStage.TicketAsync(_api, call.Id, who));
            await phone.PostAsync("/v1/video-calls/page/recording-consent", new { ticket = tickets[^1], agrees = true }).Gives(OK);
        }
        var id = (await office.PostAsync($"/v1/staff/video-calls/{call.Id}/recordings").Gives(Created)).String("id");
        await _api.DeliverAsync();
        var folder = new DirectoryInfo(Path.Combine(_servers.Recordings, id));
        long[] Sizes() => folder.Exists ? [.. folder.EnumerateFiles("*.mjr").OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => f.Length)] : [];
        // The voice and the picture of both.
        await UntilAsync(() => Task.FromResult(Sizes() is { Length: 4 } sizes && sizes.All(s => s > 2_000)), "nothing is recorded");

        await phone.PostAsync("/v1/video-calls/page/recording-consent", new { ticket = tickets[0], agrees = false }).Gives(OK);
        await _api.DeliverAsync();
        Assert.That(await _api.ScalarAsync<string>("SELECT state FROM video_call_recordings WHERE id = @id", new { id }), Is.EqualTo("Kept"));
        var kept = Sizes();
        await SeesAsync(citizen);
        await SeesAsync(lawyer);
        Assert.That(Sizes(), Is.EqualTo(kept), "they talk on, and nothing of it is written");

        await _api.ExecuteAsync("UPDATE video_call_recordings SET delete_after = 1 WHERE id = @id", new { id });
        await _api.RunAsync<SweepCallsJob>();
        folder.Refresh();
        Assert.That(folder.Exists, Is.False);
    }

    [Test]
    public async Task WrongTurnPassword_IsRefusedByTheRelay_AndThePageSaysSo()
    {
        var call = await VideoStage.BookNowAsync(_api);
        var citizen = await OpenAsync(call, call.Citizen);
        await citizen.Page.RouteAsync("**/page/join", async route =>
        {
            var answer = await route.FetchAsync();
            var json = JsonNode.Parse(await answer.TextAsync())!;
            json["iceServers"]![0]!["credential"] = "bm90IHRoZSBwYXNzd29yZA==";
            await route.FulfillAsync(new() { Response = answer, Body = json.ToJsonString() });
        });
        await citizen.Page.Locator("#start-check").ClickAsync();

        await Assertions.Expect(citizen.Page.Locator("[data-check=network] b")).ToContainTextAsync("401");
        await ShootAsync(citizen.Page, "turn-refused");
    }

    [Test]
    public async Task ProviderDown_OffersWhatIsLeft_AndCountsAsThePlatformsFault()
    {
        var call = await VideoStage.BookNowAsync(_api);
        var citizen = await OpenAsync(call, call.Citizen);
        await _servers.KillJanusAsync();
        await citizen.Page.Locator("#start-check").ClickAsync();

        await Assertions.Expect(citizen.Page.Locator("#over-title")).ToHaveTextAsync("视频服务暂时不可用");
        await Assertions.Expect(citizen.Page.Locator("[role=status]").First).ToHaveTextAsync("视频服务暂时不可用");
        await Assertions.Expect(citizen.Page.Locator("#dial")).ToHaveAttributeAsync("href", "tel:12348");
        await ShootAsync(citizen.Page, "provider-down");
        Assert.That(await _api.ScalarAsync<long?>("SELECT fault_at FROM video_calls WHERE id = @Id", new { call.Id }), Is.Not.Null);
        await _servers.StartJanusAsync();
    }

    [Test]
    public async Task LinkThatIsNone_SaysSo()
    {
        var page = await PageAsync();
        await page.GotoAsync(new Uri(_api.Address, $"/call/#{new string('A', 43)}").ToString());
        await page.Locator("#start-check").ClickAsync();
        await Assertions.Expect(page.Locator("#over-title")).ToHaveTextAsync("链接已失效，请重新获取");
        Assert.That(page.Url, Does.Not.Contain("#"), "no ticket stays in the address");
    }

    private IVideoProvider Janus => _api.Services.GetRequiredService<VideoProviders>().Find("janus").Value.Port;

    private async Task<(BookedCall Call, Visitor Citizen, Visitor Lawyer)> TalkingAsync()
    {
        var call = await VideoStage.BookNowAsync(_api);
        var (citizen, lawyer) = (await OpenAsync(call, call.Citizen), await OpenAsync(call, call.Staff));
        await EnterAsync(citizen);
        await EnterAsync(lawyer);
        await SeesAsync(citizen);
        await SeesAsync(lawyer);
        return (call, citizen, lawyer);
    }

    private async Task<Visitor> OpenAsync(BookedCall call, string participant)
    {
        var page = await PageAsync();
        await page.GotoAsync(new Uri(_api.Address, $"/call/#{await VideoStage.TicketAsync(_api, call.Id, participant)}").ToString());
        return new Visitor(page, participant == call.Citizen ? call.Staff : call.Citizen);
    }

    private async Task<IPage> PageAsync()
    {
        var context = await _browser.NewContextAsync(new() { Locale = "zh-CN", ViewportSize = new() { Width = 420, Height = 860 } });
        _contexts.Add(context);
        await context.GrantPermissionsAsync(["camera", "microphone"]);
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(Patience);
        page.Console += (_, message) => { if (message.Type is "error" or "warning") _complaints.Enqueue(message.Text); };
        page.PageError += (_, error) => _complaints.Enqueue(error);
        return page;
    }

    private static async Task EnterAsync(Visitor visitor)
    {
        await visitor.Page.Locator("#start-check").ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("[data-check=network]")).ToHaveAttributeAsync("data-result", "good");
        await Assertions.Expect(visitor.Page.Locator("[data-check=camera]")).ToHaveAttributeAsync("data-result", "good");
        await visitor.Page.Locator("#enter").ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("body")).ToHaveAttributeAsync("data-state", "connected");
        await visitor.Page.Locator("#details summary").ClickAsync();
    }

    /// <summary>The other is there, by a picture that moves.</summary>
    private static async Task SeesAsync(Visitor visitor)
    {
        await Assertions.Expect(visitor.Page.Locator($"figure[data-participant='{visitor.Other}'] figcaption")).Not.ToBeEmptyAsync();
        await GrowsAsync(visitor.Page, "framesDecoded", 20);
    }

    private static async Task GrowsAsync(IPage page, string stat, double by) => await page.WaitForFunctionAsync("""
        ([stat, by]) => {
          const value = Number(document.querySelector(`[data-stat=${stat}]`)?.dataset.value ?? NaN), seen = window[`seen-${stat}`];
          if (Number.isNaN(value)) return false;
          if (seen === undefined || value < seen) window[`seen-${stat}`] = value;
          else if (value >= seen + by) { delete window[`seen-${stat}`]; return true; }
          return false;
        }
        """, new object[] { stat, by });

    /// <summary>The same in four measurements, one after the other.</summary>
    private static async Task StandsStillAsync(IPage page, string stat) => await page.WaitForFunctionAsync("""
        stat => {
          const element = document.querySelector(`[data-stat=${stat}]`);
          if (!element || element === window.lastSeen) return false;
          window.stood = window.lastSeen && window.lastSeen.dataset.stat === stat && window.lastSeen.dataset.value === element.dataset.value ? (window.stood ?? 0) + 1 : 0;
          window.lastSeen = element;
          return window.stood >= 3;
        }
        """, stat);

    private static Task<string> StatAsync(IPage page, string stat) => page.Locator($"[data-stat={stat}]").GetAttributeAsync("data-value")!;

    private static async Task<string[]> PathsAsync(IPage page) => (await StatAsync(page, "path")).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Janus has told it over HTTP.</summary>
    private async Task ToldAsync(BookedCall call, ProviderEventKind kind, params string[] who)
    {
        foreach (var one in who)
            await UntilAsync(async () => await _api.ScalarAsync<long>(
                "SELECT COUNT(*) FROM video_provider_events WHERE call_id = @Id AND kind = @kind AND participant_id = @one", new { call.Id, kind = kind.ToString(), one }) > 0, $"{kind} is not told");
        await _api.DeliverAsync();
    }

    private Task BecomesAsync(BookedCall call, string state) => UntilAsync(async () =>
    {
        await _api.DeliverAsync();
        return await StateAsync(call) == state;
    }, $"the call does not become {state}");

    private static async Task UntilAsync(Func<Task<bool>> condition, string otherwise)
    {
        for (var attempt = 0; attempt < 300; attempt++)
        {
            if (await condition()) return;
            await Task.Delay(100);
        }
        Assert.Fail(otherwise);
    }

    private Task<string?> StateAsync(BookedCall call) => _api.ScalarAsync<string>("SELECT state FROM video_calls WHERE id = @Id", new { call.Id });

    /// <summary>Keeps a picture where <c>TEST_SCREENSHOTS</c> says, for people to look at.</summary>
    private Task ShootAsync(IPage page, string name) => Environment.GetEnvironmentVariable("TEST_SCREENSHOTS") is { } folder
        ? page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"call-{Way}-{name}.png") })
        : Task.CompletedTask;

    /// <param name="Other">The participant who is to be seen.</param>
    private sealed record Visitor(IPage Page, string Other);
}
