using Dapper;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.Hotline;

/// <summary>
/// Keeps alarms and rings the emergency list. To ring is to ask the hotline's exchange for a call (<c>callback.requested</c>) and to wake the person's
/// screens; one list for the district, since nights have one shift.
/// </summary>
public sealed class AlarmRepository(Database database, Sealer sealer, OutboxWriter outbox, LiveHub live, IOptions<HotlineOptions> options)
{
    public static readonly SealedColumn DutyPhone = new("hotline_duty_phones", "phone_sealed", "id");

    private const string Select = "SELECT id, ticket_id, app_id, rings, next_at, raised_at, acknowledged_by, acknowledged_at, version FROM hotline_alarms";

    /// <summary>Raises the alarm of a ticket, once, and rings the first number.</summary>
    public async Task RaiseAsync(UnitOfWork tx, string ticketId, string appId)
    {
        var added = await tx.ExecuteAsync($"{tx.Dialect.InsertIgnore} hotline_alarms (id, ticket_id, app_id, rings, next_at, raised_at, version) VALUES (@id, @ticketId, @appId, 0, @Now, @Now, 1)",
            new { id = tx.NewId(), ticketId, appId, tx.Now });
        if (added != 1) return;
        var alarm = Restore((await tx.FirstOrDefaultAsync<AlarmRow>($"{Select} WHERE ticket_id = @ticketId", new { ticketId }))!);
        await tx.AuditAsync(Actor.System, "hotline.alarm", "alarm", alarm.Id, ticketId);
        await RingAsync(tx, alarm);
    }

    /// <summary>The next number; of an empty list the head of the centre.</summary>
    public async Task<bool> RingNextAsync(UnitOfWork tx, string id)
    {
        if (await FindAsync(tx, id) is not { AcknowledgedAt: null } alarm || alarm.NextAt > tx.Now) return false;
        await RingAsync(tx, alarm);
        return true;
    }

    public async Task<EmergencyAlarm?> FindAsync(UnitOfWork tx, string id) => Id.IsWellFormed(id) && await tx.FirstOrDefaultAsync<AlarmRow>($"{Select} WHERE id = @id", new { id }) is { } row ? Restore(row) : null;

    public Task<List<string>> DueAsync(DateTimeOffset now, CancellationToken cancel) => database.ReadAsync(async c =>
        (await c.QueryAsync<string>("SELECT id FROM hotline_alarms WHERE next_at <= @now ORDER BY next_at LIMIT 200", new { now })).AsList(), cancel);

    public Task SaveAsync(UnitOfWork tx, EmergencyAlarm alarm) => tx.ExecuteExpectingOneAsync("""
        UPDATE hotline_alarms SET rings = @Rings, next_at = @NextAt, acknowledged_by = @AcknowledgedBy, acknowledged_at = @AcknowledgedAt, version = version + 1 WHERE id = @Id AND version = @Version
        """, new { alarm.Rings, alarm.NextAt, alarm.AcknowledgedBy, alarm.AcknowledgedAt, alarm.Id, alarm.Version });

    /// <summary>Whether somebody may answer for it: on the list, or directing its ticket's unit or centre.</summary>
    public static async Task<bool> MayAnswerAsync(UnitOfWork tx, EmergencyAlarm alarm, string staffId)
    {
        if (await tx.ScalarAsync<long>("SELECT COUNT(*) FROM hotline_duty_phones WHERE staff_id = @staffId", new { staffId }) > 0) return true;
        var place = await tx.FirstOrDefaultAsync<PlaceRow>("SELECT o.path, c.path AS centre FROM hotline_tickets t JOIN matters m ON m.id = t.matter_id JOIN organisations o ON o.id = m.organisation_id JOIN organisations c ON c.id = t.centre_id WHERE t.id = @TicketId", new { alarm.TicketId });
        var scope = await RegistryQueries.ScopeAsync(tx, staffId);
        return place is not null && (scope.Covers(place.Path) || scope.Covers(place.Centre));
    }

