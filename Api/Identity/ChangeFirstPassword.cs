using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Identity;

/// <summary>Puts a password of one's own in place of the one an administrator gave. Signs in, unless a second factor must be enrolled first.</summary>
public static class ChangeFirstPassword
{
    /// <param name="StepToken">From the refusal <c>password_change_required</c>.</param>
    public sealed record Request([property: Required, MaxLength(2048)] string? StepToken, [property: Required, MaxLength(PasswordRules.MaxLength)] string? NewPassword);

    /// <param name="Tokens">Null while a second factor must be enrolled.</param>
    /// <param name="StepToken">For enrolling it; null when signed in.</param>
    public sealed record Response(TokensView? Tokens, MeView? User, string? StepToken, DateTimeOffset? StepTokenExpiresAt);

    public static async Task<IResult> Handle(
        Request request, HttpContext http, Database database, StaffAccountRepository accounts, PasswordGate passwords, SessionRepository sessions, StepTokens steps)
    {
        if (await steps.ReadAsync(request.StepToken, SignInStep.ChangePassword) is not { } claims) return IdentityRefusals.StepTokenInvalid.ToResult();
        var account = await database.ReadAsync(connection => accounts.FindAsync(connection, claims.Subject), http.RequestAborted);
        if (account is not { Active: true } || account.Version != claims.CredentialVersion) return IdentityRefusals.StepTokenInvalid.ToResult();
        if (await ProblemAsync(account, request.NewPassword!, passwords, http.RequestAborted) is { } problem) return problem.ToResult();
        var hash = await passwords.HashAsync(request.NewPassword!, http.RequestAborted);

        var outcome = await database.WriteAsync<(StaffAccount Account, TokenPair? Pair)>(async tx =>
        {
            if (await accounts.FindAsync(tx, account.Id) is not { Active: true } now || now.Version != account.Version) return IdentityRefusals.StepTokenInvalid;
            await StaffAccountRepository.SetPasswordAsync(tx, now, hash, temporary: false);
            await sessions.EndAllAsync(tx, now.Id, SessionEnd.CredentialsChanged);
            await tx.AuditAsync(Actor.Staff(now.Id), "identity.change_password", "staff", now.Id, "first");
            var changed = (await accounts.FindAsync(tx, now.Id))!;
            return (changed, changed.TotpSecret is null || changed.Roles.Count == 0 ? null : await sessions.OpenAsync(tx, ActorKind.Staff, changed.Id, changed.Roles, http.Client()));
        }, http.RequestAborted);
        if (outcome.IsRefused) return outcome.Refusal!.ToResult();
        var (saved, pair) = outcome.Value;
        if (pair is not null) return Replies.Of(new Response(TokensView.Of(pair), MeView.Of(saved), null, null));
        var (token, expiresAt) = steps.Issue(saved, SignInStep.EnrolTotp);
        return Replies.Of(new Response(null, null, token, expiresAt));
    }

    internal static async Task<Refusal?> ProblemAsync(StaffAccount account, string password, PasswordGate passwords, CancellationToken cancel)
    {
        if (PasswordRules.Problem(password, account.UserName) is { } why) return IdentityRefusals.PasswordWeak.At("newPassword", why);
        return await passwords.VerifyAsync(password, account.PasswordHash, cancel) == PasswordCheck.Wrong ? null : IdentityRefusals.PasswordWeak.At("newPassword", "不能与原密码相同");
    }
}
