using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Api.Appointments;

/// <summary>Nobody came, a quarter of an hour after the start: it counts, and what is left of the time is free again. On the same day it can be taken back while the time is free.</summary>
public static class MarkNoShow
{
    public static Task<IResult> Handle(string id, CurrentUser user, HttpContext http, Idempotency idempotency, AppointmentRepository appointments) =>
        OfficeMove.RunAsync(id, user, http, idempotency, appointments, "appointments.no-show", OfficeRight.Decide, async (tx, found) =>
        {
            if (await BookedCalls.CitizenIsThereAsync(tx, id)) return AppointmentRefusals.OfficeWasAbsent;
            var marked = found.Appointment.MarkNoShow(tx.Now);
            if (marked.IsRefused) return marked;
            await RasterRepository.GiveBackAsync(tx, found.Appointment.Time.ResourceId, id, from: tx.Now);
            return Done.It;
        });

    public static Task<IResult> ReinstateAsync(string id, CurrentUser user, HttpContext http, Idempotency idempotency, AppointmentRepository appointments, RasterRepository rasters) =>
        OfficeMove.RunAsync(id, user, http, idempotency, appointments, "appointments.reinstate", OfficeRight.Decide, async (tx, found) =>
        {
            var reinstated = found.Appointment.Reinstate(tx.Now);
            return reinstated.IsRefused ? reinstated : await rasters.TakeBackAsync(tx, found.Appointment.Time, id);
        });
}
