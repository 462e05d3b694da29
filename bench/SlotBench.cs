using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Bench;

/// <summary>
/// What a search for slots costs with few and many appointments stored, what a booking costs beside a bare endpoint that writes the same rows,
/// and a storm: two hundred people, fifty slots.
/// </summary>
internal sealed class SlotBench(string engine, string work, string api)
{
    private const int StormClients = 200, StormSlots = 50, StormDay = 60;

    /// <summary>People who book at the API, each a few times as people do, and those whose bookings the baseline writes.</summary>
    private const int Bookers = 1000, BareBookers = 1000;

    private readonly DateTimeOffset _today = TimeProvider.System.GetUtcNow();

    public required int[] Sizes { get; init; }
    public required int Connections { get; init; }
    public required int Rounds { get; init; }
    public required int Seconds { get; init; }

    /// <summary>Only the parts (search, booking, storm) with this in their name.</summary>
    public required string Only { get; init; }

    /// <summary>Where the plot goes; empty: nowhere.</summary>
    public required string Plot { get; init; }

    /// <summary>What is asked, and the most that it may take (issue 3), in milliseconds.</summary>
    private (string What, double Budget, Func<int, string> Path)[] Searches =>
    [
        ("one person, one day", 1, n => $"/v1/slots?resourceId={SlotSeeder.PersonId(n % SlotSeeder.People)}&serviceCode=lawyer&mode=inPerson&date={Date(1 + (n % 30))}"),
        ("any of 40, one day", 5, n => $"/v1/slots?serviceCode=lawyer&mode=inPerson&date={Date(1 + (n % 30))}"),
        ("40 people × 31 days", 5, n => $"/v1/slots/days?serviceCode=lawyer&mode=inPerson&from={Date(1 + (n % 30))}&days=31"),
    ];

    public async Task RunAsync()
    {
        Say($"engine {engine} ({Store.Driver(engine)}), {Rounds} rounds of {Seconds} s, {Environment.ProcessorCount} processors, {_today:yyyy-MM-dd}");
        var sides = Sizes.Select(n => new SlotSide(StoreOf(n), n, api)).ToList();
        try
        {
            foreach (var side in sides) await side.StartAsync(Say);
            var report = new StringBuilder();
            if (Wanted("search")) await SearchAsync(sides, report);
            if (Wanted("booking") || Wanted("storm")) await sides[0].SignUpAsync(Wanted("booking") ? Bookers + BareBookers : StormClients);
            if (Wanted("booking")) await BookAsync(sides[0], report);
            if (Wanted("storm")) await StormAsync(sides[0], report);
            Console.Write(report);
        }
        finally
        {
            foreach (var side in sides) await side.DisposeAsync();
        }
    }

    private async Task SearchAsync(List<SlotSide> sides, StringBuilder report)
    {
        // One client that asks again and again: what it waits is the server's time and the way there, so more than the server's time.
        var load = new Load(1, TimeSpan.FromSeconds(Seconds));
        Line(report, $"| search | stored | p50 ms | p95 ms | CPU ms per search | p50 / p50 of the smallest |");
        Line(report, $"|---|---|---|---|---|---|");
        var series = new List<PlotSeries>();
        foreach (var (what, budget, path) in Searches)
        {
            Say(what);
            var seen = sides.ToDictionary(s => s, _ => new List<Reading>());
            foreach (var side in sides) await load.WarmUpAsync(side.Api.Address, (_, n) => Get(path(n)), side.Api);
            for (var round = 0; round < Rounds; round++)
                foreach (var side in sides) seen[side].Add(await load.RunAsync(side.Api.Address, (_, n) => Get(path(n)), side.Api));
            var smallest = Median(seen[sides[0]], r => r.P50);
            foreach (var side in sides)
            {
                var readings = seen[side];
                var p50 = Median(readings, r => r.P50);
                if (readings.FirstOrDefault(r => r.Errors > 0) is { } failed) throw new InvalidOperationException(failed.FirstError);
                Line(report, $"| {what} | {side.Stored:N0} | **{p50:0.00}**, budget {budget:0} {(p50 <= budget ? "(held)" : "(**missed**)")} | {Median(readings, r => r.P95):0.00} | {Median(readings, r => r.CpuPerRequest):0.00} | {p50 / smallest:0.00} |");
            }
            series.Add(new PlotSeries(what, budget, [.. sides.Select(s => new PlotPoint(s.Stored, Median(seen[s], r => r.P50), Median(seen[s], r => r.P95)))]));
        }
        if (Plot.Length > 0) await File.WriteAllTextAsync(Plot, SlotPlot.Draw(series, $"{engine}, {_today:yyyy-MM-dd}"));
    }

