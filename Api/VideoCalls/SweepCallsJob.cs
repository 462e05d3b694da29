using MicroPlatform.Api.Hosting;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Api.VideoCalls;

/// <summary>Deletes recordings that are past their date, at the provider first, and forgets links that have run out.</summary>
public sealed class SweepCallsJob(Database database, RecordingRepository recordings, RecordCalls recorder, TimeProvider time, ILogger<SweepCallsJob> log) : IJob
{
    private const int AtOnce = 200;

    public async Task<int> RunOnceAsync(CancellationToken cancel)
    {
        var past = await recordings.PastAsync(time.GetUtcNow(), AtOnce, cancel);
        var deleted = await JobItems.EachAsync(past, row => recorder.DeleteAsync(row, cancel), log, cancel);
        return deleted + await database.WriteAlwaysAsync(CallTickets.SweepAsync, cancel);
    }
}
