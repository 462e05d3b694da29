using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.WeChat;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>
/// TRTC's event callbacks: JSON, signed in the header <c>Sign</c>. <c>CallbackTs</c> is when it was sent and is another one at each of its tries, so it tells
/// whether the callback is fresh and does not belong to the event's key.
/// </summary>
internal sealed class TrtcCallback(IOptions<VideoOptions> options) : IProviderCallback
{
    private const int ByThemselves = 1;

    public string Provider => TrtcProvider.ProviderName;

    public string ProofHeader => "Sign";

    public Outcome<ProviderNews> Read(string? proof, byte[] body, DateTimeOffset now)
    {
        var key = options.Value.Trtc.CallbackKey;
        if (key.Length == 0) return CommonRefusals.NotFound;
        if (!ProviderCallbacks.Same(proof, Sign(key, body))) return VideoRefusals.CallbackForged;
        if (WeChatJson.Parse(body) is not { } json || ProviderCallbacks.Instant(json.Number("CallbackTs")) is not { } sent) return VideoRefusals.CallbackMalformed;
        if ((now - sent).Duration() > options.Value.CallbackWindow) return VideoRefusals.CallbackOutOfTime;
        return new ProviderNews(Told(json, sent) is { } told ? [told] : []);
    }

    internal static string Sign(string key, byte[] body) => Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), body));

    private static ProviderEvent? Told(JsonElement json, DateTimeOffset sent)
    {
        // Groups of events: 1 the room, 2 the media. Going out is told by 104 alone, without 202 and 204.
        ProviderEventKind? kind = json.Number("EventType") switch
        {
            102 => ProviderEventKind.RoomClosed,
            103 => ProviderEventKind.Joined,
            104 => ProviderEventKind.Left,
            201 or 203 => ProviderEventKind.Published,
            _ => null,
        };
        if (kind is null || !json.TryGetProperty("EventInfo", out var info) || info.Text("RoomId") is not { Length: > 0 } room) return null;
        var at = ProviderCallbacks.Instant(info.Number("EventMsTs") ?? info.Number("EventTs") * 1000) ?? sent;
        var (user, connection) = (info.Text("UserId"), info.Text("UniqueId"));
        var key = ProviderCallbacks.KeyOf(json.Number("EventType"), room, user, connection, at.ToUnixTimeMilliseconds());
        if (kind == ProviderEventKind.RoomClosed) return new ProviderEvent(key, room, null, null, kind.Value, at);
        return user is { Length: > 0 } ? new ProviderEvent(key, room, user, connection, kind.Value, at, Goodbye: info.Number("Reason") == ByThemselves) : null;
    }
}
