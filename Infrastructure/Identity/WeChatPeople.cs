using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.WeChat;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.Identity;

/// <summary>Who is who at WeChat, for sending messages and for understanding its pushes. An openid never leaves the server (R32).</summary>
public sealed class WeChatPeople(Sealer sealer, IOptions<WeChatOptions> options)
{
    /// <summary>Null when the person has never signed in through WeChat, or has deleted the account.</summary>
    public async Task<string?> OpenIdOfAsync(UnitOfWork tx, string citizenId)
    {
        var row = await tx.FirstOrDefaultAsync<Row>(
            "SELECT id, openid_sealed FROM wechat_identities WHERE citizen_id = @citizenId AND app_id = @AppId ORDER BY last_login_at DESC LIMIT 1",
            new { citizenId, options.Value.AppId });
        return row is null ? null : sealer.Open(row.OpenidSealed, CitizenRepository.OpenId.Of(row.Id));
    }

    /// <returns>The citizen's id, or null for somebody who is not known here.</returns>
    public Task<string?> FindCitizenAsync(UnitOfWork tx, string openid) => tx.ScalarAsync<string>(
        "SELECT citizen_id FROM wechat_identities WHERE app_id = @AppId AND openid_hash = @hash",
        new { options.Value.AppId, hash = sealer.LookupHash(LookupKind.WeChatOpenId, openid) });

    private sealed record Row
    {
        public required string Id { get; init; }
        public required string OpenidSealed { get; init; }
    }
}
