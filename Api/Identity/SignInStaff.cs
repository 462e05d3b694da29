using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Identity;

/// <summary>
/// A staff member signs in with user name, password and the code of an authenticator app. A right password with something missing is
/// refused with a code that says what, and where the person can mend it, with a token good for that step only. A user name that does not
/// exist is counted, locked and timed like one that does.
/// </summary>
public static class SignInStaff
{
    /// <param name="Code">Six digits; may be left out until asked for (<c>totp_required</c>).</param>
    public sealed record Request(
        [property: Required, MaxLength(64)] string? UserName, [property: Required, MaxLength(PasswordRules.MaxLength)] string? Password, [property: MaxLength(12)] string? Code);

    public sealed record Response(TokensView Tokens, MeView User);

    public static async Task<IResult> Handle(
        Request request, HttpContext http, Database database, ThrottleRepository throttles, StaffAccountRepository accounts, PasswordGate passwords, SessionRepository sessions,
        StepTokens steps)
    {
        var (userName, address) = (UserName.Normalise(request.UserName), http.Connection.RemoteIpAddress);
        var begun = await database.WriteAsync<StaffAccount?>(async tx =>
            await throttles.CountAsync(tx, userName, address) is { } locked ? locked : await accounts.FindByUserNameAsync(tx, userName), http.RequestAborted);
        if (begun.IsRefused) return begun.Refusal!.ToResult();

        var check = await passwords.VerifyAsync(request.Password!, begun.Value?.PasswordHash, http.RequestAborted);
        if (check == PasswordCheck.Wrong || begun.Value is not { Active: true } account)
        {
            if (begun.Value is { } known) await database.WriteAlwaysAsync(async tx => { await AuditFailureAsync(tx, known, "password"); return true; }, http.RequestAborted);
            return IdentityRefusals.CredentialsInvalid.ToResult();
        }
        var rehashed = check == PasswordCheck.RightNeedsRehash ? await passwords.HashAsync(request.Password!, http.RequestAborted) : null;

        var outcome = await database.WriteAsync<(Refusal? Lacks, SignInStep? Step, TokenPair? Pair)>(async tx =>
        {
            var lacks = account.Lacks(request.Code, tx.Now, out var usedStep, out var step);
            if (usedStep is { } used && !await StaffAccountRepository.UseTotpStepAsync(tx, account, used)) lacks = IdentityRefusals.TotpInvalid;
            if (lacks == IdentityRefusals.TotpInvalid)
            {
                await AuditFailureAsync(tx, account, "totp");
                return (lacks, null, null);
            }
            await throttles.GiveBackAsync(tx, userName, address);
            if (rehashed is not null) await StaffAccountRepository.RehashAsync(tx, account, rehashed);
            if (lacks is not null) return (lacks, step, null);
            if (account.Roles.Count == 0) return (IdentityRefusals.NoPost, null, null);
            var pair = await sessions.OpenAsync(tx, ActorKind.Staff, account.Id, account.Roles, http.Client());
            await tx.AuditAsync(Actor.Staff(account.Id), "identity.sign_in", "staff", account.Id);
            return (null, null, pair);
        }, http.RequestAborted);
        if (outcome.IsRefused) return outcome.Refusal!.ToResult();
        var (missing, next, tokens) = outcome.Value;
        if (missing is not null) return (next is { } step ? steps.With(missing, account, step) : missing).ToResult();
        return Replies.Of(new Response(TokensView.Of(tokens!), MeView.Of(account)));
    }

    private static Task AuditFailureAsync(UnitOfWork tx, StaffAccount account, string what) =>
        tx.AuditAsync(Actor.System, "identity.sign_in_failed", "staff", account.Id, what);
}
