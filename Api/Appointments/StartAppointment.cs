using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Infrastructure.Appointments;

namespace MicroPlatform.Api.Appointments;

/// <summary>Calls the citizen in. At a desk whoever calls serves from then on; of two who call at once one does.</summary>
public static class StartAppointment
{
    public static Task<IResult> Handle(string id, CurrentUser user, HttpContext http, Idempotency idempotency, AppointmentRepository appointments) =>
        OfficeMove.RunAsync(id, user, http, idempotency, appointments, "appointments.start", OfficeRight.Call,
            (tx, found) => Task.FromResult(found.Appointment.Start(WhoServes(found.Appointment, user.Id), tx.Now)));

    /// <summary>A person booked goes on serving, whoever calls for them. At a desk it is the caller, also when another was first: who lost must hear of it.</summary>
    internal static string WhoServes(Appointment appointment, string callerId) =>
        appointment.StaffId == appointment.Time.ResourceId ? appointment.Time.ResourceId : callerId;
}
