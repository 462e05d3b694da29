using MicroPlatform.Api.Hosting;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Api.VideoCalls;

/// <summary>Forgets what providers of video told, after its week.</summary>
public sealed class SweepProviderEventsJob(Database database, ProviderInbox inbox) : IJob
{
    public Task<int> RunOnceAsync(CancellationToken cancel) => database.WriteAlwaysAsync(inbox.SweepAsync, cancel);
}
