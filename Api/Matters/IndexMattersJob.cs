using MicroPlatform.Api.Hosting;
using MicroPlatform.Infrastructure.Matters;

namespace MicroPlatform.Api.Matters;

/// <summary>Makes new matters findable by their words.</summary>
public sealed class IndexMattersJob(SearchIndex index) : IJob
{
    public Task<int> RunOnceAsync(CancellationToken cancel) => index.CatchUpAsync(cancel);
}
