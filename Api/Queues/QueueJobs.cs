using MicroPlatform.Api.Hosting;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Queues;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Queues;

/// <summary>Every second: rings for those who wait, opens and closes queues, ends what was kept long enough.</summary>
public sealed class RunQueuesJob(QueueRepository queues, QueueTurns turns, QueueQueries queries, TimeProvider time, ILogger<RunQueuesJob> log) : IJob
{
    private const int AtOnce = 200;

    public async Task<int> RunOnceAsync(CancellationToken cancel)
    {
        var lapsed = await JobItems.EachAsync(await queries.LapsedAsync(time.GetUtcNow(), AtOnce, cancel), id => turns.LapseAsync(id, cancel), log, cancel);
        var video = (await queues.ListAsync(cancel)).Where(q => q.Kind == QueueKind.Video).ToList();
        return lapsed + await JobItems.EachAsync(video, async queue => await turns.RunAsync(queue, cancel) > 0, log, cancel);
    }
}

/// <summary>Every minute: whoever is silent is off, forgotten places are closed, the copy is compared with the tickets.</summary>
public sealed class CheckQueuesJob(
    QueueProjection projection, PresenceRepository presence, QueueTurns turns, QueueQueries queries, IOptions<QueuesOptions> options, TimeProvider time, ILogger<CheckQueuesJob> log) : IJob
{
    private const int AtOnce = 200;

    public async Task<int> RunOnceAsync(CancellationToken cancel)
    {
        var done = await presence.LapseAsync(cancel);
        done += await JobItems.EachAsync(await queries.ForgottenAsync(time.GetUtcNow() - options.Value.KeepFor, AtOnce, cancel), id => turns.CloseAsync(id, cancel), log, cancel);
        try
        {
            var differ = await projection.CheckAsync(cancel);
            if (differ > 0) log.LogWarning("The copy of {Count} queues was not what the tickets say, and was made anew", differ);
            return done + differ;
        }
        catch (QueueStoreException e)
        {
            log.LogDebug(e, "The copy of the queues cannot be compared now");
            return done;
        }
    }
}

/// <summary>
/// Makes the copy of the queues right whenever this node cannot trust it: after the start, and after Redis was away or flushed. Not a job: what this node failed
/// to put, only this node knows.
/// </summary>
public sealed class QueueKeeper(QueueProjection projection, IHostApplicationLifetime lifetime, ILogger<QueueKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using var registered = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Tick);
        do
        {
            if (!projection.IsBehind) continue;
            try
            {
                log.LogInformation("Queues made anew: {Tickets} waiting", await projection.RebuildAsync(stoppingToken));
            }
            catch (Exception e) when (e is QueueStoreException or DatabaseUnavailableException)
            {
                log.LogDebug(e, "Queues could not be made anew yet");
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogError(e, "Queues could not be made anew");
                await Task.Delay(TimeSpan.FromSeconds(5), stoppingToken);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
