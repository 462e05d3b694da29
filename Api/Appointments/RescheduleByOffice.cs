using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Identity;

namespace MicroPlatform.Api.Appointments;

/// <summary>The office sets another time, or another person or desk, and tells the citizen why. Until the new time is taken the old one stays.</summary>
public static class RescheduleByOffice
{
    /// <param name="ResourceId">Somebody else or another desk of the caller's units; the same when absent.</param>
    /// <param name="Reason">2 to 500 characters, told to the citizen.</param>
    public sealed record Request(
        [property: Required] DateTimeOffset? StartsAt, [property: MaxLength(Id.Length)] string? ResourceId, [property: Required, MaxLength(Appointment.MaxReason)] string? Reason);

    public static async Task<IResult> Handle(
        string id, Request request, CurrentUser user, HttpContext http, Idempotency idempotency, Booking booking, SlotReading slots, AppointmentRepository appointments, AppointmentQueries queries)
    {
        var reason = Text.Clean(request.Reason, "reason", Appointment.MaxReason, min: 2);
        if (reason.IsRefused) return reason.Refusal!.ToResult();
        if (!Id.IsWellFormed(id) || await queries.FindAsync(id, http.RequestAborted) is not { } seen) return CommonRefusals.NotFound.ToResult();
        var targets = await slots.TargetsAsync(request.ResourceId ?? seen.ResourceId, null, request.StartsAt!.Value, http.RequestAborted);
        if (targets.IsRefused) return targets.Refusal!.ToResult();
        return await idempotency.RunAsync<StaffAppointmentView>(http, StatusCodes.Status200OK, async tx =>
        {
            var found = OfficeMove.Allowed(await appointments.FindForStaffAsync(tx, id, user.Id), OfficeRight.Decide);
            if (found.IsRefused) return found.Refusal!;
            var appointment = found.Value.Appointment;
            await CitizenRepository.EngageAsync(tx, appointment.Matter.CitizenId);
            if (await AppointmentQueries.ResourceAsync(tx, request.ResourceId ?? appointment.Time.ResourceId) is not { } resource) return AppointmentRefusals.UnknownResource;
            var service = (await ServiceRepository.FindAsync(tx, appointment.ServiceCode))!;
            var moved = await booking.MoveAsync(tx, appointment, service, resource, request.StartsAt.Value, BookingSide.Staff, targets.Value.Holds, null, user.Actor, reason.Value);
            if (moved.IsRefused) return moved.Refusal!;
            // Nobody hands their appointments to a unit that they have no say in.
            var after = OfficeMove.Allowed(await appointments.FindForStaffAsync(tx, id, user.Id), OfficeRight.Call);
            return after.IsRefused ? after.Refusal! : await OfficeMove.ReplyAsync(tx, id, user, "appointments.reschedule");
        });
    }
}
