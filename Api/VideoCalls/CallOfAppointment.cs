using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Api.VideoCalls;

/// <summary>
/// The call of a video appointment that can be entered. Made when there is none: for an appointment from before there were calls, or after one that broke off while the
/// appointment still stands. Asked twice it is the same.
/// </summary>
public sealed class CallOfAppointment(VideoCallRepository calls, BookedCalls booked)
{
    public static Task<IResult> Handle(string id, CurrentUser user, HttpContext http, Idempotency idempotency, AppointmentRepository appointments, CallOfAppointment make) => idempotency.RunAsync<CallView>(http, StatusCodes.Status200OK, async tx =>
    {
        var made = await make.MakeAsync(tx, await appointments.FindOwnAsync(tx, id, user.Id), user.Actor);
        return made.IsRefused ? made.Refusal! : CallView.Of(await VideoCallReading.FindAsync(tx, made.Value), user.Id, tx.Now);
    });

    public static Task<IResult> ByStaffAsync(string id, CurrentUser user, HttpContext http, Idempotency idempotency, AppointmentRepository appointments, CallOfAppointment make) => idempotency.RunAsync<StaffCallView>(http, StatusCodes.Status200OK, async tx =>
    {
        var made = await make.MakeAsync(tx, (await appointments.FindForStaffAsync(tx, id, user.Id))?.Appointment, user.Actor);
        return made.IsRefused ? made.Refusal! : StaffCallView.Of(await VideoCallReading.FindAsync(tx, made.Value), user.Id, tx.Now);
    });

    private async Task<Outcome<string>> MakeAsync(UnitOfWork tx, Appointment? appointment, Actor actor)
    {
        if (appointment is not { Mode: MeetingMode.Video }) return CommonRefusals.NotFound;
        if (await calls.FindByAppointmentAsync(tx, appointment.Id) is { } call) return call.Id;
        if (appointment.State.IsOver()) return AppointmentRefusals.Over;
        if (tx.Now >= appointment.Time.EndsAt + VideoCall.ClosesAfter) return CallRefusals.TooLate;
        var made = await booked.MakeAsync(tx, appointment);
        var stored = await calls.InsertAsync(tx, made, actor);
        if (stored.IsRefused) return stored.Refusal!;
        await tx.AuditAsync(actor, "video-calls.make", "video_call", made.Id);
        return made.Id;
    }
}
