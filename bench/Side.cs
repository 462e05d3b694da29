using System.Diagnostics;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text.Json;
using Dapper;
using MicroPlatform.Domain.Matters;

namespace MicroPlatform.Bench;

/// <summary>One database with the API and the baseline that serve it.</summary>
internal sealed class Side(Store store, int matters, string api) : IAsyncDisposable
{
    /// <summary>Lists of the staff side, whose time must not grow with what is stored.</summary>
    public static readonly (string What, string Path)[] StaffLists =
    [
        ("inbox of the whole district", "/v1/staff/inbox?box=all"),
        ("untaken in the whole district", "/v1/staff/inbox?box=unit"),
    ];

    private const int Citizens = 100;

    private readonly Dictionary<string, string> _tokens = [];
    private (string Id, string Citizen)[] _read = [];
    private (string Id, string Citizen)[] _write = [];

    public int Matters => matters;

    public Child Api { get; private set; } = null!;

    public Child Bare { get; private set; } = null!;

    /// <summary>The very first start: makes the schema and the demo district.</summary>
    public TimeSpan FirstStart { get; private set; }

    /// <summary>Resident memory after the first start and ten quiet seconds.</summary>
    public double IdleMemory { get; private set; }

    public string StaffToken { get; private set; } = "";

    public string TokenOf(string citizen) => _tokens[citizen];

    /// <summary>A thread to read; every connection goes through all of them, each from another place.</summary>
    public (string Id, string Citizen) Read(int connection, int n) => _read[(uint)((connection * 37) + n) % _read.Length];

    /// <summary>A thread to write to; no two connections share one, as no two people write one thread at once.</summary>
    public (string Id, string Citizen) Write(int connection, int n, int connections) =>
        _write[connection + (connections * (int)((uint)n % (_write.Length / connections)))];

    /// <summary>Lets the API make its schema and its demo district, signs the citizens up, and fills in the rest.</summary>
    public static async Task<Side> PrepareAsync(Store store, int matters, string api, Action<string> say)
    {
        var side = new Side(store, matters, api);
        // With --work a second run finds what the first has stored.
        var stored = Path.Combine(store.Folder, "stored");
        if (!File.Exists(stored)) await store.CreateAsync();
        await using (var first = await side.StartApiAsync())
        {
            side.FirstStart = first.StartToReady;
            await Task.Delay(TimeSpan.FromSeconds(10));
            side.IdleMemory = first.Memory();
            side.Api = first;
            await side.SignInAsync();
        }
        if (File.Exists(stored)) return side;
        say($"storing {matters} matters");
        var clock = Stopwatch.StartNew();
        await new Seeder(store, matters).RunAsync([.. side._tokens.Keys.Order(StringComparer.Ordinal)], TimeProvider.System.GetUtcNow());
        say($"stored in {clock.Elapsed.TotalSeconds:0} s");
        await File.WriteAllTextAsync(stored, "");
        return side;
    }

    public async Task StartAsync()
    {
        Api = await StartApiAsync();
        var environment = new Dictionary<string, string?> { ["BENCH_SERVER"] = store.Server };
        Bare = await Child.StartAsync(Assembly.GetExecutingAssembly().Location, Baseline.Ready, Path.Combine(store.Folder, "baseline.log"), environment, "baseline", store.Folder, store.Name);
        await using var source = store.Open();
        await using var connection = await source.OpenConnectionAsync();
        var threads = (await connection.QueryAsync<(string Id, string Citizen, string State)>(
            "SELECT c.id, m.citizen_id, c.state FROM consultations c JOIN matters m ON m.id = c.matter_id WHERE m.citizen_id IN @ids AND c.last_seq >= @length ORDER BY c.id",
            new { ids = _tokens.Keys, length = Seeder.MessagesPerThread })).ToList();
        _read = [.. threads.Where(t => t.State == "Closed").Select(t => (t.Id, t.Citizen))];
        _write = [.. threads.Where(t => t.State != "Closed").Select(t => (t.Id, t.Citizen))];
    }

