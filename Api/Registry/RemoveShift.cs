using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Api.Registry;

/// <summary>Takes a shift that is not over off the roster; answers what it was.</summary>
public static class RemoveShift
{
    public static Task<IResult> Handle(string id, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, RosterRepository rosters) =>
        runs.RunAsync<ShiftView>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            if (!Id.IsWellFormed(id) || await rosters.FindAsync(tx, id) is not { } found) return CommonRefusals.NotFound;
            var scope = await RegistryQueries.ScopeAsync(tx, user.Id);
            var path = await RegistryQueries.PathAsync(tx, found.OrganisationId);
            if (!scope.Covers(path)) return CommonRefusals.NotFound;
            if (!scope.Directs(path)) return CommonRefusals.Forbidden;
            if (found.EndsAt <= tx.Now) return Domain.Registry.RegistryRefusals.ShiftOver;
            var was = ShiftView.Of(await DutyQueries.FindAsync(tx, id));
            var roster = await rosters.LoadAsync(tx, found.StaffId);
            var removed = roster.Remove(id, tx.Now);
            if (removed.IsRefused) return removed.Refusal!;
            await rosters.RemoveAsync(tx, roster, removed.Value);
            await tx.AuditAsync(user.Actor, "duty.remove", "staff", found.StaffId, id);
            return was;
        });
}
