using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Hotline;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using MicroPlatform.HotlineSample;

namespace MicroPlatform.Api.Tests.Hotline;

/// <summary>
/// A day at a hotline, played against the real program: calls in arrays, tickets, their events, the office answering some of them, a receiver that is away for an hour.
/// Of everything sent a twentieth each is sent twice, out of order, replayed, badly signed, or given up by the sender while it is under way and sent again.
/// Everything is random of a seed that is printed.
/// </summary>
/// <param name="progress">Told once per simulated hour.</param>
internal sealed class HotlineDay(TestApi api, Receiver receiver, int calls, int tickets, int seed, Action<string> progress)
{
    private const double Faults = 0.05;
    private const int Quarters = 96;
    private static readonly DateTimeOffset Midnight = new(2026, 11, 23, 0, 0, 0, TimeSpan.FromHours(8));

    private readonly Random _random = new(seed);
    private readonly HttpClient _http = new() { BaseAddress = api.Address, Timeout = TimeSpan.FromSeconds(60) };
    private readonly ConcurrentDictionary<string, int> _counts = new();
    private readonly List<Work>[] _plan = [.. Enumerable.Range(0, Quarters + 1).Select(_ => new List<Work>())];
    private readonly Dictionary<string, (string Status, string Sha)> _mine = [];
    private readonly List<string> _wrong = [];
    private string _appId = "";
    private string _secret = "";
    private int _answered;

    public IReadOnlyDictionary<string, int> Counts => _counts;

    /// <summary>What does not add up; empty after a good day.</summary>
    public IReadOnlyList<string> Wrong => _wrong;

