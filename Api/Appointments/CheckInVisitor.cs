using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Infrastructure.Appointments;

namespace MicroPlatform.Api.Appointments;

/// <summary>Somebody is there: by the code that they show, or by the appointment. For a visit at home the visitor reports having arrived.</summary>
public static class CheckInVisitor
{
    /// <param name="Code">The eight characters of the appointment, as typed or scanned; blanks, dashes and letter case do not matter.</param>
    public sealed record Request([property: Required, MaxLength(40)] string? Code);

    public static Task<IResult> Handle(string id, CurrentUser user, HttpContext http, Idempotency idempotency, AppointmentRepository appointments) =>
        OfficeMove.RunAsync(id, user, http, idempotency, appointments, "appointments.check-in", OfficeRight.Call, (tx, found) => Task.FromResult(found.Appointment.CheckIn(tx.Now)));

    public static Task<IResult> ByCodeAsync(Request request, CurrentUser user, HttpContext http, Idempotency idempotency, AppointmentRepository appointments) =>
        idempotency.RunAsync<StaffAppointmentView>(http, StatusCodes.Status200OK, tx => OfficeMove.RunAsync(
            tx, user, appointments, () => appointments.FindByCodeAsync(tx, CheckInCodes.Clean(request.Code!), user.Id), "appointments.check-in", OfficeRight.Call,
            (work, found) => Task.FromResult(found.Appointment.CheckIn(work.Now))));
}
