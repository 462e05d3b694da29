using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Identity;

/// <summary>Ends every session of the caller, this one included: a phone was lost.</summary>
public static class SignOutEverywhere
{
    public static async Task<IResult> Handle(CurrentUser user, HttpContext http, Database database, SessionRepository sessions) =>
        (await database.WriteAsync<SignedOut>(async tx =>
        {
            var ended = await sessions.EndAllAsync(tx, user.Id, SessionEnd.SignedOutEverywhere);
            await tx.AuditAsync(user.Actor, "identity.sign_out_everywhere", "session", user.SessionId, $"{ended}");
            return new SignedOut(ended);
        }, http.RequestAborted)).ToReply();
}
