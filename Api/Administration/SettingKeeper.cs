using MicroPlatform.Infrastructure.Administration;

namespace MicroPlatform.Api.Administration;

/// <summary>Takes settings over at start, and looks now and then for what was set on another node.</summary>
public sealed class SettingKeeper(Settings settings, TimeProvider time, ILogger<SettingKeeper> log) : BackgroundService
{
    /// <summary>How far this node may be behind another.</summary>
    internal static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await settings.FollowAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await settings.FollowAsync(stoppingToken)) log.LogInformation("Settings of another node taken over");
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogWarning(e, "Settings could not be looked at; going on with the last ones");
            }
        }
    }
}
