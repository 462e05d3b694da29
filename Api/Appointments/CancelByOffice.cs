using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;

namespace MicroPlatform.Api.Appointments;

/// <summary>The office calls an appointment off and tells the citizen why.</summary>
public static class CancelByOffice
{
    /// <param name="Reason">2 to 500 characters, told to the citizen.</param>
    public sealed record Request([property: Required, MaxLength(Appointment.MaxReason)] string? Reason);

    public static Task<IResult> Handle(string id, Request request, CurrentUser user, HttpContext http, Idempotency idempotency, AppointmentRepository appointments) =>
        OfficeMove.RunAsync(id, user, http, idempotency, appointments, "appointments.cancel", OfficeRight.Decide, async (tx, found) =>
        {
            var reason = Text.Clean(request.Reason, "reason", Appointment.MaxReason, min: 2);
            if (reason.IsRefused) return reason.Refusal!;
            var cancelled = found.Appointment.Cancel(reason.Value, user.Actor, TimeSpan.Zero, tx.Now);
            if (cancelled.IsRefused) return cancelled;
            await RasterRepository.GiveBackAsync(tx, found.Appointment.Time.ResourceId, id);
            return Done.It;
        });
}
