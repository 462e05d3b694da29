using System.Collections.Concurrent;
using System.Net.WebSockets;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Live;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Live;

/// <summary>
/// All sockets of this node, and the one clock they share: it ends those whose token has run out, and looks in the database, with one
/// query for all, for news whose hint was lost. So an idle socket costs two waiting loops and no timer.
/// </summary>
public sealed class LiveSockets(
    LiveHub hub, LiveAccess access, ConsultationQueries consultations, IOptions<LiveOptions> options, TimeProvider time, IHostApplicationLifetime life, ILogger<LiveSockets> log) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(700);

    /// <summary>With hints arriving, the look is only a safety net.</summary>
    private const int TicksBetweenLooks = 7;

    private const int TicksBetweenSessionChecks = 30;

    private readonly ConcurrentDictionary<LiveSession, byte> _sessions = new();

    public int Count => _sessions.Count;

    public bool IsFull => Count >= options.Value.MaxSockets;

    internal async Task ServeAsync(WebSocket socket, CancellationToken aborted)
    {
        var session = new LiveSession(socket, this, access, hub, options.Value, time);
        _sessions.TryAdd(session, 0);
        using var leaving = life.ApplicationStopping.Register(() => session.End((int)WebSocketCloseStatus.EndpointUnavailable, "server is stopping"));
        try
        {
            await session.RunAsync(aborted);
        }
        finally
        {
            _sessions.TryRemove(session, out _);
        }
    }

    /// <summary>Whether one more socket of this person is within the bounds.</summary>
    internal bool Admit(LiveSession session) => _sessions.Keys.Count(s => s.User?.Id == session.User!.Id) <= options.Value.MaxPerUser;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick);
        for (var tick = 0; await timer.WaitForNextTickAsync(stoppingToken); tick++)
        {
            try
            {
                if (_sessions.IsEmpty) continue;
                EndExpired();
                if (tick % TicksBetweenSessionChecks == 0) await EndSignedOutAsync(stoppingToken);
                if (!hub.IsHealthy || tick % TicksBetweenLooks == 0) await LookAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogWarning(e, "Sockets could not be looked after");
            }
        }
    }

    private void EndExpired()
    {
        var now = time.GetUtcNow();
        foreach (var session in _sessions.Keys)
            if (session.ExpiresAt <= now) session.End(LiveCloses.Unauthenticated, session.User is null ? "no token in time" : "token expired");
    }

    private async Task EndSignedOutAsync(CancellationToken cancel)
    {
        foreach (var session in _sessions.Keys)
            if (session.User is { } user && !await access.IsStillSignedInAsync(user, cancel)) session.End(LiveCloses.Unauthenticated, "signed out");
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        var followed = _sessions.Keys.SelectMany(session => session.Subscriptions.Select(s => (Session: session, Id: s.Key, Subscription: s.Value))).ToLookup(s => s.Id, StringComparer.Ordinal);
        foreach (var chunk in followed.Select(f => f.Key).Chunk(500))
            foreach (var row in await consultations.PulseAsync(chunk, cancel))
                foreach (var (session, id, subscription) in followed[row.Id])
                    if (subscription.Version != row.Version) session.Touch(id);
    }
}