    private async Task BookAsync(SlotSide side, StringBuilder report)
    {
        Say("book distinct slots");
        await side.StartBareAsync();
        var (booked, bare) = (new List<Reading>(), new List<Reading>());
        var load = new Load(Connections, TimeSpan.FromSeconds(Seconds));
        // Numbers of slots are given out once, whoever asks: to the API those that can be booked, to the baseline, which judges no hours, those behind them, for ever.
        // Not those of tomorrow: in the evening there is one reminder less to write for them.
        var (next, nextBare) = ((SlotSeeder.BookedPeople * SlotSeeder.BookedStartsPerDay) - 1, (SlotSeeder.DaysAhead * SlotSeeder.BookedPeople * SlotSeeder.BookedStartsPerDay) - 1);
        string[] tables = ["appointments", "appointment_rasters", "appointment_reminders", "matters", "matter_timeline", "audit_entries", "idempotency_keys"];
        async Task<string> EffectAsync(Func<Task> act)
        {
            var before = new List<long>();
            foreach (var table in tables) before.Add(await side.ScalarAsync<long>($"SELECT COUNT(*) FROM {table}"));
            await act();
            var rows = new List<string>();
            foreach (var (table, n) in tables.Zip(before)) rows.Add($"{table} {await side.ScalarAsync<long>($"SELECT COUNT(*) FROM {table}") - n}");
            return string.Join(", ", rows);
        }
        using (var http = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false }))
        {
            var ofApi = await EffectAsync(() => SendAsync(http, side.Api.Address, Book(side, Interlocked.Increment(ref next))));
            var ofBare = await EffectAsync(() => SendAsync(http, side.Bare!.Address, BookBare(side, Interlocked.Increment(ref nextBare))));
            if (ofApi != ofBare) throw new InvalidOperationException($"The API: {ofApi}; the baseline: {ofBare}. Bring bench/BookingBaseline.cs up to date.");
        }
        await load.WarmUpAsync(side.Api.Address, (_, _) => Book(side, Interlocked.Increment(ref next)), side.Api);
        await load.WarmUpAsync(side.Bare!.Address, (_, _) => BookBare(side, Interlocked.Increment(ref nextBare)), side.Bare);
        for (var round = 0; round < Rounds; round++)
        {
            var a = await load.RunAsync(side.Api.Address, (_, _) => Book(side, Interlocked.Increment(ref next)), side.Api);
            var b = await load.RunAsync(side.Bare.Address, (_, _) => BookBare(side, Interlocked.Increment(ref nextBare)), side.Bare);
            if (a.Errors + b.Errors > 0) throw new InvalidOperationException(a.FirstError ?? b.FirstError);
            if (SlotOf(next).Day >= SlotSeeder.DaysAhead) throw new InvalidOperationException("The free half hours have run out: ask for fewer rounds, or shorter ones.");
            booked.Add(a);
            bare.Add(b);
        }
        var ratios = booked.Zip(bare, (a, b) => a.PerSecond / b.PerSecond).ToList();
        var ratio = Median(ratios, r => r);
        Line(report, $"");
        Line(report, $"| booking distinct slots | API per s | bare per s | API / bare | p50 / p95 ms, API | CPU ms, API / bare |");
        Line(report, $"|---|---|---|---|---|---|");
        Line(report, $"| {Connections} connections | {Median(booked, r => r.PerSecond):0} | {Median(bare, r => r.PerSecond):0} | **{ratio:P0}** ({ratios.Min():P0} … {ratios.Max():P0}), budget {Report.WriteBudget:P0} {(ratio >= Report.WriteBudget ? "(held)" : "(**missed**)")} | {Median(booked, r => r.P50):0.0} / {Median(booked, r => r.P95):0.0} | {Median(booked, r => r.CpuPerRequest):0.00} / {Median(bare, r => r.CpuPerRequest):0.00} |");
    }

    private async Task StormAsync(SlotSide side, StringBuilder report)
    {
        Say("storm");
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
        var codes = await Task.WhenAll(Enumerable.Range(0, StormClients).Select(n => Task.Run(async () =>
        {
            using var request = Order(side.Citizens[n].Token, "lawyer", SlotSeeder.PersonId(n % StormSlots % SlotSeeder.People), SlotSeeder.At(_today, StormDay, SlotSeeder.Starts[n % StormSlots / SlotSeeder.People]));
            request.RequestUri = new Uri(side.Api.Address, request.RequestUri!);
            using var answer = await http.SendAsync(request, CancellationToken.None);
            return (int)answer.StatusCode;
        })));
        var won = codes.Count(c => c == 201);
        var twice = await side.ScalarAsync<long>("""
            SELECT COUNT(*) FROM appointments a JOIN appointments b ON b.resource_id = a.resource_id AND b.seat = a.seat AND b.starts_at >= a.starts_at AND b.starts_at < a.ends_at AND b.id <> a.id
            WHERE a.state = 'Booked' AND b.state = 'Booked'
            """);
        Line(report, $"");
        Line(report, $"Storm: {StormClients} clients, {StormSlots} slots: {won} booked {(won == StormSlots ? "(held)" : "(**missed**)")}, {codes.Count(c => c == 409)} told that it is taken, {codes.Count(c => c is not (201 or 409))} others; pairs that overlap, by a query of its own: {twice} {(twice == 0 ? "(held)" : "(**missed**)")}.");
    }

    private bool Wanted(string part) => part.Contains(Only, StringComparison.OrdinalIgnoreCase);

    private HttpRequestMessage Book(SlotSide side, int n)
    {
        var (person, at, _) = SlotOf(n);
        return Order(side.Citizens[n % Bookers].Token, "legal-aid", person, at);
    }

    private HttpRequestMessage BookBare(SlotSide side, int n)
    {
        var (person, at, _) = SlotOf(n);
        return new(HttpMethod.Post, new Uri("/bookings", UriKind.Relative)) { Content = JsonContent.Create(new BookingBaseline.Order(person, side.Citizens[Bookers + (n % BareBookers)].Id, at.ToUnixTimeMilliseconds())) };
    }

    /// <summary>At one start eighty different slots follow one another, so that no two of one citizen's overlap.</summary>
    private (string Person, DateTimeOffset At, int Day) SlotOf(int n)
    {
        var (start, day) = (n / SlotSeeder.BookedPeople % SlotSeeder.BookedStartsPerDay, 1 + (n / SlotSeeder.BookedPeople / SlotSeeder.BookedStartsPerDay));
        return (SlotSeeder.BookedPersonId(n % SlotSeeder.BookedPeople), SlotSeeder.At(_today, day, SlotSeeder.BookedFromMinute + (30 * start)), day);
    }

    private static HttpRequestMessage Order(string token, string service, string person, DateTimeOffset at)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/appointments", UriKind.Relative))
        {
            Content = JsonContent.Create(new { serviceCode = service, mode = "inPerson", resourceId = person, startsAt = at, categoryCode = "0201", reason = "工资拖欠" }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString("N"));
        return request;
    }

    private static async Task SendAsync(HttpMessageInvoker http, Uri server, HttpRequestMessage request)
    {
        request.RequestUri = new Uri(server, request.RequestUri!);
        using var answer = await http.SendAsync(request, CancellationToken.None);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{request.RequestUri}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        request.Dispose();
    }

    private string Date(int days) => _today.InChina().Date.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private Store StoreOf(int stored) => new(
        Path.Combine(work, $"slots-{stored}"), engine == "sqlite" ? null : Environment.GetEnvironmentVariable("TEST_MYSQL") ?? throw new InvalidOperationException("TEST_MYSQL is not set: start with bench/run."),
        $"bench_slots_{stored}", engine == "sqlite" ? null : Environment.GetEnvironmentVariable("TEST_REDIS"));

    private static HttpRequestMessage Get(string path) => new(HttpMethod.Get, new Uri(path, UriKind.Relative));

    private static double Median<T>(IEnumerable<T> values, Func<T, double> of) => values.Select(of).Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : double.NaN;

    private static void Line(StringBuilder to, FormattableString text) => to.AppendLine(text.ToString(CultureInfo.InvariantCulture));

    private static void Say(string text) => Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bench: {text}"));
}
