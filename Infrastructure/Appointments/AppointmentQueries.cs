using System.Data.Common;
using Dapper;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>What screens show of appointments, straight from SQL. Nothing sealed is opened here.</summary>
public sealed class AppointmentQueries(Database database)
{
    internal const string Select = """
        SELECT a.id, a.matter_id, m.number, m.title, m.kind AS matter_kind, a.citizen_id, a.state, a.mode, a.side, a.service_code, v.name AS service_name, a.starts_at, a.ends_at,
               a.resource_id, b.kind AS resource_kind, b.name AS resource_name, a.organisation_id, o.name AS organisation_name, o.path AS organisation_path, o.address AS organisation_address,
               o.phone AS organisation_phone, o.latitude, o.longitude, a.staff_id, s.name AS staff_name, s.title AS staff_title, a.subject_relation, a.reason,
               a.confirm_due_on, a.confirmed_at, a.checked_in_at, a.started_at, a.completed_at, a.no_show_at, a.cancelled_at, a.cancelled_by, a.cancel_reason, a.outcome,
               a.check_in_code, a.moves, a.booked_at, a.version, m.contact_preference, c.contact_preference AS own_preference, c.restricted_at AS citizen_restricted_at,
               a.office_missed_at, CASE WHEN a.mode = 'Video' THEN (SELECT MAX(v.id) FROM video_calls v WHERE v.appointment_id = a.id AND v.state <> 'Cancelled') END AS video_call_id
        FROM appointments a
        JOIN matters m ON m.id = a.matter_id
        JOIN appointment_services v ON v.code = a.service_code
        JOIN booking_resources b ON b.id = a.resource_id
        JOIN organisations o ON o.id = a.organisation_id
        LEFT JOIN staff_members s ON s.id = a.staff_id
        LEFT JOIN citizens c ON c.id = a.citizen_id
        """;

    public Task<AppointmentRow?> FindAsync(string id, CancellationToken cancel) => database.ReadAsync(async c =>
    {
        var row = await c.QueryFirstOrDefaultAsync<AppointmentRow>($"{Select} WHERE a.id = @id", new { id });
        if (row is not null) await AddHistoryAsync(c, null, [row]);
        return row;
    }, cancel);

    /// <summary>The same inside a transaction, for the answer to a write.</summary>
    public static async Task<AppointmentRow> FindAsync(UnitOfWork tx, string id)
    {
        var row = await tx.FirstOrDefaultAsync<AppointmentRow>($"{Select} WHERE a.id = @id", new { id }) ?? throw new InvalidOperationException($"Appointment {id} was just written.");
        await AddHistoryAsync(await tx.ConnectionAsync(), tx.Transaction, [row]);
        return row;
    }

    /// <summary>Fills in the moves of those that were moved, oldest first: one statement for a page.</summary>
    internal static async Task AddHistoryAsync(DbConnection connection, DbTransaction? transaction, IReadOnlyList<AppointmentRow> rows)
    {
        var ids = rows.Where(r => r.Moves > 0).Select(r => r.Id).ToList();
        if (ids.Count == 0) return;
        var moves = (await connection.QueryAsync<AppointmentMoveRow>("""
            SELECT m.appointment_id, m.from_starts_at, m.to_starts_at, f.name AS from_name, t.name AS to_name, m.actor_kind, m.at
            FROM appointment_moves m LEFT JOIN booking_resources f ON f.id = m.from_resource_id LEFT JOIN booking_resources t ON t.id = m.to_resource_id
            WHERE m.appointment_id IN @ids ORDER BY m.id
            """, new { ids }, transaction)).ToLookup(m => m.AppointmentId);
        foreach (var row in rows) row.History = [.. moves[row.Id]];
    }

    /// <summary>A citizen's appointments: those ahead soonest first, or those behind latest first.</summary>
    /// <param name="edge">Start and id of the last one seen.</param>
    public Task<List<AppointmentRow>> OfCitizenAsync(string citizenId, bool ahead, DateTimeOffset now, (DateTimeOffset At, string Id)? edge, int limit, CancellationToken cancel)
    {
        var (compare, order) = ahead ? (">", "ASC") : ("<", "DESC");
        return database.ReadAsync(async c =>
        {
            var rows = (await c.QueryAsync<AppointmentRow>($"""
                {Select} WHERE a.citizen_id = @citizenId AND {(ahead ? "a.ends_at > @now AND a.state IN ('Booked', 'CheckedIn', 'InService')" : "(a.ends_at <= @now OR a.state NOT IN ('Booked', 'CheckedIn', 'InService'))")}
                  {(edge is null ? "" : $"AND a.starts_at {compare}= @at AND (a.starts_at {compare} @at OR a.id {compare} @id)")}
                ORDER BY a.starts_at {order}, a.id {order} LIMIT @limit
                """, new { citizenId, now, at = edge?.At, id = edge?.Id, limit })).AsList();
            await AddHistoryAsync(c, null, rows);
            return rows;
        }, cancel);
    }

