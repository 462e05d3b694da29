using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;

namespace MicroPlatform.Api.Appointments;

/// <summary>This time does not suit: it goes to the next, and the citizen waits on for another.</summary>
public static class RejectOffer
{
    public static Task<IResult> Handle(string id, CurrentUser user, HttpContext http, Idempotency idempotency, WaitlistRepository waitlist) =>
        idempotency.RunAsync<WaitlistView>(http, StatusCodes.Status200OK, async tx =>
        {
            if (!await CitizenRepository.EngageAsync(tx, user.Id)) return IdentityRefusals.SessionRevoked;
            if (await WaitlistRepository.FindOfferAsync(tx, id) is not { } offer || offer.CitizenId != user.Id) return CommonRefusals.NotFound;
            var rejected = offer.Reject(tx.Now);
            if (rejected.IsRefused) return rejected.Refusal!;
            await waitlist.GiveBackAsync(tx, offer);
            if (await WaitlistRepository.FindAsync(tx, offer.EntryId) is not { } entry || entry.Decline().IsRefused) return AppointmentRefusals.OfferGone;
            await waitlist.SaveAsync(tx, entry);
            await tx.AuditAsync(user.Actor, "waitlist.reject", "waitlist", entry.Id, id);
            return WaitlistView.Of(await WaitlistQueries.FindAsync(tx, entry.Id));
        });
}
