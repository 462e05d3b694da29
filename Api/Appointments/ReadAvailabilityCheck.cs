using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Http;
using MicroPlatform.Infrastructure.Appointments;

namespace MicroPlatform.Api.Appointments;

/// <summary>How the last comparison of the copy with the database went, and whether this node trusts the copy now.</summary>
public static class ReadAvailabilityCheck
{
    /// <param name="FinishedAt">Null before the first run.</param>
    /// <param name="Differences">Days that differed and were repaired; expected 0. Null when the run failed or there was none.</param>
    /// <param name="Error">Why it failed, as a kind of fault; null when it did not.</param>
    /// <param name="Trusted">False while searches on this node read the database, as after a failure of Redis.</param>
    public sealed record Response(DateTimeOffset? FinishedAt, int? Differences, string? Error, bool Trusted);

    public static async Task<IResult> Handle(HttpContext http, JobRuns runs, AvailabilityProjection availability)
    {
        var last = await runs.LastAsync(CheckAvailabilityJob.Name, http.RequestAborted);
        return Results.Json(new Response(last?.FinishedAt, last?.Done, last?.Error, !availability.IsBehind), WireJson.Options);
    }
}
