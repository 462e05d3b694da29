using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Identity;

/// <summary>The phone with the authenticator is lost: the next sign-in enrols a new one.</summary>
public static class ResetStaffTotp
{
    public static async Task<IResult> Handle(
        string id, CurrentUser user, HttpContext http, Database database, StaffAccountRepository accounts, StaffAccountQueries queries, SessionRepository sessions) =>
        (await database.WriteAsync<StaffAccountView>(async tx =>
        {
            if (!Id.IsWellFormed(id) || await accounts.FindAsync(tx, id) is not { } account) return CommonRefusals.NotFound;
            await StaffAccountRepository.ResetTotpAsync(tx, account);
            await sessions.EndAllAsync(tx, id, SessionEnd.CredentialsChanged);
            await tx.AuditAsync(user.Actor, "identity.reset_totp", "staff", id);
            return await StaffAccountView.ReadAsync(tx, queries, id);
        }, http.RequestAborted)).ToReply();
}

/// <summary>Nobody signs in with the account any more; its sessions end. Never the last administrator.</summary>
public static class DisableStaffAccount
{
    public static async Task<IResult> Handle(
        string id, CurrentUser user, HttpContext http, Database database, StaffAccountRepository accounts, StaffAccountQueries queries, SessionRepository sessions, AvailabilityProjection availability) =>
        (await database.WriteAsync<StaffAccountView>(async tx =>
        {
            // First in the transaction, before anything is read: see there.
            var others = await StaffAccountRepository.AnotherAdministratorAsync(tx, id);
            if (!Id.IsWellFormed(id) || await accounts.FindAsync(tx, id) is not { } account) return CommonRefusals.NotFound;
            if (account.Roles.Contains(Role.Administrator) && !others) return IdentityRefusals.LastAdministrator;
            await StaffAccountRepository.SetActiveAsync(tx, account, false);
            await availability.PersonChangedAsync(tx, id);
            await sessions.EndAllAsync(tx, id, SessionEnd.AccountDisabled);
            await tx.AuditAsync(user.Actor, "identity.disable_account", "staff", id);
            return await StaffAccountView.ReadAsync(tx, queries, id);
        }, http.RequestAborted)).ToReply();
}

public static class EnableStaffAccount
{
    public static async Task<IResult> Handle(
        string id, CurrentUser user, HttpContext http, Database database, StaffAccountRepository accounts, StaffAccountQueries queries, AvailabilityProjection availability) =>
        (await database.WriteAsync<StaffAccountView>(async tx =>
        {
            if (!Id.IsWellFormed(id) || await accounts.FindAsync(tx, id) is not { } account) return CommonRefusals.NotFound;
            await StaffAccountRepository.SetActiveAsync(tx, account, true);
            await availability.PersonChangedAsync(tx, id);
            await tx.AuditAsync(user.Actor, "identity.enable_account", "staff", id);
            return await StaffAccountView.ReadAsync(tx, queries, id);
        }, http.RequestAborted)).ToReply();
}

/// <summary>Lifts a lock-out before its time. Locks of an address run out by themselves.</summary>
public static class UnlockStaffAccount
{
    public static async Task<IResult> Handle(
        string id, CurrentUser user, HttpContext http, Database database, StaffAccountRepository accounts, StaffAccountQueries queries, ThrottleRepository throttles) =>
        (await database.WriteAsync<StaffAccountView>(async tx =>
        {
            if (!Id.IsWellFormed(id) || await accounts.FindAsync(tx, id) is not { } account) return CommonRefusals.NotFound;
            await throttles.UnlockAsync(tx, account.UserName);
            await tx.AuditAsync(user.Actor, "identity.unlock_account", "staff", id);
            return await StaffAccountView.ReadAsync(tx, queries, id);
        }, http.RequestAborted)).ToReply();
}
