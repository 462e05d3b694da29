using System.Diagnostics;
using System.Net;

namespace MicroPlatform.Bench;

/// <summary>What one round of load saw.</summary>
/// <param name="CpuPerRequest">Processor time that the server process spent, divided by its answers.</param>
internal sealed record Reading(long Requests, long Errors, double Seconds, double P50, double P95, double P99, double CpuPerRequest, string? FirstError)
{
    public double PerSecond => Requests / Seconds;
}

/// <summary>
/// A closed loop: each connection sends its next request when it has read the answer to the last one. So a slow server is asked less often,
/// and the percentiles say what these connections saw, not what a crowd at a fixed rate would see.
/// </summary>
internal sealed class Load(int connections, TimeSpan duration, int mostRequests = 2_000_000)
{
    /// <summary>
    /// Loads until the compiler is through with the hot paths, at most twelve seconds. The API has more of them than the baseline, and on a busy
    /// machine the compiler still took a third of its time after ten seconds: it is the steady state that counts.
    /// </summary>
    public async Task WarmUpAsync(Uri target, Func<int, int, HttpRequestMessage> request, Child server)
    {
        var slice = new Load(connections, TimeSpan.FromSeconds(1), mostRequests);
        for (var n = 0; n < 12; n++)
        {
            var (compiler, from) = (server.CompilerSeconds(), n * 100_000);
            await slice.RunAsync(target, (c, i) => request(c, from + i), server);
            if (n > 0 && server.CompilerSeconds() - compiler < 0.05) return;
        }
    }

    /// <param name="request">Makes the n-th request of a connection.</param>
    public async Task<Reading> RunAsync(Uri target, Func<int, int, HttpRequestMessage> request, Child server)
    {
        // This program loads only the machine it runs on, whatever address it is handed.
        if (!target.IsLoopback) throw new ArgumentException($"{target} is not a loopback address.", nameof(target));
        var latencies = new List<double>[connections];
        var errors = new long[connections];
        string? firstError = null;
        var left = mostRequests;
        var cpu = server.CpuSeconds();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(connection => Task.Run(async () =>
        {
            using var handler = new SocketsHttpHandler
            {
                MaxConnectionsPerServer = 1, UseProxy = false, UseCookies = false, AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None,
            };
            using var client = new HttpMessageInvoker(handler);
            var mine = latencies[connection] = new List<double>(65536);
            for (var n = 0; clock.Elapsed < duration && Interlocked.Decrement(ref left) >= 0; n++)
            {
                using var message = request(connection, n);
                message.RequestUri = new Uri(target, message.RequestUri!);
                var began = Stopwatch.GetTimestamp();
                try
                {
                    using var response = await client.SendAsync(message, CancellationToken.None);
                    var body = await response.Content.ReadAsByteArrayAsync();
                    if (response.IsSuccessStatusCode) mine.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                    else Failed($"{(int)response.StatusCode} {System.Text.Encoding.UTF8.GetString(body)}");
                }
                catch (HttpRequestException e)
                {
                    Failed(e.Message);
                }

                void Failed(string why)
                {
                    errors[connection]++;
                    Interlocked.CompareExchange(ref firstError, $"{message.Method} {message.RequestUri}: {why}", null);
                }
            }
        })));
        var seconds = clock.Elapsed.TotalSeconds;
        cpu = server.CpuSeconds() - cpu;

        var all = latencies.SelectMany(l => l).Order().ToArray();
        double At(double q) => all.Length == 0 ? double.NaN : all[Math.Min(all.Length - 1, (int)(q * all.Length))];
        return new Reading(all.Length, errors.Sum(), seconds, At(0.50), At(0.95), At(0.99), cpu * 1000 / Math.Max(1, all.Length), firstError);
    }
}
