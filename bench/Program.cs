using System.Globalization;
using MicroPlatform.Bench;

if (args is ["baseline", var folder, var name, ..])
{
    // The connection string comes by the environment: a password does not belong into the list of processes.
    await Baseline.ServeAsync(new Store(folder, Environment.GetEnvironmentVariable("BENCH_SERVER") is { Length: > 0 } server ? server : null, name, null));
    return 0;
}

var options = new Dictionary<string, string>();
for (var i = 1; i + 1 < args.Length; i += 2) options[args[i]] = args[i + 1];
string Text(string key, string otherwise) => options.GetValueOrDefault(key, otherwise);
int Number(string key, int otherwise) => options.TryGetValue(key, out var value) ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;
var work = Directory.CreateDirectory(Text("--work", Path.Combine(Path.GetTempPath(), $"bench-{Environment.ProcessId}"))).FullName;
try
{
    switch (args.FirstOrDefault())
    {
        case "compare":
            await new Comparison(Text("--engine", "sqlite"), work, Text("--api", ""))
            {
                Small = Number("--small", 10_000),
                Large = Number("--large", 1_000_000),
                Connections = Number("--connections", 16),
                Rounds = Number("--rounds", 5),
                Seconds = Number("--seconds", 3),
                Only = Text("--only", ""),
            }.RunAsync();
            return 0;
        case "slots":
            await new SlotBench(Text("--engine", "sqlite"), work, Text("--api", ""))
            {
                Sizes = [.. Text("--sizes", "0,20000,200000").Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture))],
                Connections = Number("--connections", 16),
                Rounds = Number("--rounds", 5),
                Seconds = Number("--seconds", 3),
                Only = Text("--only", ""),
                Plot = Text("--plot", ""),
            }.RunAsync();
            return 0;
        case "group-commit":
            await GroupCommit.RunAsync(work, Number("--rounds", 3), TimeSpan.FromSeconds(Number("--seconds", 3)));
            return 0;
        case "sockets":
            await new Sockets(work, Text("--api", ""), Number("--sockets", 1000)).RunAsync();
            return 0;
        case "uploads":
            await new Uploads(work, Text("--api", ""), Number("--connections", 64), Number("--megabytes", 8), Number("--rounds", 5)).RunAsync();
            return 0;
        default:
            Console.Error.WriteLine("bench compare | slots | sockets | uploads | group-commit, with the options that bench/README.md lists; bench/run builds and starts what they need.");
            return 2;
    }
}
finally
{
    if (!options.ContainsKey("--work")) Directory.Delete(work, recursive: true);
}
