using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Api.Registry;

/// <summary>A unit is given up: only when nobody has a post there, nothing hangs under it and nobody has an appointment there. It stays on record and can be opened again.</summary>
public static class CloseOrganisation
{
    public static Task<IResult> Handle(string id, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, AvailabilityProjection availability) =>
        runs.RunAsync<OrganisationChange>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            var unit = await WriteOrganisation.OpenAsync(tx, http, id, () => OrganisationRepository.RaiseResourcesAsync(tx, id));
            if (unit.IsRefused) return unit.Refusal!;
            var closed = unit.Value.Close(
                await OrganisationRepository.HasPeopleAsync(tx, id), await OrganisationRepository.HasActiveChildrenAsync(tx, id), await OrganisationRepository.HasBookingsAsync(tx, id));
            if (closed.IsRefused) return closed.Refusal!;
            await OrganisationRepository.SaveAsync(tx, closed.Value);
            var resources = await OrganisationRepository.EndHoursAsync(tx, id);
            if (resources.Count > 0) tx.AfterCommit(() => availability.RefreshAsync(resources, tx.Now.DateInChina(), AvailabilityProjection.Days, CancellationToken.None));
            await tx.AuditAsync(user.Actor, "organisations.close", "organisation", id);
            return await WriteOrganisation.ReplyAsync(tx, id, validateOnly, withoutHours: resources.Count);
        });

    public static Task<IResult> ReopenAsync(string id, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs) =>
        runs.RunAsync<OrganisationChange>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            var unit = await WriteOrganisation.OpenAsync(tx, http, id);
            if (unit.IsRefused) return unit.Refusal!;
            var reopened = unit.Value.Reopen(await OrganisationRepository.FindAsync(tx, unit.Value.ParentId));
            if (reopened.IsRefused) return reopened.Refusal!;
            await OrganisationRepository.SaveAsync(tx, reopened.Value);
            await tx.AuditAsync(user.Actor, "organisations.reopen", "organisation", id);
            return await WriteOrganisation.ReplyAsync(tx, id, validateOnly);
        });
}
