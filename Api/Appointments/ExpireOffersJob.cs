using MicroPlatform.Api.Hosting;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Appointments;

/// <summary>Offers that nobody has answered in time are given back and go to the next; who waits for what cannot come any more is told so.</summary>
public sealed class ExpireOffersJob(Database database, WaitlistRepository waitlist, WaitlistQueries queries, TimeProvider time, ILogger<ExpireOffersJob> log) : IJob
{
    private const int AtOnce = 200;

    public async Task<int> RunOnceAsync(CancellationToken cancel) =>
        await WhileAnyAsync(() => queries.RunOutAsync(time.GetUtcNow(), AtOnce, cancel), row => ExpireAsync(row, cancel), cancel)
        + await WhileAnyAsync(() => queries.PointlessAsync(time.GetUtcNow().DateInChina(), AtOnce, cancel), row => EndAsync(row, cancel), cancel);

    private async Task<int> WhileAnyAsync(Func<Task<List<DueRow>>> due, Func<DueRow, Task<bool>> act, CancellationToken cancel)
    {
        for (var all = 0; ;)
        {
            var done = await JobItems.EachAsync(await due(), act, log, cancel);
            all += done;
            if (done < AtOnce) return all;
        }
    }

    private Task<bool> ExpireAsync(DueRow due, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        // Waits for an acceptance under way; what is read afterwards is what it left.
        await CitizenRepository.EngageAsync(tx, due.CitizenId);
        if (await WaitlistRepository.FindOfferAsync(tx, due.Id) is not { } offer || offer.Expire(tx.Now).IsRefused) return false;
        await waitlist.GiveBackAsync(tx, offer);
        if (await WaitlistRepository.FindAsync(tx, offer.EntryId) is { } entry && !entry.Decline().IsRefused) await waitlist.SaveAsync(tx, entry);
        await tx.AuditAsync(Actor.System, "waitlist.expire", "waitlist", offer.EntryId, offer.Id);
        return true;
    }, cancel);

    private Task<bool> EndAsync(DueRow due, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        await CitizenRepository.EngageAsync(tx, due.CitizenId);
        if (await WaitlistRepository.FindAsync(tx, due.Id) is not { State: WaitlistState.Waiting } entry || entry.End(tx.Now).IsRefused) return false;
        await waitlist.SaveAsync(tx, entry);
        await waitlist.EndMatterAsync(tx, entry, MatterStatus.Closed, "候补期限已过，未能约到，请选择其他时间或拨打12348", Actor.System);
        await tx.AuditAsync(Actor.System, "waitlist.end", "waitlist", entry.Id);
        return true;
    }, cancel);
}
