using System.Security.Cryptography;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.WeChat;
using Dapper;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>
/// WeChat's own calls between mini-programs (<c>wx.joinVoIPChat</c>): who has the same group meets. Each signs with their own session key, which
/// WeChat renews at each sign-in; the client signs in just before it comes in. Nobody but WeChat controls such a room.
/// </summary>
internal sealed class WxVoipProvider(Database database, Sealer sealer, IOptions<WeChatOptions> weChat) : IVideoProvider
{
    public const string ProviderName = "wxVoip";

    /// <summary>WeChat tells no limit; what is older than this was signed for an attempt that is over.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    public string Name => ProviderName;

    public bool ControlsRooms => false;

    public bool SeesRooms => false;

    public Task<Outcome<Done>> EnsureRoomAsync(VideoRoom room, CancellationToken cancel = default) => Task.FromResult<Outcome<Done>>(Done.It);

    public async Task<Outcome<JoinGrant>> JoinAsync(VideoRoom room, RoomParticipant who, DateTimeOffset now, CancellationToken cancel = default)
    {
        if (room.IsClosed(now)) return CallRefusals.Over;
        if (await SessionKeyAsync(who.PersonId, cancel) is not { } key) return VideoRefusals.NeedsWeChat;
        var (nonce, seconds) = (Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), now.ToUnixTimeSeconds());
        var signature = VoipSignature.Sign(weChat.Value.AppId, room.Id, nonce, seconds, key);
        return new JoinGrant(Name, room.Until(now, Lifetime), new WxVoipParams(room.Id, nonce, seconds, signature, "video"), []);
    }

    public Task<Outcome<Done>> RemoveAsync(string roomId, string participantId, CancellationToken cancel = default) => Task.FromResult<Outcome<Done>>(Done.It);

    public Task<Outcome<Done>> CloseRoomAsync(string roomId, CancellationToken cancel = default) => Task.FromResult<Outcome<Done>>(Done.It);

    public Task<Outcome<RoomPresence[]>> ListAsync(string roomId, CancellationToken cancel = default) =>
        Task.FromResult<Outcome<RoomPresence[]>>(Array.Empty<RoomPresence>());

    /// <summary>Of their last sign-in through this mini-program; it is opened here and goes nowhere.</summary>
    private async Task<string?> SessionKeyAsync(string? citizenId, CancellationToken cancel)
    {
        if (citizenId is null) return null;
        var row = await database.ReadAsync(connection => connection.QueryFirstOrDefaultAsync<KeyRow>(
            "SELECT id, session_key_sealed FROM wechat_identities WHERE citizen_id = @citizenId AND app_id = @appId ORDER BY last_login_at DESC LIMIT 1",
            new { citizenId, appId = weChat.Value.AppId }), cancel);
        return row is null ? null : sealer.Open(row.SessionKeySealed, CitizenRepository.SessionKey.Of(row.Id));
    }

    private sealed record KeyRow
    {
        public required string Id { get; init; }
        public required string SessionKeySealed { get; init; }
    }
}
