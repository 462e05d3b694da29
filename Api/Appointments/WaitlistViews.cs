using MicroPlatform.Domain.Appointments;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Clocks;

namespace MicroPlatform.Api.Appointments;

/// <summary>候补: a place on the waiting list, as its citizen sees it.</summary>
/// <param name="MatterId">Of the appointment that is to be earlier, or opened for the waiting.</param>
/// <param name="AppointmentId">The appointment that is to be earlier; it stays until an offer is accepted.</param>
/// <param name="WantedName">With whom, at which desk or at which unit.</param>
/// <param name="Offer">Time that is kept for you now; null when there is none.</param>
public sealed record WaitlistView(
    string Id, string MatterId, string? AppointmentId, WaitlistState State, string StateText, string ServiceCode, string ServiceName, MeetingMode Mode, string ModeText, string? ResourceId,
    string? OrganisationId, string WantedName, DateOnly FromDate, DateOnly UntilDate, DateTimeOffset JoinedAt, DateTimeOffset? EndedAt, OfferView? Offer)
{
    public static WaitlistView Of(WaitlistRow w) => new(
        w.Id, w.MatterId, w.AppointmentId, w.State, w.State.Label(), w.ServiceCode, w.ServiceName, w.Mode, w.Mode.Label(), w.ResourceId, w.OrganisationId,
        w.ResourceName ?? w.OrganisationName ?? "", DayCode.Parse(w.FromDate), DayCode.Parse(w.UntilDate), w.JoinedAt, w.EndedAt,
        w.OfferId is null ? null : new OfferView(w.OfferId, w.OfferResourceId!, w.OfferStartsAt!.Value, w.OfferEndsAt!.Value, w.OfferOrganisationName!, w.OfferStaffName, w.OfferExpiresAt!.Value));
}

/// <summary>Time that is kept for somebody on the waiting list.</summary>
/// <param name="StaffName">Who will see you; null at a desk.</param>
/// <param name="ExpiresAt">Until when it is kept.</param>
public sealed record OfferView(string Id, string ResourceId, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string OrganisationName, string? StaffName, DateTimeOffset ExpiresAt);
