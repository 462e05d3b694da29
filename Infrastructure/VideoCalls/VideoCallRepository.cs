using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>
/// Loads and saves calls with their matter and participants. One save writes the matter (conditional on its version), the call, who was seen,
/// timeline and events. That nobody is in two calls is judged by the unique keys of the live ones.
/// </summary>
public sealed class VideoCallRepository(Database database, MatterRepository matters, OutboxWriter outbox, LiveHub live)
{
    private const string Columns = """
        id, matter_id, citizen_id, organisation_id, staff_id, appointment_id, ticket_id, provider, state, medium, live_staff_key, live_citizen_key, due_at, starts_at, ends_at,
        rung_at, connected_at, talking_since, lost_at, talked_ms, ended_at, how, absent, summary, summarised_at, created_at, version, appointment_key, owed_by, medium_at, fault_at
        """;

    public async Task<VideoCall?> FindAsync(UnitOfWork tx, string id)
    {
        if (!Id.IsWellFormed(id)) return null;
        if (await RowAsync(tx, "id = @id", id) is not { } row) return null;
        return await RestoreAsync(tx, row, await matters.FindAsync(tx, row.MatterId) ?? throw new InvalidOperationException($"Call {id} has no matter."));
    }

    /// <summary>The citizen's own, or null: not theirs and not there are the same.</summary>
    public async Task<VideoCall?> FindOwnAsync(UnitOfWork tx, string id, string citizenId) =>
        await FindAsync(tx, id) is { } call && call.Matter.CitizenId == citizenId ? call : null;

    /// <summary>What a staff member may work on: their own calls, those they are invited to, and those of their units and below. Null: not there, or out of scope.</summary>
    public async Task<VideoCall?> FindForStaffAsync(UnitOfWork tx, string id, string staffId)
    {
        if (await FindAsync(tx, id) is not { } call) return null;
        if (call.Participants.Any(p => p.PersonId == staffId)) return call;
        var scope = await RegistryQueries.ScopeAsync(tx, staffId);
        return scope.Covers(await RegistryQueries.PathAsync(tx, call.OrganisationId)) ? call : null;
    }

    /// <summary>The call of a booked time that can be entered; null when there is none.</summary>
    public async Task<VideoCall?> FindByAppointmentAsync(UnitOfWork tx, string appointmentId) =>
        await tx.ScalarAsync<string>("SELECT id FROM video_calls WHERE appointment_key = @appointmentId", new { appointmentId }) is { } id ? await FindAsync(tx, id) : null;

    /// <summary>The same, on the appointment's own matter: whoever saves the appointment saves that.</summary>
    internal async Task<VideoCall?> FindByAppointmentAsync(UnitOfWork tx, string appointmentId, Domain.Matters.Matter matter) =>
        await RowAsync(tx, "appointment_key = @id", appointmentId) is { } row ? await RestoreAsync(tx, row, matter) : null;

    /// <summary>Writes a new call. Its matter is written too: inserted when it is new.</summary>
    public async Task<Outcome<Done>> InsertAsync(UnitOfWork tx, VideoCall call, Actor actor)
    {
        if (call.Matter.Version == 0) await matters.InsertAsync(tx, call.Matter, actor);
        else await matters.SaveAsync(tx, call.Matter, actor);
        return await InsertAloneAsync(tx, call);
    }

    /// <exception cref="ConcurrencyConflictException">Somebody else saved in between; the transaction runs again.</exception>
    public async Task<Outcome<Done>> SaveAsync(UnitOfWork tx, VideoCall call, Actor actor)
    {
        await matters.SaveAsync(tx, call.Matter, actor);
        return await SaveAloneAsync(tx, call);
    }

    /// <summary>Without the matter, which the caller has written in this transaction.</summary>
    internal async Task<Outcome<Done>> InsertAloneAsync(UnitOfWork tx, VideoCall call)
    {
        var busy = await JudgedAsync(() => tx.ExecuteAsync($"""
            INSERT INTO video_calls ({Columns})
            VALUES (@Id, @MatterId, @CitizenId, @OrganisationId, @StaffId, @AppointmentId, @TicketId, @Provider, @State, @Medium, @LiveStaffKey, @LiveCitizenKey, @DueAt, @StartsAt,
                    @EndsAt, @RungAt, @ConnectedAt, @TalkingSince, @LostAt, @TalkedMs, @EndedAt, @How, @Absent, @Summary, @SummarisedAt, @CreatedAt, 1, @AppointmentKey, @OwedBy,
                    @MediumAt, @FaultAt)
            """, Row.Of(call)));
        if (busy is not null) return busy;
        await WriteParticipantsAsync(tx, call);
        await WriteNewsAsync(tx, call);
        return Done.It;
    }

