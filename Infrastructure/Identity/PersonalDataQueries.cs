using System.Data.Common;
using Dapper;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Identity;

/// <summary>Everything the platform holds on a citizen, for the citizen (PIPL art. 45). What the office writes for itself is not theirs.</summary>
public sealed class PersonalDataQueries(Database database, Sealer sealer)
{
    /// <summary>Matters with their threads, newest first, after the one given.</summary>
    public Task<List<HeldMatter>> MattersAsync(string citizenId, string? after, int limit, CancellationToken cancel) => database.ReadAsync(async connection =>
    {
        var matters = (await connection.QueryAsync<HeldMatter>($"""
            SELECT id, number, kind, category_code, region_code, channel, status, title, contact_preference, opened_at, closed_at FROM matters
            WHERE citizen_id = @citizenId {(after is null ? "" : "AND id < @after")} ORDER BY id DESC LIMIT @limit
            """, new { citizenId, after, limit })).AsList();
        foreach (var matter in matters)
        {
            matter.Messages = (await connection.QueryAsync<HeldMessage>("""
                SELECT m.seq, m.kind, m.author_kind, m.text, m.at FROM messages m JOIN consultations c ON c.id = m.consultation_id
                WHERE c.matter_id = @Id AND m.kind <> 'Note' ORDER BY m.consultation_id, m.seq
                """, new { matter.Id })).AsList();
            matter.Timeline = (await connection.QueryAsync<HeldEntry>(
                "SELECT kind, text, at FROM matter_timeline WHERE matter_id = @Id AND is_public = 1 ORDER BY id", new { matter.Id })).AsList();
            matter.Notifications = (await connection.QueryAsync<HeldNotification>(
                "SELECT kind, at, read_at FROM notifications WHERE citizen_id = @citizenId AND matter_id = @Id ORDER BY id", new { citizenId, matter.Id })).AsList();
            matter.Appointments = await AppointmentsAsync(connection, matter.Id);
            matter.Tickets = (await connection.QueryAsync<HeldTicket>("""
                SELECT t.number, q.name AS queue_name, t.state, t.wants, t.priority, t.reason, t.joined_at, t.first_called_at, t.ended_at FROM tickets t JOIN queues q ON q.id = t.queue_id
                WHERE t.matter_id = @Id ORDER BY t.id
                """, new { matter.Id })).AsList();
            matter.VideoCalls = (await connection.QueryAsync<HeldCall>("""
                SELECT c.id, c.state, c.medium, c.starts_at, c.connected_at, (c.talked_ms - c.talked_ms % 1000) / 1000 AS talked_seconds, c.ended_at, c.how, c.absent, c.summary,
                       (SELECT COUNT(*) FROM video_call_recordings r WHERE r.call_id = c.id AND r.state IN ('Running', 'Stopping', 'Kept')) AS recordings_kept
                FROM video_calls c WHERE c.matter_id = @Id ORDER BY c.id
                """, new { matter.Id })).AsList();
            matter.Rating = await connection.QueryFirstOrDefaultAsync<HeldRating>("SELECT score, tags, text, at FROM ratings WHERE matter_id = @Id", new { matter.Id });
        }
        return matters;
    }, cancel);

    /// <summary>
    /// When staff opened what is sealed about the person, newest first; also what the window had entered for them before they signed in. Who it was is told by role
    /// and unit on asking, not by name here.
    /// </summary>
    public Task<List<HeldAccess>> AccessesAsync(string citizenId, CancellationToken cancel) => database.ReadAsync(async connection =>
    {
        List<string> people = [citizenId, .. await connection.QueryAsync<string>("SELECT citizen_id FROM window_records WHERE claimed_by = @citizenId", new { citizenId })];
        return (await connection.QueryAsync<HeldAccess>(
            "SELECT at, detail AS fields FROM audit_entries WHERE subject_kind = 'citizen' AND subject_id IN @people AND action = @action ORDER BY position DESC LIMIT 200",
            new { people, action = SealedReads.Action })).AsList();
    }, cancel);

    /// <summary>Appointments of a matter with what is sealed in them opened: it is the citizen's own. The office's note of the outcome is not.</summary>
    private async Task<IReadOnlyList<HeldAppointment>> AppointmentsAsync(DbConnection connection, string matterId)
    {
        var rows = (await connection.QueryAsync<HeldAppointment>("""
            SELECT a.id, a.service_code, a.mode, a.side, a.state, a.starts_at, a.ends_at, o.name AS place, s.name AS staff_name, a.subject_relation, a.guardian_consent, a.reason,
                   a.cancel_reason, a.moves, a.booked_at, p.at AS paper_consent_at, a.subject_name_sealed AS subject_name, a.subject_national_id_sealed AS subject_national_id,
                   a.address_sealed AS address
            FROM appointments a JOIN organisations o ON o.id = a.organisation_id LEFT JOIN staff_members s ON s.id = a.staff_id LEFT JOIN paper_consents p ON p.appointment_id = a.id
            WHERE a.matter_id = @matterId ORDER BY a.id
            """, new { matterId })).AsList();
        return [.. rows.Select(a => a with
        {
            SubjectName = Opened(a.SubjectName, AppointmentRepository.SubjectName, a.Id),
            SubjectNationalId = Opened(a.SubjectNationalId, AppointmentRepository.SubjectNationalId, a.Id),
            Address = Opened(a.Address, AppointmentRepository.Address, a.Id),
        })];
    }

    private string? Opened(string? value, SealedColumn column, string id) => value is null ? null : sealer.Open(value, column.Of(id));

