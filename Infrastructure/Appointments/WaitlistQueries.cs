using Dapper;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>What screens show of the waiting list, and what is due on it.</summary>
public sealed class WaitlistQueries(Database database)
{
    private const string Select = """
        SELECT w.id, w.citizen_id, w.matter_id, w.appointment_id, w.service_code, v.name AS service_name, w.mode, w.resource_id, b.name AS resource_name, w.organisation_id,
               u.name AS organisation_name, w.from_date, w.until_date, w.state, w.joined_at, w.ended_at,
               o.id AS offer_id, o.starts_at AS offer_starts_at, o.ends_at AS offer_ends_at, o.expires_at AS offer_expires_at, o.resource_id AS offer_resource_id,
               ou.name AS offer_organisation_name, os.name AS offer_staff_name
        FROM waitlist_entries w
        JOIN appointment_services v ON v.code = w.service_code
        LEFT JOIN booking_resources b ON b.id = w.resource_id
        LEFT JOIN organisations u ON u.id = w.organisation_id
        LEFT JOIN waitlist_offers o ON o.open_entry_id = w.id
        LEFT JOIN organisations ou ON ou.id = o.organisation_id
        LEFT JOIN booking_resources ob ON ob.id = o.resource_id
        LEFT JOIN staff_members os ON os.id = ob.staff_id
        """;

    /// <summary>A citizen's places, newest first.</summary>
    /// <param name="before">Id of the last one seen.</param>
    public Task<List<WaitlistRow>> OfCitizenAsync(string citizenId, string? before, int limit, CancellationToken cancel) => database.ReadAsync(async c =>
        (await c.QueryAsync<WaitlistRow>($"{Select} WHERE w.citizen_id = @citizenId {(before is null ? "" : "AND w.id < @before")} ORDER BY w.id DESC LIMIT @limit",
            new { citizenId, before, limit })).AsList(), cancel);

    /// <summary>Inside a transaction, for the answer to a write.</summary>
    public static async Task<WaitlistRow> FindAsync(UnitOfWork tx, string id) =>
        await tx.FirstOrDefaultAsync<WaitlistRow>($"{Select} WHERE w.id = @id", new { id }) ?? throw new InvalidOperationException($"Waiting list entry {id} was just written.");

    /// <summary>Who waits for time of a resource or of a unit on a day, in the order in which they came.</summary>
    public Task<IReadOnlyList<WaitlistEntry>> WaitingAsync(string resourceId, string organisationId, DateOnly day, int limit, CancellationToken cancel) => database.ReadAsync<IReadOnlyList<WaitlistEntry>>(async c =>
    {
        const string Columns = "id, citizen_id, matter_id, appointment_id, service_code, mode, resource_id, organisation_id, from_date, until_date, reason, state, joined_at, ended_at, version";
        var args = new { resourceId, organisationId, day = DayCode.Of(day), limit };
        // Two statements, each with an index of its own.
        var byResource = await c.QueryAsync<WaitlistRepository.EntryRow>(
            $"SELECT {Columns} FROM waitlist_entries WHERE resource_id = @resourceId AND state = 'Waiting' AND from_date <= @day AND until_date >= @day ORDER BY id LIMIT @limit", args);
        var byUnit = await c.QueryAsync<WaitlistRepository.EntryRow>(
            $"SELECT {Columns} FROM waitlist_entries WHERE organisation_id = @organisationId AND state = 'Waiting' AND from_date <= @day AND until_date >= @day ORDER BY id LIMIT @limit", args);
        return [.. byResource.Concat(byUnit).OrderBy(e => e.Id, StringComparer.Ordinal).Select(e => e.ToEntry())];
    }, cancel);

    /// <summary>Offers whose time is over and that nobody has answered.</summary>
    public Task<List<DueRow>> RunOutAsync(DateTimeOffset now, int limit, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<DueRow>(
        "SELECT id, citizen_id FROM waitlist_offers WHERE state = 'Open' AND expires_at < @now ORDER BY expires_at, id LIMIT @limit", new { now, limit })).AsList(), cancel);

    /// <summary>Places whose last day has passed, or whose appointment is not ahead any more.</summary>
    public Task<List<DueRow>> PointlessAsync(DateOnly today, int limit, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<DueRow>("""
        SELECT w.id, w.citizen_id FROM waitlist_entries w LEFT JOIN appointments a ON a.id = w.appointment_id
        WHERE w.state = 'Waiting' AND (w.until_date < @today OR (w.appointment_id IS NOT NULL AND a.state <> 'Booked')) ORDER BY w.id LIMIT @limit
        """, new { today = DayCode.Of(today), limit })).AsList(), cancel);
}

public sealed record DueRow
{
    public required string Id { get; init; }
    public required string CitizenId { get; init; }
}

public sealed record WaitlistRow
{
    public required string Id { get; init; }
    public required string CitizenId { get; init; }
    public required string MatterId { get; init; }
    public string? AppointmentId { get; init; }
    public required string ServiceCode { get; init; }
    public required string ServiceName { get; init; }
    public MeetingMode Mode { get; init; }
    public string? ResourceId { get; init; }
    public string? ResourceName { get; init; }
    public string? OrganisationId { get; init; }
    public string? OrganisationName { get; init; }
    public required string FromDate { get; init; }
    public required string UntilDate { get; init; }
    public WaitlistState State { get; init; }
    public DateTimeOffset JoinedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public string? OfferId { get; init; }
    public DateTimeOffset? OfferStartsAt { get; init; }
    public DateTimeOffset? OfferEndsAt { get; init; }
    public DateTimeOffset? OfferExpiresAt { get; init; }
    public string? OfferResourceId { get; init; }
    public string? OfferOrganisationName { get; init; }
    public string? OfferStaffName { get; init; }
}
