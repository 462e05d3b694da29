using System.Globalization;
using MicroPlatform.Api.Tests.Appointments;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Queues;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Queues;

/// <summary>What is looked after: settings, promises, the copy, and going on without it.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class QueueOversightTests(Engine engine)
{
    private TestApi _api = null!;
    private VideoLine _line = null!;

    [OneTimeSetUp]
    public async Task Start() => _api = await TestApi.StartAsync(engine, Bookable.LongDays);

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [SetUp]
    public async Task NewLine()
    {
        _api.Time.At("2026-11-25T09:00+08:00");
        _line = await VideoLine.NewAsync(_api);
    }

    [TearDown]
    public Task NobodyIsLost() => _line.ExpectNobodyLostAsync();

    [Test]
    public async Task Estimate_IsMeasured()
    {
        using var lawyer = await _line.NewLawyerAsync();
        using var anybody = _api.Anonymous();
        Assert.That((await anybody.GetAsync($"/v1/queues/{_line.Queue}/estimate-quality").Gives(OK))["promises"].GetInt32(), Is.Zero);
        for (var n = 0; n < 6; n++)
        {
            var (citizen, _) = await _line.NewWaiterAsync();
            _api.Time.Advance(TimeSpan.FromSeconds(15));
            var taken = await VideoLine.NextAsync(lawyer).Gives(OK);
            await _line.ConnectAsync(taken.String("callId"));
            _api.Time.Advance(TimeSpan.FromMinutes(8));
            await _line.EndAsync(taken.String("callId"));
            await _line.SummariseAsync(taken.String("callId"));
            await VideoLine.BeatAsync(lawyer);
            citizen.Dispose();
        }
        var quality = await anybody.GetAsync($"/v1/queues/{_line.Queue}/estimate-quality").Gives(OK);
        Assert.That((quality["promises"].GetInt32(), quality["within90"].GetDouble(), quality["meanWaitSeconds"].GetInt32()), Is.EqualTo((6, 1.0, 15)));
        // The seventh with one served now waits for what is left of eight minutes, measured and not typical.
        var (first, _) = await _line.NewWaiterAsync();
        await VideoLine.NextAsync(lawyer).Gives(OK);
        var (second, two) = await _line.NewWaiterAsync();
        var wait = (await VideoLine.LookAsync(second, two))["wait"];
        // One person serves for eight minutes as all before: the middle half of what is left of it, and the ring.
        Assert.That((wait.GetProperty("low50").GetInt32(), wait.GetProperty("high50").GetInt32()), Is.EqualTo((120, 380)).Using<(int, int)>((x, y) => Math.Abs(x.Item1 - y.Item1) + Math.Abs(x.Item2 - y.Item2) < 60));
        Assert.That(wait.GetProperty("high90").GetInt32(), Is.InRange(440, 500));
        await anybody.GetAsync("/v1/queues/nothing/estimate-quality").Refuses(NotFound, "not_found");
        first.Dispose();
        second.Dispose();
    }

    [Test]
    public async Task Administrator_SetsQueuesUp()
    {
        using var admin = await _api.NewStaffAsync(Role.Administrator);
        object Settings(string prefix, params int[] rings) => new
        {
            name = "夜间视频咨询", prefix, ringWidths = rings, ringSeconds = 15, graceMinutes = 5, headStarts = new { elderly = 5, disabled = 5, soldier = 5, emergency = 30 }, maxWaiting = 50,
            typicalMinutes = 12, active = true,
        };
        object Add(string prefix, params int[] rings) => new { organisationId = _line.Unit, kind = "video", settings = Settings(prefix, rings) };
        await admin.PostAsync("/v1/admin/queues", Add("V", 1, 2)).Refuses(Conflict, "queue_prefix_taken");
        await admin.PostAsync("/v1/admin/queues", Add("N", 2, 2)).Refuses(BadRequest, "validation_failed");
        var queue = await admin.PostAsync("/v1/admin/queues", Add("N", 1, 2)).Gives(Created);
        var path = $"/v1/admin/queues/{queue.String("id")}";
        await admin.PutAsync(path, Settings("N", 2, 4)).Refuses(BadRequest, "validation_failed");
        var version = queue["version"].GetInt32().ToString(CultureInfo.InvariantCulture);
        Assert.That((await admin.PutAsync(path, Settings("M", 2, 4), ("If-Match", $"\"{version}\"")).Gives(OK)).String("prefix"), Is.EqualTo("M"));
        await admin.PutAsync(path, Settings("N", 2, 4), ("If-Match", $"\"{version}\"")).Refuses(PreconditionFailed, "version_mismatch");
        Assert.That((await admin.GetAsync("/v1/admin/queues").Gives(OK))["items"].GetArrayLength(), Is.GreaterThanOrEqualTo(8));
        await admin.PostAsync("/v1/admin/queues/rebuild").Gives(OK);
        await admin.GetAsync("/v1/admin/queues/invariants").Gives(OK);
    }

    [Test]
    public async Task Copy_ThrownAwayInMidQueue_OrderIsKept()
    {
        using var lawyer = await _line.NewLawyerAsync();
        var crowd = await _api.NewCrowdAsync(8);
        var tickets = new List<string>();
        foreach (var citizen in crowd) tickets.Add((await _line.JoinAsync(citizen)).String("id"));
        var store = _api.Services.GetRequiredService<IQueueStore>();
        await store.ForgetAsync(_line.Queue, default);
        foreach (var (n, citizen) in crowd.Index()) Assert.That((await VideoLine.LookAsync(citizen, tickets[n]))["before"].GetInt32(), Is.EqualTo(n));
        await VideoLine.NextAsync(lawyer).Gives(OK);
        await _api.RunAsync<MicroPlatform.Api.Queues.CheckQueuesJob>();
        Assert.That(await store.OrderAsync(_line.Queue, default), Is.EqualTo(tickets.Skip(1)));
        foreach (var (n, citizen) in crowd.Index().Skip(1)) Assert.That((await VideoLine.LookAsync(citizen, tickets[n]))["before"].GetInt32(), Is.EqualTo(n - 1));
        crowd.Dispose();
    }

    /// <summary>The store is away: whoever joins, looks, is rung and is taken goes by the database alone.</summary>
    [Test]
    public async Task Store_Away_EverythingGoesOnFromTheDatabase()
    {
        await using var api = await TestApi.StartAsync(engine, Bookable.LongDays, services => services.Replace(ServiceDescriptor.Singleton<IQueueStore>(new AwayStore())));
        api.Time.At("2026-11-25T09:00+08:00");
        var line = await VideoLine.NewAsync(api);
        using var lawyer = await line.NewLawyerAsync();
        var crowd = await api.NewCrowdAsync(3);
        var tickets = new List<string>();
        foreach (var citizen in crowd) tickets.Add((await line.JoinAsync(citizen)).String("id"));
        foreach (var (n, citizen) in crowd.Index()) Assert.That((await VideoLine.LookAsync(citizen, tickets[n]))["before"].GetInt32(), Is.EqualTo(n));
        await line.TickAsync();
        Assert.That(await VideoLine.RingingAsync(lawyer), Is.EqualTo(tickets.Take(1)));
        await line.ServeAsync(await VideoLine.AcceptAsync(lawyer, tickets[0]).Gives(OK));
        Assert.That((await VideoLine.NextAsync(lawyer).Gives(OK)).String("id"), Is.EqualTo(tickets[1]));
        using var admin = await api.NewStaffAsync(Role.Administrator);
        await admin.PostAsync("/v1/admin/queues/rebuild").Refuses(ServiceUnavailable, "queue_copy_unavailable");
        await line.ExpectNobodyLostAsync();
        crowd.Dispose();
    }

    /// <summary>A history in which each thing has gone wrong once is found out.</summary>
    [Test]
    public void HistoryCheck_EachFault_IsFound()
    {
        static IEnumerable<string> Faults(params HistoryLine[] lines)
        {
            var check = new QueueHistoryCheck();
            foreach (var line in lines) check.Read(line, _ => false);
            return check.Faults.Keys;
        }
        static HistoryLine Line(long seq, string ticket, string action, string state, long rank, string? staff = null, params string[] rung) => new(seq, ticket, action, state, rank, staff, rung, rung.Length > 0 ? 1000 : null, seq);
        HistoryLine[] two = [Line(1, "a", "Join", "Waiting", 10), Line(2, "b", "Join", "Waiting", 20)];
        Assert.Multiple(() =>
        {
            Assert.That(Faults([.. two, Line(3, "a", "Call", "Called", 10, "s"), Line(4, "a", "Start", "InService", 10, "s"), Line(5, "a", "Complete", "Done", 10, "s"), Line(6, "b", "Call", "Called", 20, "s")]), Is.Empty);
            Assert.That(Faults([.. two, Line(4, "a", "Call", "Called", 10, "s")]), Is.EqualTo(new[] { "gap" }));
            Assert.That(Faults([.. two, Line(3, "b", "Call", "Called", 20, "s")]), Is.EqualTo(new[] { "overtaken" }));
            Assert.That(Faults([.. two, Line(3, "b", "Ring", "Waiting", 20, null, "s")]), Is.EqualTo(new[] { "overtaken" }));
            Assert.That(Faults([.. two, Line(3, "a", "Ring", "Waiting", 10, null, "x"), Line(4, "b", "Ring", "Waiting", 20, null, "s"), Line(5, "b", "Call", "Called", 20, "s")]), Is.Empty, "the first is being rung for");
            Assert.That(Faults([.. two, Line(3, "a", "Decline", "Waiting", 10, "s"), Line(4, "b", "Call", "Called", 20, "s")]), Is.Empty, "who declined one may take the other");
            Assert.That(Faults([.. two, Line(3, "a", "Call", "Called", 10, "s"), Line(4, "a", "Call", "Called", 10, "x")]), Is.EqualTo(new[] { "servedByTwo" }));
            Assert.That(Faults([.. two, Line(3, "a", "Call", "Called", 10, "s"), Line(4, "b", "Call", "Called", 20, "s")]), Is.EqualTo(new[] { "staffWithTwo" }));
            Assert.That(Faults([.. two, Line(3, "a", "Leave", "Left", 10), Line(4, "a", "Call", "Called", 10, "s")]), Is.SupersetOf(new[] { "afterTheEnd" }));
            Assert.That(Faults([.. two, Line(3, "a", "Park", "Parked", 10), Line(4, "a", "Return", "Waiting", 30)]), Is.EqualTo(new[] { "fellBack" }));
            Assert.That(Faults([.. two, Line(3, "a", "Prioritise", "Waiting", 30)]), Is.EqualTo(new[] { "fellBack" }));
            Assert.That(Faults([.. two, Line(3, "a", "Join", "Waiting", 10)]), Is.EqualTo(new[] { "joinedTwice" }));
            Assert.That(Faults([.. two, Line(3, "c", "Return", "Waiting", 10)]), Is.EqualTo(new[] { "fromNowhere" }));
        });
    }

    /// <summary>A store that cannot be reached.</summary>
    private sealed class AwayStore : IQueueStore
    {
        private static readonly QueueStoreException Away = new("away", new TimeoutException());

        public long Doubts => 0;

        public Task<bool> PutAsync(string queueId, string ticketId, long seq, long? rank, CancellationToken cancel) => throw Away;

        public Task RebuildAsync(string queueId, long seq, IReadOnlyList<WaitingPlace> places, CancellationToken cancel) => throw Away;

        public Task ForgetAsync(string queueId, CancellationToken cancel) => throw Away;

        public Task<QueuePosition?> FindAsync(string queueId, string ticketId, CancellationToken cancel) => throw Away;

        public Task<IReadOnlyList<string>?> OrderAsync(string queueId, CancellationToken cancel) => throw Away;

        public Task<bool> TryClaimAsync(string ticketId, string staffId, DateTimeOffset until, DateTimeOffset now, CancellationToken cancel) => throw Away;

        public Task ReleaseAsync(string ticketId, string staffId, CancellationToken cancel) => throw Away;

        public Task BeatAsync(string staffId, DateTimeOffset until, DateTimeOffset now, CancellationToken cancel) => throw Away;

        public Task StopAsync(string staffId, CancellationToken cancel) => throw Away;

        public Task<IReadOnlySet<string>> PresentAsync(DateTimeOffset now, CancellationToken cancel) => throw Away;
    }
}
