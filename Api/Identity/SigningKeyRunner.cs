using MicroPlatform.Infrastructure.Identity;

namespace MicroPlatform.Api.Identity;

/// <summary>Reads the signing keys anew every minute, on every node, so that a successor is known long before it signs; makes the successor when it is due.</summary>
public sealed class SigningKeyRunner(SigningKeyStore keys, TimeProvider time, ILogger<SigningKeyRunner> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await keys.RotateAsync();
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogError(e, "The signing keys could not be read; the known ones stay in use");
            }
        }
    }
}
