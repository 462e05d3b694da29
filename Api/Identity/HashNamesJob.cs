using MicroPlatform.Api.Hosting;
using MicroPlatform.Infrastructure.Identity;

namespace MicroPlatform.Api.Identity;

/// <summary>Hashes names that were written before names had a hash, so that their matters are found by them. Nothing to do once all are.</summary>
public sealed class HashNamesJob(CitizenRepository citizens) : IJob
{
    public Task<int> RunOnceAsync(CancellationToken cancel) => citizens.HashNamesAsync(cancel);
}
