using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Appointments;

/// <summary>
/// The time that was kept becomes the citizen's: the appointment moves to it under its number and gives its old time back, which is offered on; or
/// a new appointment is booked on the matter of the waiting. All in one transaction.
/// </summary>
public static class AcceptOffer
{
    /// <summary>For who has no appointment yet; not looked at otherwise.</summary>
    /// <param name="Subject">The person concerned, when not the citizen.</param>
    /// <param name="Address">Where to come to; required for a visit at home, as is a reason given when joining.</param>
    /// <param name="OpposingParty">Name of the other side, so that nobody is booked who must not act; not kept.</param>
    public sealed record Request(
        BookAppointment.SubjectRequest? Subject, [property: MaxLength(Appointment.MaxAddress)] string? Address, [property: MaxLength(100)] string? OpposingParty);

    public static Task<IResult> Handle(
        string id, Request? request, CurrentUser user, HttpContext http, Idempotency idempotency, BookingForm form, Booking booking, WaitlistRepository waitlist, AppointmentRepository appointments, MatterRepository matters) =>
        idempotency.RunAsync<AppointmentView>(http, StatusCodes.Status200OK, async tx =>
        {
            if (await CitizenRepository.EngageWhollyAsync(tx, user.Id) is not { } citizen) return IdentityRefusals.SessionRevoked;
            if (!citizen.HasConsented) return IdentityRefusals.ConsentRequired;
            if (await WaitlistRepository.FindOfferAsync(tx, id) is not { } offer || offer.CitizenId != user.Id) return CommonRefusals.NotFound;
            var accepted = offer.Accept(tx.Now);
            if (accepted.IsRefused) return accepted.Refusal!;
            if (await WaitlistRepository.FindAsync(tx, offer.EntryId) is not { } entry || entry.Book(tx.Now).IsRefused) return AppointmentRefusals.OfferGone;
            if (await AppointmentQueries.ResourceAsync(tx, offer.Time.ResourceId) is not { } resource) return AppointmentRefusals.UnknownResource;

            var appointmentId = entry.AppointmentId is { } own
                ? await MoveAsync(tx, own, resource, offer, user, booking, appointments)
                : await BookAsync(tx, request, citizen.Preference, entry, resource, offer, user, form, booking, matters);
            if (appointmentId.IsRefused) return appointmentId.Refusal!;
            await waitlist.SaveOfferAsync(tx, offer);
            await waitlist.SaveAsync(tx, entry);
            await tx.AuditAsync(user.Actor, "waitlist.accept", "appointment", appointmentId.Value, id);
            return AppointmentView.Of(await AppointmentQueries.FindAsync(tx, appointmentId.Value));
        });

    private static async Task<Outcome<string>> MoveAsync(
        UnitOfWork tx, string appointmentId, ResourceRow resource, WaitlistOffer offer, CurrentUser user, Booking booking, AppointmentRepository appointments)
    {
        if (await appointments.FindOwnAsync(tx, appointmentId, user.Id) is not { } appointment) return CommonRefusals.NotFound;
        var service = (await ServiceRepository.FindAsync(tx, appointment.ServiceCode))!;
        var moved = await booking.MoveToOfferedAsync(tx, appointment, service, resource, offer, user.Actor);
        return moved.IsRefused ? moved.Refusal! : appointmentId;
    }

    private static async Task<Outcome<string>> BookAsync(
        UnitOfWork tx, Request? request, ContactPreference preference, WaitlistEntry entry, ResourceRow resource, WaitlistOffer offer, CurrentUser user, BookingForm form, Booking booking, MatterRepository matters)
    {
        if (await matters.FindAsync(tx, entry.MatterId) is not { } matter || matter.Status.IsOver()) return AppointmentRefusals.OfferGone;
        var order = await form.ReadAsync(tx, new BookingForm.Fields(
            user.Id, BookingSide.Citizen, matter.Channel, entry.ServiceCode, entry.Mode, offer.Time.StartsAt, request?.Subject, request?.Address, entry.Reason, request?.OpposingParty,
            matter.CategoryCode, null, matter, preference), new BookingTargets(false, [resource.Id], null, []));
        if (order.IsRefused) return order.Refusal!;
        matter.OrganisationId = offer.Time.OrganisationId;
        var booked = await booking.BookOfferedAsync(tx, order.Value, resource, offer, user.Actor);
        return booked.IsRefused ? booked.Refusal! : booked.Value.Appointment.Id;
    }
}