    /// <summary>The API makes stored matters findable by their words, oldest first. Nothing is measured beside that.</summary>
    public async Task WaitForIndexAsync(Action<string> say)
    {
        await using var source = store.Open();
        await using var connection = await source.OpenConnectionAsync();
        var clock = Stopwatch.StartNew();
        var newest = await connection.ExecuteScalarAsync<string>("SELECT MAX(id) FROM matters");
        while (await connection.ExecuteScalarAsync<string?>("SELECT MAX(matter_id) FROM matter_terms WHERE term = @Seen", new { SearchTerms.Seen }) is var last && last != newest)
        {
            if (clock.Elapsed > TimeSpan.FromMinutes(30)) throw new InvalidOperationException($"The API has made no more matters findable than up to {last} in half an hour.");
            say($"making {matters} matters findable: {clock.Elapsed.TotalSeconds:0} s");
            await Task.Delay(TimeSpan.FromSeconds(15));
        }
    }

    /// <summary>Tokens live fifteen minutes: fetched anew before each comparison.</summary>
    public async Task SignInAsync()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Api.Address };
        for (var i = 0; i < Citizens; i++)
        {
            var signedIn = await PostAsync(http, "/v1/auth/wechat/login", new { code = $"test:bench-{i:000}" });
            _tokens[signedIn.GetProperty("user").GetProperty("id").GetString()!] = signedIn.GetProperty("tokens").GetProperty("accessToken").GetString()!;
        }
        // The widest scope there is: the bureau and every unit below it.
        StaffToken = (await PostAsync(http, "/v1/dev/login", new { @as = "centreHead" })).GetProperty("tokens").GetProperty("accessToken").GetString()!;
    }

    /// <summary>A post on each side must write as many rows, and a read bring as many messages, or the ratio compares apples with pears.</summary>
    public async Task CheckSamenessAsync(Func<int, HttpRequestMessage> ofApi, Func<int, HttpRequestMessage> ofBare, Func<string, int> size)
    {
        var (byApi, byBare) = (await EffectAsync(Api.Address, ofApi, size), await EffectAsync(Bare.Address, ofBare, size));
        if (byApi != byBare) throw new InvalidOperationException($"The API: {byApi}; the baseline: {byBare}. Bring bench/Baseline.cs up to date.");
    }

    private async Task<string> EffectAsync(Uri address, Func<int, HttpRequestMessage> request, Func<string, int> size)
    {
        string[] tables = ["messages", "matter_timeline", "audit_entries", "idempotency_keys", "consultations", "matters"];
        await using var source = store.Open();
        await using var connection = await source.OpenConnectionAsync();
        async Task<long[]> CountAsync()
        {
            var counts = new List<long>();
            foreach (var table in tables) counts.Add(await connection.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM {table}"));
            return [.. counts];
        }
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
        var before = await CountAsync();
        var sizes = new List<int>();
        for (var n = 0; n < 2; n++)
        {
            using var message = request(n);
            message.RequestUri = new Uri(address, message.RequestUri!);
            using var answer = await http.SendAsync(message, CancellationToken.None);
            var body = await answer.Content.ReadAsStringAsync();
            if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{message.Method} {message.RequestUri}: {(int)answer.StatusCode} {body}");
            sizes.Add(size(body));
        }
        var after = await CountAsync();
        return $"answers of {string.Join(" and ", sizes)}, new rows {string.Join(", ", tables.Zip(before.Zip(after, (b, a) => a - b), (t, n) => $"{t} {n}"))}";
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        if (Bare is not null) await Bare.DisposeAsync();
    }

    private Task<Child> StartApiAsync() => Child.StartAsync(api, "/health/ready", Path.Combine(store.Folder, "api.log"), store.Environment());

    private static async Task<JsonElement> PostAsync(HttpClient http, string path, object? body, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body ?? new { }) };
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.SendAsync(request);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
