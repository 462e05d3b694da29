using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MicroPlatform.Api.Tests.Materials;

/// <summary>A small daemon that speaks clamd's INSTREAM and knows one virus. Passes <see cref="VirusScannerContract"/>, as the real one does.</summary>
internal sealed class FakeClamd : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public FakeClamd()
    {
        _listener.Start();
        _running = RunAsync();
    }

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // Stopped.
        }
    }

    private static async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        await using var stream = client.GetStream();
        try
        {
            var command = new List<byte>();
            var one = new byte[1];
            while (await stream.ReadAsync(one) == 1 && one[0] != 0) command.Add(one[0]);
            if (Encoding.ASCII.GetString([.. command]) == "zPING") await stream.WriteAsync("PONG\0"u8.ToArray());
            else if (Encoding.ASCII.GetString([.. command]) == "zINSTREAM") await stream.WriteAsync(Encoding.ASCII.GetBytes(await ScanAsync(stream) + "\0"));
            else await stream.WriteAsync("UNKNOWN COMMAND\0"u8.ToArray());
        }
        catch (IOException)
        {
            // The caller has gone.
        }
    }

    private static async Task<string> ScanAsync(NetworkStream stream)
    {
        var (length, all) = (new byte[4], new MemoryStream());
        while (true)
        {
            await stream.ReadExactlyAsync(length);
            var count = BinaryPrimitives.ReadInt32BigEndian(length);
            if (count == 0) break;
            var piece = new byte[count];
            await stream.ReadExactlyAsync(piece);
            all.Write(piece);
        }
        return all.ToArray().AsSpan().IndexOf(Encoding.ASCII.GetBytes(TestFiles.Virus)) >= 0 ? "stream: MicroPlatform.Test.UNOFFICIAL FOUND" : "stream: OK";
    }
}