    public async Task PlayAsync()
    {
        api.Time.At($"{Midnight:yyyy-MM-ddTHH:mm:sszzz}");
        using (var partner = await api.NewPartnerAsync(p => p with { Secrets = new(SecretOf(seed), null, null) })) (_appId, _secret) = (partner.Id, SecretOf(seed));
        using (var admin = await api.NewStaffAsync(Role.Administrator, DemoDistrict.Bureau))
            await admin.PutAsync($"/v1/admin/hotline/partners/{_appId}/webhook", new { url = receiver.Address.AbsoluteUri, enabled = true }).Gives(HttpStatusCode.OK);
        Plan();
        for (var quarter = 0; quarter <= Quarters; quarter++)
        {
            // The last quarter is the last minute of the day: what was late gets in before midnight.
            api.Time.At($"{(quarter < Quarters ? Midnight.AddMinutes(15 * quarter + 14) : Midnight.AddMinutes(24 * 60 - 0.5)):yyyy-MM-ddTHH:mm:sszzz}");
            var down = quarter is >= 40 and < 44;
            receiver.Answer = _ => down ? (503, "", null) : (200, """{"code":0}""", null);
            foreach (var wave in _plan[quarter].GroupBy(w => w.Wave).OrderBy(w => w.Key))
                await Parallel.ForEachAsync(wave, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (work, _) => await work.Do());
            await api.DeliverAsync();
            await api.RunAsync<DeliverWebhooksJob>();
            if (quarter % 4 == 3) progress($"{quarter / 4 + 1:00}:00  {string.Join("  ", _counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key} {c.Value}"))}  pushed {receiver.Got.Count}");
        }
        await CheckAsync();
        progress(await TimePopsAsync(Math.Clamp(tickets, 20, 300)));
        _http.Dispose();
    }

    private sealed record Work(int Wave, Func<Task> Do);

    private void Plan()
    {
        for (var first = 0; first < calls; first += 50)
        {
            var quarter = _random.Next(Quarters);
            var batch = Enumerable.Range(first, Math.Min(50, calls - first)).Select(i => CallOf(i, quarter)).ToArray();
            Send(quarter, 0, HttpMethod.Post, "/partner/v1/calls", JsonSerializer.Serialize(batch, WireJson.Options), "calls");
        }
        for (var i = 0; i < tickets; i++) PlanTicket(i);
    }

    private object CallOf(int i, int quarter)
    {
        var answered = _random.NextDouble() < 0.95;
        if (answered) _answered++;
        var at = Midnight.AddMinutes(15 * quarter).AddSeconds(_random.Next(800));
        return new { callId = $"D-{i:000000}", callerPhone = $"139{_random.Next(100_000_000):00000000}", result = answered ? "answered" : "missed", startedAt = $"{at:yyyy-MM-ddTHH:mm:sszzz}", endedAt = $"{at.AddSeconds(30):yyyy-MM-ddTHH:mm:sszzz}", waitSeconds = _random.Next(30) };
    }

    /// <summary>Most run at the hotline, a fifth at the office. The office works from eight to six.</summary>
    private void PlanTicket(int i)
    {
        var no = $"D-{i:000000}";
        var office = i % 5 == 0;
        var quarter = office ? _random.Next(32, 66) : _random.Next(Quarters - 4);
        var at = Midnight.AddMinutes(15 * quarter);
        var body = JsonSerializer.Serialize(new { categoryCode = "0201", content = $"第{i}件：工资被拖欠", callerPhone = $"137{i:00000000}", areaCode = "341602101", acceptedAt = $"{at:yyyy-MM-ddTHH:mm:sszzz}" }, WireJson.Options);
        Send(quarter, 1, HttpMethod.Put, $"/partner/v1/tickets/{no}", body, "tickets");
        _mine[no] = (office ? "closed" : "dispatched", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body))));
        if (office)
        {
            _plan[quarter + 2].Add(new Work(4, () => OfficeAsync(no)));
            return;
        }
        string[] steps = ["accepted", "resolved", "closed"];
        var taken = _random.Next(steps.Length + 1);
        for (var s = 0; s < taken; s++)
        {
            // Told in another order than it happened, by up to an hour, one time in twenty.
            var late = _random.NextDouble() < Faults ? _random.Next(1, 4) : 0;
            if (late > 0) Count("out of order");
            var told = JsonSerializer.Serialize(new { eventId = $"{no}-{s}", type = steps[s], occurredAt = $"{at.AddMinutes(1 + s):yyyy-MM-ddTHH:mm:sszzz}" }, WireJson.Options);
            Send(Math.Min(quarter + late, Quarters), 2 + s, HttpMethod.Post, $"/partner/v1/tickets/{no}/events", told, "events");
        }
        if (taken > 0) _mine[no] = (steps[taken - 1], _mine[no].Sha);
    }

    private void Send(int quarter, int wave, HttpMethod method, string target, string body, string what)
    {
        var fault = _random.NextDouble();
        _plan[quarter].Add(new Work(wave, async () =>
        {
            if (fault < Faults) await RefusedAsync(method, target, body, "bad_signature", sign: (request, client) => { client.Sign(request, target, Encoding.UTF8.GetBytes(body)); request.Headers.Remove("X-Hl-Signature"); request.Headers.TryAddWithoutValidation("X-Hl-Signature", new string('0', 64)); });
            else if (fault < 2 * Faults) await GiveUpAsync(method, target, body);
            await SendAsync(method, target, body, replay: fault is >= 2 * Faults and < 3 * Faults);
            Count(what);
        }));
        if (fault is < 3 * Faults or >= 4 * Faults) return;
        _plan[Math.Min(quarter + _random.Next(0, 3), Quarters)].Add(new Work(9, async () => { Count("twice"); await SendAsync(method, target, body, replay: false); }));
    }

    private HotlineClient Client() => new(_http, _appId, _secret, api.Time.GetUtcNow);

    private async Task SendAsync(HttpMethod method, string target, string body, bool replay)
    {
        using var request = Request(method, target, body);
        Client().Sign(request, target, Encoding.UTF8.GetBytes(body));
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        if (response.StatusCode != HttpStatusCode.OK || text.Contains("\"refused\":1", StringComparison.Ordinal)) Fault($"{method} {target}: {(int)response.StatusCode} {text[..Math.Min(text.Length, 300)]}");
        if (replay) await RefusedAsync(method, target, body, "replayed", (again, _) => { foreach (var header in request.Headers) again.Headers.TryAddWithoutValidation(header.Key, header.Value); });
    }

    private async Task RefusedAsync(HttpMethod method, string target, string body, string reason, Action<HttpRequestMessage, HotlineClient> sign)
    {
        using var request = Request(method, target, body);
        sign(request, Client());
        using var response = await _http.SendAsync(request);
        if (!(await response.Content.ReadAsStringAsync()).Contains($"\"{reason}\"", StringComparison.Ordinal)) Fault($"{method} {target}: {(int)response.StatusCode} and not {reason}");
        Count(reason);
    }

    /// <summary>The sender's patience is over while the call is under way: it may have been done.</summary>
    private async Task GiveUpAsync(HttpMethod method, string target, string body)
    {
        using var request = Request(method, target, body);
        Client().Sign(request, target, Encoding.UTF8.GetBytes(body));
        using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(2));
        try
        {
            using var response = await _http.SendAsync(request, impatience.Token);
        }
        catch (OperationCanceledException)
        {
            Count("given up");
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, string target, string body) => new(method, target) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private async Task OfficeAsync(string no)
    {
        using var clerk = await api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        var found = await clerk.GetAsync($"/v1/staff/hotline/tickets?appId={_appId}&ticketNo={no}");
        if (found.Status != HttpStatusCode.OK)
        {
            Fault($"office {no}: {found.Text}");
            return;
        }
        var path = $"/v1/staff/hotline/tickets/{found.String("id")}";
        foreach (var (verb, body) in ((string, object?)[])[("acceptance", null), ("answer", new { result = "solved", reply = "可以直接向法院起诉，也可以向劳动监察投诉，请带上结算清单。" }), ("steps", new { type = "closed" })])
            if (await clerk.PostAsync($"{path}/{verb}", body) is { Status: not HttpStatusCode.OK } no_) Fault($"office {no} {verb}: {no_.Text}");
        Count("office");
    }

    private async Task CheckAsync()
    {
        // The receiver is back since noon; whatever is due has gone out with each quarter.
        var office = _mine.Keys.Where(no => int.Parse(no[2..], System.Globalization.CultureInfo.InvariantCulture) % 5 == 0).ToList();
        foreach (var no in office)
        {
            var told = receiver.Got.Where(p => p.Type.StartsWith("ticket.", StringComparison.Ordinal) && p.Data.GetProperty("ticketNo").GetString() == no).DistinctBy(p => p.Id).ToList();
            var delivered = await api.ScalarAsync<long>("SELECT COUNT(*) FROM hotline_deliveries WHERE app_id = @_appId AND ticket_no = @no AND state = 'Delivered'", new { _appId, no });
            if (delivered != 3 || string.Join(' ', told.Select(p => p.Type)) != "ticket.updated ticket.resolved ticket.closed") Fault($"{no} was told {string.Join(' ', told.Select(p => p.Type))}, {delivered} delivered");
        }
        await ExpectAsync("calls", calls, "SELECT COUNT(*) FROM hotline_calls WHERE app_id = @_appId");
        await ExpectAsync("tickets", tickets, "SELECT COUNT(*) FROM hotline_tickets WHERE app_id = @_appId");
        await ExpectAsync("matters", tickets, "SELECT COUNT(*) FROM hotline_tickets t JOIN matters m ON m.id = t.matter_id WHERE t.app_id = @_appId");
        await ExpectAsync("answered calls", _answered, "SELECT COUNT(*) FROM hotline_calls WHERE app_id = @_appId AND result = 'Answered'");
        await ExpectAsync("pushes under way", 0, "SELECT COUNT(*) FROM hotline_deliveries WHERE app_id = @_appId AND state <> 'Delivered'");

        api.Time.At("2026-11-24T02:10+08:00");
        await api.RunAsync<MakeReconciliationsJob>();
        var list = JsonSerializer.Serialize(new { items = _mine.Select(m => new { ticketNo = m.Key, status = m.Value.Status, sha256 = m.Value.Sha }) }, WireJson.Options);
        const string Target = "/partner/v1/reconciliation/2026-11-23";
        var (status, text) = await Client().SendAsync(HttpMethod.Post, Target, list);
        if (status != 200 || !JsonDocument.Parse(text).RootElement.GetProperty("data").GetProperty("equal").GetBoolean()) Fault($"the books differ: {status} {text[..Math.Min(text.Length, 2000)]}");
    }

    /// <summary>What a screen-pop costs beside a ping, which does everything but look the caller up: one after another, as one agent hears them.</summary>
    public async Task<string> TimePopsAsync(int rounds)
    {
        using var http = new HttpClient { BaseAddress = api.Address };
        var client = new HotlineClient(http, _appId, _secret, api.Time.GetUtcNow);
        var (pings, pops) = (new List<double>(), new List<double>());
        for (var n = 0; n < rounds + 20; n++)
        {
            var begun = System.Diagnostics.Stopwatch.GetTimestamp();
            await client.SendAsync(HttpMethod.Get, "/partner/v1/ping");
            var between = System.Diagnostics.Stopwatch.GetTimestamp();
            var (status, text) = await client.SendAsync(HttpMethod.Post, $"/partner/v1/calls/P-{n}/screen-pop", $"{{\"callerPhone\":\"137{n % Math.Max(1, tickets):00000000}\"}}");
            if (status != 200) Fault($"screen-pop: {status} {text}");
            if (n < 20) continue; // warm-up
            pings.Add(System.Diagnostics.Stopwatch.GetElapsedTime(begun, between).TotalMilliseconds);
            pops.Add(System.Diagnostics.Stopwatch.GetElapsedTime(between).TotalMilliseconds);
        }
        static double At(List<double> times, double share) => times.Order().ElementAt((int)(times.Count * share));
        return string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"screen-pop p50 {At(pops, 0.5):0.0} ms, p95 {At(pops, 0.95):0.0} ms; ping p50 {At(pings, 0.5):0.0} ms, p95 {At(pings, 0.95):0.0} ms; ratio of p50 {At(pops, 0.5) / At(pings, 0.5):0.00}, with {tickets} tickets and {calls} calls stored");
    }

    private async Task ExpectAsync(string what, long expected, string sql)
    {
        var found = await api.ScalarAsync<long>(sql, new { _appId });
        if (found != expected) Fault($"{what}: {found}, not {expected}");
    }

    private void Count(string what) => _counts.AddOrUpdate(what, 1, (_, n) => n + 1);

    private void Fault(string what)
    {
        lock (_wrong) _wrong.Add(what);
    }

    private static string SecretOf(int seed) => Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(seed)));
}

