using Microsoft.Extensions.Hosting;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>Section <c>Video</c>. Checked at start. What is left empty is not offered; every provider that has its keys can be used by calls begun with it.</summary>
public sealed class VideoOptions
{
    public const string Section = "Video";

    /// <summary>What new calls use: <c>janus</c>, <c>livekit</c>, <c>trtc</c>, <c>wxVoip</c>, <c>phone</c> or <c>test</c>. Empty means test in Development and phone elsewhere. Production refuses test.</summary>
    public string Provider { get; set; } = "";

    public JanusOptions Janus { get; set; } = new();
    public LiveKitOptions LiveKit { get; set; } = new();
    public TrtcOptions Trtc { get; set; } = new();
    public TurnOptions Turn { get; set; } = new();

    /// <summary>Shown to those who are to be rung, for ringing themselves.</summary>
    public string Hotline { get; set; } = "12348";

    /// <summary>How long the key to a room is good for; a client that was cut off asks for another.</summary>
    public TimeSpan RoomKeyLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long one call to a provider may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long calls are refused at once after many have failed in a row.</summary>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How far a provider's clock may be off, and how late its news may come.</summary>
    public TimeSpan CallbackWindow { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The provider of new calls.</summary>
    public string ProviderIn(IHostEnvironment environment) => Provider.Length > 0 ? Provider : environment.IsDevelopment() ? TestProvider.ProviderName : PhoneProvider.ProviderName;
}

/// <summary>A Janus server with the videoroom plugin, as in <c>deploy/video</c>.</summary>
public sealed class JanusOptions
{
    /// <summary>Its HTTP API, from here: <c>http://127.0.0.1:8088/janus</c>. Empty: no Janus.</summary>
    public string ApiUrl { get; set; } = "";

    /// <summary>Its WebSocket, from the clients: <c>wss://video.example.gov.cn/janus</c>.</summary>
    public string PublicUrl { get; set; } = "";

    /// <summary><c>token_auth_secret</c> of <c>janus.jcfg</c>.</summary>
    public string TokenSecret { get; set; } = "";

    /// <summary><c>admin_key</c> of <c>janus.plugin.videoroom.jcfg</c>: without one, anybody could make rooms.</summary>
    public string AdminKey { get; set; } = "";

    /// <summary><c>backend_user</c> and <c>backend_pwd</c> of <c>janus.eventhandler.sampleevh.jcfg</c>. Empty: no events are taken.</summary>
    public string EventUser { get; set; } = "";
    public string EventPassword { get; set; } = "";

    /// <summary>Most bits in a second that one person sends.</summary>
    public int Bitrate { get; set; } = 1_024_000;

    /// <summary>Where Janus writes recordings, and this program deletes them: one path, seen by both. Empty: it does not record.</summary>
    public string RecordingsFolder { get; set; } = "";
}

/// <summary>A LiveKit server.</summary>
public sealed class LiveKitOptions
{
    /// <summary>Its HTTP API, from here. Empty: no LiveKit.</summary>
    public string ApiUrl { get; set; } = "";

    /// <summary>Its WebSocket, from the clients.</summary>
    public string PublicUrl { get; set; } = "";

    public string ApiKey { get; set; } = "";
    public string ApiSecret { get; set; } = "";
}

/// <summary>Tencent's TRTC.</summary>
public sealed class TrtcOptions
{
    /// <summary>0: no TRTC.</summary>
    public long SdkAppId { get; set; }

    /// <summary>The application's key, for UserSig.</summary>
    public string SecretKey { get; set; } = "";

    /// <summary>Key of the event callbacks, at most 32 letters and digits. Empty: no events are taken.</summary>
    public string CallbackKey { get; set; } = "";

    /// <summary>Key of the account (云 API 密钥), for putting people out and closing rooms. Empty: neither is done, and keys run out by themselves.</summary>
    public string CloudSecretId { get; set; } = "";
    public string CloudSecretKey { get; set; } = "";

    public string CloudUrl { get; set; } = "https://trtc.tencentcloudapi.com";
    public string CloudRegion { get; set; } = "ap-guangzhou";
}

/// <summary>The TURN server of clients behind firewalls: coturn with <c>use-auth-secret</c>.</summary>
public sealed class TurnOptions
{
    /// <summary><c>turn:turn.example.gov.cn:3478?transport=udp</c>, <c>turns:turn.example.gov.cn:443?transport=tcp</c>. Empty: none.</summary>
    public IReadOnlyList<string> Urls { get; set; } = [];

    /// <summary><c>static-auth-secret</c> of <c>turnserver.conf</c>.</summary>
    public string Secret { get; set; } = "";

    /// <summary>Clients try no other way.</summary>
    public bool RelayOnly { get; set; }
}
