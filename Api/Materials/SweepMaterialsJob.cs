using MicroPlatform.Api.Hosting;
using MicroPlatform.Infrastructure.Materials;

namespace MicroPlatform.Api.Materials;

/// <summary>Removes bytes that no row knows: what a killed process or a store that was away has left.</summary>
public sealed class SweepMaterialsJob(MaterialUpkeep upkeep) : IJob
{
    public Task<int> RunOnceAsync(CancellationToken cancel) => upkeep.SweepAsync(cancel);
}
