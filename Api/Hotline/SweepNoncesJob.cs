using MicroPlatform.Api.Hosting;
using MicroPlatform.Infrastructure.Hotline;

namespace MicroPlatform.Api.Hotline;

/// <summary>Forgets nonces whose requests are too old to be let in again, and codes of screen-pops that have run out.</summary>
public sealed class SweepNoncesJob(NonceStore nonces, PopRepository pops) : IJob
{
    public async Task<int> RunOnceAsync(CancellationToken cancel) => await nonces.SweepAsync(cancel) + await pops.SweepAsync(cancel);
}
