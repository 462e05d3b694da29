using MicroPlatform.Infrastructure.Outbox;

namespace MicroPlatform.Api.Hosting;

/// <summary>Forgets delivered outbox rows after a week: long enough to answer "was it sent".</summary>
public sealed class SweepOutboxJob(OutboxDispatcher dispatcher) : IJob
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    public Task<int> RunOnceAsync(CancellationToken cancel) => dispatcher.SweepAsync(Kept, cancel);
}
