using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
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
/// <param name="Resources">Those asked about that there are, by id.</param>
/// <param name="Look">The day wanted, where one resource is asked about.</param>
public sealed record BookingFacts(ServiceKind? Service, CodeRow? Category, CodeRow? Region, Booker Booker, IReadOnlyDictionary<string, ResourceRow> Resources, DayLook? Look)
{
    /// <param name="missedSince">What counts as of late.</param>
    public static async Task<BookingFacts> ReadAsync(
        UnitOfWork tx, string citizenId, string? serviceCode, DateTimeOffset startsAt, string? categoryCode, string? regionCode, IReadOnlyList<string> resourceIds, DateTimeOffset missedSince)
    {
        var (day, one) = (startsAt.DateInChina(), resourceIds.Count == 1 ? resourceIds[0] : null);
        // What is one value each comes in one row: a server answers every statement by itself, and each answer wakes us up.
        await using var answers = await tx.QueryMultipleAsync($"""
            SELECT {ServiceRepository.Columns}, c.code AS category_code, c.name AS category_name, r.code AS region_code, r.name AS region_name,
                   (SELECT COUNT(*) {AppointmentQueries.Ahead}) AS ahead,
                   (SELECT COUNT(*) {AppointmentQueries.Ahead} AND starts_at < @startsAt + (60000 * v.duration_minutes) AND @startsAt < ends_at) AS meeting,
                   ({AppointmentQueries.NoShows}) AS no_shows, ({WaitlistRepository.OpenPlaces}) AS places
            FROM (SELECT 1 AS one) AS asked
            LEFT JOIN appointment_services v ON v.code = @serviceCode
            LEFT JOIN categories c ON c.code = @categoryCode AND c.active = 1
            LEFT JOIN regions r ON r.code = @regionCode AND r.active = 1;
            {AppointmentQueries.Resources}{(one is null ? "" : $"; {DayReading.Look}")}
            """, new
        {
            citizenId, serviceCode, startsAt, categoryCode, regionCode, resourceIds, since = missedSince, tx.Now, resourceId = one, midnight = Raster.At(day, 0), end = Raster.At(day.AddDays(1), 0),
        });
        var values = await answers.ReadFirstAsync<Values>();
        var resources = AppointmentQueries.ReadResources(answers).ToDictionary(r => r.Id);
        return new BookingFacts(
            values.Code is null ? null : values.ToService(), CodeOf(values.CategoryCode, values.CategoryName), CodeOf(values.RegionCode, values.RegionName),
            new Booker(values.Ahead, values.Meeting > 0, values.NoShows, values.Places > 0), resources, one is null ? null : DayReading.LookOf(answers, one, day));
    }

    private static CodeRow? CodeOf(string? code, string? name) => code is null ? null : new CodeRow { Code = code, Name = name! };

    private sealed record Values : ServiceRepository.Row
    {
        public string? CategoryCode { get; init; }
        public string? CategoryName { get; init; }
        public string? RegionCode { get; init; }
        public string? RegionName { get; init; }
        public int Ahead { get; init; }
        public int Meeting { get; init; }
        public int NoShows { get; init; }
        public int Places { get; init; }
    }
}

/// <summary>What is known of the citizen for whom something is booked.</summary>
/// <param name="Ahead">How many appointments they have ahead, or are in.</param>
/// <param name="IsBusy">One of them meets the time wanted.</param>
/// <param name="NoShows">Absences of late.</param>
/// <param name="Waits">They have a place on a waiting list.</param>
public sealed record Booker(int Ahead, bool IsBusy, int NoShows, bool Waits);
