using System.Data.Common;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Identity;

/// <summary>The caller. Exactly one of <paramref name="Citizen"/> and <paramref name="Staff"/> is given.</summary>
public sealed record MeView(string Id, ActorKind Kind, IReadOnlyList<RoleView> Roles, CitizenView? Citizen, StaffView? Staff)
{
    public static async Task<MeView> OfAsync(DbConnection connection, Citizen citizen, DbTransaction? transaction = null) =>
        new(citizen.Id, ActorKind.Citizen, [RoleView.Of(Role.Citizen)], CitizenView.Of(citizen, await ConsentRepository.HasConsentedAsync(connection, citizen.Id, transaction)), null);

    public static async Task<MeView> OfAsync(UnitOfWork tx, Citizen citizen) => await OfAsync(await tx.ConnectionAsync(), citizen, tx.Transaction);

    public static MeView Of(StaffAccount account) =>
        new(account.Id, ActorKind.Staff, [.. account.Roles.Select(RoleView.Of)], null, new StaffView(account.UserName, account.Name, account.TotpSecret is not null));
}

/// <param name="RoleText">Chinese, to be shown.</param>
public sealed record RoleView(Role Role, string RoleText)
{
    public static RoleView Of(Role role) => new(role, role.Label());
}

/// <param name="Name">In full: it is the caller's own. Null until given.</param>
/// <param name="Phone">Masked, e.g. <c>138****0001</c>; null until bound.</param>
/// <param name="NationalId">Masked; null until given.</param>
/// <param name="NeedPhone">No phone is bound yet: show the phone button.</param>
/// <param name="NeedConsent">The privacy notice in force has not been accepted: show it before anything else.</param>
public sealed record CitizenView(
    string? Name, string? Phone, string? NationalId, string? Address, string? RegionCode, ContactPreference ContactPreference, string ContactPreferenceText,
    bool NeedPhone, bool NeedConsent, DateTimeOffset CreatedAt)
{
    public static CitizenView Of(Citizen c, bool hasConsented) => new(
        c.Name?.Reveal(), c.Phone?.ToString(), c.NationalId?.ToString(), c.Address, c.RegionCode, c.ContactPreference, c.ContactPreference.Label(),
        c.Phone is null, !hasConsented, c.CreatedAt);
}

public sealed record StaffView(string UserName, string Name, bool TotpEnrolled);
