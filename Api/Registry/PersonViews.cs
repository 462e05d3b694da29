using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Api.Registry;

/// <summary>Somebody whom the public can book.</summary>
/// <param name="Id">Also the <c>resourceId</c> of <c>GET /v1/slots</c>.</param>
/// <param name="Languages">As people call them.</param>
/// <param name="PractisingSince">Year.</param>
/// <param name="Places">Where they sit, in the order of the tree.</param>
/// <param name="Metres">To the nearest of the places, in a straight line; null unless <c>near</c> was given.</param>
/// <param name="NextFreeAt">The first start that can be booked in the next 31 days; null when there is none.</param>
public sealed record PersonView(
    string Id, string Name, string? Title, IReadOnlyList<PersonRoleView> Roles, IReadOnlyList<SpecialityView> Specialities, IReadOnlyList<string> Languages, string? Introduction,
    int? PractisingSince, IReadOnlyList<SeatView> Places, int? Metres, DateTimeOffset? NextFreeAt)
{
    public static PersonView Of(PersonRow p, IReadOnlyDictionary<string, string> groups, double? metres, DateTimeOffset? nextFreeAt) => new(
        p.Id, p.Name, p.Title, [.. p.Roles.Select(r => new PersonRoleView(r, r.Label()))], [.. Words(p.Specialities).Select(c => new SpecialityView(c, groups.GetValueOrDefault(c, c)))],
        Words(p.Languages), p.Introduction, p.PractisingSince, [.. p.Places.Select(SeatView.Of)], metres is { } far ? (int)Math.Round(far) : null, nextFreeAt);

    /// <summary>Names of the groups of legal matters, which specialities are.</summary>
    internal static async Task<IReadOnlyDictionary<string, string>> GroupsAsync(CodeQueries codes, CancellationToken cancel) =>
        (await codes.CategoriesAsync(cancel)).Where(c => c.ParentCode is null).ToDictionary(c => c.Code, c => c.Name);

    private static string[] Words(string? joined) => (joined ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

public sealed record PersonRoleView(Role Role, string Text);

/// <summary>A group of legal matters.</summary>
public sealed record SpecialityView(string Code, string Name);

/// <summary>Where somebody sits.</summary>
/// <param name="Latitude">GCJ-02, degrees; null where no position is registered.</param>
public sealed record SeatView(string OrganisationId, string Name, string? Address, string? Phone, double? Latitude, double? Longitude)
{
    public static SeatView Of(PersonPlaceRow p) => new(p.OrganisationId, p.Name, p.Address, p.Phone, p.Latitude / 1e6, p.Longitude / 1e6);
}
