using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace MicroPlatform.Bench;

/// <summary>
/// The API beside the bare baseline, on one database with few matters and one with many; all four servers run at once and take turns round by
/// round, so that whatever else the machine does falls on all of them alike. What counts are the ratios.
/// </summary>
internal sealed class Comparison(string engine, string work, string api)
{
    private static readonly string PostBody = $$"""{"text":"{{new string('问', 60)}}"}""";

    public required int Small { get; init; }
    public required int Large { get; init; }
    public required int Connections { get; init; }
    public required int Rounds { get; init; }
    public required int Seconds { get; init; }

    /// <summary>Measure only what has this in its name.</summary>
    public string Only { get; init; } = "";

    public async Task RunAsync()
    {
        Say($"engine {engine} ({Store.Driver(engine)}), {Connections} connections, {Rounds} rounds of {Seconds} s, {Environment.ProcessorCount} processors, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}");
        var small = await Side.PrepareAsync(StoreOf("small", Small), Small, api, Say);
        var large = await Side.PrepareAsync(StoreOf("large", Large), Large, api, Say);
        await using (small)
        await using (large)
        {
            await small.StartAsync();
            await large.StartAsync();
            await small.WaitForIndexAsync(Say);
            await large.WaitForIndexAsync(Say);
            var report = new Report();
            report.Start(small, large);
            await CompareAsync(report, "read one thread", small, large,
                (s, c, n) => Get(s, $"/v1/consultations/{s.Read(c, n).Id}/messages", s.Read(c, n).Citizen), (s, c, n) => Get($"/threads/{s.Read(c, n).Id}"));
            await CompareAsync(report, "list my matters", small, large,
                (s, c, n) => Get(s, "/v1/matters", s.Read(c, n).Citizen), (s, c, n) => Get($"/citizens/{s.Read(c, n).Citizen}/matters"));
            await CompareAsync(report, "post a message", small, large,
                (s, c, n) => Post(s, $"/v1/consultations/{s.Write(c, n, Connections).Id}/messages", s.Write(c, n, Connections).Citizen),
                (s, c, n) => Post($"/threads/{s.Write(c, n, Connections).Id}/messages"));
            foreach (var (what, path) in Side.StaffLists)
                await CompareAsync(report, what, small, large, (s, _, _) => GetAsStaff(s, path), null);
            report.End(small, large);
            Console.Write(report);
        }
    }

    private Store StoreOf(string name, int matters) => new(
        Path.Combine(work, $"{name}-{matters}"), engine == "sqlite" ? null : Environment.GetEnvironmentVariable("TEST_MYSQL") ?? throw new InvalidOperationException("TEST_MYSQL is not set: start with bench/run."),
        $"bench_{name}_{matters}", engine == "sqlite" ? null : Environment.GetEnvironmentVariable("TEST_REDIS"));

    private async Task CompareAsync(
        Report report, string what, Side small, Side large, Func<Side, int, int, HttpRequestMessage> ofApi, Func<Side, int, int, HttpRequestMessage>? ofBaseline)
    {
        if (!what.Contains(Only, StringComparison.Ordinal)) return;
        Say(what);
        var seen = new[] { small, large }.ToDictionary(s => s, _ => (Api: new List<Reading>(), Bare: new List<Reading>()));
        var load = new Load(Connections, TimeSpan.FromSeconds(Seconds));
        foreach (var side in new[] { small, large }) await side.SignInAsync();
        if (ofBaseline is not null) await small.CheckSamenessAsync(n => ofApi(small, 0, n), n => ofBaseline(small, 0, n), Items);
        foreach (var side in new[] { small, large })
        {
            await load.WarmUpAsync(side.Api.Address, (c, n) => ofApi(side, c, n), side.Api);
            if (ofBaseline is not null) await load.WarmUpAsync(side.Bare.Address, (c, n) => ofBaseline(side, c, n), side.Bare);
        }
        Say($"{what}: warm");
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var side in new[] { small, large })
            {
                seen[side].Api.Add(await load.RunAsync(side.Api.Address, (c, n) => ofApi(side, c, n), side.Api));
                if (ofBaseline is not null) seen[side].Bare.Add(await load.RunAsync(side.Bare.Address, (c, n) => ofBaseline(side, c, n), side.Bare));
            }
        }
        report.Add(what, small.Matters, seen[small].Api, seen[small].Bare);
        report.Add(what, large.Matters, seen[large].Api, seen[large].Bare);
        report.Growth(what, seen[small].Api, seen[large].Api);
    }

    /// <summary>How many things an answer lists; 1 for a single thing.</summary>
    private static int Items(string body) => JsonDocument.Parse(body).RootElement.TryGetProperty("items", out var items) ? items.GetArrayLength() : 1;

    private static HttpRequestMessage Get(string path) => new(HttpMethod.Get, new Uri(path, UriKind.Relative));

    private static HttpRequestMessage Get(Side side, string path, string citizen) => With(Get(path), side.TokenOf(citizen));

    private static HttpRequestMessage GetAsStaff(Side side, string path) => With(Get(path), side.StaffToken);

    private static HttpRequestMessage Post(string path) =>
        new(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = new StringContent(PostBody, Encoding.UTF8, "application/json") };

    private static HttpRequestMessage Post(Side side, string path, string citizen) => With(Post(path), side.TokenOf(citizen));

    private static HttpRequestMessage With(HttpRequestMessage request, string token)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        // Every client sends one with a POST; the bare side makes its own.
        if (request.Method == HttpMethod.Post) request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString("N"));
        return request;
    }

    private static void Say(string text) => Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bench: {text}"));
}
