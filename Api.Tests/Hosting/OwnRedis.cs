using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MicroPlatform.Api.Tests.Hosting;

/// <summary>A Redis of a fixture's own, which it may flush and kill. Keeps nothing on disk; ends with the test.</summary>
public sealed class OwnRedis : IAsyncDisposable
{
    private readonly int _port;
    private Process? _process;

    private OwnRedis(int port) => _port = port;

    public string Address => $"127.0.0.1:{_port}";

    public static async Task<OwnRedis> StartAsync()
    {
        int port;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        var redis = new OwnRedis(port);
        await redis.StartAgainAsync();
        return redis;
    }

    /// <summary>Empty, as after a crash without a disk.</summary>
    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo("redis-server") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "--port", $"{_port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no" }) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        for (var attempt = 0; attempt < 100; attempt++)
        {
            try
            {
                if (await SayAsync("PING") == "+PONG") return;
            }
            catch (SocketException)
            {
                // Not listening yet.
            }
            await Task.Delay(50);
        }
        throw new TimeoutException("Redis did not start.");
    }

    public async Task FlushAsync() => Assert.That(await SayAsync("FLUSHALL"), Is.EqualTo("+OK"));

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await KillAsync();
    }

    private async Task<string?> SayAsync(string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{command}\r\n"));
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync();
    }
}
