using MicroPlatform.Api.Administration;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Registry;

/// <summary>A unit is given up: only when nobody has a post there, nothing hangs under it and nobody has an appointment there. It stays on record and can be opened again.</summary>
public static class CloseOrganisation
{
    public static async Task<IResult> Handle(string id, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, SecondAdministrator second, AvailabilityProjection availability) =>
        await second.DemandedAsync(validateOnly, http.RequestAborted) is { } no ? no.ToResult() : await runs.RunAsync<OrganisationChange>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            var version = IfMatch.Version(http);
            if (version.IsRefused) return version.Refusal!;
            var closed = await CarryOutAsync(tx, user.Actor, id, version.Value, availability);
            return closed.IsRefused ? closed.Refusal! : await WriteOrganisation.ReplyAsync(tx, id, validateOnly, withoutHours: closed.Value);
        });

    public static Task<IResult> ReopenAsync(string id, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs) =>
        runs.RunAsync<OrganisationChange>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            var version = IfMatch.Version(http);
            if (version.IsRefused) return version.Refusal!;
            var reopened = await CarryOutReopenAsync(tx, user.Actor, id, version.Value);
            return reopened.IsRefused ? reopened.Refusal! : await WriteOrganisation.ReplyAsync(tx, id, validateOnly);
        });

    /// <returns>How many people and desks had hours there.</returns>
    internal static async Task<Outcome<int>> CarryOutAsync(UnitOfWork tx, Actor actor, string id, int version, AvailabilityProjection availability)
    {
        var unit = await WriteOrganisation.OpenAsync(tx, version, id, () => OrganisationRepository.RaiseResourcesAsync(tx, id));
        if (unit.IsRefused) return unit.Refusal!;
        var closed = unit.Value.Close(
            await OrganisationRepository.HasPeopleAsync(tx, id), await OrganisationRepository.HasActiveChildrenAsync(tx, id), await OrganisationRepository.HasBookingsAsync(tx, id));
        if (closed.IsRefused) return closed.Refusal!;
        await OrganisationRepository.SaveAsync(tx, closed.Value);
        var resources = await OrganisationRepository.EndHoursAsync(tx, id);
        if (resources.Count > 0) tx.AfterCommit(() => availability.RefreshAsync(resources, tx.Now.DateInChina(), AvailabilityProjection.Days, CancellationToken.None));
        await tx.AuditAsync(actor, "organisations.close", "organisation", id);
        return resources.Count;
    }

    internal static async Task<Outcome<Done>> CarryOutReopenAsync(UnitOfWork tx, Actor actor, string id, int version)
    {
        var unit = await WriteOrganisation.OpenAsync(tx, version, id);
        if (unit.IsRefused) return unit.Refusal!;
        var reopened = unit.Value.Reopen(await OrganisationRepository.FindAsync(tx, unit.Value.ParentId));
        if (reopened.IsRefused) return reopened.Refusal!;
        await OrganisationRepository.SaveAsync(tx, reopened.Value);
        await tx.AuditAsync(actor, "organisations.reopen", "organisation", id);
        return Done.It;
    }
}
