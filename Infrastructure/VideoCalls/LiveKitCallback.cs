using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.WeChat;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>LiveKit's webhook: JSON, with a token of our own key that holds the SHA-256 of the body. Its time is that of the token.</summary>
internal sealed class LiveKitCallback(IOptions<VideoOptions> options) : IProviderCallback
{
    /// <summary><c>DisconnectReason.CLIENT_INITIATED</c>.</summary>
    private const string OnPurpose = "CLIENT_INITIATED";

    public string Provider => LiveKitProvider.ProviderName;

    public string ProofHeader => "Authorization";

    public Outcome<ProviderNews> Read(string? proof, byte[] body, DateTimeOffset now)
    {
        var livekit = options.Value.LiveKit;
        var token = proof?.StartsWith("Bearer ", StringComparison.Ordinal) == true ? proof["Bearer ".Length..] : proof;
        if (LiveKitToken.Open(token, livekit.ApiKey, livekit.ApiSecret) is not { } claims || !Covers(claims, body)) return VideoRefusals.CallbackForged;
        if (!LiveKitToken.IsInForce(claims, now)) return VideoRefusals.CallbackOutOfTime;
        if (WeChatJson.Parse(body) is not { } json) return VideoRefusals.CallbackMalformed;
        if (Told(json) is not { } told) return new ProviderNews([]);
        return (now - told.At).Duration() <= options.Value.CallbackWindow ? new ProviderNews([told]) : VideoRefusals.CallbackOutOfTime;
    }

    private static bool Covers(JsonObject claims, byte[] body) =>
        claims["sha256"] is JsonValue value && value.TryGetValue<string>(out var hash) && ProviderCallbacks.Same(hash, Convert.ToBase64String(SHA256.HashData(body)));

    private static ProviderEvent? Told(JsonElement json)
    {
        ProviderEventKind? kind = json.Text("event") switch
        {
            "participant_joined" => ProviderEventKind.Joined,
            "track_published" => ProviderEventKind.Published,
            "participant_left" or "participant_connection_aborted" => ProviderEventKind.Left,
            "room_finished" => ProviderEventKind.RoomClosed,
            _ => null,
        };
        if (kind is null || !json.TryGetProperty("room", out var room) || room.Text("name") is not { Length: > 0 } name) return null;
        // Seconds; the participant's own time of joining is finer in nothing.
        if (ProviderCallbacks.Instant(json.Number("createdAt") * 1000) is not { } at) return null;
        var who = json.TryGetProperty("participant", out var participant) ? participant : default;
        var (identity, connection) = (who.Text("identity"), who.Text("sid"));
        var key = json.Text("id") is { Length: > 0 and <= 60 } id ? ProviderCallbacks.KeyOf(id) : ProviderCallbacks.KeyOf(name, json.Text("event"), identity, connection, json.Text("createdAt"));
        if (kind == ProviderEventKind.RoomClosed) return new ProviderEvent(key, name, null, null, kind.Value, at);
        return identity is { Length: > 0 } ? new ProviderEvent(key, name, identity, connection, kind.Value, at, Goodbye: who.Text("disconnectReason") == OnPurpose) : null;
    }
}