    internal const string Ahead = "FROM appointments WHERE citizen_id = @citizenId AND state IN ('Booked', 'CheckedIn', 'InService') AND ends_at > @Now";
    internal const string NoShows = "SELECT COUNT(*) FROM appointments WHERE citizen_id = @citizenId AND starts_at > @since AND state = 'NoShow'";
    internal const string Resources = """
        SELECT b.id, b.kind, b.name, b.staff_id, s.name AS staff_name, s.title AS staff_title, o.id, o.name, o.path, o.region_code, o.address, o.phone, o.latitude, o.longitude
        FROM booking_resources b LEFT JOIN staff_members s ON s.id = b.staff_id JOIN organisations o ON o.id = b.organisation_id WHERE b.id IN @resourceIds
        """;

    /// <summary>Appointments that a citizen has ahead or is in.</summary>
    public static async Task<IReadOnlyList<OwnTime>> AheadAsync(UnitOfWork tx, string citizenId) => [.. await tx.QueryAsync<OwnTime>($"SELECT id, starts_at, ends_at {Ahead}", new { citizenId, tx.Now })];

    public static Task<int> NoShowsAsync(UnitOfWork tx, string citizenId, DateTimeOffset since) => tx.ScalarAsync<int>(NoShows, new { citizenId, since });

    /// <summary>Resources with hours in a unit, least booked on a day first.</summary>
    public static async Task<IReadOnlyList<string>> CandidatesAsync(UnitOfWork tx, string organisationId, DateOnly day) => [.. await tx.QueryAsync<string>("""
        SELECT b.id FROM booking_resources b
        WHERE b.active = 1 AND EXISTS (SELECT 1 FROM office_hours h WHERE h.resource_id = b.id AND h.organisation_id = @organisationId)
        ORDER BY (SELECT COUNT(*) FROM appointments a WHERE a.resource_id = b.id AND a.starts_at >= @from AND a.starts_at < @to AND a.state <> 'Cancelled'), b.id
        """, new { organisationId, from = Raster.At(day, 0), to = Raster.At(day.AddDays(1), 0) })];

    /// <summary>Whether a person must not act against somebody of this name.</summary>
    public static async Task<bool> KnowsPartyAsync(UnitOfWork tx, string staffId, string nameHash) =>
        await tx.ScalarAsync<long>("SELECT COUNT(*) FROM known_parties WHERE staff_id = @staffId AND name_hash = @nameHash", new { staffId, nameHash }) > 0;

    public static async Task<ResourceRow?> ResourceAsync(UnitOfWork tx, string resourceId)
    {
        await using var answer = await tx.QueryMultipleAsync(Resources, new { resourceIds = new[] { resourceId } });
        return ReadResources(answer).FirstOrDefault();
    }

    /// <summary>The answer to <see cref="Resources"/>.</summary>
    internal static IEnumerable<ResourceRow> ReadResources(SqlMapper.GridReader answers) => answers.Read<ResourceRow, PlaceRow, ResourceRow>((resource, place) => resource with { Place = place });

    public static Task<PlaceRow?> PlaceAsync(UnitOfWork tx, string organisationId) =>
        tx.FirstOrDefaultAsync<PlaceRow>("SELECT id, name, path, region_code, address, phone, latitude, longitude FROM organisations WHERE id = @organisationId", new { organisationId });
}

/// <summary>When a citizen is busy already.</summary>
public sealed record OwnTime
{
    public required string Id { get; init; }
    public DateTimeOffset StartsAt { get; init; }
    public DateTimeOffset EndsAt { get; init; }
}

public sealed record ResourceRow
{
    public required string Id { get; init; }
    public ResourceKind Kind { get; init; }
    public required string Name { get; init; }
    public string? StaffId { get; init; }
    public string? StaffName { get; init; }
    public string? StaffTitle { get; init; }

    /// <summary>The unit that it belongs to. It may have hours elsewhere, too.</summary>
    public PlaceRow Place { get; init; } = null!;
}

/// <summary>A unit as a place to come to.</summary>
public sealed record PlaceRow
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Path { get; init; }
    public required string RegionCode { get; init; }
    public string? Address { get; init; }
    public string? Phone { get; init; }
    public int? Latitude { get; init; }
    public int? Longitude { get; init; }
}

