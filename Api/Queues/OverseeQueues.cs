using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Queues;

namespace MicroPlatform.Api.Queues;

/// <summary>Whether queues are as they must be, and how true their promises were.</summary>
public static class OverseeQueues
{
    /// <summary>Promises that are judged: the last ones that have come true.</summary>
    private const int Judged = 200;

    /// <param name="Tickets">Tickets whose places were made anew.</param>
    public sealed record Rebuilt(int Tickets);

    /// <param name="Promises">How many were judged: the last at most 200 that have come true.</param>
    /// <param name="Within50">Share of people who were called within the span promised to half of all; near 0.5 is honest. Null when nobody was.</param>
    /// <param name="Within90">The same for nine in ten; near 0.9 is honest.</param>
    /// <param name="MedianErrorSeconds">Half of all promises were nearer to the truth than this, measured from the middle of the inner span.</param>
    /// <param name="MeanWaitSeconds">How long people waited.</param>
    public sealed record Quality(string QueueId, int Promises, double? Within50, double? Within90, int? MedianErrorSeconds, int? MeanWaitSeconds);

    /// <summary>Whether anybody was lost, served twice or overtaken, from the history alone. Reads all of it: some seconds for a million lines.</summary>
    public static async Task<IResult> CheckAsync(HttpContext http, QueueInvariants invariants) => Results.Json(await invariants.CheckAsync(http.RequestAborted), WireJson.Options);

    /// <summary>Throws the copy of the order away and makes it anew from the tickets. Harmless at any time: nobody is taken by the copy.</summary>
    public static async Task<IResult> RebuildAsync(CurrentUser user, HttpContext http, Idempotency idempotency, QueueProjection projection)
    {
        int tickets;
        try
        {
            // Outside the transaction: no row is locked while a store is waited for. Doing it twice does no harm.
            tickets = await projection.RebuildFromNothingAsync(http.RequestAborted);
        }
        catch (QueueStoreException)
        {
            return QueueRefusals.CopyUnavailable.ToResult();
        }
        return await idempotency.RunAsync<Rebuilt>(http, StatusCodes.Status200OK, async tx =>
        {
            await tx.AuditAsync(user.Actor, "queues.rebuild", "queue", "all");
            return new Rebuilt(tickets);
        });
    }

    /// <summary>How good the estimates of a queue were, for everybody to see.</summary>
    public static async Task<IResult> QualityAsync(string id, HttpContext http, QueueQueries queries, QueueRepository queues)
    {
        if (!Id.IsWellFormed(id) || await queues.FindAsync(id, http.RequestAborted) is null) return CommonRefusals.NotFound.ToResult();
        var rows = await queries.PromisesAsync(id, Judged, http.RequestAborted);
        if (rows.Count == 0) return Results.Json(new Quality(id, 0, null, null, null, null), WireJson.Options);
        var waits = rows.Select(r => (Row: r, Wait: (r.FirstCalledAt - r.JoinedAt).TotalSeconds)).ToList();
        var errors = waits.Select(w => Math.Abs(w.Wait - ((w.Row.ToldLow50 + w.Row.ToldHigh50) / 2.0))).Order().ToList();
        double Share(Func<PromiseRow, (int Low, int High)> span) => Math.Round(waits.Count(w => w.Wait >= span(w.Row).Low && w.Wait <= span(w.Row).High) / (double)rows.Count, 3);
        return Results.Json(new Quality(id, rows.Count, Share(r => (r.ToldLow50, r.ToldHigh50)), Share(r => (r.ToldLow90, r.ToldHigh90)), (int)errors[errors.Count / 2], (int)waits.Average(w => w.Wait)), WireJson.Options);
    }
}
