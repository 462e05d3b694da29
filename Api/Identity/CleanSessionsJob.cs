using MicroPlatform.Api.Hosting;
using MicroPlatform.Infrastructure.Identity;

namespace MicroPlatform.Api.Identity;

/// <summary>Erases kept successors of refresh tokens after their half minute, sessions that ended long ago, and counts of failed sign-ins that no longer count.</summary>
public sealed class CleanSessionsJob(SessionRepository sessions, ThrottleRepository throttles) : IJob
{
    /// <summary>Ended sessions are kept as long as logs have to be (网络安全法 art. 21: six months).</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(190);

    public async Task<int> RunOnceAsync(CancellationToken cancel) => await sessions.CleanAsync(Kept) + await throttles.CleanAsync();
}