public sealed record AppointmentRow
{
    public required string Id { get; init; }
    public required string MatterId { get; init; }
    public required string Number { get; init; }
    public required string Title { get; init; }
    public MatterKind MatterKind { get; init; }
    public required string CitizenId { get; init; }
    public AppointmentState State { get; init; }
    public MeetingMode Mode { get; init; }
    public BookingSide Side { get; init; }
    public required string ServiceCode { get; init; }
    public required string ServiceName { get; init; }
    public DateTimeOffset StartsAt { get; init; }
    public DateTimeOffset EndsAt { get; init; }
    public required string ResourceId { get; init; }
    public ResourceKind ResourceKind { get; init; }
    public required string ResourceName { get; init; }
    public required string OrganisationId { get; init; }
    public required string OrganisationName { get; init; }
    public required string OrganisationPath { get; init; }
    public string? OrganisationAddress { get; init; }
    public string? OrganisationPhone { get; init; }
    public int? Latitude { get; init; }
    public int? Longitude { get; init; }
    public string? StaffId { get; init; }
    public string? StaffName { get; init; }
    public string? StaffTitle { get; init; }
    public Relation? SubjectRelation { get; init; }
    public string? Reason { get; init; }
    public string? ConfirmDueOn { get; init; }
    public DateTimeOffset? ConfirmedAt { get; init; }
    public DateTimeOffset? CheckedInAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? CompletedAt { get; init; }
    public DateTimeOffset? NoShowAt { get; init; }
    public DateTimeOffset? CancelledAt { get; init; }
    public ActorKind? CancelledBy { get; init; }
    public string? CancelReason { get; init; }
    public string? Outcome { get; init; }
    public required string CheckInCode { get; init; }
    public int Moves { get; init; }
    public DateTimeOffset BookedAt { get; init; }
    public int Version { get; init; }
    public ContactPreference ContactPreference { get; init; }
    public ContactPreference? OwnPreference { get; init; }

    /// <summary>Set when the citizen has deleted the account: their words are kept and not shown.</summary>
    public DateTimeOffset? CitizenRestrictedAt { get; init; }

    public DateTimeOffset? OfficeMissedAt { get; init; }

    /// <summary>The call that can be entered, or the last one that was; null where there is none.</summary>
    public string? VideoCallId { get; init; }

    /// <summary>Moves, oldest first.</summary>
    public IReadOnlyList<AppointmentMoveRow> History { get; set; } = [];

    /// <summary>
    /// One that was booked a moment ago, made from what was read for it: to its citizen, it says what <see cref="AppointmentQueries"/> would read. <see cref="OwnPreference"/>,
    /// which only the office's views ask, stays empty.
    /// </summary>
    public static AppointmentRow OfNew(Appointment a, ServiceKind service, ResourceRow resource, PlaceRow place, string? videoCallId) => new()
    {
        Id = a.Id, MatterId = a.Matter.Id, Number = a.Matter.Number, Title = a.Matter.Title, MatterKind = a.Matter.Kind, CitizenId = a.Matter.CitizenId, State = a.State, Mode = a.Mode, Side = a.Side,
        ServiceCode = service.Code, ServiceName = service.Name, StartsAt = a.Time.StartsAt, EndsAt = a.Time.EndsAt, ResourceId = resource.Id, ResourceKind = resource.Kind, ResourceName = resource.Name,
        OrganisationId = place.Id, OrganisationName = place.Name, OrganisationPath = place.Path, OrganisationAddress = place.Address, OrganisationPhone = place.Phone, Latitude = place.Latitude,
        Longitude = place.Longitude, StaffId = a.StaffId, StaffName = a.StaffId is null ? null : resource.StaffName, StaffTitle = a.StaffId is null ? null : resource.StaffTitle,
        SubjectRelation = a.Subject?.Relation, Reason = a.Reason, ConfirmDueOn = DayCode.Of(a.ConfirmDueOn), CheckInCode = a.CheckInCode, BookedAt = a.BookedAt, Version = 1,
        ContactPreference = a.Matter.ContactPreference, VideoCallId = videoCallId,
    };
}

public sealed record AppointmentMoveRow
{
    public required string AppointmentId { get; init; }
    public DateTimeOffset FromStartsAt { get; init; }
    public DateTimeOffset ToStartsAt { get; init; }

    /// <summary>Who or which desk it was with before.</summary>
    public string? FromName { get; init; }
    public string? ToName { get; init; }
    public ActorKind ActorKind { get; init; }
    public DateTimeOffset At { get; init; }
}
