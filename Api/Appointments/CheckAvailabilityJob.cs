using MicroPlatform.Api.Hosting;
using MicroPlatform.Infrastructure.Appointments;

namespace MicroPlatform.Api.Appointments;

/// <summary>Compares the copy of availability with the database and repairs it. What it did is the number of differences: expected, none.</summary>
public sealed class CheckAvailabilityJob(AvailabilityProjection availability) : IJob
{
    public const string Name = "appointments.check-availability";

    public async Task<int> RunOnceAsync(CancellationToken cancel) => (await availability.CheckAsync(cancel)).Differences;
}
