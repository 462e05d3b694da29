using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Identity;

/// <summary>Who the caller is, and what is still wanted of them.</summary>
public static class GetMe
{
    public static async Task<IResult> Handle(CurrentUser user, HttpContext http, Database database, CitizenRepository citizens, StaffAccountRepository accounts)
    {
        var me = await database.ReadAsync(async connection => user.Kind switch
        {
            ActorKind.Citizen when await citizens.FindAsync(connection, user.Id) is { RestrictedAt: null } citizen => await MeView.OfAsync(connection, citizen),
            ActorKind.Staff when await accounts.FindAsync(connection, user.Id) is { } account => MeView.Of(account),
            _ => null,
        }, http.RequestAborted);
        return me is null ? IdentityRefusals.SessionRevoked.ToResult() : Replies.Of(me);
    }
}
