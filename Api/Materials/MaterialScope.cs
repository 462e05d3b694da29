using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Materials;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Materials;

/// <summary>Which materials staff may see: those on matters of their units and below, on matters they are responsible for, and on those offered to their units for transfer.</summary>
public sealed class MaterialScope(MaterialQueries queries, RegistryQueries registry, TransferQueries transfers, MatterRepository matters)
{
    /// <summary>The versions that were handed in on matters of theirs; empty: none of their business.</summary>
    public async Task<IReadOnlyList<int>> VersionsForAsync(string staffId, string materialId, CancellationToken cancel)
    {
        var scope = await registry.ScopeAsync(staffId, cancel);
        var versions = new List<int>();
        foreach (var use in await queries.UsedOnAsync(materialId, cancel))
            if (use.HandlerId == staffId || scope.Covers(use.Path) || (await transfers.OpenOfAsync(use.MatterId, cancel) is { } open && scope.Covers(open.ToPath)))
                versions.Add(use.MaterialVersion);
        return versions;
    }

    /// <summary>A matter that a staff member may work on, and whether they direct its unit. Null: not there, or out of scope.</summary>
    public async Task<(Matter Matter, bool Directs)?> MatterForAsync(UnitOfWork tx, string matterId, CurrentUser user)
    {
        if (!Domain.Common.Id.IsWellFormed(matterId) || await matters.FindAsync(tx, matterId) is not { } matter) return null;
        var scope = await RegistryQueries.ScopeAsync(tx, user.Id);
        var path = await RegistryQueries.PathAsync(tx, matter.OrganisationId);
        return matter.HandlerId == user.Id || scope.Covers(path) ? (matter, scope.Directs(path)) : null;
    }
}
