using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Api.Registry;

/// <summary>A duty shift.</summary>
/// <param name="EndsAt">Just after its last instant.</param>
public sealed record ShiftView(
    string Id, string StaffId, string StaffName, string? StaffTitle, IReadOnlyList<string> Specialities, string OrganisationId, string UnitName,
    DateTimeOffset StartsAt, DateTimeOffset EndsAt)
{
    public static ShiftView Of(ShiftRow s) => new(
        s.Id, s.StaffId, s.StaffName, s.StaffTitle, s.Specialities.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        s.OrganisationId, s.OrganisationName, s.StartsAt, s.EndsAt);
}
