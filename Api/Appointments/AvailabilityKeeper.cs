using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Appointments;

/// <summary>
/// Makes the copy of availability right whenever this node cannot trust it: after the start, and after Redis was away. Not a job: what this node
/// failed to put, only this node knows.
/// </summary>
public sealed class AvailabilityKeeper(AvailabilityProjection availability, IHostApplicationLifetime lifetime, ILogger<AvailabilityKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Nothing before the first request can be answered: a start is not to wait for this.
        var started = new TaskCompletionSource();
        await using var registered = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Tick);
        do
        {
            if (!availability.IsBehind) continue;
            try
            {
                var put = await availability.RebuildAsync(stoppingToken);
                log.LogInformation("Availability made anew: {Days} days", put);
            }
            catch (Exception e) when (e is AvailabilityStoreException or DatabaseUnavailableException)
            {
                log.LogDebug(e, "Availability could not be made anew yet");
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogError(e, "Availability could not be made anew");
                await Task.Delay(TimeSpan.FromSeconds(5), stoppingToken);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
