using MicroPlatform.Api.Hosting;
using MicroPlatform.Infrastructure.Queues;

namespace MicroPlatform.Api.Queues;

/// <summary>Nobody waits in a hall over night: numbers of days gone by are ended, so that the day begins with an empty list.</summary>
public sealed class CloseLeftOverTicketsJob(HallQueries hall, WindowTickets windows, TimeProvider time, ILogger<CloseLeftOverTicketsJob> log) : IJob
{
    private const int Batch = 500;

    public async Task<int> RunOnceAsync(CancellationToken cancel) => await JobItems.EachAsync(
        await hall.LeftOverAsync(time.GetUtcNow(), Batch, cancel), id => windows.MoveAsync(id, (ticket, now) => ticket.Leave(now), cancel), log, cancel);
}
