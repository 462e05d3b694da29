using MicroPlatform.Api.Hosting;
using MicroPlatform.Infrastructure.Notifications;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Notifications;

/// <summary>Forgets pushes that were worked on, and reports of taps, after their week.</summary>
public sealed class SweepPushesJob(Database database, PushInbox inbox, SubscriptionRepository subscriptions) : IJob
{
    public Task<int> RunOnceAsync(CancellationToken cancel) => database.WriteAlwaysAsync(
        async tx => await inbox.SweepAsync(tx) + await subscriptions.SweepAsync(tx, TimeSpan.FromDays(7)), cancel);
}
