using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Administration;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Audit;

namespace MicroPlatform.Api.Administration;

/// <summary>Recurring work: how it last went, when it comes next.</summary>
/// <param name="Name">Stable.</param>
/// <param name="NextAt">Null before the first run.</param>
/// <param name="Done">How many things the last run did; null while it runs and when it failed.</param>
/// <param name="Error">What sort of fault ended the last run; null when none did.</param>
public sealed record JobView(
    string Name, string Title, long PeriodSeconds, DateTimeOffset? NextAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, int? Done, string? Error, bool Running)
{
    internal static JobView Of(ScheduledJob job, JobRunRow? run, DateTimeOffset now)
    {
        var running = run?.IsRunning(now) == true;
        return new JobView(
            job.Name, job.Title.Length == 0 ? job.Name : job.Title, (long)job.Period.TotalSeconds, run?.NextAt, run?.StartedAt, run?.FinishedAt, running ? null : run?.Done, running ? null : run?.Error, running);
    }
}

/// <summary>All recurring work, whichever node runs it.</summary>
public static class ListJobs
{
    public sealed record Response(IReadOnlyList<JobView> Items);

    public static async Task<IResult> Handle(HttpContext http, IReadOnlyList<ScheduledJob> jobs, JobRuns runs, TimeProvider time)
    {
        var last = await runs.ListAsync(http.RequestAborted);
        return Results.Json(new Response([.. jobs.Select(j => JobView.Of(j, last.GetValueOrDefault(j.Name), time.GetUtcNow()))]), WireJson.Options);
    }
}

/// <summary>Makes a job due now: one of the nodes runs it within a second, and the list tells how it went. Every job may be run at any time.</summary>
public static class RunJob
{
    public static Task<IResult> Handle(string name, CurrentUser user, HttpContext http, Idempotency idempotency, IReadOnlyList<ScheduledJob> jobs) =>
        idempotency.RunAsync<JobView>(http, StatusCodes.Status202Accepted, async tx =>
        {
            if (jobs.FirstOrDefault(j => j.Name == name) is not { } job) return CommonRefusals.NotFound;
            if ((await JobRuns.FindAsync(tx, name))?.IsRunning(tx.Now) == true) return AdministrationRefusals.JobRunning;
            await JobRuns.MakeDueAsync(tx, name);
            await tx.AuditAsync(user.Actor, "jobs.run", "job", name);
            return JobView.Of(job, await JobRuns.FindAsync(tx, name), tx.Now);
        });
}
