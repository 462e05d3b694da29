using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Api.VideoCalls;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.VideoCalls;
using Microsoft.Extensions.DependencyInjection;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.VideoCalls;

/// <summary>What providers tell over HTTP: proven, once, in any order, of calls that are theirs, and by a clock that can be right.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class VideoCallbackTests(Engine engine)
{
    private const string Secret = VideoStubServer.Secret;
    private const string CallbackKey = "callbackkey0123456789";

    private TestApi _api = null!;
    private ApiClient _provider = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine, [
            "Video:Janus:ApiUrl=http://127.0.0.1:9/janus", "Video:Janus:PublicUrl=wss://video.test/janus", $"Video:Janus:TokenSecret={Secret}", $"Video:Janus:AdminKey={VideoStubServer.AdminKey}",
            "Video:Janus:EventUser=janus", $"Video:Janus:EventPassword={Secret}",
            "Video:LiveKit:ApiUrl=http://127.0.0.1:9", "Video:LiveKit:PublicUrl=wss://video.test", $"Video:LiveKit:ApiKey={VideoStubServer.ApiKey}", $"Video:LiveKit:ApiSecret={Secret}",
            "Video:Trtc:SdkAppId=1400000000", $"Video:Trtc:SecretKey={Secret}", $"Video:Trtc:CallbackKey={CallbackKey}",
        ]);
        _provider = _api.Anonymous();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _provider?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    private DateTimeOffset Now => _api.Time.GetUtcNow();

    [TestCase("trtc")]
    [TestCase("livekit")]
    [TestCase("janus")]
    public async Task Told_IsStoredOnce_HoweverOftenItIsTold(string provider)
    {
        var (call, who) = (await VideoStage.NewCallAsync(_api, provider), Id.New(_api.Time));
        var body = Body(provider, call, who, "joined", Now);

        var first = await SendAsync(provider, body).Gives(OK);
        await SendAsync(provider, body).Gives(OK);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => SendAsync(provider, body).Gives(OK)));

        Assert.That(first.Text, provider == "trtc" ? Is.EqualTo("""{"code":0}""") : Is.Empty);
        Assert.That(await KindsAsync(call), Is.EqualTo("Joined:" + who));
    }

    [TestCase("trtc")]
    [TestCase("livekit")]
    [TestCase("janus")]
    public async Task Forged_IsRefused_AndNothingIsStored(string provider)
    {
        var (call, who) = (await VideoStage.NewCallAsync(_api, provider), Id.New(_api.Time));
        var body = Body(provider, call, who, "joined", Now);

        await SendAsync(provider, body, proof: "").Refuses(Forbidden, "callback_signature_invalid");
        await SendAsync(provider, body, proof: "Basic amFudXM6amFudXM=").Refuses(Forbidden, "callback_signature_invalid");
        if (provider != "janus") await SendAsync(provider, body + " ", proof: Proof(provider, body, Now)).Refuses(Forbidden, "callback_signature_invalid");
        Assert.That(await KindsAsync(call), Is.Empty);
    }

    [TestCase("trtc", 11)]
    [TestCase("trtc", -11)]
    [TestCase("livekit", 11)]
    [TestCase("livekit", -11)]
    [TestCase("janus", 11)]
    [TestCase("janus", -11)]
    public async Task ClockFarOff_IsRefused(string provider, int minutes)
    {
        var (call, who) = (await VideoStage.NewCallAsync(_api, provider), Id.New(_api.Time));

        await SendAsync(provider, Body(provider, call, who, "joined", Now.AddMinutes(minutes))).Refuses(Forbidden, "callback_out_of_time");
        Assert.That(await KindsAsync(call), Is.Empty);
    }

    [Test]
    public async Task LiveKitToken_ThatHasRunOut_IsOutOfTime()
    {
        var body = Body("livekit", await VideoStage.NewCallAsync(_api, "livekit"), Id.New(_api.Time), "joined", Now);

        await SendAsync("livekit", body, Proof("livekit", body, Now.AddMinutes(-10))).Refuses(Forbidden, "callback_out_of_time");
    }

    [TestCase("trtc")]
    [TestCase("livekit")]
    [TestCase("janus")]
    public async Task RoomThatIsNoCallOfTheProvider_IsUnknown(string provider)
    {
        var who = Id.New(_api.Time);
        await SendAsync(provider, Body(provider, Id.New(_api.Time), who, "joined", Now)).Refuses(NotFound, "callback_room_unknown");
        await SendAsync(provider, Body(provider, "大厅", who, "joined", Now)).Refuses(NotFound, "callback_room_unknown");
        var others = await VideoStage.NewCallAsync(_api, "test");
        await SendAsync(provider, Body(provider, others, who, "joined", Now)).Refuses(NotFound, "callback_room_unknown");
        Assert.That(await KindsAsync(others), Is.Empty);
    }

    [TestCase("trtc", "{\"EventType\":103}")]
    [TestCase("trtc", "[]")]
    [TestCase("livekit", "no json")]
    [TestCase("janus", "7")]
    [TestCase("janus", "{")]
    public async Task Malformed_IsRefused(string provider, string body) => await SendAsync(provider, body).Refuses(BadRequest, "callback_malformed");

    [TestCase("trtc", "{\"CallbackTs\":NOW,\"EventType\":205,\"EventInfo\":{\"RoomId\":\"r\"}}")]
    [TestCase("livekit", "{\"event\":\"egress_started\"}")]
    [TestCase("janus", "[{\"type\":2,\"event\":{\"name\":\"attached\"}},{\"type\":64,\"event\":{\"plugin\":\"janus.plugin.echotest\",\"data\":{}}},7,null]")]
    public async Task WhatIsOfNoUse_IsTakenAndForgotten(string provider, string body) =>
        await SendAsync(provider, body.Replace("NOW", Now.ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)).Gives(OK);

    [TestCase("trtc")]
    [TestCase("livekit")]
    [TestCase("janus")]
    public async Task OldConnectionGivenUpAfterTheNewOneCame_IsNoGoing(string provider)
    {
        var (call, who) = (await VideoStage.NewCallAsync(_api, provider), Id.New(_api.Time));
        // Out of order as well: the second coming is told first.
        await SendAsync(provider, Body(provider, call, who, "joined", Now.AddSeconds(-30), "22222222")).Gives(OK);
        await SendAsync(provider, Body(provider, call, who, "joined", Now.AddSeconds(-60), "11111111")).Gives(OK);
        await SendAsync(provider, Body(provider, call, who, "left", Now.AddSeconds(-5), "11111111")).Gives(OK);
        Assert.That(await OpenAsync(call), Is.EqualTo(new[] { who }), "by the second");

        await SendAsync(provider, Body(provider, call, who, "left", Now, "22222222")).Gives(OK);
        Assert.That(await OpenAsync(call), Is.Empty);
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM video_provider_events WHERE call_id = @call", new { call }), Is.EqualTo(4));
    }

    [Test]
    public async Task SomebodyWhoThoughtUpTheirId_IsNobody()
    {
        var (call, lawyer) = (await VideoStage.NewCallAsync(_api, "janus"), Id.New(_api.Time));
        var body = Body("janus", call, lawyer, "joined", Now).Replace(JanusTag(call, lawyer), "0000000000000000", StringComparison.Ordinal);

        await SendAsync("janus", body).Gives(OK);
        Assert.That(await KindsAsync(call), Is.Empty);
    }

    [Test]
    public async Task NotConfigured_IsNotThere()
    {
        await using var bare = await TestApi.StartAsync(engine);
        using var anybody = bare.Anonymous();
        foreach (var provider in new[] { "trtc", "livekit", "janus" }) await anybody.PostAsync($"/v1/callbacks/video/{provider}", "{}").Refuses(NotFound, "not_found");
    }

    [Test]
    public async Task WhatWasTold_IsForgottenAfterItsWeek()
    {
        var call = await VideoStage.NewCallAsync(_api, "trtc");
        await SendAsync("trtc", Body("trtc", call, Id.New(_api.Time), "joined", Now)).Gives(OK);
        await _api.ExecuteAsync("UPDATE video_provider_events SET received_at = @then WHERE call_id = @call", new { then = Now.AddDays(-7).AddMinutes(-1), call });

        Assert.That(await _api.RunAsync<SweepProviderEventsJob>(), Is.GreaterThanOrEqualTo(1));
        Assert.That(await KindsAsync(call), Is.Empty);
    }

    private Task<Answer> SendAsync(string provider, string body, string? proof = null)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(provider == "livekit" ? "application/webhook+json" : "application/json");
        return _provider.SendAsync(HttpMethod.Post, $"/v1/callbacks/video/{provider}", content, (provider == "trtc" ? "Sign" : "Authorization", proof ?? Proof(provider, body, Now)));
    }

    private static string Proof(string provider, string body, DateTimeOffset now) => provider switch
    {
        "trtc" => TrtcCallback.Sign(CallbackKey, Encoding.UTF8.GetBytes(body)),
        "livekit" => LiveKitToken.Sign(Secret, JsonSerializer.Serialize(new
        {
            iss = VideoStubServer.ApiKey, nbf = now.ToUnixTimeSeconds(), exp = now.AddMinutes(5).ToUnixTimeSeconds(), sha256 = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(body))),
        })),
        _ => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"janus:{Secret}")),
    };

    /// <summary>As each provider writes it; Janus' form was taken from the real one.</summary>
    private static string Body(string provider, string room, string who, string what, DateTimeOffset at, string connection = "0a0b0c0d") => provider switch
    {
        "trtc" => JsonSerializer.Serialize(new
        {
            EventGroupId = 1, EventType = what == "joined" ? 103 : 104, CallbackTs = at.ToUnixTimeMilliseconds(),
            EventInfo = new { RoomId = room, EventTs = at.ToUnixTimeSeconds(), EventMsTs = at.ToUnixTimeMilliseconds(), UserId = who, UniqueId = connection, Role = 20, Reason = 1 },
        }),
        "livekit" => JsonSerializer.Serialize(new
        {
            @event = what == "joined" ? "participant_joined" : "participant_left", room = new { name = room, sid = "RM_1" }, participant = new { identity = who, sid = $"PA_{connection}" },
            id = $"EV_{room[..1]}{connection}{what}{who}", createdAt = at.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
        }),
        _ => JsonSerializer.Serialize(new[]
        {
            new
            {
                emitter = "MyJanusInstance", type = 64, timestamp = at.ToUnixTimeMilliseconds() * 1000, session_id = 7858946298776707, handle_id = 4505204604875850,
                @event = new { plugin = "janus.plugin.videoroom", data = new { @event = what == "joined" ? "joined" : "leaving", room, id = $"{who}.{connection}.{JanusTag(room, who, connection)}", display = "张律师" } },
            },
        }),
    };

    private static string JanusTag(string room, string who, string connection = "0a0b0c0d") =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"feed\n{room}\n{who}\n{connection}")).AsSpan(0, 8));

    private async Task<string> KindsAsync(string call) => await _api.ScalarAsync<string>("SELECT GROUP_CONCAT(CONCAT(kind, ':', participant_id)) FROM video_provider_events WHERE call_id = @call", new { call }) ?? "";

    private async Task<string[]> OpenAsync(string call) => [.. (await _api.Services.GetRequiredService<Infrastructure.Sql.Database>()
        .ReadAsync(connection => ProviderInbox.OpenAsync(connection, call), CancellationToken.None)).Select(p => p.ParticipantId)];
}