/// <summary>The day in short with every run of the tests; the whole one by <c>bench/hotline-day</c>.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class HotlineDayTests(Engine engine)
{
    [Test]
    public Task Day_InShort_AddsUp() => PlayAsync(calls: 400, tickets: 60, seed: 12348);

    [Test, Explicit("takes minutes: bench/hotline-day")]
    public Task Day_Whole_AddsUp() => PlayAsync(Number("HOTLINE_DAY_CALLS", 20_000), Number("HOTLINE_DAY_TICKETS", 3_000), Number("HOTLINE_DAY_SEED", 12348));

    private async Task PlayAsync(int calls, int tickets, int seed)
    {
        await using var api = await TestApi.StartAsync(engine, ["Hotline:AllowLoopback=true"]);
        await using var receiver = await Receiver.StartAsync();
        var day = new HotlineDay(api, receiver, calls, tickets, seed, line => TestContext.Progress.WriteLine($"{engine} {line}"));
        await day.PlayAsync();
        Assert.That(day.Wrong, Is.Empty, $"seed {seed}: {string.Join("  ", day.Counts.Select(c => $"{c.Key} {c.Value}"))}");
        foreach (var fault in (string[])["bad_signature", "replayed", "twice", "out of order"]) Assert.That(day.Counts.GetValueOrDefault(fault), Is.Positive, $"no {fault} was played");
    }

    private static int Number(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), out var number) ? number : otherwise;
}
