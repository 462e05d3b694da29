using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Materials;
using MicroPlatform.Infrastructure.Matters;

namespace MicroPlatform.Api.Appointments;

/// <summary>A citizen books, for themselves or for somebody close. Opens a matter with its number, or books on one that is open.</summary>
public static class BookAppointment
{
    /// <param name="ServiceCode">From <c>GET /v1/appointment-services</c>.</param>
    /// <param name="ResourceId">Whom or which desk; absent with <paramref name="OrganisationId"/>: anybody there, whoever has least that day.</param>
    /// <param name="StartsAt">One of the starts of <c>GET /v1/slots</c>.</param>
    /// <param name="HoldId">From <c>POST /v1/slot-holds</c>, when the slot was held.</param>
    /// <param name="MatterId">An open matter of one's own to book on; absent: a new one.</param>
    /// <param name="RegionCode">Where the problem is; the unit's own region when absent.</param>
    /// <param name="Address">Where to come to; with mode <c>homeVisit</c> only, and then required, as is a reason.</param>
    /// <param name="Reason">What it is about, up to 500 characters.</param>
    /// <param name="AttachmentIds">Materials of one's own for the talk, up to 9, from <c>POST /v1/materials</c>.</param>
    /// <param name="OpposingParty">Name of the other side, so that nobody is booked who must not act; not kept.</param>
    public sealed record Request(
        [property: Required, MaxLength(96)] string? ServiceCode, [property: Required] MeetingMode? Mode, [property: MaxLength(Id.Length)] string? ResourceId,
        [property: MaxLength(Id.Length)] string? OrganisationId, [property: Required] DateTimeOffset? StartsAt, [property: MaxLength(64)] string? HoldId,
        [property: MaxLength(Id.Length)] string? MatterId, [property: Required, MaxLength(96)] string? CategoryCode, [property: MaxLength(96)] string? RegionCode,
        SubjectRequest? Subject, [property: MaxLength(Appointment.MaxAddress)] string? Address, [property: MaxLength(Appointment.MaxReason)] string? Reason,
        [property: MaxLength(100)] string? OpposingParty, ContactPreference? ContactPreference, [property: MaxLength(Material.MaxAttachments)] IReadOnlyList<string>? AttachmentIds = null);

    /// <summary>The person concerned, when not the citizen.</summary>
    /// <param name="NationalId">Required for a child or ward: the age decides whether a guardian must agree.</param>
    /// <param name="GuardianConsent">For somebody under fourteen: I am the guardian and agree.</param>
    public sealed record SubjectRequest(
        [property: Required, MaxLength(50)] string? Name, [property: MaxLength(40)] string? NationalId, [property: Required] Relation? Relation, bool GuardianConsent);

    public static async Task<IResult> Handle(
        Request request, CurrentUser user, HttpContext http, Idempotency idempotency, BookingForm form, Booking booking, SlotReading slots, MatterRepository matters, Attaching attaching)
    {
        var targets = await slots.TargetsAsync(request.ResourceId, request.OrganisationId, request.StartsAt!.Value, http.RequestAborted);
        if (targets.IsRefused) return targets.Refusal!.ToResult();
        return await idempotency.RunAsync<AppointmentView>(http, StatusCodes.Status201Created, async tx =>
        {
            var order = await form.EngageAsync(tx, new BookingForm.Fields(
                user.Id, BookingSide.Citizen, Channel.MiniProgram, request.ServiceCode, request.Mode!.Value, request.StartsAt.Value, request.Subject, request.Address, request.Reason,
                request.OpposingParty, request.CategoryCode, request.RegionCode, null, request.ContactPreference), targets.Value);
            if (order.IsRefused) return order.Refusal!;
            Matter? matter = null;
            if (request.MatterId is not null)
            {
                matter = await matters.FindAsync(tx, request.MatterId);
                if (matter is null || matter.CitizenId != user.Id || matter.Status.IsOver()) return CommonRefusals.NotFound.At("matterId", "没有这个未办结的事项");
            }
            var booked = await booking.BookAsync(tx, order.Value with { Matter = matter }, targets.Value.Holds, request.HoldId, user.Actor);
            if (booked.IsRefused) return booked.Refusal!;
            var attached = await attaching.AttachToAppointmentAsync(tx, booked.Value.Appointment, request.AttachmentIds, user.Actor);
            if (attached.IsRefused) return attached.Refusal!;
            slots.ReleaseAfter(tx, request.HoldId);
            await tx.AuditAsync(user.Actor, "appointments.book", "appointment", booked.Value.Appointment.Id);
            return AppointmentView.Of(booked.Value.Shown);
        });
    }
}
