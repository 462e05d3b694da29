using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Identity;

/// <summary>The first code from the new second factor: it counts from now on, and the person is signed in.</summary>
public static class ConfirmTotp
{
    public sealed record Request([property: Required, MaxLength(2048)] string? StepToken, [property: Required, MaxLength(12)] string? Code);

    public static async Task<IResult> Handle(Request request, HttpContext http, Database database, StaffAccountRepository accounts, ThrottleRepository throttles, SessionRepository sessions, StepTokens steps)
    {
        if (await steps.ReadAsync(request.StepToken, SignInStep.EnrolTotp) is not { } claims) return IdentityRefusals.StepTokenInvalid.ToResult();
        var outcome = await database.WriteAsync<(Refusal? Refusal, SignInStaff.Response? Response)>(async tx =>
        {
            if (await accounts.FindAsync(tx, claims.Subject) is not { Active: true } account || account.Version != claims.CredentialVersion) return IdentityRefusals.StepTokenInvalid;
            if (await throttles.CountAsync(tx, account.UserName, http.Connection.RemoteIpAddress) is { } locked) return locked;
            // Nothing was shown yet: the client has left a step out.
            if (await accounts.PendingTotpAsync(tx, account.Id) is not { } secret) return IdentityRefusals.StepTokenInvalid;
            if (Totp.Match(secret, request.Code, tx.Now, 0) is not { } step) return (IdentityRefusals.TotpInvalid, null);
            if (account.Roles.Count == 0) return IdentityRefusals.NoPost;
            await throttles.GiveBackAsync(tx, account.UserName, http.Connection.RemoteIpAddress);
            await accounts.ConfirmTotpAsync(tx, account, secret, step);
            var pair = await sessions.OpenAsync(tx, ActorKind.Staff, account.Id, account.Roles, http.Client());
            await tx.AuditAsync(Actor.Staff(account.Id), "identity.confirm_totp", "staff", account.Id);
            return (null, new SignInStaff.Response(TokensView.Of(pair), MeView.Of((await accounts.FindAsync(tx, account.Id))!)));
        }, http.RequestAborted);
        // A wrong code is counted, so its transaction is kept although the answer is a refusal.
        var refusal = outcome.Refusal ?? outcome.Value.Refusal;
        return refusal is not null ? refusal.ToResult() : Replies.Of(outcome.Value.Response!);
    }
}
