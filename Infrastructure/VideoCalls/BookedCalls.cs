using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>
/// The call of a video appointment goes where its appointment goes, in the same transaction: made, moved, given to somebody else, cancelled, missed or ended with it.
/// Asked by <c>AppointmentRepository</c>, which every path that changes an appointment passes (docs/adr/0018).
/// </summary>
public sealed class BookedCalls(VideoCallRepository calls, VideoProviders providers)
{
    /// <summary>What has to be written after the appointment. Asked before the matter is written, so that what the call tells stands in the same save.</summary>
    public async Task<IReadOnlyList<VideoCall>> FollowAsync(UnitOfWork tx, Appointment appointment)
    {
        if (appointment.Mode != MeetingMode.Video) return [];
        // An appointment that is not stored yet has none.
        var call = appointment.Version == 0 ? null : await calls.FindByAppointmentAsync(tx, appointment.Id, appointment.Matter);
        if (appointment.State.IsOver()) return call is not null && End(call, appointment, tx.Now) ? [call] : [];
        var time = new CallTime(appointment.Time.StartsAt, appointment.Time.EndsAt);
        if (call is null) return appointment.State == AppointmentState.Booked && tx.Now < time.EndsAt && !await HadOneAsync(tx, appointment, time) ? [await MakeAsync(tx, appointment)] : [];
        if (call.State == CallState.Scheduled)
        {
            if ((call.Scheduled, call.OrganisationId, call.StaffId) == (time, appointment.Time.OrganisationId, appointment.StaffId)) return [];
            return call.Reschedule(time, appointment.Time.OrganisationId, await StaffAsync(tx, appointment.StaffId)).IsRefused ? [] : [call];
        }
        if (call.Scheduled != time && call.State == CallState.Ringing)
        {
            // Somebody was waiting for a time that holds no longer.
            call.Cancel(tx.Now);
            return [call, await MakeAsync(tx, appointment)];
        }
        return call.StaffId is null && await StaffAsync(tx, appointment.StaffId) is { } staff && !call.BindStaff(staff).IsRefused ? [call] : [];
    }

    /// <summary>Writes what <see cref="FollowAsync"/> has found, the matter having been written.</summary>
    public async Task WriteAsync(UnitOfWork tx, IReadOnlyList<VideoCall> changed)
    {
        foreach (var call in changed)
        {
            var written = call.Version == 0 ? await calls.InsertAloneAsync(tx, call) : await calls.SaveAloneAsync(tx, call);
            if (written.IsRefused) throw new InvalidOperationException($"Call {call.Id} cannot follow its appointment: {written.Refusal!.Code}");
        }
    }

    /// <summary>A call for an appointment that stands and has none that can be entered: the first, or after one that broke off.</summary>
    public async Task<VideoCall> MakeAsync(UnitOfWork tx, Appointment appointment) => VideoCall.Schedule(
        new VideoCall
        {
            Id = tx.NewId(), Matter = appointment.Matter, OrganisationId = appointment.Time.OrganisationId, AppointmentId = appointment.Id, Provider = providers.Current.Name, CreatedAt = tx.Now,
        },
        new CallTime(appointment.Time.StartsAt, appointment.Time.EndsAt),
        new CallParticipant { Id = tx.NewId(), Side = CallSide.Citizen, PersonId = appointment.Matter.CitizenId, DisplayName = CallSide.Citizen.Label(), InvitedAt = tx.Now },
        await StaffAsync(tx, appointment.StaffId));

    /// <summary>Somebody of the office as a participant; null for nobody.</summary>
    public static async Task<CallParticipant?> StaffAsync(UnitOfWork tx, string? staffId, CallSide side = CallSide.Staff) =>
        staffId is not null && await tx.ScalarAsync<string>("SELECT name FROM staff_members WHERE id = @staffId", new { staffId }) is { } name
            ? new CallParticipant { Id = tx.NewId(), Side = side, PersonId = staffId, DisplayName = name, InvitedAt = tx.Now }
            : null;

    /// <summary>Whether the citizen is in the call now, or waits in it: no absence of theirs.</summary>
    public static async Task<bool> CitizenIsThereAsync(UnitOfWork tx, string appointmentId) => await tx.ScalarAsync<long>("""
        SELECT COUNT(*) FROM video_calls c JOIN video_call_participants p ON p.call_id = c.id WHERE c.appointment_key = @appointmentId AND p.side = 'Citizen' AND p.is_present = 1
        """, new { appointmentId }) > 0;

    /// <summary>A call at this time that is over: another is made when somebody asks for it.</summary>
    private static async Task<bool> HadOneAsync(UnitOfWork tx, Appointment appointment, CallTime time) => appointment.Version > 0 && await tx.ScalarAsync<long>(
        "SELECT COUNT(*) FROM video_calls WHERE appointment_id = @Id AND starts_at = @StartsAt AND state <> 'Cancelled'", new { appointment.Id, time.StartsAt }) > 0;

    private static bool End(VideoCall call, Appointment appointment, DateTimeOffset now) => !(call.State switch
    {
        CallState.Connected or CallState.Reconnecting => call.End(CallEnd.Finished, now),
        _ when appointment.State == AppointmentState.NoShow => call.Miss(CallAbsence.Citizen, now),
        _ => call.Cancel(now),
    }).IsRefused;
}
