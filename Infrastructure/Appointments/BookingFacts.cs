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
        // What is one value each comes in one row: a server answers every statement by itself, and each answer wakes us up.
        await using var answers = await tx.QueryMultipleAsync($"""
            SELECT c.code AS category_code, c.name AS category_name, r.code AS region_code, r.name AS region_name,
                   ({AppointmentQueries.NoShows}) AS no_shows, ({WaitlistRepository.OpenPlaces}) AS places
            FROM (SELECT 1 AS one) AS asked
            LEFT JOIN categories c ON c.code = @categoryCode AND c.active = 1
            LEFT JOIN regions r ON r.code = @regionCode AND r.active = 1;
            {ServiceRepository.ByCode};
            {AppointmentQueries.Ahead};
            {AppointmentQueries.Resources}
            """, new { citizenId, serviceCode, categoryCode, regionCode, resourceIds, since = missedSince, tx.Now });
        var values = await answers.ReadFirstAsync<Values>();
        return new BookingFacts(
            await ServiceRepository.ReadAsync(answers), CodeOf(values.CategoryCode, values.CategoryName), CodeOf(values.RegionCode, values.RegionName),
            (await answers.ReadAsync<OwnTime>()).AsList(), values.NoShows, values.Places > 0, (await answers.ReadAsync<ResourceRow>()).ToDictionary(r => r.Id));
    }

    private static CodeRow? CodeOf(string? code, string? name) => code is null ? null : new CodeRow { Code = code, Name = name! };

    private sealed record Values
    {
        public string? CategoryCode { get; init; }
        public string? CategoryName { get; init; }
        public string? RegionCode { get; init; }
        public string? RegionName { get; init; }
        public int NoShows { get; init; }
        public int Places { get; init; }
    }
}
