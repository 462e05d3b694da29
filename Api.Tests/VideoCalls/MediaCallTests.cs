using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.VideoCalls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

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
    private MediaServers _servers = null!;
    private TestApi _api = null!;
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    private string Way => relayOnly ? "relay" : "direct";

    [OneTimeSetUp]
    public async Task Start()
    {
        if (!File.Exists(Chromium)) Assert.Ignore("chromium is not there: apt-get install chromium, or use ./test");
        _servers = await MediaServers.ConnectAsync();
        _api = await TestApi.StartAsync(Engine.Embedded, [.. _servers.Settings, $"Video:Turn:RelayOnly={relayOnly}", $"urls=http://127.0.0.1:0;http://{_servers.Here}:0"]);
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
    public void TellWhatTheServersSaid()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == NUnit.Framework.Interfaces.TestStatus.Failed) TestContext.Out.WriteLine(_servers.Log + "\n" + string.Join('\n', _complaints));
    }

    [Test]
    public async Task TwoPages_HoldACallBothWays_AndThePlatformHearsOfIt()
    {
        var call = await NewCallAsync();
        var (citizen, lawyer) = (await OpenAsync(call, RoomRole.Citizen, "群众"), await OpenAsync(call, RoomRole.Staff, "张律师"));
        await EnterAsync(citizen);
        await ShootAsync(citizen.Page, "waiting");
        await EnterAsync(lawyer);

        await SeesAsync(citizen, "张律师");
        await SeesAsync(lawyer, "群众");
        foreach (var page in new[] { citizen.Page, lawyer.Page })
        {
            Assert.That(await PathsAsync(page), relayOnly ? Is.EqualTo(new[] { "relay", "relay" }) : Has.None.EqualTo("relay"));
            Assert.That(double.Parse(await StatAsync(page, "energy"), CultureInfo.InvariantCulture), Is.GreaterThan(0), "voices are heard");
        }
        await ShootAsync(citizen.Page, "citizen");
        await ShootAsync(lawyer.Page, "lawyer");

        await ToldAsync(call, ProviderEventKind.Joined, citizen.Who, lawyer.Who);
        await ToldAsync(call, ProviderEventKind.Published, citizen.Who, lawyer.Who);
        await lawyer.Page.Locator("#leave").ClickAsync();
        await Assertions.Expect(lawyer.Page.Locator("#over-title")).ToHaveTextAsync("您已离开通话");
        await Assertions.Expect(citizen.Page.Locator("#waiting")).ToContainTextAsync("对方暂时离开");
        await ToldAsync(call, ProviderEventKind.Left, lawyer.Who);
        Assert.That(await CountAsync(call, ProviderEventKind.Left, citizen.Who), Is.Zero);
    }

    [Test]
    public async Task MuteCameraAndVoiceOnly_ChangeWhatTheOtherGets()
    {
        var call = await NewCallAsync();
        var (citizen, lawyer) = (await OpenAsync(call, RoomRole.Citizen, "群众"), await OpenAsync(call, RoomRole.Staff, "李律师"));
        await EnterAsync(citizen);
        await EnterAsync(lawyer);
        await SeesAsync(citizen, "李律师");
        await SeesAsync(lawyer, "群众");

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
        var call = await NewCallAsync();
        var (citizen, lawyer) = (await OpenAsync(call, RoomRole.Citizen, "群众"), await OpenAsync(call, RoomRole.Staff, "王律师"));
        await EnterAsync(citizen);
        await EnterAsync(lawyer);
        await SeesAsync(citizen, "王律师");

        await _servers.KillJanusAsync();
        await Assertions.Expect(citizen.Page.Locator("#status")).ToContainTextAsync("正在重新连接");
        await ShootAsync(citizen.Page, "reconnecting");
        await _servers.StartJanusAsync();

        await SeesAsync(citizen, "王律师");
        await SeesAsync(lawyer, "群众");
        await ToldAsync(call, ProviderEventKind.Joined, citizen.Who, lawyer.Who);
    }

    [Test]
    public async Task Removed_IsOutAtOnce_AndAClosedRoomIsOver()
    {
        var call = await NewCallAsync();
        var (citizen, lawyer) = (await OpenAsync(call, RoomRole.Citizen, "群众"), await OpenAsync(call, RoomRole.Staff, "赵律师"));
        await EnterAsync(citizen);
        await EnterAsync(lawyer);
        await SeesAsync(citizen, "赵律师");
        Assert.That((await Janus.ListAsync(call)).Value.Select(p => p.ParticipantId), Is.EquivalentTo(new[] { citizen.Who, lawyer.Who }));

        lawyer.Refusal = CallRefusals.Over;
        Assert.That((await Janus.RemoveAsync(call, lawyer.Who)).IsRefused, Is.False);
        await Assertions.Expect(lawyer.Page.Locator("#over-title")).ToHaveTextAsync("通话已结束");
        await ToldAsync(call, ProviderEventKind.Left, lawyer.Who);
        Assert.That((await Janus.ListAsync(call)).Value.Select(p => p.ParticipantId), Is.EqualTo(new[] { citizen.Who }));

        citizen.Refusal = CallRefusals.Over;
        Assert.That((await Janus.CloseRoomAsync(call)).IsRefused, Is.False);
        await Assertions.Expect(citizen.Page.Locator("#over-title")).ToHaveTextAsync("通话已结束");
        await ShootAsync(citizen.Page, "over");
        await ToldAsync(call, ProviderEventKind.RoomClosed);
    }

    [Test]
    public async Task WrongTurnPassword_IsRefusedByTheRelay_AndThePageSaysSo()
    {
        var citizen = await OpenAsync(await NewCallAsync(), RoomRole.Citizen, "群众");
        citizen.Spoil = json => json["iceServers"]![0]!["credential"] = "bm90IHRoZSBwYXNzd29yZA==";
        await citizen.Page.Locator("#start-check").ClickAsync();

        await Assertions.Expect(citizen.Page.Locator("[data-check=network] b")).ToContainTextAsync("401");
        await ShootAsync(citizen.Page, "turn-refused");
    }

    [Test]
    public async Task ProviderDown_OffersWhatIsLeft()
    {
        var citizen = await OpenAsync(await NewCallAsync(), RoomRole.Citizen, "群众");
        citizen.Refusal = VideoRefusals.ProviderDown with { Members = new Dictionary<string, string> { ["next"] = "phone,messages" } };
        await citizen.Page.Locator("#start-check").ClickAsync();

        await Assertions.Expect(citizen.Page.Locator("#over-title")).ToHaveTextAsync("视频服务暂时不可用");
        await Assertions.Expect(citizen.Page.Locator("#dial")).ToHaveAttributeAsync("href", "tel:12348");
        await ShootAsync(citizen.Page, "provider-down");
    }

    private IVideoProvider Janus => _api.Services.GetRequiredService<VideoProviders>().Find("janus").Value.Port;

    private async Task<string> NewCallAsync() => await VideoStage.NewCallAsync(_api, "janus");

    private async Task<Visitor> OpenAsync(string call, RoomRole role, string name)
    {
        var context = await _browser.NewContextAsync(new() { Locale = "zh-CN", ViewportSize = new() { Width = role == RoomRole.Citizen ? 420 : 900, Height = 860 } });
        await context.GrantPermissionsAsync(["camera", "microphone"]);
        var visitor = new Visitor(await context.NewPageAsync(), Id.New(_api.Time));
        visitor.Page.SetDefaultTimeout(Patience);
        visitor.Page.Console += (_, message) => { if (message.Type is "error" or "warning") _complaints.Enqueue($"{name}: {message.Text}"); };
        visitor.Page.PageError += (_, error) => _complaints.Enqueue($"{name}: {error}");
        await visitor.Page.RouteAsync("**/v1/video-calls/page/*", async route =>
        {
            var action = route.Request.Url.Split('/')[^1];
            if (visitor.Refusal is null && action != "join")
            {
                await route.FulfillAsync(new() { Json = new { medium = "video" } });
                return;
            }
            var joined = visitor.Refusal ?? (await Janus.JoinAsync(new VideoRoom(call, _api.Time.GetUtcNow().AddHours(1)), new RoomParticipant(visitor.Who, name, role), _api.Time.GetUtcNow())) switch
            {
                { IsRefused: true } no => no.Refusal!,
                var yes => visitor.Keep(yes.Value),
            };
            if (joined is { } refusal)
            {
                var problem = new Dictionary<string, object?> { ["code"] = refusal.Code, ["title"] = refusal.Title };
                foreach (var (key, value) in refusal.Members) problem[key] = value;
                await route.FulfillAsync(new() { Status = Problems.StatusOf(refusal.Kind), ContentType = Problems.ContentType, Body = JsonSerializer.Serialize(problem) });
                return;
            }
            var json = JsonSerializer.SerializeToNode(visitor.Grant, WireJson.Options)!;
            (json["seat"], json["heartbeatSeconds"]) = ("s", 2);
            visitor.Spoil?.Invoke(json);
            await route.FulfillAsync(new() { ContentType = "application/json", Body = json.ToJsonString() });
        });
        await visitor.Page.GotoAsync(new Uri(_api.Address, "/call/#ticket").ToString());
        return visitor;
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

    /// <summary>The other's name is under a picture that moves.</summary>
    private static async Task SeesAsync(Visitor visitor, string name)
    {
        await Assertions.Expect(visitor.Page.Locator("figcaption")).ToHaveTextAsync(name);
        await GrowsAsync(visitor.Page, "framesDecoded", 20);
    }

    private static async Task GrowsAsync(IPage page, string stat, int by) => await page.WaitForFunctionAsync("""
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

    private async Task ToldAsync(string call, ProviderEventKind kind, params string[] who)
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var told = await Task.WhenAll(who.DefaultIfEmpty(null).Select(w => CountAsync(call, kind, w)));
            if (told.All(n => n > 0)) return;
            await Task.Delay(100);
        }
        Assert.Fail($"Janus has not told that {string.Join(" and ", who)} {kind}");
    }

    private Task<long> CountAsync(string call, ProviderEventKind kind, string? who) => _api.ScalarAsync<long>(
        "SELECT COUNT(*) FROM video_provider_events WHERE call_id = @call AND kind = @kind AND (participant_id = @who OR (@who IS NULL AND participant_id IS NULL))", new { call, kind = kind.ToString(), who });

    /// <summary>Keeps a picture where <c>TEST_SCREENSHOTS</c> says, for people to look at.</summary>
    private Task ShootAsync(IPage page, string name) => Environment.GetEnvironmentVariable("TEST_SCREENSHOTS") is { } folder
        ? page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"call-{Way}-{name}.png") })
        : Task.CompletedTask;

    private sealed class Visitor(IPage page, string who)
    {
        public IPage Page { get; } = page;
        public string Who { get; } = who;

        /// <summary>From now on the platform says this to everything the page asks.</summary>
        public Refusal? Refusal { get; set; }

        /// <summary>Does something to what the page gets.</summary>
        public Action<JsonNode>? Spoil { get; set; }

        public JoinGrant? Grant { get; private set; }

        public Refusal? Keep(JoinGrant grant)
        {
            Grant = grant;
            return null;
        }
    }
}
