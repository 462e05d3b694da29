using MicroPlatform.Domain.Registry;
using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Api.Registry;

/// <summary>A unit as its administrator sees it.</summary>
/// <param name="Depth">Level counted from the root, which is 1.</param>
/// <param name="RegionName">Null where the region is not in the table.</param>
/// <param name="Latitude">GCJ-02, degrees; null where no position is registered.</param>
/// <param name="OpeningHours">As people read it.</param>
/// <param name="AreaKind">City: near means half an hour; village: one hour.</param>
/// <param name="TakesConsultations">Whether questions from its region come to it.</param>
/// <param name="Version">Give it back in <c>If-Match</c> when changing.</param>
public sealed record OrganisationView(
    string Id, string? ParentId, string? ParentName, int Depth, OrganisationKind Kind, string KindText, string Name, string RegionCode, string? RegionName, string? Phone, string? Address,
    double? Latitude, double? Longitude, string? OpeningHours, bool IsServicePoint, AreaKind? AreaKind, string? AreaKindText, bool TakesConsultations, bool Active, int Version)
{
    public static OrganisationView Of(OrganisationRow o)
    {
        var kind = OrganisationKinds.Parse(o.Kind);
        return new OrganisationView(
            o.Id, o.ParentId, o.ParentName, Organisation.DepthOf(o.Path), kind, kind.Label(), o.Name, o.RegionCode, o.RegionName, o.Phone, o.Address, o.Latitude / 1e6, o.Longitude / 1e6,
            o.OpeningHours, o.IsServicePoint, o.AreaKind, o.AreaKind?.Label(), o.TakesConsultations, o.Active, o.Version);
    }
}

/// <summary>What a change did, or with <c>validateOnly=true</c> would do.</summary>
/// <param name="ValidateOnly">True: nothing was changed.</param>
/// <param name="UnitsMoved">Units that hang elsewhere now, the one moved included.</param>
/// <param name="ResourcesWithoutHours">People and desks whose hours in the unit ended with it.</param>
public sealed record OrganisationChange(OrganisationView Organisation, bool ValidateOnly, int UnitsMoved, int ResourcesWithoutHours);
