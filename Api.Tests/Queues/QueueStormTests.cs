using System.Collections.Concurrent;
using System.Net;
using Dapper;
using MicroPlatform.Api.Tests.Appointments;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Queues;
using MicroPlatform.Infrastructure.Redis;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.VideoCalls;
using Microsoft.Extensions.DependencyInjection;

namespace MicroPlatform.Api.Tests.Queues;

/// <summary>
/// Three hundred citizens, twenty lawyers, ten minutes in which everything goes wrong at once: accept races, drops by the platform, citizens who do not answer, leave
/// or swap, declines, the store thrown away in the middle. In the end nobody is lost, nobody was served twice, and the order was kept, judged by the history alone.
/// </summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class QueueStormTests(Engine engine)
{
    private const int Citizens = 300;
    private const int Lawyers = 20;

    private readonly ConcurrentBag<string> _wrong = [];
    private TestApi _api = null!;
    private VideoLine _line = null!;

    [SetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine, [.. Bookable.LongDays, .. Crowd.Settings]);
        _line = await VideoLine.NewAsync(_api, ringSeconds: 5);
    }

    [TearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task Storm_NobodyLostNobodyTwice_OrderKept()
    {
        var lawyers = await Task.WhenAll(Enumerable.Range(0, Lawyers).Select(_ => _line.NewLawyerAsync()));
        var crowd = await _api.NewCrowdAsync(Citizens);
        var tickets = new ConcurrentDictionary<string, ApiClient>();
        using var over = new CancellationTokenSource();
        var clock = Task.Run(() => TickAsync(over.Token));
        var working = lawyers.Select((lawyer, n) => Task.Run(() => WorkAsync(lawyer, new Random(n), over.Token))).ToList();
        var arriving = Task.WhenAll(crowd.Chunk(30).Select((some, n) => Task.Run(() => ArriveAsync(some, new Random(1000 + n), tickets))));
        while (tickets.Count < Citizens / 2 && !arriving.IsCompleted) await Task.Delay(10);
        await FlushAsync();
        await arriving;
        // Whoever was passed over comes back; the rest is served until nobody is left.
        for (var waited = 0; await OpenAsync() > 0 && waited < 4000; waited++)
        {
            var parked = await _api.Services.GetRequiredService<Database>().ReadAsync(async c => (await c.QueryAsync<string>("SELECT id FROM tickets WHERE queue_id = @Queue AND state = 'Parked'", new { _line.Queue })).AsList());
            foreach (var ticket in parked) Expect(await tickets[ticket].PostAsync($"/v1/queue-tickets/{ticket}/return"), "ticket_state", "ticket_over", "busy_try_again");
            await Task.Delay(100);
        }
        await over.CancelAsync();
        await Task.WhenAll(working.Append(clock));

        Assert.That(_wrong, Is.Empty);
        Assert.That(tickets, Has.Count.EqualTo(Citizens));
        Assert.That(await OpenAsync(), Is.Zero, "nobody still waits, or hangs somewhere");
        var ends = new Dictionary<string, long>();
        foreach (var state in new[] { "Done", "Left", "Missed", "Closed" }) ends[state] = await _api.ScalarAsync<long>("SELECT COUNT(*) FROM tickets WHERE queue_id = @Queue AND state = @state", new { _line.Queue, state });
        Assert.That(ends.Values.Sum(), Is.EqualTo(Citizens), "nobody is lost");
        Assert.That(ends["Closed"], Is.Zero);
        var (check, lines, _) = await _api.Services.GetRequiredService<QueueInvariants>().CheckAsync(_line.Queue, default);
        Assert.That(check.Faults, Is.Empty);
        await _line.ExpectNobodyLostAsync();
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM ticket_events WHERE queue_id = @Queue AND action = 'Requeue'", new { _line.Queue }), Is.GreaterThan(5), "the platform never dropped anybody: no storm");
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM ticket_events WHERE queue_id = @Queue AND action = 'PassOver'", new { _line.Queue }), Is.GreaterThan(5), "everybody answered: no storm");
        await TestContext.Out.WriteLineAsync($"{engine}: {string.Join(", ", ends.Select(e => $"{e.Value} {e.Key}"))}; {lines} lines of history");
        crowd.Dispose();
        lawyers.Dispose();
    }

    /// <summary>What the platform does each second, and time that runs faster than the clock on the wall. Each subscriber delivers by itself, as it does in the program.</summary>
    private Task TickAsync(CancellationToken over)
    {
        var dispatcher = _api.Services.GetRequiredService<OutboxDispatcher>();
        async Task WhileAsync(Func<Task> act)
        {
            while (!over.IsCancellationRequested)
            {
                await act();
                await Task.Delay(20, CancellationToken.None);
            }
        }
        return Task.WhenAll(dispatcher.Subscribers.Select(s => Task.Run(() => WhileAsync(() => dispatcher.RunOnceAsync(s)), CancellationToken.None)).Append(WhileAsync(async () =>
        {
            _api.Time.Advance(TimeSpan.FromSeconds(1));
            await _api.RunAsync<MicroPlatform.Api.Queues.RunQueuesJob>();
        })));
    }

    /// <summary>Takes the next, accepts or declines what rings, and serves badly now and then.</summary>
    private async Task WorkAsync(ApiClient lawyer, Random random, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await VideoLine.BeatAsync(lawyer);
            // Whose lawyer vanished is off by itself; comes again.
            if (random.Next(10) == 0) await VideoLine.SayAsync(lawyer, "on");
            var ringing = await VideoLine.RingingAsync(lawyer);
            if (ringing.Count > 0 && random.Next(8) == 0)
            {
                await VideoLine.DeclineAsync(lawyer, ringing[0]);
                continue;
            }
            var taken = ringing.Count > 0 && random.Next(4) > 0 ? await VideoLine.AcceptAsync(lawyer, ringing[0]) : await VideoLine.NextAsync(lawyer);
            Expect(taken, "nobody_waits", "ticket_taken", "ring_over", "ticket_over", "not_present", "busy_try_again", "call_staff_busy", "staff_serving");
            if (taken.Status == HttpStatusCode.OK) await ServeAsync(taken.String("callId"), random);
            else await Task.Delay(100, CancellationToken.None);
        }
    }

    private async Task ServeAsync(string callId, Random random)
    {
        var luck = random.Next(20);
        if (luck < 2) { await MoveAsync(callId, (call, now) => call.Miss(CallAbsence.Citizen, now)); return; }
        if (luck < 3) { await MoveAsync(callId, (call, now) => call.Miss(CallAbsence.Staff, now)); return; }
        await MoveAsync(callId, (call, now) => { foreach (var p in call.Participants.ToList()) call.Notice(p.Id, present: true, now); });
        if (luck < 5) { await MoveAsync(callId, (call, now) => call.End(CallEnd.PlatformFailed, now)); return; }
        await MoveAsync(callId, (call, now) => call.End(CallEnd.Finished, now));
        await MoveAsync(callId, (call, now) => call.Summarise("已解答", now));
    }

    /// <summary>The call goes on; the queue hears of it by the outbox, whenever that is delivered.</summary>
    private Task<Outcome<Done>> MoveAsync(string callId, Action<VideoCall, DateTimeOffset> act)
    {
        var calls = _api.Services.GetRequiredService<VideoCallRepository>();
        return _api.Services.GetRequiredService<Database>().WriteAlwaysAsync(async tx =>
        {
            var call = (await calls.FindAsync(tx, callId))!;
            act(call, tx.Now);
            return await calls.SaveAsync(tx, call, Actor.System);
        });
    }

    private async Task ArriveAsync(IReadOnlyList<ApiClient> some, Random random, ConcurrentDictionary<string, ApiClient> tickets)
    {
        foreach (var citizen in some)
        {
            var priority = random.Next(6) switch { 0 => "elderly", 1 => "disabled", _ => "ordinary" };
            var joined = await _line.TryJoinAsync(citizen, new { categoryCode = "0201", regionCode = _line.Region, priority });
            for (var again = 0; joined.Status != HttpStatusCode.Created && again < 20; again++)
            {
                Expect(joined, "busy_try_again");
                joined = await _line.TryJoinAsync(citizen, new { categoryCode = "0201", regionCode = _line.Region, priority });
            }
            var ticket = joined.Gives(HttpStatusCode.Created).String("id");
            tickets[ticket] = citizen;
            if (random.Next(15) == 0) Expect(await citizen.PostAsync($"/v1/queue-tickets/{ticket}/leaving", new { }), "ticket_state", "ticket_over", "busy_try_again");
        }
    }

    /// <summary>The store forgets everything in the middle, on a server as FLUSHDB would.</summary>
    private async Task FlushAsync()
    {
        var store = _api.Services.GetRequiredService<IQueueStore>();
        if (engine == Engine.Served)
            await _api.Services.GetRequiredService<RedisConnection>().CallAsync(db => db.KeyDeleteAsync([RedisKeys.QueueBuilt(_line.Queue), RedisKeys.QueueOrder(_line.Queue), RedisKeys.QueueSeqs(_line.Queue), RedisKeys.Heartbeats]));
        else await store.ForgetAsync(_line.Queue, default);
    }

    private Task<long> OpenAsync() => _api.ScalarAsync<long>("SELECT COUNT(*) FROM tickets WHERE queue_id = @Queue AND state NOT IN ('Done', 'Left', 'Missed', 'Closed')", new { _line.Queue });

    private void Expect(Answer answer, params string[] codes)
    {
        if ((int)answer.Status >= 400 && !codes.Contains(answer.String("code"))) _wrong.Add($"{(int)answer.Status} {answer.Text}");
    }
}
