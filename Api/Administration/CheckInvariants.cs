using System.Diagnostics;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Http;
using MicroPlatform.Infrastructure.Administration;

namespace MicroPlatform.Api.Administration;

/// <summary>Whether all is as it must be, derived anew from the data at this moment: nobody booked twice, no time held for nobody, nothing lost, no broken audit chain. Reads everything.</summary>
public static class CheckInvariants
{
    /// <param name="Intact">Nothing was found.</param>
    /// <param name="Milliseconds">Time taken.</param>
    public sealed record Response(bool Intact, DateTimeOffset CheckedAt, long Milliseconds, IReadOnlyList<InvariantFound> Items);

    public static async Task<IResult> Handle(HttpContext http, Invariants invariants, TimeProvider time)
    {
        var (began, at) = (Stopwatch.GetTimestamp(), time.GetUtcNow());
        var found = await invariants.CheckAsync(http.RequestAborted);
        return Results.Json(new Response(found.All(f => f.Found == 0), at, (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds, found), WireJson.Options);
    }
}

/// <summary>The same every night, into the log. What it did is how much it found: expected, nothing.</summary>
public sealed class CheckInvariantsJob(Invariants invariants, ILogger<CheckInvariantsJob> log) : IJob
{
    public const string Name = "administration.check-invariants";

    public async Task<int> RunOnceAsync(CancellationToken cancel)
    {
        var broken = (await invariants.CheckAsync(cancel)).Where(f => f.Found > 0).ToList();
        foreach (var found in broken) log.LogError("Invariant {Invariant} is broken {Count} times", found.Name, found.Found);
        return (int)Math.Min(int.MaxValue, broken.Sum(f => f.Found));
    }
}