    public Task<List<HeldSubscription>> SubscriptionsAsync(string citizenId, CancellationToken cancel) => database.ReadAsync(async connection =>
        (await connection.QueryAsync<HeldSubscription>(
            "SELECT template_id, kind, balance, updated_at FROM subscription_grants WHERE citizen_id = @citizenId ORDER BY template_id", new { citizenId })).AsList(), cancel);

    /// <summary>What was uploaded; the bytes come by their links.</summary>
    public Task<List<HeldMaterial>> MaterialsAsync(string citizenId, CancellationToken cancel) => database.ReadAsync(async connection =>
        (await connection.QueryAsync<HeldMaterial>("""
            SELECT m.id, m.name, m.item_code, m.state, v.number AS version, v.type, v.bytes, v.sha256, v.uploaded_at
            FROM materials m JOIN material_versions v ON v.material_id = m.id WHERE m.owner_id = @citizenId AND m.state = 'Ready' ORDER BY m.id, v.number LIMIT 1000
            """, new { citizenId })).AsList(), cancel);

    /// <summary>How many matters there are by state, for the first screen.</summary>
    public Task<List<StatusCount>> CountAsync(string citizenId, CancellationToken cancel) => database.ReadAsync(async connection =>
        (await connection.QueryAsync<StatusCount>("SELECT status, COUNT(*) AS n FROM matters WHERE citizen_id = @citizenId GROUP BY status", new { citizenId })).AsList(), cancel);
}

public sealed record StatusCount
{
    public MatterStatus Status { get; init; }
    public long N { get; init; }
}

public sealed record HeldMatter
{
    public required string Id { get; init; }
    public required string Number { get; init; }
    public required string Kind { get; init; }
    public required string CategoryCode { get; init; }
    public required string RegionCode { get; init; }
    public required string Channel { get; init; }
    public required string Status { get; init; }
    public required string Title { get; init; }
    public required string ContactPreference { get; init; }
    public DateTimeOffset OpenedAt { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
    public IReadOnlyList<HeldMessage> Messages { get; set; } = [];
    public IReadOnlyList<HeldEntry> Timeline { get; set; } = [];
    public IReadOnlyList<HeldAppointment> Appointments { get; set; } = [];
    public IReadOnlyList<HeldTicket> Tickets { get; set; } = [];
    public IReadOnlyList<HeldCall> VideoCalls { get; set; } = [];
    public HeldRating? Rating { get; set; }
    public IReadOnlyList<HeldNotification> Notifications { get; set; } = [];
}

public sealed record HeldAppointment
{
    public required string Id { get; init; }
    public required string ServiceCode { get; init; }
    public required string Mode { get; init; }
    public required string Side { get; init; }
    public required string State { get; init; }
    public DateTimeOffset StartsAt { get; init; }
    public DateTimeOffset EndsAt { get; init; }
    public required string Place { get; init; }
    public string? StaffName { get; init; }
    public string? SubjectName { get; init; }
    public string? SubjectNationalId { get; init; }
    public string? SubjectRelation { get; init; }
    public bool GuardianConsent { get; init; }
    public string? Address { get; init; }
    public string? Reason { get; init; }
    public string? CancelReason { get; init; }
    public int Moves { get; init; }
    public DateTimeOffset BookedAt { get; init; }

    /// <summary>When the privacy notice was agreed to on paper at the window, for this booking.</summary>
    public DateTimeOffset? PaperConsentAt { get; init; }
}

/// <summary>A place in a queue. The other side's name is not kept, and its keyed hash says nothing.</summary>
public sealed record HeldTicket
{
    public required string Number { get; init; }
    public required string QueueName { get; init; }
    public required string State { get; init; }
    public required string Wants { get; init; }
    public required string Priority { get; init; }
    public string? Reason { get; init; }
    public DateTimeOffset JoinedAt { get; init; }
    public DateTimeOffset? FirstCalledAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
}

public sealed record HeldCall
{
    public required string Id { get; init; }
    public required string State { get; init; }
    public required string Medium { get; init; }
    public DateTimeOffset? StartsAt { get; init; }
    public DateTimeOffset? ConnectedAt { get; init; }
    public long TalkedSeconds { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public string? How { get; init; }
    public string? Absent { get; init; }

    /// <summary>The office's words on what was asked and answered.</summary>
    public string? Summary { get; init; }
    public int RecordingsKept { get; init; }
}

public sealed record HeldNotification
{
    public required string Kind { get; init; }
    public DateTimeOffset At { get; init; }
    public DateTimeOffset? ReadAt { get; init; }
}

/// <summary>What the person has allowed to be sent through WeChat.</summary>
public sealed record HeldSubscription
{
    public required string TemplateId { get; init; }
    public required string Kind { get; init; }
    public int Balance { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
}

public sealed record HeldMaterial
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public string? ItemCode { get; init; }
    public required string State { get; init; }
    public int Version { get; init; }
    public required string Type { get; init; }
    public long Bytes { get; init; }
    public required string Sha256 { get; init; }
    public DateTimeOffset UploadedAt { get; init; }
}

public sealed record HeldMessage
{
    public int Seq { get; init; }
    public required string Kind { get; init; }
    public required string AuthorKind { get; init; }
    public required string Text { get; init; }
    public DateTimeOffset At { get; init; }
}

public sealed record HeldEntry
{
    public required string Kind { get; init; }
    public required string Text { get; init; }
    public DateTimeOffset At { get; init; }
}

public sealed record HeldRating
{
    public int Score { get; init; }
    public required string Tags { get; init; }
    public string? Text { get; init; }
    public DateTimeOffset At { get; init; }
}

public sealed record HeldAccess
{
    public DateTimeOffset At { get; init; }
    public string? Fields { get; init; }
}
