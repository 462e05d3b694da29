using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Infrastructure.Appointments;

namespace MicroPlatform.Api.Appointments;

/// <summary>The unit says yes to what asks for it, such as a mediation or a visit at home. Saying it twice is saying it once.</summary>
public static class ConfirmAppointment
{
    public static Task<IResult> Handle(string id, CurrentUser user, HttpContext http, Idempotency idempotency, AppointmentRepository appointments) =>
        OfficeMove.RunAsync(id, user, http, idempotency, appointments, "appointments.confirm", OfficeRight.Decide, (tx, found) => Task.FromResult(found.Appointment.Confirm(tx.Now)));
}
