using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using MicroPlatform.Api.Appointments;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Appointments;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Appointments;

namespace MicroPlatform.Api.Tests.Faults;

/// <summary>
/// Many people who book, hold, move, cancel, wait and accept at random, at six persons and two desks. What was acknowledged to each is remembered,
/// and must be there in the end; everything else only has to be consistent.
/// </summary>
internal sealed class Storm(TestApi api, IReadOnlyList<TestApi> nodes)
{
    private const int Clients = 64;

    private readonly List<string> _resources = [];
    private readonly ConcurrentBag<string> _strange = [];
    private readonly ConcurrentDictionary<string, int> _answers = new();
    private IReadOnlyList<ApiClient> _crowd = [];
    private int _done;

    public IReadOnlyList<string> Resources => _resources;

    /// <summary>Requests answered so far, for doing something in the middle.</summary>
    public int Answered => Volatile.Read(ref _done);

    public async Task PrepareAsync()
    {
        for (var n = 0; n < 6; n++)
        {
            using var person = await api.NewPersonAsync(unit: n < 3 ? DemoDistrict.TownA : DemoDistrict.AidCentre);
            _resources.Add(person.Id);
        }
        for (var n = 0; n < 2; n++) _resources.Add(await api.NewDeskAsync(new Seats(2, 3, 4)));
        _crowd = await api.NewCrowdAsync(Clients);
    }

    /// <param name="steps">Requests per client.</param>
    /// <param name="seed">The same seed, the same choices.</param>
    public async Task RunAsync(int steps, int seed, Func<Task>? inTheMiddle = null)
    {
        using var over = new CancellationTokenSource();
        var offices = nodes.Select(node => WorkAsync(node, over.Token)).ToList();
        var people = _crowd.Select((c, n) => new Person(nodes.Count == 1 ? c : nodes[n % nodes.Count].Through(c), new Random(seed + n), this)).ToList();
        var all = people.Select(p => Task.Run(() => p.LiveAsync(steps))).ToList();
        if (inTheMiddle is not null)
        {
            while (Answered < Clients * steps / 3 && !all.All(t => t.IsCompleted)) await Task.Delay(10);
            await inTheMiddle();
        }
        await Task.WhenAll(all);
        // Offers are made one after another, later than people ask: twice more, everybody answers theirs while the rest go on booking.
        for (var wave = 0; wave < 2; wave++)
        {
            await api.DeliverAsync();
            await Task.WhenAll(people.Select(p => Task.Run(p.AnswerAsync)));
        }
        await over.CancelAsync();
        await Task.WhenAll(offices);

        Assert.That(_strange, Is.Empty, string.Join('\n', nodes.SelectMany(n => n.Logged).Where(l => l.StartsWith("Error", StringComparison.Ordinal)).Take(3)));
        await api.ExpectNothingTwiceAsync();
        var lost = new List<string>();
        foreach (var person in people) lost.AddRange(await person.MissingAsync());
        Assert.That(lost, Is.Empty);
        Assert.That(await api.ScalarAsync<long>("SELECT COUNT(*) FROM appointments"), Is.GreaterThan(Clients / 2), "The storm never got going.");
        await TestContext.Out.WriteLineAsync($"offers: {await api.ScalarAsync<long>("SELECT COUNT(*) FROM waitlist_offers")}; pending: {await api.ScalarAsync<long>("SELECT COUNT(*) FROM outbox WHERE state = 'pending'")}");
        await TestContext.Out.WriteLineAsync(string.Join(", ", _answers.OrderByDescending(a => a.Value).Select(a => $"{a.Key} {a.Value}")));
        people.ForEach(p => p.Dispose());
        _crowd.Dispose();
    }

