using System.Diagnostics;
using System.Globalization;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Logging.Abstractions;
using OptionsOf = Microsoft.Extensions.Options.Options;

namespace MicroPlatform.Bench;

/// <summary>Is it worth committing several waiting SQLite writers together? Durable writes (<c>synchronous=FULL</c>), with and without, alternating.</summary>
internal static class GroupCommit
{
    private static readonly int[] Writers = [1, 16, 64];
    private static readonly int[] Groups = [1, 64];

    public static async Task RunAsync(string work, int rounds, TimeSpan duration)
    {
        Console.WriteLine("| writers | commit group | commits/s | p50 ms | p99 ms |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var writers in Writers)
        {
            var seen = Groups.ToDictionary(g => g, _ => new List<(double PerSecond, double P50, double P99)>());
            for (var round = 0; round < rounds; round++)
                foreach (var group in Groups)
                    seen[group].Add(await MeasureAsync(Path.Combine(work, $"group-{group}-{writers}-{round}"), group, writers, duration));
            foreach (var group in Groups)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {writers} | {group} | {Median(seen[group], r => r.PerSecond):0} | {Median(seen[group], r => r.P50):0.00} | {Median(seen[group], r => r.P99):0.00} |"));
        }
    }

    private static async Task<(double PerSecond, double P50, double P99)> MeasureAsync(string folder, int group, int writers, TimeSpan duration)
    {
        var time = TimeProvider.System;
        await using var database = new Database(
            OptionsOf.Create(new DatabaseOptions { CommitGroup = group }), OptionsOf.Create(new DataOptions { Folder = folder }), time, NullLogger<Database>.Instance);
        await new Migrator(database, time, NullLogger<Migrator>.Instance).MigrateAsync();

        var latencies = new List<double>[writers];
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            var mine = latencies[writer] = [];
            while (clock.Elapsed < duration)
            {
                var began = Stopwatch.GetTimestamp();
                await database.WriteAlwaysAsync(async tx =>
                {
                    var id = tx.NewId();
                    await tx.ExecuteAsync("INSERT INTO idempotency_keys (id, body_hash, status, response, expires_at) VALUES (@id, @id, 201, @text, @Now)", new { id, text = Text, tx.Now });
                    await tx.ExecuteAsync("""
                        INSERT INTO messages (id, consultation_id, seq, kind, author_kind, author_id, text, client_message_id, at) VALUES (@id, @id, 1, 'Question', 'Citizen', @id, @text, NULL, @Now)
                        """, new { id, text = Text, tx.Now });
                    return 0;
                });
                mine.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        })));
        var seconds = clock.Elapsed.TotalSeconds;
        var all = latencies.SelectMany(l => l).Order().ToArray();
        return (all.Length / seconds, all[all.Length / 2], all[(int)(all.Length * 0.99)]);
    }

    private static double Median<T>(IEnumerable<T> values, Func<T, double> of) => values.Select(of).Order().ElementAt(values.Count() / 2);

    private static readonly string Text = new('律', 120);
}
