using System.Data.Common;
using Dapper;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>What screens show of calls, straight from SQL. Who may see which is the caller's business.</summary>
public sealed class VideoCallReading(Database database)
{
    private const string Select = """
        SELECT c.id, c.matter_id, m.number, m.title, c.citizen_id, c.organisation_id, o.name AS organisation_name, o.path AS organisation_path, c.staff_id, s.name AS staff_name,
               c.appointment_id, c.ticket_id, c.provider, c.state, c.medium, c.starts_at, c.ends_at, c.rung_at, c.connected_at, c.talking_since, c.talked_ms, c.ended_at, c.how, c.absent,
               c.summary, c.summarised_at, c.fault_at, c.created_at, c.version, t.id AS consultation_id, m.contact_preference, z.contact_preference AS own_preference,
               z.restricted_at AS citizen_restricted_at, r.id AS running_recording_id
        FROM video_calls c
        JOIN matters m ON m.id = c.matter_id
        JOIN organisations o ON o.id = c.organisation_id
        LEFT JOIN staff_members s ON s.id = c.staff_id
        LEFT JOIN consultations t ON t.matter_id = c.matter_id
        LEFT JOIN citizens z ON z.id = c.citizen_id
        LEFT JOIN video_call_recordings r ON r.running_key = c.id
        """;

    public Task<CallRow?> FindAsync(string id, CancellationToken cancel) => database.ReadAsync(c => FindAsync(c, null, id), cancel);

    /// <summary>The same inside a transaction, for the answer to a write.</summary>
    public static async Task<CallRow> FindAsync(UnitOfWork tx, string id) =>
        await FindAsync(await tx.ConnectionAsync(), tx.Transaction, id) ?? throw new InvalidOperationException($"Call {id} was just written.");

    /// <summary>A citizen's calls, newest first.</summary>
    public Task<List<CallRow>> OfCitizenAsync(string citizenId, string? after, int limit, CancellationToken cancel) => PageAsync(
        "c.citizen_id = @citizenId", new DynamicParameters(new { citizenId, after, limit }), after, cancel);

    /// <summary>Calls of the office, newest first.</summary>
    public Task<List<CallRow>> OfOfficeAsync(CallWish wish, string? after, int limit, CancellationToken cancel)
    {
        var args = new DynamicParameters(new { wish.StaffId, wish.Units, from = wish.From, until = wish.Until, after, limit });
        var whose = wish.StaffId is null ? "c.organisation_id IN @Units"
            : "c.id IN (SELECT p.call_id FROM video_call_participants p WHERE p.person_id = @StaffId)";
        var which = wish.View switch
        {
            CallSelection.Today => "AND ((c.starts_at >= @from AND c.starts_at < @until) OR (c.starts_at IS NULL AND c.created_at >= @from AND c.created_at < @until))",
            CallSelection.Running => "AND c.state IN ('Ringing', 'Connected', 'Reconnecting')",
            CallSelection.Owed => "AND c.owed_by IS NOT NULL",
            CallSelection.MissedByOffice => "AND c.state = 'Missed' AND c.absent IN ('Staff', 'Both')",
            _ => "",
        };
        return wish.StaffId is null && wish.Units.Count == 0 ? Task.FromResult(new List<CallRow>()) : PageAsync($"{whose} {which}", args, after, cancel);
    }

    /// <summary>Booked calls that this person still owes the words on; of a call from a queue the ticket knows, which is in hand until then.</summary>
    public static Task<int> OwedOfBookedAsync(UnitOfWork tx, string staffId) =>
        tx.ScalarAsync<int>("SELECT COUNT(*) FROM video_calls WHERE owed_by = @staffId AND ticket_id IS NULL", new { staffId });

