using MicroPlatform.Api.Administration;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Identity;

/// <summary>The phone with the authenticator is lost: the next sign-in enrols a new one. Where there are two administrators, the other one approves it.</summary>
public static class ResetStaffTotp
{
    public static async Task<IResult> Handle(
        string id, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, SecondAdministrator second, StaffAccountRepository accounts, StaffAccountQueries queries,
        SessionRepository sessions) =>
        await second.DemandedAsync(validateOnly, http.RequestAborted) is { } no ? no.ToResult() : await runs.OnceAsync<StaffAccountView>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            var reset = await CarryOutAsync(tx, user.Actor, id, accounts, sessions);
            return reset.IsRefused ? reset.Refusal! : await StaffAccountView.ReadAsync(tx, queries, id);
        });

    internal static async Task<Outcome<Done>> CarryOutAsync(UnitOfWork tx, Actor actor, string id, StaffAccountRepository accounts, SessionRepository sessions)
    {
        if (!Id.IsWellFormed(id) || await accounts.FindAsync(tx, id) is not { } account) return CommonRefusals.NotFound;
        await StaffAccountRepository.ResetTotpAsync(tx, account);
        await sessions.EndAllAsync(tx, id, SessionEnd.CredentialsChanged);
        await tx.AuditAsync(actor, "identity.reset_totp", "staff", id);
        return Done.It;
    }
}

/// <summary>Nobody signs in with the account any more; its sessions end. Never the last administrator. Where there are two, the other one approves it.</summary>
public static class DisableStaffAccount
{
    public static async Task<IResult> Handle(
        string id, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, SecondAdministrator second, StaffAccountRepository accounts, StaffAccountQueries queries,
        SessionRepository sessions, AvailabilityProjection availability) =>
        await second.DemandedAsync(validateOnly, http.RequestAborted) is { } no ? no.ToResult() : await runs.OnceAsync<StaffAccountView>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            var disabled = await CarryOutAsync(tx, user.Actor, id, accounts, sessions, availability);
            return disabled.IsRefused ? disabled.Refusal! : await StaffAccountView.ReadAsync(tx, queries, id);
        });

    internal static async Task<Outcome<Done>> CarryOutAsync(
        UnitOfWork tx, Actor actor, string id, StaffAccountRepository accounts, SessionRepository sessions, AvailabilityProjection availability)
    {
        // First in the transaction, before anything is read: see there.
        var others = await StaffAccountRepository.AnotherAdministratorAsync(tx, id);
        if (!Id.IsWellFormed(id) || await accounts.FindAsync(tx, id) is not { } account) return CommonRefusals.NotFound;
        if (account.Roles.Contains(Role.Administrator) && !others) return IdentityRefusals.LastAdministrator;
        await StaffAccountRepository.SetActiveAsync(tx, account, false);
        await availability.PersonChangedAsync(tx, id);
        await sessions.EndAllAsync(tx, id, SessionEnd.AccountDisabled);
        await tx.AuditAsync(actor, "identity.disable_account", "staff", id);
        return Done.It;
    }
}

public static class EnableStaffAccount
{
    public static Task<IResult> Handle(
        string id, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, StaffAccountRepository accounts, StaffAccountQueries queries, AvailabilityProjection availability) =>
        runs.OnceAsync<StaffAccountView>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            var enabled = await CarryOutAsync(tx, user.Actor, id, accounts, availability);
            return enabled.IsRefused ? enabled.Refusal! : await StaffAccountView.ReadAsync(tx, queries, id);
        });

    internal static async Task<Outcome<Done>> CarryOutAsync(UnitOfWork tx, Actor actor, string id, StaffAccountRepository accounts, AvailabilityProjection availability)
    {
        if (!Id.IsWellFormed(id) || await accounts.FindAsync(tx, id) is not { } account) return CommonRefusals.NotFound;
        await StaffAccountRepository.SetActiveAsync(tx, account, true);
        await availability.PersonChangedAsync(tx, id);
        await tx.AuditAsync(actor, "identity.enable_account", "staff", id);
        return Done.It;
    }
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
