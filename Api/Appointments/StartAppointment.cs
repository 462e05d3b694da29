using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Infrastructure.Appointments;

namespace MicroPlatform.Api.Appointments;

/// <summary>Calls the citizen in. At a desk whoever calls serves from then on; of two who call at once one does.</summary>
public static class StartAppointment
{
    public static Task<IResult> Handle(string id, CurrentUser user, HttpContext http, Idempotency idempotency, AppointmentRepository appointments) =>
        OfficeMove.RunAsync(id, user, http, idempotency, appointments, "appointments.start", OfficeRight.Call,
            // Who directs may start for the person booked, who goes on serving.
            (tx, found) => Task.FromResult(found.Appointment.Start(found.Appointment.StaffId ?? user.Id, tx.Now)));
}