    /// <inheritdoc cref="InsertAloneAsync"/>
    internal async Task<Outcome<Done>> SaveAloneAsync(UnitOfWork tx, VideoCall call)
    {
        var busy = await JudgedAsync(() => tx.ExecuteExpectingOneAsync("""
            UPDATE video_calls SET organisation_id = @OrganisationId, staff_id = @StaffId, state = @State, medium = @Medium, live_staff_key = @LiveStaffKey,
                   live_citizen_key = @LiveCitizenKey, due_at = @DueAt, starts_at = @StartsAt, ends_at = @EndsAt, rung_at = @RungAt, connected_at = @ConnectedAt,
                   talking_since = @TalkingSince, lost_at = @LostAt, talked_ms = @TalkedMs, ended_at = @EndedAt, how = @How, absent = @Absent, summary = @Summary,
                   summarised_at = @SummarisedAt, appointment_key = @AppointmentKey, owed_by = @OwedBy, medium_at = @MediumAt, fault_at = @FaultAt, version = version + 1
            WHERE id = @Id AND version = @Version
            """, Row.Of(call)));
        if (busy is not null) return busy;
        await tx.ExecuteLaterAsync("DELETE FROM video_call_participants WHERE call_id = @Id", new { call.Id });
        await WriteParticipantsAsync(tx, call);
        if (call.State.IsOver()) await tx.ExecuteAsync("UPDATE video_call_seats SET watched = 0 WHERE call_id = @Id", new { call.Id });
        await WriteNewsAsync(tx, call);
        return Done.It;
    }

    /// <summary>Which of the two keys of live calls says no, in words; null when none does.</summary>
    private async Task<Refusal?> JudgedAsync(Func<Task> write)
    {
        try
        {
            await write();
            return null;
        }
        catch (Exception e) when (database.IsDuplicateKey(e))
        {
            if (e.Message.Contains("live_staff", StringComparison.Ordinal)) return CallRefusals.StaffBusy;
            if (e.Message.Contains("live_citizen", StringComparison.Ordinal)) return CallRefusals.CitizenBusy;
            // Two made the call of one booked time: the other's is there when this runs again.
            throw new ConcurrencyConflictException();
        }
    }

    private static Task<Row?> RowAsync(UnitOfWork tx, string where, string id) => tx.FirstOrDefaultAsync<Row>($"SELECT {Columns} FROM video_calls WHERE {where}", new { id });

    private static async Task<VideoCall> RestoreAsync(UnitOfWork tx, Row row, Domain.Matters.Matter matter) => row.ToCall(matter, (await tx.QueryAsync<ParticipantRow>("""
        SELECT id, side, person_id, display_name, invited_at, first_joined_at, seen_at, is_present, has_left, agreed_at
        FROM video_call_participants WHERE call_id = @Id ORDER BY side, id
        """, new { row.Id })).Select(p => p.ToParticipant()));

    private static Task WriteParticipantsAsync(UnitOfWork tx, VideoCall call) => tx.InsertLaterAsync(
        "video_call_participants", "id, call_id, side, person_id, display_name, invited_at, first_joined_at, seen_at, is_present, has_left, agreed_at",
        [.. call.Participants.Select(p => new object?[]
        {
            p.Id, call.Id, p.Side.ToString(), p.PersonId, p.DisplayName, p.InvitedAt, p.FirstJoinedAt, p.SeenAt, p.IsPresent, p.HasLeft, p.AgreedToRecordingAt,
        })]);

    private async Task WriteNewsAsync(UnitOfWork tx, VideoCall call)
    {
        await outbox.WriteAsync(tx, call.Events);
        live.PublishAfter(
            tx, [LiveTopics.Call(call.Id), LiveTopics.Citizen(call.Matter.CitizenId), LiveTopics.Unit(call.OrganisationId),
                .. call.Participants.Where(p => p.Side != CallSide.Citizen).Select(p => LiveTopics.Staff(p.PersonId))]);
    }

