using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MicroPlatform.Api.Tests.Hosting;

namespace MicroPlatform.Api.Tests.VideoCalls;

/// <summary>
/// A real Janus and a real coturn, configured by <c>deploy/video/configure</c> as an operator would, in a network namespace of their own (Janus takes no media from
/// loopback). Needs root, <c>janus</c>, <c>coturn</c> and <c>ip</c>; <c>TEST_REQUIRE_MEDIA=1</c> makes their absence a failure. Ends with the test.
/// </summary>
internal sealed class MediaServers : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("microplatform-media-").FullName;
    private readonly string _name = $"mp{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3))}";
    private readonly string _network = $"10.{RandomNumberGenerator.GetInt32(200, 250)}.{RandomNumberGenerator.GetInt32(0, 255)}";
    private Process? _janus;
    private Process? _turn;

    /// <summary>This side of the cable: where the API listens for Janus.</summary>
    public string Here => $"{_network}.1";

    /// <summary>The servers' side.</summary>
    public string There => $"{_network}.2";

    /// <summary>The relay's own address, as it mostly has in an office.</summary>
    public string Relay => $"{_network}.3";

    /// <summary>The API's settings, as the script wrote them.</summary>
    public string[] Settings { get; private set; } = [];

    /// <summary>Where Janus writes recordings.</summary>
    public string Recordings => Path.Combine(_folder, "recordings");

    public Uri JanusApi => new($"http://{There}:8088/janus");

    /// <summary>What both servers said, for when a test fails.</summary>
    public string Log => string.Join('\n', new[] { "janus.log", "turn.log" }.Select(f => Path.Combine(_folder, f)).Where(File.Exists).Select(f => string.Join('\n', File.ReadLines(f).TakeLast(40))));

    /// <param name="programs">What else is needed, by its path.</param>
    public static void Require(params string[] programs)
    {
        var missing = new[] { "janus", "turnserver", "ip" }.Where(p => Needs.Find(p) is null).Concat(programs.Where(p => !File.Exists(p))).ToList();
        Needs.Nothing(
            missing.Count > 0 ? $"{string.Join(", ", missing)} missing: apt-get install janus coturn iproute2 chromium, or use ./test"
                : !MayMakeNetworks() ? "no right to make a network of its own (root, CAP_SYS_ADMIN and CAP_NET_ADMIN)" : null,
            Needs.Media);
    }

    /// <summary>The cable first: the API listens on this side before the servers are told where it is.</summary>
    public static async Task<MediaServers> ConnectAsync()
    {
        Require();
        var servers = new MediaServers();
        await servers.IpAsync("netns", "add", servers._name);
        await servers.IpAsync("link", "add", $"{servers._name}h", "type", "veth", "peer", "name", $"{servers._name}n", "netns", servers._name);
        await servers.IpAsync("addr", "add", $"{servers.Here}/29", "dev", $"{servers._name}h");
        await servers.IpAsync("link", "set", $"{servers._name}h", "up");
        await servers.IpAsync("-n", servers._name, "addr", "add", $"{servers.There}/29", "dev", $"{servers._name}n");
        await servers.IpAsync("-n", servers._name, "addr", "add", $"{servers.Relay}/29", "dev", $"{servers._name}n");
        await servers.IpAsync("-n", servers._name, "link", "set", $"{servers._name}n", "up");
        await servers.IpAsync("-n", servers._name, "link", "set", "lo", "up");
        // Browsers send from whatever address this machine has.
        await servers.IpAsync("-n", servers._name, "route", "add", "default", "via", servers.Here);
        await servers.ConfigureAsync("http://127.0.0.1:1/");
        return servers;
    }

    /// <param name="events">Port of the API on this side.</param>
    public async Task StartAsync(int events)
    {
        await ConfigureAsync($"http://{Here}:{events.ToString(CultureInfo.InvariantCulture)}/v1/callbacks/video/janus");
        _turn = Start("turnserver", "turn.log", "-c", Path.Combine(_folder, "turnserver.conf"));
        await StartJanusAsync();
    }

    public async Task StartJanusAsync()
    {
        _janus = Start("janus", "janus.log", "-F", Path.Combine(_folder, "janus"), "-C", Path.Combine(_folder, "janus", "janus.jcfg"));
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        for (var attempt = 0; attempt < 150; attempt++)
        {
            if (_janus.HasExited) throw new InvalidOperationException($"Janus ended with {_janus.ExitCode}:\n{Log}");
            try
            {
                if ((await http.GetAsync(new Uri($"{JanusApi}/info"))).IsSuccessStatusCode) return;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // Not listening yet.
            }
            await Task.Delay(100);
        }
        throw new TimeoutException($"Janus is not ready:\n{Log}");
    }

    /// <summary>As a power cut would: nothing is told to anybody.</summary>
    public Task KillJanusAsync() => EndAsync(_janus);

    /// <summary>Janus' HTTP API as a stranger would call it.</summary>
    public async Task<JsonNode> AskJanusAsync(string path, JsonObject body)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        body["transaction"] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        using var response = await http.PostAsync(new Uri(JanusApi + path), new StringContent(body.ToJsonString()));
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    /// <summary>The next event of a session (Janus' long poll).</summary>
    public async Task<JsonNode> NextEventAsync(string session, string apiToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(35) };
        return JsonNode.Parse(await http.GetStringAsync(new Uri($"{JanusApi}/{session}?token={Uri.EscapeDataString(apiToken)}")))!;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync(_janus);
        await EndAsync(_turn);
        // The cable goes with the namespace.
        await IpAsync("netns", "del", _name);
        Directory.Delete(_folder, recursive: true);
    }

    private static bool MayMakeNetworks()
    {
        if (!Environment.IsPrivilegedProcess) return false;
        var name = $"mptry{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}";
        return new[] { "add", "del" }.All(what =>
        {
            using var process = Process.Start(new ProcessStartInfo("ip", ["netns", what, name]) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        });
    }

    private async Task ConfigureAsync(string events)
    {
        await RunAsync(Path.Combine(RepositoryFiles.Root, "deploy", "video", "configure"), new()
        {
            ["VIDEO_ADDRESS"] = There, ["TURN_ADDRESS"] = Relay, ["JANUS_LISTEN"] = There, ["JANUS_URL"] = $"ws://{There}:8188", ["EVENTS_URL"] = events, ["SESSION_TIMEOUT"] = "20", ["RECORDINGS_FOLDER"] = Recordings,
        }, _folder);
        Settings = [.. (await File.ReadAllLinesAsync(Path.Combine(_folder, "api.env"))).Select(line => line.Split('=', 2)).Select(p => $"{p[0].Replace("__", ":", StringComparison.Ordinal)}={p[1]}")];
    }

    private Task IpAsync(params string[] arguments) => RunAsync("ip", [], arguments);

    private static async Task RunAsync(string program, Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{Path.GetFileName(program)} {string.Join(' ', arguments)}: {said}");
    }

    private Process Start(string program, string log, params string[] arguments)
    {
        // exec: the process that is ended later is the server itself.
        var start = new ProcessStartInfo("sh") { WorkingDirectory = _folder };
        foreach (var argument in new[] { "-c", "log=$1; shift; exec ip netns exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", Path.Combine(_folder, log), _name, program }.Concat(arguments)) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private static async Task EndAsync(Process? process)
    {
        if (process is null) return;
        try
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
        catch (InvalidOperationException)
        {
            // It has been ended and cleared away before.
        }
        process.Dispose();
    }
}
