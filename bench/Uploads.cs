using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MicroPlatform.Bench;

/// <summary>
/// Many large uploads at once: how much memory the process takes while they run, and how fast they go beside copying the same files on the same disk, each copy synced
/// as the store syncs. Recordings, so that no decoder is in the figures.
/// </summary>
internal sealed class Uploads(string work, string api, int parallel, int megabytes, int rounds)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public async Task RunAsync()
    {
        var file = Recording(megabytes << 20);
        var source = Path.Combine(work, "source.wav");
        await File.WriteAllBytesAsync(source, file);
        var environment = new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development", ["Data__Folder"] = Path.Combine(work, "data"), ["RateLimits__Enabled"] = "false", ["Logging__LogLevel__Default"] = "Warning",
            ["Materials__QuotaBytes"] = (1L << 40).ToString(CultureInfo.InvariantCulture), ["Materials__QuotaMaterials"] = "100000",
        };
        await using var server = await Child.StartAsync(api, "/health/ready", Path.Combine(work, "api.log"), environment);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = parallel }) { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(5) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await SignInAsync(http));
        // Compiled and warm, with its buffers: what the first uploads leave behind is not that of the many.
        for (var n = 0; n < 8; n++) await SendAsync(http, file);

        Console.WriteLine("| uploads | MB each | API MB/s | plain copy MB/s | API / copy | memory before MB | highest MB | MB per upload | CPU s per GB |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        for (var round = 0; round < rounds; round++)
        {
            var copying = await CopyAsync(source);
            var (before, cpu) = (server.Memory(), server.CpuSeconds());
            using var ended = new CancellationTokenSource();
            var highest = HighestAsync(server, ended.Token);
            var began = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, parallel).Select(_ => SendAsync(http, file)));
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            await ended.CancelAsync();
            var (total, most) = ((double)parallel * megabytes, await highest);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {parallel} | {megabytes} | {total / seconds:0} | {total / copying:0} | {copying / seconds:P0} | {before:0} | {most:0} | {(most - before) / parallel:0.00} | {(server.CpuSeconds() - cpu) / total * 1024:0.0} |"));
        }
    }

    /// <summary>The same files, copied side by side and synced; seconds.</summary>
    private async Task<double> CopyAsync(string source)
    {
        var folder = Directory.CreateDirectory(Path.Combine(work, "copies"));
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, parallel).Select(n => Task.Run(async () =>
        {
            await using var from = File.OpenRead(source);
            await using var to = new FileStream(Path.Combine(folder.FullName, $"{n}"), FileMode.Create, FileAccess.Write, FileShare.None, 64 * 1024);
            await from.CopyToAsync(to);
            to.Flush(flushToDisk: true);
        })));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        folder.Delete(recursive: true);
        return seconds;
    }

    private static async Task<double> HighestAsync(Child server, CancellationToken ended)
    {
        var highest = server.Memory();
        while (!ended.IsCancellationRequested)
        {
            highest = Math.Max(highest, server.Memory());
            await Task.Delay(Look, CancellationToken.None);
        }
        return highest;
    }

    private static async Task SendAsync(HttpClient http, byte[] file)
    {
        using var part = new ByteArrayContent(file);
        using var form = new MultipartFormDataContent { { part, "file", "recording.wav" } };
        using var answer = await http.PostAsync("/v1/materials", form);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
    }

    private static async Task<string> SignInAsync(HttpClient http)
    {
        using var answer = await http.PostAsync("/v1/dev/login", new StringContent("""{"as":"citizen"}""", Encoding.UTF8, "application/json"));
        answer.EnsureSuccessStatusCode();
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("tokens").GetProperty("accessToken").GetString()!;
    }

    /// <summary>A WAV of noise, which no disk can press together.</summary>
    private static byte[] Recording(int bytes)
    {
        var data = RandomNumberGenerator.GetBytes(bytes - 44);
        using var file = new MemoryStream(bytes);
        using var writer = new BinaryWriter(file);
        writer.Write("RIFF"u8);
        writer.Write(bytes - 8);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write([1, 0, 1, 0]);
        writer.Write(8000);
        writer.Write(16_000);
        writer.Write([2, 0, 16, 0]);
        writer.Write("data"u8);
        writer.Write(data.Length);
        writer.Write(data);
        return file.ToArray();
    }
}