    private sealed record Row
    {
        public required string Id { get; init; }
        public required string MatterId { get; init; }
        public required string CitizenId { get; init; }
        public required string OrganisationId { get; init; }
        public string? StaffId { get; init; }
        public string? AppointmentId { get; init; }
        public string? TicketId { get; init; }
        public required string Provider { get; init; }
        public required string State { get; init; }
        public required string Medium { get; init; }
        public string? LiveStaffKey { get; init; }
        public string? LiveCitizenKey { get; init; }
        public DateTimeOffset? DueAt { get; init; }
        public DateTimeOffset? StartsAt { get; init; }
        public DateTimeOffset? EndsAt { get; init; }
        public DateTimeOffset? RungAt { get; init; }
        public DateTimeOffset? ConnectedAt { get; init; }
        public DateTimeOffset? TalkingSince { get; init; }
        public DateTimeOffset? LostAt { get; init; }
        public long TalkedMs { get; init; }
        public DateTimeOffset? EndedAt { get; init; }
        public string? How { get; init; }
        public string? Absent { get; init; }
        public string? Summary { get; init; }
        public DateTimeOffset? SummarisedAt { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public int Version { get; init; }
        public string? AppointmentKey { get; init; }
        public string? OwedBy { get; init; }
        public DateTimeOffset? MediumAt { get; init; }
        public DateTimeOffset? FaultAt { get; init; }

        public static Row Of(VideoCall c) => new()
        {
            Id = c.Id, MatterId = c.Matter.Id, CitizenId = c.Matter.CitizenId, OrganisationId = c.OrganisationId, StaffId = c.StaffId, AppointmentId = c.AppointmentId,
            TicketId = c.TicketId, Provider = c.Provider, State = c.State.ToString(), Medium = c.Medium.ToString(), LiveStaffKey = c.BindsStaff ? c.StaffId : null,
            LiveCitizenKey = c.BindsCitizen ? c.Matter.CitizenId : null, DueAt = c.DueAt, StartsAt = c.Scheduled?.StartsAt, EndsAt = c.Scheduled?.EndsAt, RungAt = c.Times.RungAt,
            ConnectedAt = c.Times.ConnectedAt, TalkingSince = c.Times.TalkingSince, LostAt = c.Times.LostAt, TalkedMs = (long)c.Times.Talked.TotalMilliseconds, EndedAt = c.Times.EndedAt,
            How = c.Times.How?.ToString(), Absent = c.Times.Absent?.ToString(), Summary = c.Times.Summary, SummarisedAt = c.Times.SummarisedAt, CreatedAt = c.CreatedAt, Version = c.Version,
            AppointmentKey = c.State.IsOver() ? null : c.AppointmentId, OwedBy = c.OwesSummary ? c.StaffId : null, MediumAt = c.Times.MediumAt, FaultAt = c.Times.FaultAt,
        };

        public VideoCall ToCall(Domain.Matters.Matter matter, IEnumerable<CallParticipant> participants) => VideoCall.Restore(
            new VideoCall
            {
                Id = Id, Matter = matter, OrganisationId = OrganisationId, AppointmentId = AppointmentId, TicketId = TicketId, Provider = Provider, CreatedAt = CreatedAt, Version = Version,
            },
            Enum.Parse<CallState>(State), Enum.Parse<CallMedium>(Medium), StaffId, StartsAt is { } from && EndsAt is { } until ? new CallTime(from, until) : null,
            new CallTimes
            {
                RungAt = RungAt, ConnectedAt = ConnectedAt, TalkingSince = TalkingSince, LostAt = LostAt, Talked = TimeSpan.FromMilliseconds(TalkedMs), EndedAt = EndedAt,
                MediumAt = MediumAt, FaultAt = FaultAt,
                How = How is null ? null : Enum.Parse<CallEnd>(How), Absent = Absent is null ? null : Enum.Parse<CallAbsence>(Absent), Summary = Summary, SummarisedAt = SummarisedAt,
            },
            participants);
    }

    private sealed record ParticipantRow
    {
        public required string Id { get; init; }
        public required string Side { get; init; }
        public string? PersonId { get; init; }
        public required string DisplayName { get; init; }
        public DateTimeOffset InvitedAt { get; init; }
        public DateTimeOffset? FirstJoinedAt { get; init; }
        public DateTimeOffset? SeenAt { get; init; }
        public bool IsPresent { get; init; }
        public bool HasLeft { get; init; }
        public DateTimeOffset? AgreedAt { get; init; }

        public CallParticipant ToParticipant() => CallParticipant.Restore(
            new CallParticipant { Id = Id, Side = Enum.Parse<CallSide>(Side), PersonId = PersonId, DisplayName = DisplayName, InvitedAt = InvitedAt },
            new ParticipantState(FirstJoinedAt, SeenAt, IsPresent, HasLeft, AgreedAt));
    }
}
