using System.Diagnostics;
using System.Net.Sockets;
using System.Net;

namespace MicroPlatform.Api.Tests.Hosting;

/// <summary>The program as a process of its own, which can be killed, on a database and in a folder of its own. All of it ends with the test.</summary>
public sealed class ChildApi : IAsyncDisposable
{
    private readonly string[] _settings;
    private readonly int _port;
    private readonly string _folder;
    private readonly string? _mySql;
    private Process? _process;

    private ChildApi(string folder, string? mySql, string[] settings)
    {
        (_folder, _mySql, _port) = (folder, mySql, FreePort());
        string[] store = mySql is null ? []
            : ["Database:Provider=mysql", $"Database:ConnectionString={mySql}", $"Redis:ConnectionString={Engines.Redis}", $"Redis:Prefix={mySql[(mySql.LastIndexOf('=') + 1)..]}:"];
        _settings = [$"Data:Folder={folder}", .. store, .. settings];
    }

    public Uri Address => new($"http://127.0.0.1:{_port}");

    public string Folder => _folder;

    /// <param name="settings">As <c>Section:Key=value</c>.</param>
    public static async Task<ChildApi> StartAsync(Engine engine, params string[] settings)
    {
        Engines.Require(engine);
        var api = new ChildApi(Directory.CreateTempSubdirectory("microplatform-test-").FullName, engine == Engine.Served ? await Engines.CreateMySqlAsync() : null, settings);
        try
        {
            await api.StartAsync();
            return api;
        }
        catch
        {
            await api.DisposeAsync();
            throw;
        }
    }

    /// <summary>As a power cut would: no time for anything.</summary>
    public async Task KillAsync()
    {
        _process!.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async Task StartAsync()
    {
        var dll = Path.Combine(AppContext.BaseDirectory, "MicroPlatform.Api.dll");
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = AppContext.BaseDirectory, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments = [dll, "--environment=Development", $"--urls={Address}", "--Logging:LogLevel:Default=Warning", .. _settings.Select(s => $"--{s}")];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        for (var attempt = 0; attempt < 300; attempt++)
        {
            if (_process.HasExited) throw new InvalidOperationException($"The program ended with {_process.ExitCode}.");
            try
            {
                using var ready = await http.GetAsync(new Uri(Address, "/health/ready"));
                if (ready.IsSuccessStatusCode) return;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // Not listening yet.
            }
            await Task.Delay(100);
        }
        throw new TimeoutException("The program did not become ready in 30 seconds.");
    }

    /// <summary>The program in the test's own process, with its clock, on what the killed one has left.</summary>
    public Task<TestApi> OpenAsync(string[] settings) => TestApi.OpenAsync(_folder, _mySql, settings);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await KillAsync();
        if (_mySql is not null) await Engines.DropMySqlAsync(_mySql);
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
