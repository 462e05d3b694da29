using MicroPlatform.Api.Hosting;

namespace MicroPlatform.Api.Http;

/// <summary>Forgets Idempotency-Keys that are over their 24 hours.</summary>
public sealed class SweepIdempotencyJob(Idempotency idempotency) : IJob
{
    public Task<int> RunOnceAsync(CancellationToken cancel) => idempotency.SweepAsync(cancel);
}
