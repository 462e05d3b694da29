using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Notifications;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Notifications;

/// <summary>The in-app inbox. The unique key (event, citizen) makes a notification once, however often its event is delivered.</summary>
public sealed class NotificationRepository
{
    /// <summary>What a notification about a matter needs to know of it, with the more careful of the two contact preferences.</summary>
    /// <param name="appointmentId">The appointment on the matter that it is about; null where it is about none.</param>
    public async Task<MatterNews?> FindMatterAsync(UnitOfWork tx, string matterId, string? appointmentId = null)
    {
        var row = await tx.FirstOrDefaultAsync<MatterRow>("""
            SELECT m.id, m.number, m.citizen_id, m.contact_preference, c.contact_preference AS own_preference, k.name AS category_name, o.name AS organisation_name
            FROM matters m
            JOIN organisations o ON o.id = m.organisation_id
            LEFT JOIN categories k ON k.code = m.category_code
            LEFT JOIN citizens c ON c.id = m.citizen_id
            WHERE m.id = @matterId
            """, new { matterId });
        if (row is null) return null;
        var appointment = appointmentId is null ? null : await tx.FirstOrDefaultAsync<AppointmentFactsRow>($"{AppointmentFactsRow.Select} WHERE a.id = @appointmentId", new { appointmentId });
        return new MatterNews(row.CitizenId, Wording.Stricter(row.ContactPreference, row.OwnPreference ?? ContactPreference.Visible),
            new MatterFacts(row.Id, row.Number, row.CategoryName, row.OrganisationName) { Appointment = appointment?.ToFacts() });
    }

    /// <returns>Null when this event has made its notification before.</returns>
    public async Task<string?> TryInsertAsync(UnitOfWork tx, string eventId, string citizenId, NotificationKind kind, NewsSubject subject, DateTimeOffset at)
    {
        var id = tx.NewId();
        var inserted = await tx.ExecuteAsync($"""
            {tx.Dialect.InsertIgnore} notifications (id, event_id, citizen_id, kind, matter_id, consultation_id, appointment_id, call_id, at, read_at)
            VALUES (@id, @eventId, @citizenId, @kind, @MatterId, @ConsultationId, @AppointmentId, @CallId, @at, NULL)
            """, new { id, eventId, citizenId, kind = kind.ToString(), subject.MatterId, subject.ConsultationId, subject.AppointmentId, subject.CallId, at });
        return inserted == 1 ? id : null;
    }

    public Task<NotificationHead?> FindAsync(UnitOfWork tx, string id) =>
        tx.FirstOrDefaultAsync<NotificationHead>("SELECT id, kind, matter_id, appointment_id, at FROM notifications WHERE id = @id", new { id });

    /// <summary>Whether the citizen has a notification of this id.</summary>
    public async Task<bool> IsOwnAsync(UnitOfWork tx, string id, string citizenId) =>
        await tx.ScalarAsync<long>("SELECT COUNT(*) FROM notifications WHERE id = @id AND citizen_id = @citizenId", new { id, citizenId }) == 1;

    /// <summary>Marks what the citizen could see when reading: everything up to this one. One that is committed later with an older id stays unread.</summary>
    public Task<int> MarkReadAsync(UnitOfWork tx, string citizenId, string upToId) => tx.ExecuteAsync(
        "UPDATE notifications SET read_at = @Now WHERE citizen_id = @citizenId AND read_at IS NULL AND id <= @upToId", new { tx.Now, citizenId, upToId });

    private sealed record MatterRow
    {
        public required string Id { get; init; }
        public required string Number { get; init; }
        public required string CitizenId { get; init; }
        public ContactPreference ContactPreference { get; init; }
        public ContactPreference? OwnPreference { get; init; }
        public string? CategoryName { get; init; }
        public required string OrganisationName { get; init; }
    }
}

/// <param name="Preference">The more careful of the person's own and the matter's.</param>
public sealed record MatterNews(string CitizenId, ContactPreference Preference, MatterFacts Facts);

public sealed record NotificationHead
{
    public required string Id { get; init; }
    public required NotificationKind Kind { get; init; }
    public required string MatterId { get; init; }
    public string? AppointmentId { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>What a notification is about: always a matter, and the service on it.</summary>
public sealed record NewsSubject(string MatterId, string? ConsultationId = null, string? AppointmentId = null, string? CallId = null);

/// <summary>An appointment as <see cref="AppointmentFacts"/> needs it.</summary>
internal sealed record AppointmentFactsRow
{
    internal const string Select = """
        SELECT a.id, a.starts_at, a.mode, p.name AS place_name, v.name AS service_name, a.state
        FROM appointments a JOIN organisations p ON p.id = a.organisation_id JOIN appointment_services v ON v.code = a.service_code
        """;

    public required string Id { get; init; }
    public DateTimeOffset StartsAt { get; init; }
    public MeetingMode Mode { get; init; }
    public required string PlaceName { get; init; }
    public required string ServiceName { get; init; }
    public AppointmentState State { get; init; }

    public AppointmentFacts ToFacts() => new(Id, StartsAt, Mode, PlaceName, ServiceName, State);
}
