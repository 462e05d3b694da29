using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MicroPlatform.Bench;

/// <summary>A server under measurement: a process of its own on a free loopback port, ended with this one.</summary>
internal sealed class Child : IAsyncDisposable
{
    /// <summary>Those still running, to be ended when this process is told to end in the middle of a measurement.</summary>
    private static readonly ConcurrentDictionary<Process, byte> Running = new();

    private readonly Process _process;
    private readonly string _log;

    static Child() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var process in Running.Keys) process.Kill(entireProcessTree: true);
    };

    private Child(Process process, Uri address, string log) => (_process, Address, _log) = (process, address, log);

    public Uri Address { get; }

    /// <summary>From the start of the process to its first "ready".</summary>
    public TimeSpan StartToReady { get; private set; }

    public static async Task<Child> StartAsync(string assembly, string ready, string log, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (key, value) in environment) start.Environment[key] = value;
        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        var clock = Stopwatch.StartNew();
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{assembly} did not start.");
        Running.TryAdd(process, 0);
        process.StandardInput.Close();
        var child = new Child(process, address, log);
        child.Copy();
        await child.WaitUntilReadyAsync(ready, clock);
        return child;
    }

    /// <summary>User and system time so far. From /proc: asking costs the child nothing.</summary>
    public double CpuSeconds()
    {
        _process.Refresh();
        return _process.HasExited ? double.NaN : _process.TotalProcessorTime.TotalSeconds;
    }

    /// <summary>Time that the background compiler has taken so far; 0 when it has ended its thread for want of work.</summary>
    public double CompilerSeconds()
    {
        var seconds = 0.0;
        foreach (var task in Directory.GetDirectories($"/proc/{_process.Id}/task"))
        {
            try
            {
                // pid (comm) state ppid … ; utime and stime are the 12th and 13th after the name, in hundredths of a second.
                var stat = File.ReadAllText(Path.Combine(task, "stat"));
                if (!stat.Contains("(.NET Tiered", StringComparison.Ordinal)) continue;
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                seconds += (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / 100;
            }
            catch (IOException)
            {
                continue; // the thread has just ended
            }
        }
        return seconds;
    }

    /// <summary>Resident memory in MB (2^20).</summary>
    public double Memory()
    {
        _process.Refresh();
        return _process.WorkingSet64 / 1048576.0;
    }

    public async ValueTask DisposeAsync()
    {
        Running.TryRemove(_process, out _);
        if (!_process.HasExited)
        {
            using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(40));
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }
        _process.Dispose();
    }

    private void Copy()
    {
        var writer = TextWriter.Synchronized(new StreamWriter(_log, append: true) { AutoFlush = true });
        _process.OutputDataReceived += (_, e) => { if (e.Data is not null) writer.WriteLine(e.Data); };
        _process.ErrorDataReceived += (_, e) => { if (e.Data is not null) writer.WriteLine(e.Data); };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private async Task WaitUntilReadyAsync(string ready, Stopwatch clock)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(5) };
        while (clock.Elapsed < TimeSpan.FromMinutes(2))
        {
            if (_process.HasExited) throw new InvalidOperationException($"The server ended with {_process.ExitCode}:\n{Tail()}");
            try
            {
                using var response = await client.GetAsync(ready);
                if (response.IsSuccessStatusCode)
                {
                    StartToReady = clock.Elapsed;
                    return;
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // Not listening yet, or on a machine too busy to answer.
            }
            await Task.Delay(10);
        }
        throw new TimeoutException($"{Address}{ready} was not ready within two minutes:\n{Tail()}");
    }

    private string Tail() => string.Join('\n', File.Exists(_log) ? File.ReadLines(_log).TakeLast(30) : []);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
