using MicroPlatform.Api.Hosting;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Queues;

namespace MicroPlatform.Api.Queues;

/// <summary>Nobody waits in a hall over night: numbers of days gone by are ended, so that the day begins with an empty list.</summary>
public sealed class CloseLeftOverTicketsJob(HallQueries hall, TicketMoves moves, TimeProvider time, ILogger<CloseLeftOverTicketsJob> log) : IJob
{
    private const int Batch = 500;

    public async Task<int> RunOnceAsync(CancellationToken cancel) => await JobItems.EachAsync(
        await hall.LeftOverAsync(time.GetUtcNow(), Batch, cancel), id => moves.MoveAsync(id, (ticket, now) => ticket.Leave(now), MatterStatus.Withdrawn, "来访已结束", cancel), log, cancel);
}
