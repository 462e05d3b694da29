using MicroPlatform.Api.Identity;
using MicroPlatform.Api.Materials;
using MicroPlatform.Api.Matters;
using MicroPlatform.Api.Registry;
using MicroPlatform.Domain.Administration;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Materials;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Administration;

/// <summary>What is called what, and in which version it is now; null where there is no such thing.</summary>
public sealed record ActSubject(string Name, int? Version);

/// <summary>How an act is carried out: by the use case that the direct route runs.</summary>
/// <param name="FindAsync">The thing as it is now.</param>
/// <param name="DoAsync">Writes before it reads.</param>
/// <param name="UndoAsync">Null where it cannot be taken back.</param>
public sealed record ActSteps(
    Func<UnitOfWork, string, Task<ActSubject?>> FindAsync, Func<UnitOfWork, Actor, Approval, Task<Refusal?>> DoAsync, Func<UnitOfWork, Actor, Approval, Task<Refusal?>>? UndoAsync);

/// <summary>The list of acts that need a second administrator: a few lines each.</summary>
public sealed class ApprovableActs(
    CategoryRepository categories, StaffAccountRepository accounts, SessionRepository sessions, AvailabilityProjection availability, MaterialRepository materials, Erasures erasures)
{
    public ActSteps Of(ApprovableAct act) => act switch
    {
        ApprovableAct.CloseOrganisation => new(
            async (tx, id) => await OrganisationRepository.FindAsync(tx, id) is { } unit ? new(unit.Facts.Name, unit.Version) : null,
            async (tx, by, a) => (await CloseOrganisation.CarryOutAsync(tx, by, a.SubjectId, a.SubjectVersion!.Value, availability)).Refusal,
            async (tx, by, a) =>
            {
                await OrganisationRepository.LockTreeAsync(tx);
                return (await CloseOrganisation.CarryOutReopenAsync(tx, by, a.SubjectId, (await OrganisationRepository.FindAsync(tx, a.SubjectId))!.Version)).Refusal;
            }),
        ApprovableAct.DisableAccount => new(
            AccountAsync,
            async (tx, by, a) => (await DisableStaffAccount.CarryOutAsync(tx, by, a.SubjectId, accounts, sessions, availability)).Refusal,
            async (tx, by, a) => (await EnableStaffAccount.CarryOutAsync(tx, by, a.SubjectId, accounts, availability)).Refusal),
        ApprovableAct.ResetTotp => new(
            AccountAsync,
            async (tx, by, a) => (await ResetStaffTotp.CarryOutAsync(tx, by, a.SubjectId, accounts, sessions)).Refusal,
            null),
        ApprovableAct.DeactivateCategory => new(
            async (tx, code) => await categories.FindAsync(tx, code) is { } category ? new(category.Name, category.Version) : null,
            async (tx, by, a) => (await WriteCategory.CarryOutDeactivateAsync(tx, by, a.SubjectId, a.SubjectVersion!.Value, categories)).Refusal,
            async (tx, by, a) => (await WriteCategory.CarryOutActivateAsync(tx, by, a.SubjectId, (await categories.FindAsync(tx, a.SubjectId))!.Version, categories)).Refusal),
        ApprovableAct.DestroyMaterial => new(
            // Its name is the citizen's; the kind of file says enough.
            async (tx, id) => Id.IsWellFormed(id) && await MaterialQueries.FindAsync(tx, id) is { } material ? new(material.Type.Label(), null) : null,
            async (tx, by, a) => (await Quarantine.CarryOutDestroyAsync(tx, by, a.SubjectId, materials, erasures)).Refusal,
            null),
        _ => throw new ArgumentOutOfRangeException(nameof(act)),
    };

    private async Task<ActSubject?> AccountAsync(UnitOfWork tx, string id) => Id.IsWellFormed(id) && await accounts.FindAsync(tx, id) is { } account ? new(account.Name, null) : null;
}
