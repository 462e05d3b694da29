using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>
/// A Janus server of one's own with the videoroom plugin, rooms named by text (<c>string_ids</c>). Rooms live in the server's memory only: each coming in makes the
/// room anew where the server has forgotten it. The server itself refuses what is forged, run out, or for another room.
/// </summary>
internal class JanusProvider(JanusClient client, IOptions<VideoOptions> options, ILogger<JanusProvider> log) : IVideoProvider
{
    public const string ProviderName = "janus";

    private JanusOptions Options => options.Value.Janus;

    public string Name => ProviderName;

    public bool ControlsRooms => true;

    public bool SeesRooms => true;

    public Task<Outcome<Done>> EnsureRoomAsync(VideoRoom room, CancellationToken cancel = default) => client.AskAsync<Done>(
        async ask => Judge(await ask(new JsonObject
        {
            ["request"] = "create",
            ["room"] = room.Id,
            ["admin_key"] = Options.AdminKey,
            ["secret"] = SecretOf(room.Id),
            ["is_private"] = true,
            ["signed_tokens"] = true,
            ["notify_joining"] = true,
            ["publishers"] = VideoCall.MaxParticipants,
            ["bitrate"] = Options.Bitrate,
            ["audiocodec"] = "opus",
            // What every browser can and what old iPhones have in hardware.
            ["videocodec"] = "vp8,h264",
            ["record"] = false,
        }), "make a room", JanusClient.RoomExists), cancel);

    public async Task<Outcome<JoinGrant>> JoinAsync(VideoRoom room, RoomParticipant who, DateTimeOffset now, CancellationToken cancel = default)
    {
        if (room.IsClosed(now)) return CallRefusals.Over;
        var ensured = await EnsureRoomAsync(room, cancel);
        if (ensured.IsRefused) return ensured.Refusal!;
        var expires = room.Until(now, options.Value.RoomKeyLifetime);
        // The API's token goes with every request while the call lasts; alone it opens no room.
        var api = JanusToken.Api(Options.TokenSecret, room.Until(now, VideoRoom.LongestCredential));
        return new JoinGrant(
            Name, expires,
            new JanusParams(
                Options.PublicUrl, api, JanusToken.Room(Options.TokenSecret, room.Id, expires), room.Id, JanusFeedId.Mint(Options.TokenSecret, room.Id, who.Id),
                who.DisplayName, who.Role != RoomRole.Observer, options.Value.Turn.RelayOnly),
            TurnCredentials.For(options.Value.Turn, room, who.Id, now));
    }

    public Task<Outcome<Done>> RemoveAsync(string roomId, string participantId, CancellationToken cancel = default) => client.AskAsync<Done>(
        async ask =>
        {
            var present = Present(roomId, await ask(List(roomId)));
            if (present.IsRefused) return present.Refusal!;
            foreach (var one in present.Value.Where(p => p.ParticipantId == participantId))
            {
                var kicked = Judge(await ask(new JsonObject { ["request"] = "kick", ["room"] = roomId, ["secret"] = SecretOf(roomId), ["id"] = one.ConnectionId }), "put somebody out", JanusClient.NoSuchFeed);
                if (kicked.IsRefused) return kicked;
            }
            return Done.It;
        },
        cancel);

    public Task<Outcome<Done>> CloseRoomAsync(string roomId, CancellationToken cancel = default) => client.AskAsync<Done>(
        async ask => Judge(await ask(new JsonObject { ["request"] = "destroy", ["room"] = roomId, ["secret"] = SecretOf(roomId) }), "close a room", JanusClient.NoSuchRoom), cancel);

    public Task<Outcome<RoomPresence[]>> ListAsync(string roomId, CancellationToken cancel = default) =>
        client.AskAsync(async ask => Present(roomId, await ask(List(roomId))), cancel);

    private static JsonObject List(string roomId) => new() { ["request"] = "listparticipants", ["room"] = roomId };

    /// <summary>Those whose ids the platform made; anybody else is nobody it knows.</summary>
    private Outcome<RoomPresence[]> Present(string roomId, Outcome<JsonObject> answer)
    {
        var listed = Judge(answer, "list a room", JanusClient.NoSuchRoom);
        if (listed.IsRefused) return listed.Refusal!;
        var ids = (answer.Value["participants"] as JsonArray ?? []).Select(p => (string?)p?["id"]);
        return ids.Select(id => (Feed: id, Who: JanusFeedId.Open(Options.TokenSecret, roomId, id))).Where(p => p.Who is not null).Select(p => new RoomPresence(p.Who!, p.Feed!)).ToArray();
    }

    /// <param name="fine">The one error that says that it is so already.</param>
    protected Outcome<Done> Judge(Outcome<JsonObject> answer, string what, int? fine)
    {
        if (answer.IsRefused) return answer.Refusal!;
        if ((int?)answer.Value["error_code"] is not { } code || code == fine) return Done.It;
        log.LogError("janus does not {What}: error {Code}", what, code);
        return VideoRefusals.ProviderDown;
    }

    /// <summary>Each room has a secret of its own, which need not be stored.</summary>
    protected string SecretOf(string roomId) => Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Options.AdminKey), Encoding.UTF8.GetBytes($"room\n{roomId}")));
}
