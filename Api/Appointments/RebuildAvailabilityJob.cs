using MicroPlatform.Api.Hosting;
using MicroPlatform.Infrastructure.Appointments;

namespace MicroPlatform.Api.Appointments;

/// <summary>Fills the copy of availability for all days that can be booked, so that the first to look at a new day need not wait for it.</summary>
public sealed class RebuildAvailabilityJob(AvailabilityProjection availability) : IJob
{
    public Task<int> RunOnceAsync(CancellationToken cancel) => availability.RebuildAsync(cancel);
}
