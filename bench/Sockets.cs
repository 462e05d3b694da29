using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace MicroPlatform.Bench;

/// <summary>
/// What it costs to keep many people listening on <c>/v1/live</c>: memory per connection, processor time of an idle crowd, and how long a message
/// takes from the answer to its sender to the ears of the others. Everything on one machine, so the client's part is in the delivery times.
/// </summary>
internal sealed class Sockets(string work, string api, int count)
{
    private const int PerPerson = 5;
    private const int Messages = 400;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public async Task RunAsync()
    {
        var environment = new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development", ["Data__Folder"] = Path.Combine(work, "data"), ["RateLimits__Enabled"] = "false", ["Logging__LogLevel__Default"] = "Warning",
            ["Live__MaxSockets"] = (count + 10).ToString(CultureInfo.InvariantCulture),
        };
        await using var server = await Child.StartAsync(api, "/health/ready", Path.Combine(work, "api.log"), environment);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 8 }) { BaseAddress = server.Address };

        var people = new List<Person>();
        for (var n = 0; n < count / PerPerson; n++)
        {
            people.Add(await Person.MakeAsync(http, n));
            if (n % 200 == 0) Console.Error.WriteLine($"bench: {n} people");
        }
        // The same work without sockets: what signing in and asking leaves behind is not the sockets'.
        await Task.Delay(Quiet);
        var before = server.Memory();
        var lines = new List<Line>();
        foreach (var person in people)
        {
            lines.AddRange(await Task.WhenAll(Enumerable.Range(0, PerPerson).Select(_ => Line.OpenAsync(server.Address, person))));
            if (lines.Count % 1000 == 0) Console.Error.WriteLine($"bench: {lines.Count} sockets");
        }
        await Task.Delay(Quiet);
        var after = server.Memory();
        var cpu = server.CpuSeconds();
        await Task.Delay(Quiet);
        cpu = (server.CpuSeconds() - cpu) / Quiet.TotalSeconds;

        var delays = new List<double>();
        for (var n = 0; n < Messages; n++)
        {
            var person = people[n * 7919 % people.Count];
            var heard = lines.Where(l => l.Owner == person).Select(l => l.NextAsync()).ToList();
            await person.PostAsync(http, $"/v1/consultations/{person.Thread}/messages", new { text = "再问一句" });
            var said = Stopwatch.GetTimestamp();
            delays.AddRange((await Task.WhenAll(heard)).Select(at => Math.Max(0, Stopwatch.GetElapsedTime(said, at).TotalMilliseconds)));
            await Task.Delay(Pause);
        }
        delays.Sort();
        double At(double q) => delays[Math.Min(delays.Count - 1, (int)(q * delays.Count))];
        Console.WriteLine("| sockets | memory before MB | after MB | KB per socket | processor, idle | delivered | p50 ms | p99 ms | longest ms |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {lines.Count} | {before:0} | {after:0} | {(after - before) * 1024 / lines.Count:0.0} | {cpu:P1} of one | {delays.Count} | {At(0.5):0.0} | {At(0.99):0.0} | {delays[^1]:0.0} |"));
        foreach (var line in lines) line.Dispose();
    }

    private sealed record Person(string Token, string Thread)
    {
        public static async Task<Person> MakeAsync(HttpClient http, int n)
        {
            var token = (await SendAsync(http, "/v1/auth/wechat/login", new { code = $"test:socket-{n}" }, null)).GetProperty("tokens").GetProperty("accessToken").GetString()!;
            await SendAsync(http, "/v1/me/consents", new { version = 1, accepted = true }, token);
            var asked = await SendAsync(http, "/v1/consultations", new { categoryCode = "0201", regionCode = "341602101", text = "拖欠工资怎么要回来" }, token);
            return new Person(token, asked.GetProperty("id").GetString()!);
        }

        public Task PostAsync(HttpClient http, string path, object body) => SendAsync(http, path, body, Token);

        private static async Task<JsonElement> SendAsync(HttpClient http, string path, object body, string? token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
            if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await http.SendAsync(request);
            if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            return await answer.Content.ReadFromJsonAsync<JsonElement>();
        }
    }

    /// <summary>One socket that listens to its owner's thread.</summary>
    private sealed class Line : IDisposable
    {
        private readonly ClientWebSocket _socket = new();
        private TaskCompletionSource<long> _next = New();

        private Line(Person owner) => Owner = owner;

        public Person Owner { get; }

        public static async Task<Line> OpenAsync(Uri address, Person owner)
        {
            var line = new Line(owner);
            line._socket.Options.Proxy = null;
            await line._socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = "/v1/live" }.Uri, CancellationToken.None);
            var first = line.NextAsync();
            _ = line.ListenAsync();
            await line.SayAsync(new { type = "auth", token = owner.Token });
            await line.SayAsync(new { type = "subscribe", consultationId = owner.Thread, after = 0 });
            await first;
            return line;
        }

        /// <summary>When the next news of the thread arrives.</summary>
        public Task<long> NextAsync() => (_next = New()).Task;

        public void Dispose() => _socket.Dispose();

        private static TaskCompletionSource<long> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

        private Task SayAsync(object frame) => _socket.SendAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(frame)), WebSocketMessageType.Text, true, CancellationToken.None);

        private async Task ListenAsync()
        {
            var buffer = new byte[8192];
            try
            {
                while (true)
                {
                    var part = await _socket.ReceiveAsync(buffer, CancellationToken.None);
                    if (part.MessageType == WebSocketMessageType.Close) return;
                    if (Encoding.UTF8.GetString(buffer, 0, part.Count).Contains("\"thread\"", StringComparison.Ordinal)) _next.TrySetResult(Stopwatch.GetTimestamp());
                }
            }
            catch (Exception e) when (e is WebSocketException or ObjectDisposedException or OperationCanceledException)
            {
                _next.TrySetException(e);
            }
        }
    }
}
