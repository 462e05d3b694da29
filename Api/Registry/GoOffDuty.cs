using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Api.Registry;

/// <summary>The caller's running shift ends now. What they owe is given to those on duty within a minute.</summary>
public static class GoOffDuty
{
    public static Task<IResult> Handle(CurrentUser user, HttpContext http, Idempotency idempotency, RosterRepository rosters) =>
        idempotency.RunAsync<ShiftView>(http, StatusCodes.Status200OK, async tx =>
        {
            var roster = await rosters.LoadAsync(tx, user.Id);
            var ended = roster.EndNow(tx.Now);
            if (ended.IsRefused) return ended.Refusal!;
            await rosters.EndAsync(tx, roster, ended.Value);
            await tx.AuditAsync(user.Actor, "duty.off", "staff", user.Id, ended.Value.Id);
            return ShiftView.Of(await DutyQueries.FindAsync(tx, ended.Value.Id));
        });
}
