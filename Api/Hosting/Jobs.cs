using Dapper;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Hosting;

/// <summary>A use case whose caller is the clock. Idempotent; one item's failure does not stop the rest.</summary>
public interface IJob
{
    /// <returns>How many things it did, for the log and the administrator's list.</returns>
    Task<int> RunOnceAsync(CancellationToken cancel);
}

/// <summary>Section <c>Jobs</c>.</summary>
public sealed class JobOptions
{
    /// <summary>Whether this node runs jobs and delivers the outbox. Tests switch it off and call the jobs themselves.</summary>
    public bool Enabled { get; set; } = true;
}

/// <param name="Name">Stable; key of its row.</param>
/// <param name="Period">From the start of one run to the next, on whichever node.</param>
/// <param name="Title">What the administrator reads.</param>
public sealed record ScheduledJob(string Name, Type Type, TimeSpan Period, string Title = "");

/// <summary>Which node runs a job when: a row per job, claimed by a conditional write, so that of several nodes one runs it.</summary>
public sealed class JobRuns(Database database, TimeProvider time)
{
    /// <summary>Claims a run that is due.</summary>
    public Task<bool> TryBeginAsync(ScheduledJob job, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        await tx.ExecuteAsync($"{tx.Dialect.InsertIgnore} job_runs (name, next_at) VALUES (@Name, 0)", new { job.Name });
        return await tx.ExecuteAsync("UPDATE job_runs SET next_at = @next, started_at = @Now WHERE name = @Name AND next_at <= @Now",
            new { next = tx.Now + job.Period, tx.Now, job.Name }) == 1;
    }, cancel);

    public Task<int> EndAsync(ScheduledJob job, int? done, string? error) => database.WriteAlwaysAsync(tx =>
        tx.ExecuteAsync("UPDATE job_runs SET finished_at = @Now, done = @done, error = @error WHERE name = @Name", new { tx.Now, done, error, job.Name }));

    /// <summary>How a job's last run went; null before the first.</summary>
    public Task<JobRunRow?> LastAsync(string name, CancellationToken cancel) => database.ReadAsync(c =>
        c.QueryFirstOrDefaultAsync<JobRunRow>($"{Select} WHERE name = @name", new { name }), cancel);

    private const string Select = "SELECT name, next_at, started_at, finished_at, done, error FROM job_runs";

    /// <summary>Of every job that has ever begun, when it runs next and how it went.</summary>
    public Task<IReadOnlyDictionary<string, JobRunRow>> ListAsync(CancellationToken cancel) => database.ReadAsync<IReadOnlyDictionary<string, JobRunRow>>(async c =>
        (await c.QueryAsync<JobRunRow>(Select)).ToDictionary(r => r.Name, StringComparer.Ordinal), cancel);

    public static Task<JobRunRow?> FindAsync(UnitOfWork tx, string name) => tx.FirstOrDefaultAsync<JobRunRow>($"{Select} WHERE name = @name", new { name });

    /// <summary>Makes a job due now: within a second one of the nodes runs it.</summary>
    public static async Task MakeDueAsync(UnitOfWork tx, string name)
    {
        await tx.ExecuteAsync($"{tx.Dialect.InsertIgnore} job_runs (name, next_at) VALUES (@name, 0)", new { name });
        await tx.ExecuteAsync("UPDATE job_runs SET next_at = @Now WHERE name = @name AND next_at > @Now", new { tx.Now, name });
    }

    /// <summary>Cheap look before claiming, so that idle nodes write nothing.</summary>
    public async Task<IReadOnlySet<string>> NotDueAsync(CancellationToken cancel) => await database.ReadAsync(async c =>
        (await c.QueryAsync<string>("SELECT name FROM job_runs WHERE next_at > @now", new { now = time.GetUtcNow() })).ToHashSet(), cancel);
}

/// <summary>A job's last run.</summary>
public sealed record JobRunRow
{
    /// <summary>A run that began longer ago than this and has not ended died with its node.</summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromHours(1);

    public required string Name { get; init; }
    public DateTimeOffset NextAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public int? Done { get; init; }
    public string? Error { get; init; }

    public bool IsRunning(DateTimeOffset now) => StartedAt is { } began && now - began < LongestRun && (FinishedAt is not { } ended || ended < began);
}

/// <summary>Runs <see cref="Schedule"/>. Jobs run side by side, so that one that takes minutes holds up none that counts seconds; no job runs twice at once on a node.</summary>
/// <param name="jobs">The list; another one for tests of the runner itself.</param>
public sealed class JobRunner(IReadOnlyList<ScheduledJob> jobs, IServiceScopeFactory scopes, JobRuns runs, IOptions<JobOptions> options, TimeProvider time, ILogger<JobRunner> log)
    : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled) return;
        var running = new Dictionary<string, Task>();
        using var timer = new PeriodicTimer(Tick, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    var notDue = await runs.NotDueAsync(stoppingToken);
                    foreach (var job in jobs)
                    {
                        if (notDue.Contains(job.Name) || running.TryGetValue(job.Name, out var run) && !run.IsCompleted) continue;
                        if (await runs.TryBeginAsync(job, stoppingToken)) running[job.Name] = RunAsync(job, stoppingToken);
                    }
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    log.LogError(e, "Jobs could not be looked at");
                }
            }
        }
        finally
        {
            await Task.WhenAll(running.Values);
        }
    }

    private async Task RunAsync(ScheduledJob job, CancellationToken cancel)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var done = await ((IJob)scope.ServiceProvider.GetRequiredService(job.Type)).RunOnceAsync(cancel);
            await runs.EndAsync(job, done, null);
            if (done > 0) log.LogInformation("Job {Job} did {Done}", job.Name, done);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogError(e, "Job {Job} failed", job.Name);
            await runs.EndAsync(job, null, e.GetType().Name);
        }
    }
}

/// <summary>
/// Delivers the outbox: at once when this node has written something, and every second for what others left. A loop per subscriber, so that a
/// slow one (WeChat, a partner's server) holds up nobody else.
/// </summary>
public sealed class OutboxRunner(OutboxDispatcher dispatcher, OutboxSignal signal, IOptions<JobOptions> options, ILogger<OutboxRunner> log) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Rows of a subscriber that is no more go to the dead letters, in their own time.</summary>
    private static readonly TimeSpan LookForOrphans = TimeSpan.FromMinutes(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => options.Value.Enabled
        ? Task.WhenAll(dispatcher.Subscribers.Select(s => LoopAsync(s, Look, stoppingToken)).Append(LoopAsync(null, LookForOrphans, stoppingToken)))
        : Task.CompletedTask;

    private async Task LoopAsync(string? subscriber, TimeSpan look, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            // What is new is never an orphan's.
            var news = subscriber is null ? Task.Delay(look, stopping) : signal.Next(subscriber);
            try
            {
                await dispatcher.RunOnceAsync(subscriber, stopping);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogError(e, "The outbox could not be delivered");
                await Task.Delay(TimeSpan.FromSeconds(1), stopping);
            }
            await Task.WhenAny(news, Task.Delay(look, stopping));
        }
    }
}
