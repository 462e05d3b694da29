using Dapper;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>
/// What is asked about an order before any time is taken, in one trip to the server. The citizen's row was written first thing on every path, so two bookings
/// of one person follow one another and this sees the other.
/// </summary>
/// <param name="Service">By the code given; null when there is none.</param>
/// <param name="Category">By the code given, when it can be chosen.</param>
/// <param name="Region">By the code given, when it can be chosen.</param>
/// <param name="Ahead">Appointments that the citizen has ahead or is in.</param>
/// <param name="NoShows">Absences of late.</param>
/// <param name="Waits">The citizen has a place on a waiting list.</param>
/// <param name="Resources">Those asked about that there are, by id.</param>
public sealed record BookingFacts(
    ServiceKind? Service, CodeRow? Category, CodeRow? Region, IReadOnlyList<OwnTime> Ahead, int NoShows, bool Waits, IReadOnlyDictionary<string, ResourceRow> Resources)
{
    /// <param name="missedSince">What counts as of late.</param>
    public static async Task<BookingFacts> ReadAsync(
        UnitOfWork tx, string citizenId, string? serviceCode, string? categoryCode, string? regionCode, IReadOnlyList<string> resourceIds, DateTimeOffset missedSince)
    {
        await using var answers = await tx.QueryMultipleAsync($"""
            {ServiceRepository.ByCode};
            {MatterCodes.CategoryByCode};
            {MatterCodes.RegionByCode};
            {AppointmentQueries.Ahead};
            {AppointmentQueries.NoShows};
            {WaitlistRepository.OpenPlaces};
            {AppointmentQueries.Resources}
            """, new { citizenId, serviceCode, categoryCode, regionCode, resourceIds, since = missedSince, tx.Now });
        return new BookingFacts(
            await ServiceRepository.ReadAsync(answers), await answers.ReadFirstOrDefaultAsync<CodeRow>(), await answers.ReadFirstOrDefaultAsync<CodeRow>(),
            (await answers.ReadAsync<OwnTime>()).AsList(), await answers.ReadFirstAsync<int>(), await answers.ReadFirstAsync<int>() > 0,
            (await answers.ReadAsync<ResourceRow>()).ToDictionary(r => r.Id));
    }
}
