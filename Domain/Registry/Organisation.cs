using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Registry;

/// <summary>What an administrator writes about a unit.</summary>
/// <param name="RegionCode">GB/T 2260 and GB/T 10114: the district, town or village it is for.</param>
/// <param name="OpeningHours">As people read it; bookable hours stand in the rosters.</param>
public sealed record OrganisationFacts(
    OrganisationKind Kind, string Name, string RegionCode, string? Phone, string? Address, Position? Position, string? OpeningHours, bool IsServicePoint, AreaKind? AreaKind,
    bool TakesConsultations);

/// <summary>A unit of the tree.</summary>
/// <param name="Path"><c>/id/id/…/</c> from the root to the unit itself.</param>
public sealed record Organisation(string Id, string? ParentId, string Path, OrganisationFacts Facts, bool Active, int Version)
{
    public const int MaxName = 100;
    public const int MaxAddress = 200;
    public const int MaxOpeningHours = 200;
    public const string PhonePattern = "^[0-9][0-9 -]{2,29}$";

    /// <summary>As many as a path of 250 characters holds.</summary>
    public const int MostLevels = 9;

    /// <summary>1 for a root.</summary>
    public int Depth => DepthOf(Path);

    public static int DepthOf(string path) => path.Count(c => c == '/') - 1;

    /// <param name="parent">Null for a root.</param>
    public static Outcome<Organisation> Add(string id, Organisation? parent, OrganisationFacts facts)
    {
        if (Hangs(facts.Kind, parent, 1) is { } no) return no;
        return new Organisation(id, parent?.Id, $"{parent?.Path ?? "/"}{id}/", facts, Active: true, Version: 1);
    }

    /// <param name="parent">Where it hangs.</param>
    /// <param name="children">Kinds of what hangs under it.</param>
    public Outcome<Organisation> Edit(OrganisationFacts facts, Organisation? parent, IEnumerable<OrganisationKind> children)
    {
        if (facts.Kind != Facts.Kind && (Above(facts.Kind, parent?.Facts.Kind) || children.Any(c => Above(c, facts.Kind)))) return RegistryRefusals.LevelUpsideDown;
        return this with { Facts = facts };
    }

    /// <param name="parent">Null makes it a root.</param>
    /// <param name="levels">Levels that it and what hangs under it take, 1 or more.</param>
    public Outcome<Organisation> Move(Organisation? parent, int levels)
    {
        if (parent is not null && parent.Path.StartsWith(Path, StringComparison.Ordinal)) return RegistryRefusals.Cycle;
        if (Hangs(Facts.Kind, parent, levels) is { } no) return no;
        return this with { ParentId = parent?.Id, Path = $"{parent?.Path ?? "/"}{Id}/" };
    }

    /// <summary>Nothing may be left behind in a closed unit.</summary>
    /// <param name="bookings">Appointments ahead that are held here.</param>
    public Outcome<Organisation> Close(bool people, bool activeChildren, bool bookings)
    {
        if (!Active) return RegistryRefusals.AlreadyClosed;
        if (people) return RegistryRefusals.HasPeople;
        if (activeChildren) return RegistryRefusals.HasChildren;
        if (bookings) return RegistryRefusals.HasBookings;
        return this with { Active = false };
    }

    public Outcome<Organisation> Reopen(Organisation? parent)
    {
        if (Active) return RegistryRefusals.NotClosed;
        if (parent is { Active: false }) return RegistryRefusals.ParentClosed;
        return this with { Active = true };
    }

    private static Refusal? Hangs(OrganisationKind kind, Organisation? parent, int levels)
    {
        if (parent is { Active: false }) return RegistryRefusals.ParentClosed;
        if ((parent?.Depth ?? 0) + levels > MostLevels) return RegistryRefusals.TooDeep;
        return Above(kind, parent?.Facts.Kind) ? RegistryRefusals.LevelUpsideDown : null;
    }

    /// <summary>Whether the lower one would stand above the upper one: a bureau under a village.</summary>
    private static bool Above(OrganisationKind lower, OrganisationKind? upper) => lower.Level() is { } below && upper?.Level() is { } over && below < over;
}
