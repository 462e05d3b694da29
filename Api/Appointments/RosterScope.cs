using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Appointments;

/// <summary>Who may change which roster. What the caller does not cover is not there; what they cover and do not direct is forbidden.</summary>
internal static class RosterScope
{
    /// <summary>A unit the caller directs.</summary>
    public static async Task<Outcome<UnitRow>> UnitAsync(UnitOfWork tx, CurrentUser user, string? organisationId)
    {
        var scope = await RegistryQueries.ScopeAsync(tx, user.Id);
        if (!Id.IsWellFormed(organisationId) || await RegistryQueries.UnitAsync(tx, organisationId!) is not { } unit || !scope.Covers(unit.Path)) return CommonRefusals.NotFound;
        return scope.Directs(unit.Path) ? unit : CommonRefusals.Forbidden;
    }

    /// <summary>A resource whose unit the caller directs, or that has hours from today on in a unit they direct.</summary>
    public static async Task<Outcome<BookableResource>> ResourceAsync(UnitOfWork tx, CurrentUser user, string? resourceId)
    {
        if (!Id.IsWellFormed(resourceId) || await ResourceRepository.FindAsync(tx, resourceId!) is not { } resource) return CommonRefusals.NotFound;
        var scope = await RegistryQueries.ScopeAsync(tx, user.Id);
        if (scope.Directs(resource.Path)) return resource;
        var covers = scope.Covers(resource.Path) || resource.StaffId == user.Id;
        foreach (var unit in (await HoursRepository.OfAsync(tx, resource, tx.Now.DateInChina())).Hours.Select(h => h.OrganisationId).Distinct())
        {
            var path = await RegistryQueries.PathAsync(tx, unit);
            if (scope.Directs(path)) return resource;
            covers |= scope.Covers(path);
        }
        return covers ? CommonRefusals.Forbidden : CommonRefusals.NotFound;
    }

    /// <summary>The same outside a transaction, for reading: own, or covered.</summary>
    public static async Task<bool> MaySeeAsync(BookableResource resource, CurrentUser user, RegistryQueries registry, CancellationToken cancel) =>
        resource.StaffId == user.Id || (await registry.ScopeAsync(user.Id, cancel)).Covers(resource.Path);
}