    public Task<List<AlarmRow>> OpenAsync(string? after, int limit, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<AlarmRow>($"""
        SELECT a.id, a.ticket_id, a.app_id, a.rings, a.next_at, a.raised_at, a.acknowledged_by, a.acknowledged_at, a.version, t.ticket_no, o.path, p.path AS centre, o.name AS unit_name, m.title
        FROM hotline_alarms a JOIN hotline_tickets t ON t.id = a.ticket_id JOIN matters m ON m.id = t.matter_id JOIN organisations o ON o.id = m.organisation_id JOIN organisations p ON p.id = t.centre_id
        WHERE a.acknowledged_at IS NULL {(after is null ? "" : "AND a.id > @after")} ORDER BY a.id LIMIT @limit
        """, new { after, limit })).AsList(), cancel);

    public Task<List<DutyPhoneRow>> ListAsync(CancellationToken cancel) => database.ReadAsync(async c => Opened(await c.QueryAsync<DutyPhoneRow>(ListSql)), cancel);

    public async Task<List<DutyPhoneRow>> ListAsync(UnitOfWork tx) => Opened(await tx.QueryAsync<DutyPhoneRow>(ListSql));

    public async Task ReplaceListAsync(UnitOfWork tx, IReadOnlyList<(string StaffId, PhoneNumber Phone)> people)
    {
        await tx.ExecuteAsync("DELETE FROM hotline_duty_phones");
        await tx.InsertLaterAsync("hotline_duty_phones", "id, position, staff_id, phone_sealed", [.. people.Select((p, i) =>
        {
            var id = tx.NewId();
            return new object?[] { id, i, p.StaffId, sealer.Seal(p.Phone.Reveal(), DutyPhone.Of(id)) };
        })]);
    }

    private const string ListSql = "SELECT d.id, d.staff_id, s.name, d.phone_sealed FROM hotline_duty_phones d JOIN staff_members s ON s.id = d.staff_id WHERE s.active = 1 ORDER BY d.position";

    private async Task RingAsync(UnitOfWork tx, EmergencyAlarm alarm)
    {
        var list = await ListAsync(tx);
        var which = alarm.Ring(list.Count, options.Value.AlarmStep, tx.Now);
        await SaveAsync(tx, alarm);
        string? staffId;
        if (which >= 0)
        {
            staffId = list[which].StaffId;
            await tx.ExecuteAsync("INSERT INTO hotline_alarm_rings (alarm_id, number, staff_id, duty_phone_id, at) VALUES (@Id, @Rings, @staffId, @phoneId, @Now)",
                new { alarm.Id, alarm.Rings, staffId, phoneId = list[which].Id, tx.Now });
            await outbox.WriteAsync(tx, [new HotlineCallRequested(alarm.Id, alarm.AppId, alarm.TicketId, "emergency", alarm.Rings)]);
        }
        else
        {
            var centre = await tx.ScalarAsync<string>("SELECT centre_id FROM hotline_tickets WHERE id = @TicketId", new { alarm.TicketId });
            staffId = await DutyWorkQueries.HeadAsync(tx, await RegistryQueries.PathAsync(tx, centre!));
        }
        await tx.AuditAsync(Actor.System, "hotline.ring", "alarm", alarm.Id, staffId);
        if (staffId is not null) tx.AfterCommit(() => live.PublishAsync(LiveTopics.Staff(staffId)));
    }

    private List<DutyPhoneRow> Opened(IEnumerable<DutyPhoneRow> rows) => [.. rows.Select(r => r with { Phone = sealer.Open(r.PhoneSealed, DutyPhone.Of(r.Id)) })];

    private static EmergencyAlarm Restore(AlarmRow r) => EmergencyAlarm.Restore(
        new EmergencyAlarm { Id = r.Id, TicketId = r.TicketId, AppId = r.AppId, RaisedAt = r.RaisedAt, Version = r.Version }, r.Rings, r.NextAt, r.AcknowledgedBy, r.AcknowledgedAt);

    private sealed record PlaceRow
    {
        public required string Path { get; init; }
        public required string Centre { get; init; }
    }
}

public sealed record AlarmRow
{
    public required string Id { get; init; }
    public required string TicketId { get; init; }
    public required string AppId { get; init; }
    public int Rings { get; init; }
    public DateTimeOffset? NextAt { get; init; }
    public DateTimeOffset RaisedAt { get; init; }
    public string? AcknowledgedBy { get; init; }
    public DateTimeOffset? AcknowledgedAt { get; init; }
    public int Version { get; init; }
    public string? TicketNo { get; init; }
    public string? Title { get; init; }
    public string? UnitName { get; init; }
    public string? Path { get; init; }
    public string? Centre { get; init; }
}

public sealed record DutyPhoneRow
{
    public required string Id { get; init; }
    public required string StaffId { get; init; }
    public required string Name { get; init; }
    public required string PhoneSealed { get; init; }
    public string Phone { get; init; } = "";
}
