using System.Text.Json.Nodes;
using MicroPlatform.Api.Tests.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.VideoCalls;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MicroPlatform.Api.Tests.VideoCalls;

/// <summary>The real Janus behind the contract of all providers, and what it refuses by itself.</summary>
[TestFixture]
[NonParallelizable]
public sealed class MediaDoorTests : VideoServerContract
{
    private const int Unauthorized = 433;

    private MediaServers _servers = null!;
    private ServiceProvider _services = null!;

    protected override IVideoProvider Provider => _services.GetServices<IVideoProvider>().Single(p => p.Name == "janus");

    protected override Task SwitchAsync(bool on) => on ? _servers.StartJanusAsync() : _servers.KillJanusAsync();

    private string Secret => _services.GetRequiredService<Microsoft.Extensions.Options.IOptions<VideoOptions>>().Value.Janus.TokenSecret;

    [OneTimeSetUp]
    public async Task Start()
    {
        _servers = await MediaServers.ConnectAsync();
        await _servers.StartAsync(events: 1);
        var settings = _servers.Settings.Select(s => s.Split('=', 2)).ToDictionary(p => p[0], p => (string?)p[1]);
        settings["Video:BreakDuration"] = "00:00:00.5";
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddVideoProviders(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), new NamedEnvironment("Development"));
        _services = services.BuildServiceProvider();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_services is not null) await _services.DisposeAsync();
        if (_servers is not null) await _servers.DisposeAsync();
    }

    protected override async Task EnterAsync(JoinGrant grant)
    {
        var p = (JanusParams)grant.Params;
        var answer = await JoinAsync(p.ApiToken, p.RoomToken, p.Room, p.FeedId);
        Assert.That((string?)answer["videoroom"], Is.EqualTo("joined"), answer.ToJsonString());
    }

    protected override async Task ForgetAsync()
    {
        await _servers.KillJanusAsync();
        await _servers.StartJanusAsync();
    }

    [Test]
    public async Task ApiToken_RunOutForgedOrMissing_OpensNothing()
    {
        var now = TimeProvider.System.GetUtcNow();
        foreach (var (token, what) in new[]
        {
            (JanusToken.Api(Secret, now.AddSeconds(-1)), "run out"), (JanusToken.Api(Secret + "x", now.AddMinutes(5)), "forged"), ("", "missing"), ("bad", "no token"),
            (JanusToken.Api(Secret, now.AddMinutes(5)).Replace(now.AddMinutes(5).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), now.AddHours(5).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal), "made longer"),
            (JanusToken.Room(Secret, "r", now.AddMinutes(5)), "a room's"),
        })
        {
            var answer = await _servers.AskJanusAsync("", new JsonObject { ["janus"] = "create", ["token"] = token });
            Assert.That((int?)answer["error"]?["code"], Is.EqualTo(403), what);
        }
    }

    [Test]
    public async Task RoomToken_RunOutForgedOrOfAnotherRoom_LetsNobodyIn()
    {
        var (now, room) = (TimeProvider.System.GetUtcNow(), Id.New(TimeProvider.System));
        var grant = (JanusParams)(await Provider.JoinAsync(new VideoRoom(room, now.AddHours(1)), NewPerson(), now)).Value.Params;
        var late = (JanusParams)(await Provider.JoinAsync(new VideoRoom(room, now.AddHours(1)), NewPerson(), now.AddMinutes(-11))).Value.Params;
        var other = (JanusParams)(await Provider.JoinAsync(new VideoRoom(Id.New(TimeProvider.System), now.AddHours(1)), NewPerson(), now)).Value.Params;

        foreach (var (token, what) in new[]
        {
            (late.RoomToken, "run out: ten minutes after it was made"), (other.RoomToken, "another room's"), (JanusToken.Room("somebody else's secret", room, now.AddMinutes(5)), "forged"), (null, "missing"), (grant.ApiToken, "the API's"),
        })
        {
            Assert.That((int?)(await JoinAsync(grant.ApiToken, token, room, grant.FeedId))["error_code"], Is.EqualTo(Unauthorized), what);
            Assert.That((int?)(await JoinAsync(grant.ApiToken, token, room, grant.FeedId, watching: true))["error_code"], Is.EqualTo(Unauthorized), $"{what}, only to watch");
        }
        Assert.That((await Provider.ListAsync(room)).Value, Is.Empty);
    }

    [Test]
    public async Task Client_CannotMakeListKickOrCloseRooms()
    {
        var (now, room) = (TimeProvider.System.GetUtcNow(), Id.New(TimeProvider.System));
        var grant = await Provider.JoinAsync(new VideoRoom(room, now.AddHours(1)), NewPerson(), now);
        await EnterAsync(grant.Value);
        var p = (JanusParams)grant.Value.Params;
        var path = await AttachAsync(p.ApiToken);

        foreach (var body in new[]
        {
            new JsonObject { ["request"] = "create", ["room"] = "mine" }, new JsonObject { ["request"] = "kick", ["room"] = room, ["id"] = p.FeedId },
            new JsonObject { ["request"] = "destroy", ["room"] = room }, new JsonObject { ["request"] = "edit", ["room"] = room, ["new_is_private"] = false },
        })
            Assert.That((int?)(await MessageAsync(path, p.ApiToken, body))["error_code"], Is.Not.Null, body.ToJsonString());
        Assert.That((await MessageAsync(path, p.ApiToken, new JsonObject { ["request"] = "list" }))["list"]!.AsArray(), Is.Empty, "rooms are private");
        Assert.That((await Provider.ListAsync(room)).Value, Has.Length.EqualTo(1));
    }

    private async Task<string> AttachAsync(string apiToken)
    {
        var session = $"/{(await _servers.AskJanusAsync("", new JsonObject { ["janus"] = "create", ["token"] = apiToken }))["data"]!["id"]}";
        return $"{session}/{(await _servers.AskJanusAsync(session, new JsonObject { ["janus"] = "attach", ["plugin"] = JanusToken.Plugin, ["token"] = apiToken }))["data"]!["id"]}";
    }

    private async Task<JsonNode> MessageAsync(string path, string apiToken, JsonObject body) =>
        (await _servers.AskJanusAsync(path, new JsonObject { ["janus"] = "message", ["body"] = body, ["token"] = apiToken }))["plugindata"]!["data"]!;

    private async Task<JsonNode> JoinAsync(string apiToken, string? roomToken, string room, string feedId, bool watching = false)
    {
        var path = await AttachAsync(apiToken);
        var body = watching
            ? new JsonObject { ["request"] = "join", ["ptype"] = "subscriber", ["room"] = room, ["streams"] = new JsonArray(new JsonObject { ["feed"] = feedId }) }
            : new JsonObject { ["request"] = "join", ["ptype"] = "publisher", ["room"] = room, ["id"] = feedId };
        if (roomToken is not null) body["token"] = roomToken;
        await _servers.AskJanusAsync(path, new JsonObject { ["janus"] = "message", ["body"] = body, ["token"] = apiToken });
        return (await _servers.NextEventAsync(path.Split('/')[1], apiToken))["plugindata"]!["data"]!;
    }
}
