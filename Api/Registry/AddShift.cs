using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Registry;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Api.Registry;

/// <summary>A clerk or head puts a colleague on duty. No person has two shifts at once, in whatever units.</summary>
public static class AddShift
{
    /// <param name="EndsAt">Later than the beginning, by 24 hours at most.</param>
    public sealed record Request(
        [property: Required, MaxLength(Id.Length)] string? StaffId, [property: Required, MaxLength(Id.Length)] string? OrganisationId,
        [property: Required] DateTimeOffset? StartsAt, [property: Required] DateTimeOffset? EndsAt);

    public static Task<IResult> Handle(Request request, CurrentUser user, HttpContext http, Idempotency idempotency, RosterRepository rosters) =>
        idempotency.RunAsync<ShiftView>(http, StatusCodes.Status201Created, async tx =>
        {
            var scope = await RegistryQueries.ScopeAsync(tx, user.Id);
            if (await RegistryQueries.UnitAsync(tx, request.OrganisationId!) is not { } unit || !scope.Covers(unit.Path)) return CommonRefusals.NotFound;
            if (!scope.Directs(unit.Path)) return CommonRefusals.Forbidden;
            if (await RegistryQueries.HandlerAsync(tx, request.StaffId!, unit.Path) is not { } person) return RegistryRefusals.NotOfUnit.At("staffId", "该人员不在此单位任职");
            var roster = await rosters.LoadAsync(tx, person.Id);
            var shift = roster.Add(tx.NewId(), unit.Id, request.StartsAt!.Value, request.EndsAt!.Value, tx.Now);
            if (shift.IsRefused) return shift.Refusal!;
            await rosters.AddAsync(tx, roster, shift.Value);
            await tx.AuditAsync(user.Actor, "duty.add", "staff", person.Id, shift.Value.Id);
            return ShiftView.Of(await DutyQueries.FindAsync(tx, shift.Value.Id));
        });
}
