using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.Queues;

/// <summary>Of twenty who press at the same moment one goes to the database. A courtesy: with the store away all do, and the database judges.</summary>
public sealed class TicketClaims(IQueueStore store, IOptions<QueuesOptions> options, TimeProvider time, ILogger<TicketClaims> log)
{
    public async Task<bool> TryAsync(string ticketId, string staffId, CancellationToken cancel)
    {
        try
        {
            var now = time.GetUtcNow();
            return await store.TryClaimAsync(ticketId, staffId, now + options.Value.ClaimFor, now, cancel);
        }
        catch (QueueStoreException e)
        {
            log.LogDebug(e, "A ticket is taken without a claim");
            return true;
        }
    }

    public async Task ReleaseAsync(string ticketId, string staffId)
    {
        try
        {
            await store.ReleaseAsync(ticketId, staffId, CancellationToken.None);
        }
        catch (QueueStoreException e)
        {
            log.LogDebug(e, "A claim was not given up; it runs out");
        }
    }
}
