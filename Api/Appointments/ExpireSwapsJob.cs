using MicroPlatform.Api.Hosting;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Appointments;

/// <summary>The hours have begun and nobody has answered: nothing changes, and the request is over.</summary>
public sealed class ExpireSwapsJob(Database database, SwapRepository swaps, TimeProvider time, ILogger<ExpireSwapsJob> log) : IJob
{
    private const int AtOnce = 200;

    public async Task<int> RunOnceAsync(CancellationToken cancel) =>
        await JobItems.EachAsync(await swaps.DueAsync(time.GetUtcNow(), AtOnce, cancel), id => ExpireAsync(id, cancel), log, cancel);

    private Task<bool> ExpireAsync(string id, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        // Looked at again inside the transaction: it may just have been answered.
        if (await SwapRepository.FindAsync(tx, id) is not { } row || row.StartsAt > tx.Now) return false;
        var expired = row.ToSwap().Decide(SwapAction.Expire, tx.Now);
        if (expired.IsRefused) return false;
        await SwapRepository.SaveAsync(tx, expired.Value);
        await tx.AuditAsync(Actor.System, "swaps.expire", "swap", id);
        return true;
    }, cancel);
}
