using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Appointments;

/// <summary>The citizen cancels, not later than the deadline; the time is free again at once.</summary>
public static class CancelAppointment
{
    /// <param name="Reason">Up to 500 characters; may be absent.</param>
    public sealed record Request([property: MaxLength(Appointment.MaxReason)] string? Reason);

    public static Task<IResult> Handle(
        string id, Request? request, CurrentUser user, HttpContext http, Idempotency idempotency, AppointmentRepository appointments, IOptions<AppointmentsOptions> options) =>
        idempotency.RunAsync<AppointmentView>(http, StatusCodes.Status200OK, async tx =>
        {
            var reason = Text.CleanOptional(request?.Reason, "reason", Appointment.MaxReason);
            if (reason.IsRefused) return reason.Refusal!;
            if (await appointments.FindOwnAsync(tx, id, user.Id) is not { } appointment) return CommonRefusals.NotFound;
            var cancelled = appointment.Cancel(reason.Value, user.Actor, options.Value.ChangeNotice, tx.Now);
            if (cancelled.IsRefused) return cancelled.Refusal!;
            await RasterRepository.GiveBackAsync(tx, appointment.Time.ResourceId, id);
            await appointments.SaveAsync(tx, appointment, user.Actor);
            await tx.AuditAsync(user.Actor, "appointments.cancel", "appointment", id);
            return AppointmentView.Of(await AppointmentQueries.FindAsync(tx, id));
        });
}
