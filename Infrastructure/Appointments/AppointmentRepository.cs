using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>
/// Loads and saves appointments with their matter. One save writes the matter (conditional on its version), the appointment, its video call, reminders,
/// timeline and events; availability and waiting readers are told after the commit. Time is taken and given back by <see cref="RasterRepository"/>.
/// </summary>
public sealed class AppointmentRepository(
    MatterRepository matters, OutboxWriter outbox, Sealer sealer, AvailabilityProjection availability, LiveHub live, BookedCalls calls)
{
    public static readonly SealedColumn SubjectName = new("appointments", "subject_name_sealed", "id");
    public static readonly SealedColumn SubjectNationalId = new("appointments", "subject_national_id_sealed", "id");
    public static readonly SealedColumn Address = new("appointments", "address_sealed", "id");
    public static readonly SealedColumn PartyName = new("known_parties", "name_sealed", "id");

    private const string Columns = """
        id, matter_id, citizen_id, resource_id, seat, organisation_id, staff_id, service_code, mode, side, state, starts_at, ends_at, raster_first, raster_until, check_in_code,
        subject_name_sealed, subject_national_id_sealed, subject_relation, guardian_consent, address_sealed, reason, confirm_due_on, confirmed_at, checked_in_at, started_at,
        completed_at, no_show_at, cancelled_at, cancelled_by, cancel_reason, outcome, moves, booked_at, version, office_missed_at
        """;

    public async Task<Appointment?> FindAsync(UnitOfWork tx, string id)
    {
        if (!Id.IsWellFormed(id)) return null;
        var row = await tx.FirstOrDefaultAsync<Row>($"SELECT {Columns} FROM appointments WHERE id = @id", new { id });
        if (row is null) return null;
        return Restore(row, await matters.FindAsync(tx, row.MatterId) ?? throw new InvalidOperationException($"Appointment {id} has no matter."));
    }

    /// <summary>The citizen's own, or null: not theirs and not there are the same.</summary>
    public async Task<Appointment?> FindOwnAsync(UnitOfWork tx, string id, string citizenId) =>
        await FindAsync(tx, id) is { } appointment && appointment.Matter.CitizenId == citizenId ? appointment : null;

    /// <summary>What a staff member may work on: appointments at their units and below, and their own. Null: not there, or out of scope.</summary>
    public async Task<StaffAppointment?> FindForStaffAsync(UnitOfWork tx, string id, string staffId)
    {
        if (await FindAsync(tx, id) is not { } appointment) return null;
        var scope = await RegistryQueries.ScopeAsync(tx, staffId);
        var path = await RegistryQueries.PathAsync(tx, appointment.Time.OrganisationId);
        var mine = appointment.StaffId == staffId;
        return mine || scope.Covers(path) ? new StaffAppointment(appointment, mine, scope.Directs(path)) : null;
    }

    /// <summary>By the code that the citizen shows; scope as in <see cref="FindForStaffAsync"/>.</summary>
    public async Task<StaffAppointment?> FindByCodeAsync(UnitOfWork tx, string checkInCode, string staffId) =>
        await tx.ScalarAsync<string>("SELECT id FROM appointments WHERE check_in_code = @checkInCode", new { checkInCode }) is { } id ? await FindForStaffAsync(tx, id, staffId) : null;

    /// <summary>Writes a new appointment, with its matter when that is new too.</summary>
    /// <param name="after">Its day as the transaction leaves it, where that is known.</param>
    /// <returns>Its video call; null when it is none by video.</returns>
    public async Task<VideoCall?> InsertAsync(UnitOfWork tx, Appointment appointment, Actor actor, KnownDay? after)
    {
        var followed = await calls.FollowAsync(tx, appointment);
        if (appointment.Matter.Version == 0) await matters.InsertAsync(tx, appointment.Matter, actor);
        else await matters.SaveAsync(tx, appointment.Matter, actor);
        await tx.ExecuteLaterAsync($"""
            INSERT INTO appointments ({Columns})
            VALUES (@Id, @MatterId, @CitizenId, @ResourceId, @Seat, @OrganisationId, @StaffId, @ServiceCode, @Mode, @Side, @State, @StartsAt, @EndsAt, @RasterFirst, @RasterUntil,
                    @CheckInCode, @SubjectNameSealed, @SubjectNationalIdSealed, @SubjectRelation, @GuardianConsent, @AddressSealed, @Reason, @ConfirmDueOn, @ConfirmedAt,
                    @CheckedInAt, @StartedAt, @CompletedAt, @NoShowAt, @CancelledAt, @CancelledBy, @CancelReason, @Outcome, @Moves, @BookedAt, 1, NULL)
            """, RowOf(appointment));
        await calls.WriteAsync(tx, followed);
        await WriteRemindersAsync(tx, appointment);
        await WriteNewsAsync(tx, appointment, after);
        return followed.SingleOrDefault();
    }

    /// <param name="was">The time before a move: its day must be told of, too.</param>
    /// <exception cref="ConcurrencyConflictException">Somebody else saved in between; the transaction runs again.</exception>
    public async Task SaveAsync(UnitOfWork tx, Appointment appointment, Actor actor, AppointmentTime? was = null)
    {
        var followed = await calls.FollowAsync(tx, appointment);
        await matters.SaveAsync(tx, appointment.Matter, actor);
        await tx.ExecuteExpectingOneAsync("""
            UPDATE appointments SET resource_id = @ResourceId, seat = @Seat, organisation_id = @OrganisationId, staff_id = @StaffId, state = @State, starts_at = @StartsAt,
                   ends_at = @EndsAt, raster_first = @RasterFirst, raster_until = @RasterUntil, confirmed_at = @ConfirmedAt, checked_in_at = @CheckedInAt, started_at = @StartedAt,
                   completed_at = @CompletedAt, no_show_at = @NoShowAt, cancelled_at = @CancelledAt, cancelled_by = @CancelledBy, cancel_reason = @CancelReason,
                   outcome = @Outcome, moves = @Moves, office_missed_at = @OfficeMissedAt, version = version + 1
            WHERE id = @Id AND version = @Version
            """, RowOf(appointment));
        await calls.WriteAsync(tx, followed);
        if (was is not null)
        {
            await tx.ExecuteLaterAsync("""
                INSERT INTO appointment_moves (id, appointment_id, from_resource_id, from_starts_at, to_resource_id, to_starts_at, actor_kind, actor_id, at)
                VALUES (@moveId, @Id, @fromResource, @fromStart, @toResource, @toStart, @kind, @by, @Now)
                """, new
            {
                moveId = tx.NewId(), appointment.Id, fromResource = was.ResourceId, fromStart = was.StartsAt, toResource = appointment.Time.ResourceId, toStart = appointment.Time.StartsAt,
                kind = actor.Kind.ToString(), by = actor.Id, tx.Now,
            });
        }
        if (was is not null || appointment.State != AppointmentState.Booked)
        {
            await tx.ExecuteLaterAsync("DELETE FROM appointment_reminders WHERE appointment_id = @Id", new { appointment.Id });
            if (appointment.State == AppointmentState.Booked) await WriteRemindersAsync(tx, appointment);
        }
        await WriteNewsAsync(tx, appointment, null, was);
    }

    private static Task WriteRemindersAsync(UnitOfWork tx, Appointment appointment) => tx.InsertLaterAsync(
        "appointment_reminders", "appointment_id, kind, due_at", [.. Reminders.Of(appointment.Time.StartsAt, tx.Now).Select(r => new object?[] { appointment.Id, r.Kind.ToString(), r.DueAt })]);

    private async Task WriteNewsAsync(UnitOfWork tx, Appointment appointment, KnownDay? after, AppointmentTime? was = null)
    {
        await outbox.WriteAsync(tx, appointment.Events);
        if (after is not null) availability.PutAfter(tx, after);
        else availability.RefreshAfter(tx, appointment.Time.ResourceId, appointment.Time.Day);
        if (was is not null && (was.ResourceId, was.Day) != (appointment.Time.ResourceId, appointment.Time.Day)) availability.RefreshAfter(tx, was.ResourceId, was.Day);
        live.PublishAfter(tx, LiveTopics.Citizen(appointment.Matter.CitizenId), LiveTopics.Unit(appointment.Time.OrganisationId), LiveTopics.Staff(appointment.StaffId));
    }

    private Row RowOf(Appointment a) => new()
    {
        Id = a.Id, MatterId = a.Matter.Id, CitizenId = a.Matter.CitizenId, ResourceId = a.Time.ResourceId, Seat = a.Time.Seat, OrganisationId = a.Time.OrganisationId, StaffId = a.StaffId,
        ServiceCode = a.ServiceCode, Mode = a.Mode.ToString(), Side = a.Side.ToString(), State = a.State.ToString(), StartsAt = a.Time.StartsAt, EndsAt = a.Time.EndsAt,
        RasterFirst = a.Time.Span.First, RasterUntil = a.Time.Span.Until, CheckInCode = a.CheckInCode,
        SubjectNameSealed = Sealed(a.Subject?.Name.Reveal(), SubjectName, a.Id), SubjectNationalIdSealed = Sealed(a.Subject?.NationalId?.Reveal(), SubjectNationalId, a.Id),
        SubjectRelation = a.Subject?.Relation.ToString(), GuardianConsent = a.Subject?.GuardianConsent ?? false, AddressSealed = Sealed(a.Address, Address, a.Id), Reason = a.Reason,
        ConfirmDueOn = DayCode.Of(a.ConfirmDueOn), ConfirmedAt = a.Times.ConfirmedAt, CheckedInAt = a.Times.CheckedInAt, StartedAt = a.Times.StartedAt, CompletedAt = a.Times.CompletedAt,
        NoShowAt = a.Times.NoShowAt, CancelledAt = a.Times.CancelledAt, CancelledBy = a.Times.CancelledBy?.ToString(), CancelReason = a.Times.CancelReason, Outcome = a.Times.Outcome,
        Moves = a.Moves, BookedAt = a.BookedAt, Version = a.Version, OfficeMissedAt = a.Times.OfficeMissedAt,
    };

    private Appointment Restore(Row r, Domain.Matters.Matter matter)
    {
        var bare = new Appointment
        {
            Id = r.Id, Matter = matter, ServiceCode = r.ServiceCode, Mode = Enum.Parse<MeetingMode>(r.Mode), Side = Enum.Parse<BookingSide>(r.Side), BookedAt = r.BookedAt,
            Subject = SubjectOf(r), Address = Opened(r.AddressSealed, Address, r.Id), Reason = r.Reason, ConfirmDueOn = r.ConfirmDueOn is null ? null : DayCode.Parse(r.ConfirmDueOn),
            CheckInCode = r.CheckInCode, Version = r.Version,
            Time = new AppointmentTime(r.ResourceId, r.Seat, r.OrganisationId, r.StartsAt, r.EndsAt, new RasterSpan(r.RasterFirst, r.RasterUntil)),
        };
        return Appointment.Restore(bare, Enum.Parse<AppointmentState>(r.State), r.StaffId, r.Moves, new AppointmentTimes
        {
            ConfirmedAt = r.ConfirmedAt, CheckedInAt = r.CheckedInAt, StartedAt = r.StartedAt, CompletedAt = r.CompletedAt, NoShowAt = r.NoShowAt, CancelledAt = r.CancelledAt,
            CancelledBy = r.CancelledBy is null ? null : Enum.Parse<ActorKind>(r.CancelledBy), CancelReason = r.CancelReason, Outcome = r.Outcome, OfficeMissedAt = r.OfficeMissedAt,
        });
    }

    private Subject? SubjectOf(Row r)
    {
        if (r.SubjectRelation is null || !PersonName.TryParse(Opened(r.SubjectNameSealed, SubjectName, r.Id), out var name)) return null;
        // Checked when it was written; a birth date cannot have become a future one since.
        _ = NationalId.TryParse(Opened(r.SubjectNationalIdSealed, SubjectNationalId, r.Id), DateOnly.MaxValue, out var nationalId);
        return new Subject(name, nationalId, Enum.Parse<Relation>(r.SubjectRelation), r.GuardianConsent);
    }

    private string? Sealed(string? value, SealedColumn column, string id) => value is null ? null : sealer.Seal(value, column.Of(id));

    private string? Opened(string? value, SealedColumn column, string id) => value is null ? null : sealer.Open(value, column.Of(id));

    private sealed record Row
    {
        public required string Id { get; init; }
        public required string MatterId { get; init; }
        public required string CitizenId { get; init; }
        public required string ResourceId { get; init; }
        public int Seat { get; init; }
        public required string OrganisationId { get; init; }
        public string? StaffId { get; init; }
        public required string ServiceCode { get; init; }
        public required string Mode { get; init; }
        public required string Side { get; init; }
        public required string State { get; init; }
        public DateTimeOffset StartsAt { get; init; }
        public DateTimeOffset EndsAt { get; init; }
        public int RasterFirst { get; init; }
        public int RasterUntil { get; init; }
        public required string CheckInCode { get; init; }
        public string? SubjectNameSealed { get; init; }
        public string? SubjectNationalIdSealed { get; init; }
        public string? SubjectRelation { get; init; }
        public bool GuardianConsent { get; init; }
        public string? AddressSealed { get; init; }
        public string? Reason { get; init; }
        public string? ConfirmDueOn { get; init; }
        public DateTimeOffset? ConfirmedAt { get; init; }
        public DateTimeOffset? CheckedInAt { get; init; }
        public DateTimeOffset? StartedAt { get; init; }
        public DateTimeOffset? CompletedAt { get; init; }
        public DateTimeOffset? NoShowAt { get; init; }
        public DateTimeOffset? CancelledAt { get; init; }
        public string? CancelledBy { get; init; }
        public string? CancelReason { get; init; }
        public string? Outcome { get; init; }
        public int Moves { get; init; }
        public DateTimeOffset BookedAt { get; init; }
        public int Version { get; init; }
        public DateTimeOffset? OfficeMissedAt { get; init; }
    }
}

/// <summary>An appointment in the hands of a staff member.</summary>
/// <param name="Mine">They are booked for it.</param>
/// <param name="Directs">They are clerk of its unit, or head of it or of a unit above.</param>
public sealed record StaffAppointment(Appointment Appointment, bool Mine, bool Directs)
{
    /// <summary>What only the person booked, or who directs the unit, may do.</summary>
    public bool MayDecide => Mine || Directs;

    /// <summary>Nobody is bound to a desk's appointment until somebody calls: then whoever works at the unit may receive and call.</summary>
    public bool MayCall => MayDecide || Appointment.StaffId is null;
}
