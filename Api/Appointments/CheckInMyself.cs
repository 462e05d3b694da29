using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;

namespace MicroPlatform.Api.Appointments;

/// <summary>The citizen has arrived and scans the code that hangs at the service point. For appointments that are held there only.</summary>
public static class CheckInMyself
{
    /// <param name="PointCode">The <c>scene</c> of the code, or the whole link it holds.</param>
    public sealed record Request([property: Required, MaxLength(300)] string? PointCode);

    public static Task<IResult> Handle(
        string id, Request request, CurrentUser user, HttpContext http, Idempotency idempotency, CheckInCodes codes, AppointmentRepository appointments) =>
        idempotency.RunAsync<AppointmentView>(http, StatusCodes.Status200OK, async tx =>
        {
            if (await appointments.FindOwnAsync(tx, id, user.Id) is not { } appointment) return CommonRefusals.NotFound;
            if (appointment.Mode != MeetingMode.InPerson || codes.UnitOf(request.PointCode) != appointment.Time.OrganisationId) return AppointmentRefusals.CheckInWrongPlace;
            var checkedIn = appointment.CheckIn(tx.Now);
            if (checkedIn.IsRefused) return checkedIn.Refusal!;
            await appointments.SaveAsync(tx, appointment, user.Actor);
            await tx.AuditAsync(user.Actor, "appointments.check-in", "appointment", id);
            return AppointmentView.Of(await AppointmentQueries.FindAsync(tx, id));
        });
}
