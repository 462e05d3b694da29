using MicroPlatform.Api.Hosting;
using MicroPlatform.Infrastructure.Materials;

namespace MicroPlatform.Api.Materials;

/// <summary>Destroys, with proof, what nobody has used for long and what has been kept for the time it had to be.</summary>
public sealed class EraseOutlivedJob(MaterialUpkeep upkeep, ILogger<EraseOutlivedJob> log) : IJob
{
    public async Task<int> RunOnceAsync(CancellationToken cancel) =>
        await JobItems.EachAsync(await upkeep.OutlivedAsync(cancel), m => upkeep.EraseAsync(m.Id, m.Reason, cancel), log, cancel);
}
