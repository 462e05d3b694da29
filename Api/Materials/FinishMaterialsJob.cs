using MicroPlatform.Api.Hosting;
using MicroPlatform.Infrastructure.Materials;

namespace MicroPlatform.Api.Materials;

/// <summary>What an upload did not wait for: thumbnails while the tool was away or busy, scans while the scanner was.</summary>
public sealed class FinishMaterialsJob(MaterialUpkeep upkeep, ILogger<FinishMaterialsJob> log) : IJob
{
    public async Task<int> RunOnceAsync(CancellationToken cancel) =>
        await JobItems.EachAsync(await upkeep.NotScannedAsync(cancel), row => upkeep.ScanAsync(row, cancel), log, cancel)
        + await JobItems.EachAsync(await upkeep.ThumbnailsPendingAsync(cancel), row => upkeep.MakeThumbnailAsync(row, cancel), log, cancel);
}