    /// <summary>What the platform does by itself meanwhile: offers freed time, takes back what was not answered.</summary>
    private static async Task WorkAsync(TestApi node, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await node.DeliverAsync();
            await node.RunAsync<ExpireOffersJob>();
            await Task.Delay(50, CancellationToken.None);
        }
    }

    private void Count(Answer answer, string what)
    {
        Interlocked.Increment(ref _done);
        var code = (int)answer.Status < 300 ? what : answer.String("code");
        _answers.AddOrUpdate(code, 1, (_, n) => n + 1);
        // Only refusals that say "no" for a reason. "Busy" and "away" are allowed to say so; nothing was acknowledged.
        if ((int)answer.Status is not (>= 200 and < 300 or 404 or 409 or 422 or 429 or 503)) _strange.Add($"{what}: {(int)answer.Status} {answer.Text}");
    }

    private sealed class Person(ApiClient client, Random random, Storm storm) : IDisposable
    {
        private readonly Dictionary<string, DateTimeOffset> _mine = [];
        private readonly HashSet<string> _cancelled = [];

        public async Task LiveAsync(int steps)
        {
            for (var step = 0; step < steps; step++) await (random.Next(100) switch
            {
                < 40 => BookAsync(new { serviceCode = "lawyer", mode = "inPerson", resourceId = Resource(), startsAt = Start(), categoryCode = "0201" }),
                < 50 => BookAsync(Crowd.OrderAny(random.Next(2) == 0 ? DemoDistrict.TownA : DemoDistrict.AidCentre, Start())),
                < 60 => HoldAndBookAsync(),
                < 70 => MoveAsync(),
                < 80 => CancelAsync(),
                < 90 => WaitAsync(),
                _ => AcceptAsync(),
            });
        }

        /// <summary>Answers what is offered; who has no offer books.</summary>
        public Task AnswerAsync() => AcceptAsync(otherwise: () => BookAsync(Crowd.OrderAny(DemoDistrict.TownA, Start())));

        /// <summary>What was acknowledged and is not as it was said.</summary>
        public async Task<IEnumerable<string>> MissingAsync()
        {
            var wrong = new List<string>();
            foreach (var (id, at) in _mine)
            {
                var found = await client.GetAsync($"/v1/appointments/{id}").Gives(HttpStatusCode.OK);
                if (found.String("state") != "booked" || found["startsAt"].GetDateTimeOffset() != at) wrong.Add($"{id} should be booked at {at:O}: {found.Text}");
            }
            foreach (var id in _cancelled)
                if ((await client.GetAsync($"/v1/appointments/{id}").Gives(HttpStatusCode.OK)).String("state") != "cancelled") wrong.Add($"{id} should be cancelled");
            return wrong;
        }

        public void Dispose() => client.Dispose();

        private async Task BookAsync(object order)
        {
            var answer = await SayAsync("booked", "/v1/appointments", order);
            if (answer.Status == HttpStatusCode.Created) _mine[answer.String("id")] = answer["startsAt"].GetDateTimeOffset();
        }

        private async Task HoldAndBookAsync()
        {
            var (resourceId, startsAt) = (Resource(), Start());
            var held = await SayAsync("held", "/v1/slot-holds", new { serviceCode = "lawyer", mode = "inPerson", resourceId, startsAt });
            if (held.Status == HttpStatusCode.Created)
                await BookAsync(new { serviceCode = "lawyer", mode = "inPerson", resourceId, startsAt, categoryCode = "0201", holdId = held.String("holdId") });
        }

        private async Task MoveAsync()
        {
            if (Any() is not { } id) return;
            var answer = await SayAsync("moved", $"/v1/appointments/{id}/reschedule", new { startsAt = Start(), resourceId = Resource() });
            if (answer.Status == HttpStatusCode.OK) _mine[id] = answer["startsAt"].GetDateTimeOffset();
        }

        private async Task CancelAsync()
        {
            if (Any() is not { } id || (await SayAsync("cancelled", $"/v1/appointments/{id}/cancellation", new { })).Status != HttpStatusCode.OK) return;
            _mine.Remove(id);
            _cancelled.Add(id);
        }

        private Task<Answer> WaitAsync() => SayAsync("waits", "/v1/waitlist", new
        {
            serviceCode = "lawyer", mode = "inPerson", resourceId = Resource(), untilDate = $"{storm.Day(3):yyyy-MM-dd}", appointmentId = Any(), categoryCode = "0201",
        });

        private async Task AcceptAsync(Func<Task>? otherwise = null)
        {
            var list = await client.GetAsync("/v1/waitlist?limit=100");
            if (list.Status != HttpStatusCode.OK) return;
            var offer = list["items"].EnumerateArray().Select(i => i.GetProperty("offer")).FirstOrDefault(o => o.ValueKind != JsonValueKind.Null);
            if (offer.ValueKind != JsonValueKind.Object)
            {
                if (otherwise is not null) await otherwise();
                return;
            }
            var path = $"/v1/waitlist/offers/{offer.GetProperty("id").GetString()}";
            if (random.Next(4) == 0)
            {
                await SayAsync("rejected", $"{path}/rejection", new { });
                return;
            }
            var answer = await SayAsync("accepted", $"{path}/acceptance", new { });
            if (answer.Status == HttpStatusCode.OK) _mine[answer.String("id")] = answer["startsAt"].GetDateTimeOffset();
        }

        /// <summary>As a good client does: when nobody knows, the same again under the same key.</summary>
        private async Task<Answer> SayAsync(string what, string path, object body)
        {
            var key = Guid.CreateVersion7().ToString("N");
            for (var attempt = 0; ; attempt++)
            {
                var answer = await client.PostAsync(path, body, key);
                if (answer.Status == HttpStatusCode.ServiceUnavailable && attempt < 5 && what != "held")
                {
                    await Task.Delay(100);
                    continue;
                }
                storm.Count(answer, what);
                return answer;
            }
        }

        private string Resource() => storm.Resources[random.Next(storm.Resources.Count)];

        private DateTimeOffset Start() => storm.Day(1 + random.Next(2)).AddHours(9 + random.Next(8)).AddMinutes(30 * random.Next(2));

        private string? Any() => _mine.Count == 0 ? null : _mine.Keys.ElementAt(random.Next(_mine.Count));
    }

    private DateTimeOffset Day(int days) => api.Day(days, 0);
}
