using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;

namespace MicroPlatform.Api.Appointments;

/// <summary>Another time under the same number. When the new time is taken the old one stays.</summary>
public static class RescheduleAppointment
{
    /// <param name="ResourceId">Somebody else or another desk; the same when absent.</param>
    /// <param name="HoldId">From <c>POST /v1/slot-holds</c>, when the slot was held.</param>
    public sealed record Request(
        [property: Required] DateTimeOffset? StartsAt, [property: MaxLength(Id.Length)] string? ResourceId, [property: MaxLength(64)] string? HoldId);

    public static async Task<IResult> Handle(
        string id, Request request, CurrentUser user, HttpContext http, Idempotency idempotency, Booking booking, SlotReading slots, AppointmentRepository appointments, AppointmentQueries queries)
    {
        if (!Id.IsWellFormed(id) || await queries.FindAsync(id, http.RequestAborted) is not { } row || row.CitizenId != user.Id) return CommonRefusals.NotFound.ToResult();
        var targets = await slots.TargetsAsync(request.ResourceId ?? row.ResourceId, null, request.StartsAt!.Value, http.RequestAborted);
        if (targets.IsRefused) return targets.Refusal!.ToResult();
        return await idempotency.RunAsync<AppointmentView>(http, StatusCodes.Status200OK, async tx =>
        {
            if (!await CitizenRepository.EngageAsync(tx, user.Id)) return Domain.Identity.IdentityRefusals.SessionRevoked;
            if (await appointments.FindOwnAsync(tx, id, user.Id) is not { } appointment) return CommonRefusals.NotFound;
            if (await AppointmentQueries.ResourceAsync(tx, request.ResourceId ?? appointment.Time.ResourceId) is not { } resource) return AppointmentRefusals.UnknownResource;
            var service = (await ServiceRepository.FindAsync(tx, appointment.ServiceCode))!;
            var moved = await booking.MoveAsync(tx, appointment, service, resource, request.StartsAt.Value, BookingSide.Citizen, targets.Value.Holds, request.HoldId, user.Actor);
            if (moved.IsRefused) return moved.Refusal!;
            slots.ReleaseAfter(tx, request.HoldId);
            await tx.AuditAsync(user.Actor, "appointments.reschedule", "appointment", id);
            return AppointmentView.Of(await AppointmentQueries.FindAsync(tx, id));
        });
    }
}
