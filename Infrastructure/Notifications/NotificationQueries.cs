using Dapper;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Notifications;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Notifications;

/// <summary>What screens show of the inbox, straight from SQL.</summary>
public sealed class NotificationQueries(Database database)
{
    /// <summary>Newest first.</summary>
    /// <param name="before">Where the last page ended, or null.</param>
    public Task<List<NotificationRow>> PageAsync(string citizenId, bool unreadOnly, string? before, int limit, CancellationToken cancel) =>
        database.ReadAsync(async connection => (await connection.QueryAsync<NotificationRow>($"""
            SELECT n.id, n.kind, n.matter_id, n.consultation_id, n.at, n.read_at, m.number, m.contact_preference, c.contact_preference AS own_preference,
                   k.name AS category_name, o.name AS organisation_name, n.appointment_id, n.call_id, a.starts_at, a.mode, a.state AS appointment_state, p.name AS place_name, v.name AS service_name
            FROM notifications n
            JOIN matters m ON m.id = n.matter_id
            JOIN organisations o ON o.id = m.organisation_id
            LEFT JOIN categories k ON k.code = m.category_code
            LEFT JOIN citizens c ON c.id = n.citizen_id
            LEFT JOIN appointments a ON a.id = n.appointment_id
            LEFT JOIN organisations p ON p.id = a.organisation_id
            LEFT JOIN appointment_services v ON v.code = a.service_code
            WHERE n.citizen_id = @citizenId {(unreadOnly ? "AND n.read_at IS NULL" : "")} {(before is null ? "" : "AND n.id < @before")}
            ORDER BY n.id DESC LIMIT @limit
            """, new { citizenId, before, limit })).AsList(), cancel);

    public Task<Unread> UnreadAsync(string citizenId, CancellationToken cancel) =>
        database.ReadAsync(connection => connection.QuerySingleAsync<Unread>(Unread.Sql, new { citizenId }), cancel);

    public static async Task<Unread> UnreadAsync(UnitOfWork tx, string citizenId) => (await tx.FirstOrDefaultAsync<Unread>(Unread.Sql, new { citizenId }))!;
}

public sealed record NotificationRow
{
    public required string Id { get; init; }
    public required NotificationKind Kind { get; init; }
    public required string MatterId { get; init; }
    public string? ConsultationId { get; init; }
    public required DateTimeOffset At { get; init; }
    public DateTimeOffset? ReadAt { get; init; }
    public required string Number { get; init; }
    public required ContactPreference ContactPreference { get; init; }
    public ContactPreference? OwnPreference { get; init; }
    public string? CategoryName { get; init; }
    public required string OrganisationName { get; init; }
    public string? AppointmentId { get; init; }
    public string? CallId { get; init; }
    public DateTimeOffset? StartsAt { get; init; }
    public MeetingMode? Mode { get; init; }
    public AppointmentState? AppointmentState { get; init; }
    public string? PlaceName { get; init; }
    public string? ServiceName { get; init; }

    public Wording Wording() => Domain.Notifications.Wording.Of(Kind,
        Domain.Notifications.Wording.Stricter(ContactPreference, OwnPreference ?? ContactPreference.Visible),
        new MatterFacts(MatterId, Number, CategoryName, OrganisationName)
        {
            Appointment = AppointmentId is not null && StartsAt is { } at && Mode is { } mode && AppointmentState is { } state
                ? new AppointmentFacts(AppointmentId, at, mode, PlaceName ?? "", ServiceName ?? "", state)
                : null,
        });
}

public sealed record Unread
{
    internal const string Sql = "SELECT COUNT(*) AS count, MAX(id) AS newest FROM notifications WHERE citizen_id = @citizenId AND read_at IS NULL";

    public int Count { get; init; }

    /// <summary>Id of the newest unread one; null when there is none.</summary>
    public string? Newest { get; init; }
}
