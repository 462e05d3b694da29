using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using MicroPlatform.Domain.Materials;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>
/// Asks clamd (its <c>INSTREAM</c> over TCP or a Unix socket). Off, away or out of its depth it says "not scanned": uploads go on and are marked, and a job asks
/// again later. Anything that speaks the protocol will do; the test's own daemon passes the same fixture as ClamAV's.
/// </summary>
public sealed class VirusScan(IOptions<MaterialsOptions> options, ILogger<VirusScan> log)
{
    private readonly ScanOptions _options = options.Value.Scan;

    public bool IsOn => _options.Address.Length > 0;

    public async Task<ScanResult> ScanAsync(Stream file, CancellationToken cancel)
    {
        if (!IsOn) return ScanResult.NotScanned;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(_options.Limit);
        try
        {
            var answer = await TalkAsync(async stream =>
            {
                await stream.WriteAsync("zINSTREAM\0"u8.ToArray(), limit.Token);
                var buffer = new byte[4 + 32 * 1024];
                int read;
                while ((read = await file.ReadAsync(buffer.AsMemory(4), limit.Token)) > 0)
                {
                    BinaryPrimitives.WriteInt32BigEndian(buffer, read);
                    await stream.WriteAsync(buffer.AsMemory(0, 4 + read), limit.Token);
                }
                await stream.WriteAsync(new byte[4], limit.Token);
            }, limit.Token);
            if (answer.EndsWith(" FOUND", StringComparison.Ordinal))
            {
                log.LogWarning("The virus scanner found {Signature} in an upload", answer["stream: ".Length..^" FOUND".Length]);
                return ScanResult.Infected;
            }
            if (answer == "stream: OK") return ScanResult.Clean;
            log.LogWarning("The virus scanner did not scan: {Answer}", answer);
        }
        catch (Exception e) when (e is SocketException or IOException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            log.LogWarning("The virus scanner is away: {Reason}", e.Message);
        }
        return ScanResult.NotScanned;
    }

    public async Task PingAsync(CancellationToken cancel)
    {
        if (await TalkAsync(async stream => await stream.WriteAsync("zPING\0"u8.ToArray(), cancel), cancel) != "PONG") throw new IOException("clamd does not answer PONG.");
    }

    private async Task<string> TalkAsync(Func<Stream, Task> say, CancellationToken cancel)
    {
        using var socket = _options.Address.StartsWith("unix:", StringComparison.Ordinal)
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        if (socket.AddressFamily == AddressFamily.Unix) await socket.ConnectAsync(new UnixDomainSocketEndPoint(_options.Address["unix:".Length..]), cancel);
        else
        {
            var colon = _options.Address.LastIndexOf(':');
            await socket.ConnectAsync(_options.Address[..colon], int.Parse(_options.Address[(colon + 1)..], System.Globalization.CultureInfo.InvariantCulture), cancel);
        }
        await using var stream = new NetworkStream(socket);
        try
        {
            await say(stream);
        }
        catch (IOException) when (socket.Available > 0)
        {
            // It has answered before it was told everything, and hung up: the answer says why.
        }
        var answer = new byte[1024];
        var count = 0;
        int read;
        while (count < answer.Length && (read = await stream.ReadAsync(answer.AsMemory(count), cancel)) > 0)
            if (answer.AsSpan(count, read).Contains((byte)0) || answer.AsSpan(count, read).Contains((byte)'\n'))
            {
                count += read;
                break;
            }
            else count += read;
        return Encoding.UTF8.GetString(answer, 0, count).TrimEnd('\0', '\n').Trim();
    }
}
