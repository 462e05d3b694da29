using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>
/// What is asked about an order before any time is taken, in one trip to the server. The citizen's row is written first thing on every path, so two bookings
/// of one person follow one another and this sees the other.
/// </summary>
/// <param name="Citizen">Null when there is no such account any more.</param>
/// <param name="Service">By the code given; null when there is none.</param>
/// <param name="Category">By the code given, when it can be chosen.</param>
/// <param name="Region">By the code given, when it can be chosen.</param>
/// <param name="Resources">Those asked about that there are, by id.</param>
/// <param name="Look">The day wanted, where one resource is asked about.</param>
public sealed record BookingFacts(
    CitizenRepository.Engaged? Citizen, ServiceKind? Service, CodeRow? Category, CodeRow? Region, Booker Booker, IReadOnlyDictionary<string, ResourceRow> Resources, DayLook? Look)
{
    /// <param name="engage">The citizen's row has not been written yet, and nothing been read: it is, in the same trip (<see cref="CitizenRepository.EngageAsync"/>).</param>
    /// <param name="missedSince">What counts as of late. No appointment that is ahead began before it.</param>
    public static async Task<BookingFacts> ReadAsync(
        UnitOfWork tx, bool engage, string citizenId, string? serviceCode, DateTimeOffset startsAt, string? categoryCode, string? regionCode, IReadOnlyList<string> resourceIds, DateTimeOffset missedSince)
    {
        var (day, one) = (startsAt.DateInChina(), resourceIds.Count == 1 ? resourceIds[0] : null);
        // What is one value each comes in one row: a server answers every statement by itself, and each answer wakes us up.
        await using var answers = await tx.QueryMultipleAsync($"""
            {(engage ? $"{CitizenRepository.Engage};" : "")}
            SELECT {ServiceRepository.Columns}, c.code AS category_code, c.name AS category_name, r.code AS region_code, r.name AS region_name,
                   z.id AS citizen_id, {CitizenRepository.EngagedColumns},
                   own.ahead, own.meets_at, own.no_shows, ({WaitlistRepository.OpenPlaces}) AS places
            FROM (
                SELECT COUNT(CASE WHEN state <> 'NoShow' AND ends_at > @Now THEN 1 END) AS ahead,
                       MIN(CASE WHEN state <> 'NoShow' AND ends_at > @Now AND ends_at > @startsAt THEN starts_at END) AS meets_at,
                       COUNT(CASE WHEN state = 'NoShow' THEN 1 END) AS no_shows
                FROM appointments WHERE citizen_id = @citizenId AND starts_at > @since AND state IN ('Booked', 'CheckedIn', 'InService', 'NoShow')
            ) AS own
            LEFT JOIN citizens z ON z.id = @citizenId AND z.restricted_at IS NULL
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
        var service = values.Code is null ? null : values.ToService();
        return new BookingFacts(
            values.CitizenId is null ? null : new CitizenRepository.Engaged { Preference = values.Preference, HasPhone = values.HasPhone, HasConsented = values.HasConsented },
            service, CodeOf(values.CategoryCode, values.CategoryName), CodeOf(values.RegionCode, values.RegionName),
            new Booker(values.Ahead, service is not null && values.MeetsAt < startsAt.AddMinutes(service.DurationMinutes), values.NoShows, values.Places > 0), resources, one is null ? null : DayReading.LookOf(answers, one, day));
    }

    private static CodeRow? CodeOf(string? code, string? name) => code is null ? null : new CodeRow { Code = code, Name = name! };

    private sealed record Values : ServiceRepository.Row
    {
        public string? CategoryCode { get; init; }
        public string? CategoryName { get; init; }
        public string? RegionCode { get; init; }
        public string? RegionName { get; init; }
        public string? CitizenId { get; init; }
        public ContactPreference Preference { get; init; }
        public bool HasPhone { get; init; }
        public bool HasConsented { get; init; }
        public int Ahead { get; init; }

        /// <summary>The first of those ahead that ends after the time wanted begins.</summary>
        public DateTimeOffset? MeetsAt { get; init; }
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
