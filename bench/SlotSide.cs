using System.Globalization;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text.Json;
using Dapper;

namespace MicroPlatform.Bench;

/// <summary>One database with so many appointments, and the API that serves it.</summary>
internal sealed class SlotSide(Store store, int stored, string api) : IAsyncDisposable
{
    public int Stored => stored;

    public Child Api { get; private set; } = null!;

    /// <summary>Where bookings are written with nothing else done; on the side without appointments only.</summary>
    public Child? Bare { get; private set; }

    public IReadOnlyList<(string Id, string Token)> Citizens { get; private set; } = [];

    public async Task StartAsync(Action<string> say)
    {
        var mark = Path.Combine(store.Folder, "slots-stored");
        if (!File.Exists(mark))
        {
            await store.CreateAsync();
            await (await StartApiAsync()).DisposeAsync();
            say($"storing {stored.ToString(CultureInfo.InvariantCulture)} appointments");
            await new SlotSeeder(store, stored).RunAsync(TimeProvider.System.GetUtcNow());
            await File.WriteAllTextAsync(mark, "");
        }
        Api = await StartApiAsync();
    }

    public async Task StartBareAsync() => Bare = await Child.StartAsync(
        Assembly.GetExecutingAssembly().Location, Baseline.Ready, Path.Combine(store.Folder, "baseline.log"), new Dictionary<string, string?> { ["BENCH_SERVER"] = store.Server }, "baseline", store.Folder, store.Name);

    /// <summary>People who can book: signed in, consent given, phone bound.</summary>
    public async Task SignUpAsync(int count)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Api.Address };
        var version = (await http.GetFromJsonAsync<JsonElement>("/v1/privacy-notice")).GetProperty("version").GetInt32();
        var citizens = new (string, string)[count];
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (n, _) =>
        {
            var signedIn = await PostAsync(http, "/v1/auth/wechat/login", new { code = $"test:slots-{n:0000}" }, null);
            var token = signedIn.GetProperty("tokens").GetProperty("accessToken").GetString()!;
            await PostAsync(http, "/v1/me/consents", new { version, accepted = true }, token);
            await PostAsync(http, "/v1/me/phone", new { code = $"test-phone:138{n:00000000}" }, token);
            citizens[n] = (signedIn.GetProperty("user").GetProperty("id").GetString()!, token);
        });
        Citizens = citizens;
    }

    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var source = store.Open();
        await using var connection = await source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<T>(sql);
    }

    public async ValueTask DisposeAsync()
    {
        if (Api is not null) await Api.DisposeAsync();
        if (Bare is not null) await Bare.DisposeAsync();
    }

    private Task<Child> StartApiAsync()
    {
        var environment = store.Environment();
        environment["Appointments__MaxOpenPerCitizen"] = "100";
        // One Redis serves all sides: each has names of its own.
        environment["Redis__Prefix"] = $"{store.Name}:";
        return Child.StartAsync(api, "/health/ready", Path.Combine(store.Folder, "api.log"), environment);
    }

    private static async Task<JsonElement> PostAsync(HttpClient http, string path, object body, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.SendAsync(request);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
