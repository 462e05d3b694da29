using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Api.Tests.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.VideoCalls;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MicroPlatform.Api.Tests.VideoCalls;

/// <summary>A provider put together as the platform does it, against the stub of its server.</summary>
public abstract class StubbedProviderTests(string name) : VideoServerContract
{
    private VideoStubServer _server = null!;
    private ServiceProvider _services = null!;

    private protected VideoStubServer Server => _server;

    protected override IVideoProvider Provider => _services.GetServices<IVideoProvider>().Single(p => p.Name == name);

    protected override Task SwitchAsync(bool on)
    {
        _server.IsDown = !on;
        return Task.CompletedTask;
    }

    [SetUp]
    public async Task StartServer()
    {
        _server = await VideoStubServer.StartAsync();
        var settings = new Dictionary<string, string?>
        {
            ["Video:Provider"] = name, ["Video:BreakDuration"] = "00:00:00.5",
            ["Video:Janus:ApiUrl"] = $"{_server.Address}/janus", ["Video:Janus:PublicUrl"] = "wss://video.test/janus", ["Video:Janus:TokenSecret"] = VideoStubServer.Secret, ["Video:Janus:AdminKey"] = VideoStubServer.AdminKey,
            ["Video:LiveKit:ApiUrl"] = _server.Address, ["Video:LiveKit:PublicUrl"] = "wss://video.test", ["Video:LiveKit:ApiKey"] = VideoStubServer.ApiKey, ["Video:LiveKit:ApiSecret"] = VideoStubServer.Secret,
            ["Video:Trtc:SdkAppId"] = "1400000000", ["Video:Trtc:SecretKey"] = VideoStubServer.Secret, ["Video:Trtc:CloudUrl"] = _server.Address,
            ["Video:Trtc:CloudSecretId"] = VideoStubServer.CloudId, ["Video:Trtc:CloudSecretKey"] = VideoStubServer.Secret,
            ["Video:Turn:Urls:0"] = "turn:turn.test:3478?transport=udp", ["Video:Turn:Secret"] = VideoStubServer.Secret,
        };
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddVideoProviders(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), new NamedEnvironment("Development"));
        _services = services.BuildServiceProvider();
    }

    [TearDown]
    public async Task StopServer()
    {
        await _services.DisposeAsync();
        await _server.DisposeAsync();
    }

    protected override Task ForgetAsync()
    {
        _server.Rooms.Clear();
        return Task.CompletedTask;
    }

    protected Task SitAsync(string room, string connection, string participant)
    {
        Assert.That(_server.Rooms.GetOrAdd(room, _ => new()).TryAdd(connection, participant), Is.True);
        return Task.CompletedTask;
    }
}

[TestFixture]
public sealed class JanusProviderTests() : StubbedProviderTests("janus")
{
    protected override Task EnterAsync(JoinGrant grant)
    {
        var p = (JanusParams)grant.Params;
        Assert.That(Server.Rooms.ContainsKey(p.Room), Is.True, "no join without a room");
        return SitAsync(p.Room, p.FeedId, p.FeedId.Split('.')[0]);
    }

    [Test]
    public async Task Join_GivesTokensForThisRoomOnly_AndARelayPassword()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UnixEpoch.AddYears(56).ToUnixTimeSeconds());
        var room = NewRoom(now.AddHours(1));
        var who = NewPerson();
        var grant = (await Provider.JoinAsync(room, who, now)).Value;
        var p = (JanusParams)grant.Params;

        Assert.Multiple(() =>
        {
            Assert.That(p.RoomToken, Is.EqualTo(JanusToken.Room(VideoStubServer.Secret, room.Id, now + RoomKeyLifetime)));
            Assert.That(p.ApiToken, Is.EqualTo(JanusToken.Api(VideoStubServer.Secret, now.AddHours(1) + VideoRoom.Grace)));
            Assert.That(JanusFeedId.Open(VideoStubServer.Secret, room.Id, p.FeedId), Is.EqualTo(who.Id));
            Assert.That(grant.IceServers.Single().Username, Is.EqualTo($"{(now.AddHours(1) + VideoRoom.Grace).ToUnixTimeSeconds()}:{who.Id}"));
        });
    }
}

[TestFixture]
public sealed class LiveKitProviderTests() : StubbedProviderTests("livekit")
{
    private int _connections;

    protected override Task EnterAsync(JoinGrant grant)
    {
        var claims = LiveKitToken.Open(((LiveKitParams)grant.Params).Token, VideoStubServer.ApiKey, VideoStubServer.Secret)!;
        return SitAsync((string)claims["video"]!["room"]!, $"PA_{_connections++}", (string)claims["sub"]!);
    }

