using System.Diagnostics;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Materials;
using MicroPlatform.Infrastructure.Redis;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Hosting;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: it can serve, and if not, what is missing.</summary>
public static class Health
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    public sealed record LiveResponse(string Status);

    /// <param name="Status"><c>ready</c>, <c>degraded</c> (serving without something) or <c>unavailable</c>.</param>
    /// <param name="Notices">What an administrator should do before it hurts; the status does not depend on it.</param>
    public sealed record ReadyResponse(string Status, IReadOnlyList<Dependency> Dependencies, IReadOnlyList<Notice> Notices);

    /// <param name="Code">Stable, such as <c>calendar_missing</c>.</param>
    public sealed record Notice(string Code, string Text);

    /// <param name="Status"><c>up</c> or <c>down</c>.</param>
    /// <param name="Driver">Which client library, and its version.</param>
    public sealed record Dependency(string Name, string Status, string Driver, int Milliseconds);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").For([Audience.Citizen, Audience.Admin, Audience.Partner], "运行状态").RequireAuthorization(Policies.Anyone);
        health.MapGet("/live", Live).Does("getLive", "进程是否存活").Answers<LiveResponse>();
        health.MapGet("/ready", ReadyAsync).Does("getReady", "是否可以提供服务").Answers<ReadyResponse>().Produces<ReadyResponse>(StatusCodes.Status503ServiceUnavailable);
    }

    private static LiveResponse Live() => new("live");

    private static async Task<IResult> ReadyAsync(
        Database database, CalendarQueries calendar, IObjectStore store, PictureTool pictures, VirusScan scanner, IServiceProvider services, ILogger<ReadyResponse> log, CancellationToken cancel)
    {
        var checks = new List<Task<Dependency>> { CheckAsync($"database ({database.Dialect.Name})", database.DriverName, database.PingAsync, log, cancel) };
        if (services.GetService<RedisConnection>() is { } redis) checks.Add(CheckAsync("redis", RedisConnection.DriverName, redis.PingAsync, log, cancel));
        checks.Add(CheckAsync($"materials ({store.Name})", store.GetType().Name, store.PingAsync, log, cancel));
        if (pictures.Tool != "off") checks.Add(CheckAsync("thumbnails", pictures.Tool, _ => pictures.IsThere ? Task.CompletedTask : throw new FileNotFoundException("not installed (Debian: libvips-tools)"), log, cancel));
        if (scanner.IsOn) checks.Add(CheckAsync("virus scanner", "clamd", scanner.PingAsync, log, cancel));
        var dependencies = await Task.WhenAll(checks);
        var status = dependencies[0].Status == "down" ? "unavailable" : dependencies.Any(d => d.Status == "down") ? "degraded" : "ready";
        var notices = status == "unavailable" ? [] : await NoticesAsync(calendar, log, cancel);
        return Results.Json(new ReadyResponse(status, dependencies, notices), WireJson.Options, statusCode: status == "unavailable" ? 503 : 200);
    }

    private static async Task<IReadOnlyList<Notice>> NoticesAsync(CalendarQueries calendar, ILogger log, CancellationToken cancel)
    {
        try
        {
            return await calendar.MissingYearAsync(cancel).WaitAsync(Limit, cancel) is { } year ? [new Notice("calendar_missing", $"{year}年节假日安排尚未导入")] : [];
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            // The database went away after it was asked; the next call says so.
            log.LogWarning("Notices could not be read: {Reason}", e.Message);
            return [];
        }
    }

    private static async Task<Dependency> CheckAsync(string name, string driver, Func<CancellationToken, Task> ping, ILogger log, CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        var status = "up";
        try
        {
            await ping(limit.Token).WaitAsync(Limit, limit.Token);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            log.LogWarning("{Dependency} is down: {Reason}", name, e.Message);
            status = "down";
        }
        return new Dependency(name, status, driver, (int)Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }
}
