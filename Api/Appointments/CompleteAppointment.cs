using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;

namespace MicroPlatform.Api.Appointments;

/// <summary>The service is done. A matter that was opened for the appointment is closed with it and can be rated.</summary>
public static class CompleteAppointment
{
    /// <param name="Outcome">What came of it, up to 500 characters, for the office; may be absent.</param>
    public sealed record Request([property: MaxLength(Appointment.MaxReason)] string? Outcome);

    public static Task<IResult> Handle(string id, Request? request, CurrentUser user, HttpContext http, Idempotency idempotency, AppointmentRepository appointments) =>
        OfficeMove.RunAsync(id, user, http, idempotency, appointments, "appointments.complete", OfficeRight.Decide, (tx, found) =>
        {
            var outcome = Text.CleanOptional(request?.Outcome, "outcome", Appointment.MaxReason);
            return Task.FromResult(outcome.IsRefused ? outcome.Refusal! : found.Appointment.Complete(outcome.Value, tx.Now));
        });
}
