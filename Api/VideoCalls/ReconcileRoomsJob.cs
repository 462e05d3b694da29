using MicroPlatform.Api.Hosting;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Api.VideoCalls;

/// <summary>Looks who really is in the rooms of the calls that go on. A provider that is away tells nothing, and nothing follows from that.</summary>
public sealed class ReconcileRoomsJob(VideoProviders providers, RoomReconciliation reconciliation) : IJob
{
    public async Task<int> RunOnceAsync(CancellationToken cancel)
    {
        var found = 0;
        foreach (var provider in providers.All) found += await reconciliation.RunAsync(provider, cancel);
        return found;
    }
}
