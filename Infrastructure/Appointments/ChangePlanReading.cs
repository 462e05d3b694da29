using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>
/// Reads what a plan of a change is made from, all in the transaction that carries it out. Holds are left out: they come and go by the minute, and
/// with them every plan would be another one.
/// </summary>
public sealed class ChangePlanReading(CalendarStore calendars)
{
    /// <summary>Most colleagues or desks that are asked for a place.</summary>
    private const int MostOthers = 50;

    /// <param name="after">The resource's hours as they would be; none for one that is to be booked no more.</param>
    /// <param name="notice">No citizen is moved to a start nearer than this.</param>
    /// <exception cref="Domain.Clocks.CalendarMissingException">The holidays of a year that matters are not loaded.</exception>
    public async Task<ChangePlan> PlanAsync(UnitOfWork tx, BookableResource resource, ResourceHours after, TimeSpan notice)
    {
        var calendar = await calendars.ReadAsync(tx);
        var broken = (await BookedAsync(tx, resource.Id)).Where(b => !ChangePlanner.Fits(after, b, calendar)).ToList();
        if (broken.Count == 0) return new ChangePlan(resource.Id, []);

        var others = await OthersAsync(tx, resource, broken);
        var today = tx.Now.DateInChina();
        var (first, last) = (broken.Min(b => b.StartsAt.DateInChina()).AddDays(-ChangePlanner.MostDays), broken.Max(b => b.StartsAt.DateInChina()).AddDays(ChangePlanner.MostDays));
        if (first < today) first = today;
        string[] ids = [resource.Id, .. others];
        var (hours, leaves) = await HoursRepository.LoadAsync(await tx.ConnectionAsync(), tx.Transaction, ids, first);
        var taken = await TakenAsync(tx, ids, first, last, broken);

        ResourceDay DayOf(string id, DateOnly day)
        {
            var facts = id == resource.Id ? after : new ResourceHours(id, 0, [.. hours[id]], [.. leaves[id]]);
            var masks = new Dictionary<int, ushort>();
            foreach (var r in taken[(id, day)])
            {
                var unit = Raster.Of(r.RasterStart).Minute / Raster.Minutes;
                masks[unit] = (ushort)(masks.GetValueOrDefault(unit) | (1 << r.Seat));
            }
            return RasterRepository.DayOf(facts, day, calendar) with { Taken = masks };
        }

        return ChangePlanner.Plan(broken, new PlanFacts(resource.Id, others, DayOf, await BusyAsync(tx, broken), tx.Now, notice));
    }

    /// <summary>Appointments ahead of a resource. Those in service or over stay what they are.</summary>
    public static async Task<IReadOnlyList<BookedTime>> BookedAsync(UnitOfWork tx, string resourceId)
    {
        var services = (await ServiceRepository.ListAsync(tx)).ToDictionary(s => s.Code);
        return [.. (await tx.QueryAsync<BookedRow>("""
            SELECT a.id, m.number, a.citizen_id, a.version, a.service_code, a.mode, a.resource_id, a.seat, a.organisation_id, a.starts_at, a.ends_at
            FROM appointments a JOIN matters m ON m.id = a.matter_id
            WHERE a.resource_id = @resourceId AND a.starts_at > @Now AND a.state IN ('Booked', 'CheckedIn') ORDER BY a.starts_at, a.id
            """, new { resourceId, tx.Now })).Select(a => new BookedTime(
            a.Id, a.Number, a.CitizenId, a.Version, OfLength(services[a.ServiceCode], a), a.Mode, a.ResourceId, a.Seat, a.OrganisationId, a.StartsAt, a.EndsAt))];
    }

    /// <summary>What was booked stays as long and as it was agreed, whatever the service has become since.</summary>
    private static ServiceKind OfLength(ServiceKind service, BookedRow a) =>
        service with { DurationMinutes = (int)(a.EndsAt - a.StartsAt).TotalMinutes, Modes = service.Modes | (MeetingModes)(int)a.Mode };

    private static async Task<IReadOnlyList<string>> OthersAsync(UnitOfWork tx, BookableResource resource, List<BookedTime> broken) => [.. await tx.QueryAsync<string>("""
        SELECT b.id FROM booking_resources b
        WHERE b.active = 1 AND b.kind = @kind AND b.id <> @Id AND EXISTS (SELECT 1 FROM office_hours h WHERE h.resource_id = b.id AND h.organisation_id IN @units)
        ORDER BY b.id LIMIT @most
        """, new { kind = resource.Kind.ToString(), resource.Id, units = broken.Select(b => b.OrganisationId).Distinct().ToArray(), most = MostOthers })];

    private static async Task<ILookup<(string, DateOnly), TakenRow>> TakenAsync(UnitOfWork tx, string[] ids, DateOnly first, DateOnly last, List<BookedTime> broken)
    {
        var leaving = broken.Select(b => b.AppointmentId).ToHashSet(StringComparer.Ordinal);
        return (await tx.QueryAsync<TakenRow>("""
            SELECT resource_id, raster_start, seat, owner_id FROM appointment_rasters
            WHERE resource_id IN @ids AND raster_start >= @begin AND raster_start < @end AND (held_until IS NULL OR held_until >= @Now)
            """, new { ids, begin = Raster.At(first, 0), end = Raster.At(last.AddDays(1), 0), tx.Now }))
            .Where(r => !leaving.Contains(r.OwnerId)).ToLookup(r => (r.ResourceId, r.RasterStart.DateInChina()));
    }

    private static async Task<ILookup<string, (string Id, DateTimeOffset From, DateTimeOffset To)>> BusyAsync(UnitOfWork tx, List<BookedTime> broken)
    {
        var rows = new List<BusyRow>();
        foreach (var citizens in broken.Select(b => b.CitizenId).Distinct().Chunk(200))
            rows.AddRange(await tx.QueryAsync<BusyRow>("""
                SELECT id, citizen_id, starts_at, ends_at FROM appointments
                WHERE citizen_id IN @citizens AND ends_at > @Now AND state IN ('Booked', 'CheckedIn', 'InService')
                """, new { citizens, tx.Now }));
        return rows.ToLookup(r => r.CitizenId, r => (r.Id, r.StartsAt, r.EndsAt));
    }

    private sealed record BookedRow
    {
        public required string Id { get; init; }
        public required string Number { get; init; }
        public required string CitizenId { get; init; }
        public int Version { get; init; }
        public required string ServiceCode { get; init; }
        public MeetingMode Mode { get; init; }
        public required string ResourceId { get; init; }
        public int Seat { get; init; }
        public required string OrganisationId { get; init; }
        public DateTimeOffset StartsAt { get; init; }
        public DateTimeOffset EndsAt { get; init; }
    }

    private sealed record TakenRow
    {
        public required string ResourceId { get; init; }
        public DateTimeOffset RasterStart { get; init; }
        public int Seat { get; init; }
        public required string OwnerId { get; init; }
    }

    private sealed record BusyRow
    {
        public required string Id { get; init; }
        public required string CitizenId { get; init; }
        public DateTimeOffset StartsAt { get; init; }
        public DateTimeOffset EndsAt { get; init; }
    }
}
