using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.WeChat;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>A LiveKit server: JWT for the clients, its RoomService (Twirp: JSON over POST) for the platform. Tokens are looked at when somebody comes in; who is in stays in.</summary>
internal sealed class LiveKitProvider(IHttpClientFactory clients, IOptions<VideoOptions> options, TimeProvider time, ILogger<LiveKitProvider> log) : IVideoProvider
{
    public const string ProviderName = "livekit";

    /// <summary>An empty room is forgotten after so long.</summary>
    private const int EmptySeconds = 300;

    private readonly ProviderHttp _http = new(clients, ProviderName, options, time, log);

    private LiveKitOptions Options => options.Value.LiveKit;

    public string Name => ProviderName;

    public bool ControlsRooms => true;

    public bool SeesRooms => true;

    public Task<Outcome<Done>> EnsureRoomAsync(VideoRoom room, CancellationToken cancel = default) =>
        DoAsync("CreateRoom", new { name = room.Id, empty_timeout = EmptySeconds, max_participants = VideoCall.MaxParticipants }, new VideoRights { RoomCreate = true }, cancel);

    public async Task<Outcome<JoinGrant>> JoinAsync(VideoRoom room, RoomParticipant who, DateTimeOffset now, CancellationToken cancel = default)
    {
        if (room.IsClosed(now)) return CallRefusals.Over;
        var ensured = await EnsureRoomAsync(room, cancel);
        if (ensured.IsRefused) return ensured.Refusal!;
        var expires = room.Until(now, options.Value.RoomKeyLifetime);
        var (speaks, hidden) = (who.Role != RoomRole.Observer, who.Role == RoomRole.Observer ? true : (bool?)null);
        var token = LiveKitToken.Mint(
            Options.ApiKey, Options.ApiSecret, who.Id, who.DisplayName, now, expires,
            new VideoRights { RoomJoin = true, Room = room.Id, CanPublish = speaks, CanSubscribe = true, CanPublishData = speaks, Hidden = hidden });
        return new JoinGrant(Name, expires, new LiveKitParams(Options.PublicUrl, token), TurnCredentials.For(options.Value.Turn, room, who.Id, now));
    }

    public Task<Outcome<Done>> RemoveAsync(string roomId, string participantId, CancellationToken cancel = default) =>
        DoAsync("RemoveParticipant", new { room = roomId, identity = participantId }, Admin(roomId), cancel);

    public Task<Outcome<Done>> CloseRoomAsync(string roomId, CancellationToken cancel = default) =>
        DoAsync("DeleteRoom", new { room = roomId }, new VideoRights { RoomCreate = true }, cancel);

    public async Task<Outcome<RoomPresence[]>> ListAsync(string roomId, CancellationToken cancel = default)
    {
        var answer = await CallAsync("ListParticipants", new { room = roomId }, Admin(roomId), cancel);
        if (answer.IsRefused) return answer.Refusal!;
        if (answer.Value is not { } json || !json.TryGetProperty("participants", out var people) || people.ValueKind != JsonValueKind.Array) return Array.Empty<RoomPresence>();
        return people.EnumerateArray().Where(p => p.Text("identity") is { Length: > 0 }).Select(p => new RoomPresence(p.Text("identity")!, p.Text("sid") ?? "")).ToArray();
    }

    private static VideoRights Admin(string roomId) => new() { RoomAdmin = true, Room = roomId };

    private async Task<Outcome<Done>> DoAsync(string method, object body, VideoRights rights, CancellationToken cancel)
    {
        var answer = await CallAsync(method, body, rights, cancel);
        return answer.IsRefused ? answer.Refusal! : Done.It;
    }

    /// <returns>Null when the server knows no such room or person, which is as well.</returns>
    private async Task<Outcome<JsonElement?>> CallAsync(string method, object body, VideoRights rights, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var token = LiveKitToken.Mint(Options.ApiKey, Options.ApiSecret, null, null, now, now + TimeSpan.FromMinutes(1), rights);
        var reply = await _http.SendAsync(method, () => new HttpRequestMessage(HttpMethod.Post, $"{Options.ApiUrl.TrimEnd('/')}/twirp/livekit.RoomService/{method}")
        {
            Content = JsonContent.Create(body),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        }, cancel);
        if (reply.Status == HttpStatusCode.OK && WeChatJson.Parse(reply.Body) is { } json) return (JsonElement?)json;
        if (reply.Status == HttpStatusCode.NotFound && WeChatJson.Parse(reply.Body) is { } error && error.Text("code") == "not_found") return (JsonElement?)null;
        if (reply.IsAnswer) log.LogError("livekit refuses {Method}: {Status}", method, (int)reply.Status);
        return VideoRefusals.ProviderDown;
    }
}
