using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Api.VideoCalls;

/// <summary>What every verb on a call shares: load in scope, ask the aggregate, save, audit, answer with the whole.</summary>
public sealed class CallMove(Idempotency idempotency, VideoCallRepository calls, CallScope scope)
{
    /// <param name="action">For the audit trail.</param>
    public Task<IResult> ByCitizenAsync(string id, CurrentUser user, HttpContext http, string action, Func<UnitOfWork, Entrant, Task<Outcome<Done>>> change) =>
        idempotency.RunAsync<CallView>(http, StatusCodes.Status200OK, async tx =>
        {
            var done = await DoAsync(tx, await scope.CitizenAsync(tx, id, user.Actor), action, change);
            return done.IsRefused ? done.Refusal! : CallView.Of(await VideoCallReading.FindAsync(tx, id), user.Id, tx.Now);
        });

    /// <summary>Whoever takes the call, or directs its unit.</summary>
    public Task<IResult> ByOfficeAsync(string id, CurrentUser user, HttpContext http, string action, Func<UnitOfWork, Entrant, Task<Outcome<Done>>> change) =>
        idempotency.RunAsync<StaffCallView>(http, StatusCodes.Status200OK, async tx =>
        {
            var done = await DoAsync(tx, await scope.DecidingAsync(tx, id, user.Actor), action, change);
            return done.IsRefused ? done.Refusal! : StaffCallView.Of(await VideoCallReading.FindAsync(tx, id), user.Id, tx.Now);
        });

    public async Task<Outcome<Done>> DoAsync(UnitOfWork tx, Outcome<Entrant> found, string action, Func<UnitOfWork, Entrant, Task<Outcome<Done>>> change)
    {
        if (found.IsRefused) return found.Refusal!;
        var changed = await change(tx, found.Value);
        if (changed.IsRefused) return changed.Refusal!;
        var saved = await calls.SaveAsync(tx, found.Value.Call, found.Value.Actor);
        if (saved.IsRefused) return saved.Refusal!;
        await tx.AuditAsync(found.Value.Actor, action, "video_call", found.Value.Call.Id);
        return Done.It;
    }
}
