using System.Globalization;
using System.Text;

namespace MicroPlatform.Bench;

/// <summary>Collects what was measured and writes it as Markdown.</summary>
internal sealed class Report
{
    /// <summary>Budgets of design §8.</summary>
    public const double ReadBudget = 0.70, WriteBudget = 0.60, GrowthBudget = 1.3, StartBudget = 2.0, MemoryBudget = 150;

    private readonly StringBuilder _start = new();
    private readonly StringBuilder _ratios = new();
    private readonly StringBuilder _growth = new();
    private readonly StringBuilder _errors = new();

    public void Start(Side small, Side large) => _start
        .AppendLine("| start and memory | seconds or MB | budget |")
        .AppendLine("|---|---|---|")
        .AppendLine(Line($"| first start to ready (makes schema and demo district) | {small.FirstStart.TotalSeconds:0.00} s | {StartBudget:0.0} s {Verdict(small.FirstStart.TotalSeconds <= StartBudget)} |"))
        .AppendLine(Line($"| start to ready, {small.Matters:N0} matters stored | {small.Api.StartToReady.TotalSeconds:0.00} s | {StartBudget:0.0} s {Verdict(small.Api.StartToReady.TotalSeconds <= StartBudget)} |"))
        .AppendLine(Line($"| start to ready, {large.Matters:N0} matters stored | {large.Api.StartToReady.TotalSeconds:0.00} s | {StartBudget:0.0} s {Verdict(large.Api.StartToReady.TotalSeconds <= StartBudget)} |"))
        .AppendLine(Line($"| memory, idle after the first start | {small.IdleMemory:0} MB | {MemoryBudget:0} MB {Verdict(small.IdleMemory <= MemoryBudget)} |"));

    public void End(Side small, Side large) => _start
        .AppendLine(Line($"| memory after all rounds, {small.Matters:N0} / {large.Matters:N0} stored | {small.Api.Memory():0} / {large.Api.Memory():0} MB | |"));

    public void Add(string what, int matters, List<Reading> api, List<Reading> bare)
    {
        foreach (var reading in api.Concat(bare).Where(r => r.Errors > 0)) _errors.AppendLine(Line($"- {what}, {matters:N0}: {reading.Errors} errors, the first: {reading.FirstError}"));
        if (bare.Count == 0)
        {
            _ratios.AppendLine(Line($"| {what} | {matters:N0} | {Median(api, r => r.PerSecond):0} | | | {Times(api)} | | {Median(api, r => r.CpuPerRequest):0.00} / |"));
            return;
        }
        var rounds = api.Zip(bare, (a, b) => a.PerSecond / b.PerSecond).Order().ToArray();
        var ratio = rounds[rounds.Length / 2];
        var budget = what.StartsWith("post", StringComparison.Ordinal) ? WriteBudget : ReadBudget;
        _ratios.AppendLine(Line($"| {what} | {matters:N0} | {Median(api, r => r.PerSecond):0} | {Median(bare, r => r.PerSecond):0} | **{ratio:P0}** ({rounds[0]:P0} … {rounds[^1]:P0}), budget {budget:P0} {Verdict(ratio >= budget)} | {Times(api)} | {Times(bare)} | {Median(api, r => r.CpuPerRequest):0.00} / {Median(bare, r => r.CpuPerRequest):0.00} |"));
    }

    public void Growth(string what, List<Reading> small, List<Reading> large)
    {
        double Of(Func<Reading, double> of) => small.Zip(large, (s, l) => of(l) / of(s)).Order().ElementAt(small.Count / 2);
        var p50 = Of(r => r.P50);
        _growth.AppendLine(Line($"| {what} | {p50:0.00} {Verdict(p50 <= GrowthBudget)} | {Of(r => r.P95):0.00} | {Of(r => r.CpuPerRequest):0.00} |"));
    }

    public override string ToString() => $"""
        {_start}
        | what | matters stored | API req/s | bare req/s | API / bare, median of rounds (worst … best) | API p50 / p95 / p99 ms | bare p50 / p95 / p99 ms | CPU ms per request, API / bare |
        |---|---|---|---|---|---|---|---|
        {_ratios}
        | API's time with many stored, divided by its time with few | p50 (budget {GrowthBudget.ToString(CultureInfo.InvariantCulture)}) | p95 | CPU per request |
        |---|---|---|---|
        {_growth}
        {(_errors.Length == 0 ? "No request failed." : _errors)}

        """;

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Verdict(bool held) => held ? "(held)" : "(**missed**)";

    private static string Times(List<Reading> readings) => Line($"{Median(readings, r => r.P50):0.00} / {Median(readings, r => r.P95):0.00} / {Median(readings, r => r.P99):0.00}");

    private static double Median(IEnumerable<Reading> readings, Func<Reading, double> of) => readings.Select(of).Order().ElementAt(readings.Count() / 2);
}