    public Task<List<CallNoteRow>> NotesAsync(string callId, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<CallNoteRow>("""
        SELECT n.id, n.text, n.at, n.staff_id, s.name AS staff_name FROM video_call_notes n LEFT JOIN staff_members s ON s.id = n.staff_id WHERE n.call_id = @callId ORDER BY n.id LIMIT 200
        """, new { callId })).AsList(), cancel);

    public Task<List<DeviceCheckRow>> DeviceChecksAsync(string callId, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<DeviceCheckRow>("""
        SELECT d.participant_id, d.checked_at, d.camera, d.microphone, d.network, d.round_trip_ms, d.loss_permille, d.down_kbps, d.up_kbps, d.chosen, p.side, p.display_name
        FROM video_call_device_checks d JOIN video_call_participants p ON p.id = d.participant_id WHERE d.call_id = @callId ORDER BY d.participant_id
        """, new { callId })).AsList(), cancel);

    /// <summary>The last check of a participant's devices takes the place of the one before.</summary>
    public static Task PutCheckAsync(UnitOfWork tx, string callId, string participantId, DeviceCheck d) => tx.ExecuteAsync($"""
        INSERT INTO video_call_device_checks (participant_id, call_id, checked_at, camera, microphone, network, round_trip_ms, loss_permille, down_kbps, up_kbps, chosen)
        VALUES (@participantId, @callId, @Now, @camera, @microphone, @network, @RoundTripMs, @LossPermille, @DownKbps, @UpKbps, @chosen)
        {tx.Dialect.OnDuplicate("participant_id", "checked_at", "camera", "microphone", "network", "round_trip_ms", "loss_permille", "down_kbps", "up_kbps", "chosen")}
        """, new
    {
        participantId, callId, tx.Now, camera = d.Camera.ToString(), microphone = d.Microphone.ToString(), network = d.Network.ToString(), d.RoundTripMs, d.LossPermille, d.DownKbps, d.UpKbps,
        chosen = d.Chosen.ToString(),
    });

    /// <summary>Calls in which something is due to be decided, longest due first.</summary>
    public Task<List<string>> DueAsync(DateTimeOffset now, int limit, CancellationToken cancel) => database.ReadAsync(async c =>
        (await c.QueryAsync<string>("SELECT id FROM video_calls WHERE due_at <= @now ORDER BY due_at LIMIT @limit", new { now, limit })).AsList(), cancel);

    /// <summary>What is told of a call at its end; null for one that is not there.</summary>
    public Task<string?> ProviderOfAsync(string id, CancellationToken cancel) =>
        database.ReadAsync(c => c.ExecuteScalarAsync<string>("SELECT provider FROM video_calls WHERE id = @id", new { id }), cancel);

    private Task<List<CallRow>> PageAsync(string where, DynamicParameters args, string? after, CancellationToken cancel) => database.ReadAsync(async c =>
    {
        var rows = (await c.QueryAsync<CallRow>($"{Select} WHERE {where} {(after is null ? "" : "AND c.id < @after")} ORDER BY c.id DESC LIMIT @limit", args)).AsList();
        await AddParticipantsAsync(c, null, rows);
        return rows;
    }, cancel);

    private static async Task<CallRow?> FindAsync(DbConnection connection, DbTransaction? transaction, string id)
    {
        var row = await connection.QueryFirstOrDefaultAsync<CallRow>($"{Select} WHERE c.id = @id", new { id }, transaction);
        if (row is not null) await AddParticipantsAsync(connection, transaction, [row]);
        return row;
    }

    /// <summary>One statement for a page.</summary>
    private static async Task AddParticipantsAsync(DbConnection connection, DbTransaction? transaction, IReadOnlyList<CallRow> rows)
    {
        if (rows.Count == 0) return;
        var people = (await connection.QueryAsync<CallPersonRow>("""
            SELECT id, call_id, side, person_id, display_name, is_present, first_joined_at, agreed_at FROM video_call_participants WHERE call_id IN @ids ORDER BY side, id
            """, new { ids = rows.Select(r => r.Id) }, transaction)).ToLookup(p => p.CallId);
        foreach (var row in rows) row.Participants = [.. people[row.Id]];
    }
}

/// <summary>Which of the office's calls.</summary>
public enum CallSelection
{
    All,
    /// <summary>Booked for today, or begun today.</summary>
    Today,
    Running,
    /// <summary>Without the obligatory summary.</summary>
    Owed,
    /// <summary>Nobody of the office came.</summary>
    MissedByOffice,
}

/// <param name="StaffId">Their own, and those they are invited to; null: those of the units.</param>
/// <param name="From">Begin of today.</param>
public sealed record CallWish(string? StaffId, IReadOnlyList<string> Units, CallSelection View, DateTimeOffset From, DateTimeOffset Until);

public sealed record CallRow
{
    public required string Id { get; init; }
    public required string MatterId { get; init; }
    public required string Number { get; init; }
    public required string Title { get; init; }
    public required string CitizenId { get; init; }
    public required string OrganisationId { get; init; }
    public required string OrganisationName { get; init; }
    public required string OrganisationPath { get; init; }
    public string? StaffId { get; init; }
    public string? StaffName { get; init; }
    public string? AppointmentId { get; init; }
    public string? TicketId { get; init; }
    public required string Provider { get; init; }
    public CallState State { get; init; }
    public CallMedium Medium { get; init; }
    public DateTimeOffset? StartsAt { get; init; }
    public DateTimeOffset? EndsAt { get; init; }
    public DateTimeOffset? RungAt { get; init; }
    public DateTimeOffset? ConnectedAt { get; init; }
    public DateTimeOffset? TalkingSince { get; init; }
    public long TalkedMs { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public CallEnd? How { get; init; }
    public CallAbsence? Absent { get; init; }
    public string? Summary { get; init; }
    public DateTimeOffset? SummarisedAt { get; init; }
    public DateTimeOffset? FaultAt { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public int Version { get; init; }
    public string? ConsultationId { get; init; }
    public ContactPreference ContactPreference { get; init; }
    public ContactPreference? OwnPreference { get; init; }

    /// <summary>Set when the citizen has deleted the account: their words are kept and not shown.</summary>
    public DateTimeOffset? CitizenRestrictedAt { get; init; }

    /// <summary>It is being recorded, or about to be.</summary>
    public string? RunningRecordingId { get; init; }
    public IReadOnlyList<CallPersonRow> Participants { get; set; } = [];
}

public sealed record CallPersonRow
{
    public required string Id { get; init; }
    public required string CallId { get; init; }
    public CallSide Side { get; init; }
    public string? PersonId { get; init; }
    public required string DisplayName { get; init; }
    public bool IsPresent { get; init; }
    public DateTimeOffset? FirstJoinedAt { get; init; }
    public DateTimeOffset? AgreedAt { get; init; }
}

public sealed record CallNoteRow
{
    public required string Id { get; init; }
    public required string Text { get; init; }
    public DateTimeOffset At { get; init; }
    public required string StaffId { get; init; }
    public string? StaffName { get; init; }
}

public sealed record DeviceCheckRow
{
    public required string ParticipantId { get; init; }
    public DateTimeOffset CheckedAt { get; init; }
    public DeviceState Camera { get; init; }
    public DeviceState Microphone { get; init; }
    public NetworkGrade Network { get; init; }
    public int? RoundTripMs { get; init; }
    public int? LossPermille { get; init; }
    public int? DownKbps { get; init; }
    public int? UpKbps { get; init; }
    public CallMedium Chosen { get; init; }
    public CallSide Side { get; init; }
    public required string DisplayName { get; init; }
}
