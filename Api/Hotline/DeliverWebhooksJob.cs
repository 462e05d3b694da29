using MicroPlatform.Api.Hosting;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Infrastructure.Hotline;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Hotline;

/// <summary>
/// Pushes what is due: partners side by side, of each up to eight tickets at once, each ticket's events one after another. An endpoint that does not answer is
/// tried with one event at a time until it does.
/// </summary>
public sealed class DeliverWebhooksJob(WebhookRepository webhooks, WebhookSender sender, IOptions<HotlineOptions> options, TimeProvider time, ILogger<DeliverWebhooksJob> log) : IJob
{
    private const int AtOnce = 8;

    public async Task<int> RunOnceAsync(CancellationToken cancel) =>
        (await Task.WhenAll((await webhooks.DueAppsAsync(cancel)).Select(app => DeliverAsync(app, cancel)))).Sum();

    private async Task<int> DeliverAsync(string appId, CancellationToken cancel)
    {
        var delivered = 0;
        while (!cancel.IsCancellationRequested)
        {
            if (await webhooks.FindAsync(appId, cancel) is not { Enabled: true } hook) return delivered;
            var failing = hook.FailingSince is not null;
            var due = await webhooks.DueAsync(appId, failing ? null : time.GetUtcNow() - options.Value.OrderPatience, failing ? 1 : 64, cancel);
            if (due.Count == 0) return delivered;
            // Of one ticket the first only: the next follows when it is there.
            var heads = due.DistinctBy(d => d.OrderKey).ToList();
            var results = new System.Collections.Concurrent.ConcurrentBag<(bool Delivered, bool Down)>();
            await Parallel.ForEachAsync(heads, new ParallelOptions { MaxDegreeOfParallelism = failing ? 1 : AtOnce, CancellationToken = cancel }, async (row, token) => results.Add(await OneAsync(hook, row, token)));
            delivered += results.Count(r => r.Delivered);
            if (results.Any(r => r.Down)) log.LogWarning("The endpoint of partner {AppId} does not answer: its events wait", appId);
            if (results.Any(r => r.Down) || results.IsEmpty) return delivered;
        }
        return delivered;
    }

    private async Task<(bool, bool)> OneAsync(Webhook hook, DueRow row, CancellationToken cancel)
    {
        if (!await webhooks.ClaimAsync(row, cancel)) return (false, false);
        var result = await sender.SendAsync(hook, row, cancel);
        if (!result.Delivered && Webhook.PauseAfter(row.Attempts + 1, 0, null) is null) log.LogError("Event {EventId} for partner {AppId} was given up after {Attempts} tries", row.Id, hook.AppId, row.Attempts + 1);
        return result;
    }
}

/// <summary>Forgets pushed events after ninety days, as long as a vendor may ask for what it was told.</summary>
public sealed class SweepDeliveriesJob(WebhookRepository webhooks) : IJob
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    public Task<int> RunOnceAsync(CancellationToken cancel) => webhooks.SweepAsync(Kept, cancel);
}
