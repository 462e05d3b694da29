using MicroPlatform.Api.Hosting;
using MicroPlatform.Infrastructure.Materials;

namespace MicroPlatform.Api.Materials;

/// <summary>Gives back the parts of uploads that nobody went on with.</summary>
public sealed class ExpireUploadsJob(MaterialUpkeep upkeep, ILogger<ExpireUploadsJob> log) : IJob
{
    public async Task<int> RunOnceAsync(CancellationToken cancel) =>
        await JobItems.EachAsync(await upkeep.ExpiredUploadsAsync(cancel), id => upkeep.ExpireUploadAsync(id, cancel), log, cancel);
}
