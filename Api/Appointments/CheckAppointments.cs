using MicroPlatform.Api.Http;
using MicroPlatform.Infrastructure.Appointments;

namespace MicroPlatform.Api.Appointments;

/// <summary>Whether anybody is booked twice, from what was booked. Reads all appointments: some seconds with hundreds of thousands.</summary>
public static class CheckAppointments
{
    public static async Task<IResult> Handle(HttpContext http, AppointmentInvariants invariants, TimeProvider time) =>
        Results.Json(await invariants.CheckAsync(time.GetUtcNow(), http.RequestAborted), WireJson.Options);
}
