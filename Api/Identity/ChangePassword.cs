using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Identity;

/// <summary>A signed-in staff member changes the password. Every other session of theirs ends.</summary>
public static class ChangePassword
{
    public sealed record Request(
        [property: Required, MaxLength(PasswordRules.MaxLength)] string? CurrentPassword, [property: Required, MaxLength(PasswordRules.MaxLength)] string? NewPassword);

    public static async Task<IResult> Handle(
        Request request, CurrentUser user, HttpContext http, Database database, StaffAccountRepository accounts, ThrottleRepository throttles, PasswordGate passwords, SessionRepository sessions)
    {
        var address = http.Connection.RemoteIpAddress;
        // Counted like a sign-in: a stolen token must not serve to try out the password.
        var begun = await database.WriteAsync<StaffAccount>(async tx =>
        {
            if (await accounts.FindAsync(tx, user.Id) is not { Active: true } account) return IdentityRefusals.SessionRevoked;
            return await throttles.CountAsync(tx, account.UserName, address) is { } locked ? locked : account;
        }, http.RequestAborted);
        if (begun.IsRefused) return begun.Refusal!.ToResult();
        var account = begun.Value;
        if (await passwords.VerifyAsync(request.CurrentPassword!, account.PasswordHash, http.RequestAborted) == PasswordCheck.Wrong)
            return IdentityRefusals.PasswordWrong.At("currentPassword", "原密码错误").ToResult();
        if (await ChangeFirstPassword.ProblemAsync(account, request.NewPassword!, passwords, http.RequestAborted) is { } problem) return problem.ToResult();
        var hash = await passwords.HashAsync(request.NewPassword!, http.RequestAborted);
        return (await database.WriteAsync<SignedOut>(async tx =>
        {
            await throttles.GiveBackAsync(tx, account.UserName, address);
            await StaffAccountRepository.SetPasswordAsync(tx, account, hash, temporary: false);
            var ended = await sessions.EndAllAsync(tx, account.Id, SessionEnd.CredentialsChanged, exceptSessionId: user.SessionId);
            await tx.AuditAsync(user.Actor, "identity.change_password", "staff", account.Id);
            return new SignedOut(ended);
        }, http.RequestAborted)).ToReply();
    }
}
