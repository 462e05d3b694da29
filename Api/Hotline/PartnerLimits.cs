using System.Threading.RateLimiting;
using MicroPlatform.Domain.Hotline;

namespace MicroPlatform.Api.Hotline;

/// <summary>How much each partner may ask of this node: a bucket of one minute's calls, refilled every second. Another figure is another bucket.</summary>
public sealed class PartnerLimits : IDisposable
{
    private readonly PartitionedRateLimiter<HotlinePartner> _limiter = PartitionedRateLimiter.Create<HotlinePartner, (string, int)>(partner =>
        RateLimitPartition.GetTokenBucketLimiter((partner.AppId, partner.PerMinute), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = partner.PerMinute,
            TokensPerPeriod = Math.Max(1, partner.PerMinute / 60),
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            AutoReplenishment = true,
            QueueLimit = 0,
        }));

    public bool TryTake(HotlinePartner partner)
    {
        using var lease = _limiter.AttemptAcquire(partner);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
