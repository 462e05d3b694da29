using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Registry;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Registry;

/// <summary>Hangs a unit with everything below it under another parent. Whoever's scope was the old parent loses sight of it, whoever's is the new one gains it.</summary>
public static class MoveOrganisation
{
    /// <param name="ParentId">Null makes it a root.</param>
    public sealed record Request([property: MaxLength(Id.Length)] string? ParentId);

    public static Task<IResult> Handle(string id, Request request, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, AvailabilityProjection availability) =>
        runs.RunAsync<OrganisationChange>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            var version = IfMatch.Version(http);
            if (version.IsRefused) return version.Refusal!;
            var moved = await CarryOutAsync(tx, user.Actor, id, version.Value, request.ParentId, availability);
            return moved.IsRefused ? moved.Refusal! : await WriteOrganisation.ReplyAsync(tx, id, validateOnly, moved.Value);
        });

    /// <returns>How many units hang elsewhere now.</returns>
    internal static async Task<Outcome<int>> CarryOutAsync(UnitOfWork tx, Actor actor, string id, int version, string? parentId, AvailabilityProjection availability)
    {
        var unit = await WriteOrganisation.OpenAsync(tx, version, id);
        if (unit.IsRefused) return unit.Refusal!;
        var parent = await OrganisationRepository.FindAsync(tx, parentId);
        if (parentId is not null && parent is null) return RegistryRefusals.ParentUnknown.At("parentId", "没有这个机构");
        var deepest = (await OrganisationRepository.PathsBelowAsync(tx, unit.Value.Path)).Max(Organisation.DepthOf);
        var moved = unit.Value.Move(parent, deepest - unit.Value.Depth + 1);
        if (moved.IsRefused) return moved.Refusal!;
        var units = await OrganisationRepository.MoveAsync(tx, unit.Value.Path, moved.Value);
        var resources = await OrganisationRepository.RaiseResourcesBelowAsync(tx, moved.Value.Path);
        if (resources.Count > 0) tx.AfterCommit(() => availability.RefreshAsync(resources, tx.Now.DateInChina(), AvailabilityProjection.Days, CancellationToken.None));
        await tx.AuditAsync(actor, "organisations.move", "organisation", id, $"{unit.Value.ParentId} -> {moved.Value.ParentId}");
        return units;
    }
}