    [Test]
    public async Task Join_AsAnObserver_MayNotSpeakAndIsNotSeen()
    {
        var grant = (await Provider.JoinAsync(NewRoom(TimeProvider.System.GetUtcNow().AddHours(1)), NewPerson() with { Role = RoomRole.Observer }, TimeProvider.System.GetUtcNow())).Value;
        var video = LiveKitToken.Open(((LiveKitParams)grant.Params).Token, VideoStubServer.ApiKey, VideoStubServer.Secret)!["video"]!;

        Assert.That(((bool?)video["canPublish"], (bool?)video["canSubscribe"], (bool?)video["hidden"], (bool?)video["roomAdmin"]), Is.EqualTo(((bool?)false, (bool?)true, (bool?)true, (bool?)null)));
    }
}

[TestFixture]
public sealed class TrtcProviderTests() : StubbedProviderTests("trtc")
{
    private int _connections;

    protected override Task EnterAsync(JoinGrant grant)
    {
        var p = (TrtcParams)grant.Params;
        return SitAsync(p.StrRoomId, $"{_connections++}", p.UserId);
    }

    [Test]
    public async Task Remove_AsksTheCloud_AndClosesTheRoomThere()
    {
        var (room, who) = (NewRoom(TimeProvider.System.GetUtcNow().AddHours(1)), NewPerson());
        await EnterAsync((await Provider.JoinAsync(room, who, TimeProvider.System.GetUtcNow())).Value);

        await Provider.RemoveAsync(room.Id, who.Id);
        Assert.That(Server.Rooms[room.Id], Is.Empty);
        await Provider.CloseRoomAsync(room.Id);
        Assert.That(Server.Rooms, Is.Empty);
        Assert.That(Server.Actions, Is.EqualTo(new[] { $"RemoveUserByStrRoomId {room.Id}", $"DismissRoomByStrRoomId {room.Id}" }));
    }
}

[TestFixture]
public sealed class TestProviderTests : VideoServerContract
{
    private readonly TestProvider _provider = new(Microsoft.Extensions.Options.Options.Create(new VideoOptions()));

    protected override IVideoProvider Provider => _provider;

    protected override Task SwitchAsync(bool on)
    {
        _provider.IsDown = !on;
        return Task.CompletedTask;
    }

    protected override Task EnterAsync(JoinGrant grant)
    {
        Assert.That(_provider.Enter((TestParams)grant.Params), Is.True);
        return Task.CompletedTask;
    }

    protected override Task ForgetAsync()
    {
        _provider.Forget();
        return Task.CompletedTask;
    }
}

[TestFixture]
public sealed class PhoneProviderTests : VideoProviderContract
{
    protected override IVideoProvider Provider { get; } = new PhoneProvider(Microsoft.Extensions.Options.Options.Create(new VideoOptions()));
}

/// <summary>WeChat's own: signs with the session key that the citizen's sign-in left, sealed.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class WxVoipProviderTests(Engine engine) : VideoProviderContract
{
    private TestApi _api = null!;
    private ApiClient _citizen = null!;

    protected override IVideoProvider Provider => _api.Services.GetRequiredService<VideoProviders>().Current;

    protected override string PersonId => _citizen.Id;

    [OneTimeSetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine, ["Video:Provider=wxVoip", "WeChat:AppId=wx20afc706a711eefc"]);
        _citizen = await _api.NewCitizenAsync();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _citizen?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task Join_SignsWithTheCitizensOwnKey()
    {
        var room = NewRoom(_api.Time.GetUtcNow().AddHours(1));
        var p = (WxVoipParams)(await Provider.JoinAsync(room, NewPerson(), _api.Time.GetUtcNow())).Value.Params;
        var key = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData("citizen1"u8).AsSpan(0, 16));

        Assert.That(p.GroupId, Is.EqualTo(room.Id));
        Assert.That(p.Signature, Is.EqualTo(VoipSignature.Sign("wx20afc706a711eefc", room.Id, p.NonceStr, p.TimeStamp, key)));
        Assert.That(_api.Logged, Has.None.Contains(key));
    }

    [Test]
    public async Task Join_WithoutASignInThroughWeChat_SaysSo() => Assert.That(
        (await Provider.JoinAsync(NewRoom(_api.Time.GetUtcNow().AddHours(1)), NewPerson() with { PersonId = Id.New(_api.Time) }, _api.Time.GetUtcNow())).Refusal, Is.EqualTo(VideoRefusals.NeedsWeChat));
}
