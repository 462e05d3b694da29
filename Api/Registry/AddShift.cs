using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Registry;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Registry;

/// <summary>A clerk or head puts a colleague on duty. No person has two shifts at once, in whatever units.</summary>
public static class AddShift
{
    /// <param name="EndsAt">Later than the beginning, by 24 hours at most.</param>
    public sealed record Request(
        [property: Required, MaxLength(Id.Length)] string? StaffId, [property: Required, MaxLength(Id.Length)] string? OrganisationId,
        [property: Required] DateTimeOffset? StartsAt, [property: Required] DateTimeOffset? EndsAt);

    public static Task<IResult> Handle(Request request, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, RosterRepository rosters) =>
        runs.RunAsync<ShiftView>(http, StatusCodes.Status201Created, validateOnly, async tx =>
        {
            var scope = await RegistryQueries.ScopeAsync(tx, user.Id);
            if (await RegistryQueries.UnitAsync(tx, request.OrganisationId!) is not { } unit || !scope.Covers(unit.Path)) return CommonRefusals.NotFound;
            if (!scope.Directs(unit.Path)) return CommonRefusals.Forbidden;
            var shift = await CarryOutAsync(tx, user.Actor, request.StaffId!, unit, request.StartsAt!.Value, request.EndsAt!.Value, rosters);
            return shift.IsRefused ? shift.Refusal! : ShiftView.Of(await DutyQueries.FindAsync(tx, shift.Value.Id));
        });

    internal static async Task<Outcome<Shift>> CarryOutAsync(
        UnitOfWork tx, Actor actor, string staffId, UnitRow unit, DateTimeOffset startsAt, DateTimeOffset endsAt, RosterRepository rosters)
    {
        if (await RegistryQueries.HandlerAsync(tx, staffId, unit.Path) is not { } person) return RegistryRefusals.NotOfUnit.At("staffId", "该人员不在此单位任职");
        var roster = await rosters.LoadAsync(tx, person.Id);
        var shift = roster.Add(tx.NewId(), unit.Id, startsAt, endsAt, tx.Now);
        if (shift.IsRefused) return shift;
        await rosters.AddAsync(tx, roster, shift.Value);
        await tx.AuditAsync(actor, "duty.add", "staff", person.Id, shift.Value.Id);
        return shift;
    }
}
