using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace MicroPlatform.Api.Tests.Hosting;

/// <summary>Redis of one test alone, to be flushed, killed, or started again with what it had. One server, or a cluster of three.</summary>
public sealed class PrivateRedis : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("microplatform-redis-").FullName;
    private readonly List<(Process Process, int Port)> _servers = [];
    private readonly string _program;
    private readonly bool _cluster;

    private PrivateRedis(string program, bool cluster) => (_program, _cluster) = (program, cluster);

    public string ConnectionString => string.Join(',', _servers.Select(s => $"127.0.0.1:{s.Port}"));

    public int Port => _servers[0].Port;

    public static async Task<PrivateRedis> StartAsync(bool cluster = false)
    {
        Needs.Program("redis-server", "redis-server");
        var redis = new PrivateRedis(Needs.Find("redis-server")!, cluster);
        for (var n = 0; n < (cluster ? 3 : 1); n++)
        {
            var port = FreePort(cluster);
            redis._servers.Add((redis.StartOne(port), port));
        }
        foreach (var (_, port) in redis._servers) await UntilAnswersAsync(port);
        if (cluster) await redis.JoinAsync();
        return redis;
    }

    /// <summary>The first server ends at once, as by a crash.</summary>
    public async Task KillAsync() => await EndAsync(_servers[0].Process);

    /// <summary>After <see cref="KillAsync"/>: empty, on the same port.</summary>
    public async Task StartAgainAsync()
    {
        _servers[0].Process.Dispose();
        _servers[0] = (StartOne(Port), Port);
        await UntilAnswersAsync(Port);
    }

    /// <summary>Sends a command that clients of an application do not.</summary>
    public async Task<RedisResult> AdminAsync(string command, params object[] args)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{Port},allowAdmin=true");
        return await connection.GetDatabase().ExecuteAsync(command, args);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (process, _) in _servers)
        {
            await EndAsync(process);
            process.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task EndAsync(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    private Process StartOne(int port)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, $"{port}")).FullName;
        string[] mode = _cluster ? ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000"] : [];
        var start = new ProcessStartInfo(_program, ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder, "--logfile", Path.Combine(folder, "log"), .. mode]);
        return Process.Start(start) ?? throw new InvalidOperationException("redis-server did not start.");
    }

    private async Task JoinAsync()
    {
        for (var n = 0; n < _servers.Count; n++)
        {
            await using var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{_servers[n].Port},allowAdmin=true,connectTimeout=5000");
            var server = connection.GetServer(connection.GetEndPoints()[0]);
            await server.ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", 16384 * n / _servers.Count, (16384 * (n + 1) / _servers.Count) - 1);
            foreach (var (_, other) in _servers.Where(s => s.Port != _servers[n].Port)) await server.ExecuteAsync("CLUSTER", "MEET", "127.0.0.1", other);
        }
        foreach (var (_, port) in _servers)
            await UntilAsync(port, async server => ((string?)await server.ExecuteAsync("CLUSTER", "INFO"))!.Contains("cluster_state:ok", StringComparison.Ordinal)
                && ((string?)await server.ExecuteAsync("CLUSTER", "INFO"))!.Contains("cluster_known_nodes:3", StringComparison.Ordinal));
    }

    private static Task UntilAnswersAsync(int port) => UntilAsync(port, async server => await server.PingAsync() > TimeSpan.Zero);

    private static async Task UntilAsync(int port, Func<IServer, Task<bool>> isSo)
    {
        for (var n = 0; ; n++)
        {
            try
            {
                await using var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{port},allowAdmin=true,connectTimeout=1000");
                if (await isSo(connection.GetServer(connection.GetEndPoints()[0]))) return;
            }
            catch (RedisException) when (n < 100)
            {
                // Not listening yet.
            }
            if (n == 100) throw new TimeoutException($"Redis on {port.ToString(CultureInfo.InvariantCulture)} is not ready.");
            await Task.Delay(100);
        }
    }

    /// <summary>A cluster's nodes talk on the port ten thousand above.</summary>
    private static int FreePort(bool cluster)
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            if (!cluster) return port;
            var low = 20_000 + (port % 10_000);
            try
            {
                using var one = new TcpListener(IPAddress.Loopback, low);
                using var bus = new TcpListener(IPAddress.Loopback, low + 10_000);
                one.Start();
                bus.Start();
                return low;
            }
            catch (SocketException)
            {
                continue; // taken
            }
        }
    }
}
