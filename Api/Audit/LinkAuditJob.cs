using MicroPlatform.Api.Hosting;
using MicroPlatform.Infrastructure.Audit;

namespace MicroPlatform.Api.Audit;

/// <summary>Links new audit rows into the chain.</summary>
public sealed class LinkAuditJob(AuditChain chain) : IJob
{
    public Task<int> RunOnceAsync(CancellationToken cancel) => chain.LinkAsync(cancel);
}
