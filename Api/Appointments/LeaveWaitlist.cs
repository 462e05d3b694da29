using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;

namespace MicroPlatform.Api.Appointments;

/// <summary>A citizen waits no longer. What is kept for them goes to the next.</summary>
public static class LeaveWaitlist
{
    public static Task<IResult> Handle(string id, CurrentUser user, HttpContext http, Idempotency idempotency, WaitlistRepository waitlist) =>
        idempotency.RunAsync<WaitlistView>(http, StatusCodes.Status200OK, async tx =>
        {
            if (!await CitizenRepository.EngageAsync(tx, user.Id)) return IdentityRefusals.SessionRevoked;
            if (await WaitlistRepository.FindAsync(tx, id) is not { } entry || entry.CitizenId != user.Id) return CommonRefusals.NotFound;
            var left = entry.Leave(tx.Now);
            if (left.IsRefused) return left.Refusal!;
            if (await WaitlistRepository.FindOpenOfferAsync(tx, id) is { } offer && !offer.Withdraw(tx.Now).IsRefused) await waitlist.GiveBackAsync(tx, offer);
            await waitlist.SaveAsync(tx, entry);
            await waitlist.EndMatterAsync(tx, entry, MatterStatus.Withdrawn, "您已退出候补", user.Actor);
            await tx.AuditAsync(user.Actor, "waitlist.leave", "waitlist", id);
            return WaitlistView.Of(await WaitlistQueries.FindAsync(tx, id));
        });
}
