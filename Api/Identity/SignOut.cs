using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Identity;

/// <summary>Ends this session: its tokens are refused at once here, and within three seconds on every other node.</summary>
public static class SignOut
{
    public static async Task<IResult> Handle(CurrentUser user, HttpContext http, Database database, SessionRepository sessions) =>
        (await database.WriteAsync<SignedOut>(async tx =>
        {
            var ended = await sessions.EndOwnAsync(tx, user.Id, user.SessionId, SessionEnd.SignedOut);
            await tx.AuditAsync(user.Actor, "identity.sign_out", "session", user.SessionId);
            return new SignedOut(ended ? 1 : 0);
        }, http.RequestAborted)).ToReply();
}

/// <param name="Sessions">How many sessions were ended.</param>
public sealed record SignedOut(int Sessions);
