using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.WeChat;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>
/// Tencent's TRTC. A room is there as soon as somebody comes in with a right to it (启用权限密钥 must be on in the console, else the right is not asked for).
/// Putting people out needs the key of the account as well.
/// </summary>
internal sealed class TrtcProvider(IHttpClientFactory clients, IOptions<VideoOptions> options, TimeProvider time, ILogger<TrtcProvider> log) : IVideoProvider
{
    public const string ProviderName = "trtc";

    private const string ApiVersion = "2019-07-22";

    private readonly ProviderHttp _http = new(clients, ProviderName, options, time, log);

    private TrtcOptions Options => options.Value.Trtc;

    public string Name => ProviderName;

    public bool ControlsRooms => Options.CloudSecretId.Length > 0;

    public bool SeesRooms => false;

    public Task<Outcome<Done>> EnsureRoomAsync(VideoRoom room, CancellationToken cancel = default) => Task.FromResult<Outcome<Done>>(Done.It);

    public Task<Outcome<JoinGrant>> JoinAsync(VideoRoom room, RoomParticipant who, DateTimeOffset now, CancellationToken cancel = default)
    {
        if (room.IsClosed(now)) return Task.FromResult<Outcome<JoinGrant>>(CallRefusals.Over);
        var (expires, signedInUntil) = (room.Until(now, options.Value.RoomKeyLifetime), room.Until(now, VideoRoom.LongestCredential));
        var privileges = who.Role == RoomRole.Observer ? UserSig.Observing : UserSig.Everything;
        return Task.FromResult<Outcome<JoinGrant>>(new JoinGrant(
            Name, expires,
            new TrtcParams(
                Options.SdkAppId, who.Id, UserSig.Mint(Options.SdkAppId, Options.SecretKey, who.Id, now, signedInUntil - now), room.Id,
                UserSig.MintRoomKey(Options.SdkAppId, Options.SecretKey, who.Id, room.Id, privileges, now, expires - now)),
            []));
    }

    public Task<Outcome<Done>> RemoveAsync(string roomId, string participantId, CancellationToken cancel = default) =>
        DoAsync("RemoveUserByStrRoomId", new { Options.SdkAppId, RoomId = roomId, UserIds = new[] { participantId } }, cancel);

    public Task<Outcome<Done>> CloseRoomAsync(string roomId, CancellationToken cancel = default) =>
        DoAsync("DismissRoomByStrRoomId", new { Options.SdkAppId, RoomId = roomId }, cancel);

    /// <summary>The cloud has no list of who is there now that is not minutes old: its events are all there is.</summary>
    public Task<Outcome<RoomPresence[]>> ListAsync(string roomId, CancellationToken cancel = default) =>
        Task.FromResult<Outcome<RoomPresence[]>>(Array.Empty<RoomPresence>());

    private async Task<Outcome<Done>> DoAsync(string action, object arguments, CancellationToken cancel)
    {
        if (!ControlsRooms) return Done.It;
        var (body, url) = (JsonSerializer.SerializeToUtf8Bytes(arguments), new Uri(Options.CloudUrl));
        var reply = await _http.SendAsync(action, () => Request(action, body, url), cancel);
        if (!reply.IsAnswer || reply.Status != HttpStatusCode.OK || WeChatJson.Parse(reply.Body) is not { } json || !json.TryGetProperty("Response", out var response))
            return VideoRefusals.ProviderDown;
        if (!response.TryGetProperty("Error", out var error)) return Done.It;
        var code = error.Text("Code") ?? "";
        if (code.Contains("RoomNotExist", StringComparison.Ordinal) || code.Contains("UserNotExist", StringComparison.Ordinal)) return Done.It;
        log.LogError("trtc refuses {Action}: {Code}, request {RequestId}", action, code, response.Text("RequestId"));
        return VideoRefusals.ProviderDown;
    }

    private HttpRequestMessage Request(string action, byte[] body, Uri url)
    {
        var now = time.GetUtcNow();
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(CloudApiSignature.ContentType);
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        request.Headers.TryAddWithoutValidation("Authorization", CloudApiSignature.Authorize(Options.CloudSecretId, Options.CloudSecretKey, ProviderName, url.Authority, body, now));
        request.Headers.TryAddWithoutValidation("X-TC-Action", action);
        request.Headers.TryAddWithoutValidation("X-TC-Version", ApiVersion);
        request.Headers.TryAddWithoutValidation("X-TC-Region", Options.CloudRegion);
        request.Headers.TryAddWithoutValidation("X-TC-Timestamp", now.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
        return request;
    }
}
