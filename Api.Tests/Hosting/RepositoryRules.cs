using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MicroPlatform.Api.Tests.Hosting;

/// <summary>A file that is, or is about to be, part of the repository.</summary>
/// <param name="Path">From the root, with slashes.</param>
internal sealed record SourceFile(string Path, string Text, bool Executable = false)
{
    public string[] Parts { get; } = Path.Split('/');

    public string Name => Parts[^1];

    public bool EndsWith(params string[] extensions) => extensions.Any(e => Path.EndsWith(e, StringComparison.Ordinal));

    /// <summary>The lines with their numbers.</summary>
    public IEnumerable<(int Number, string Line)> Lines() => Text.Split('\n').Select((line, i) => (i + 1, line));
}

/// <summary>What design §3 and the conventions ask of the repository itself. Each rule names what breaks it; nothing is an empty list.</summary>
internal static partial class RepositoryRules
{
    private const int LongestSource = 400;

    private static readonly string[] Features =
    [
        "Identity", "Registry", "Matters", "Consultations", "Appointments", "Queues", "VideoCalls", "Applications", "Materials", "Clocks", "Hotline",
        "Notifications", "Statistics", "Audit", "Administration",
    ];

    private static readonly Dictionary<string, string[]> Technical = new()
    {
        ["Domain"] = ["Common"],
        ["Infrastructure"] = ["Sql", "Redis", "Migrations", "Outbox", "Live", "WeChat"],
        ["Api"] = ["Http", "Hosting", "Live", "Meta", "WeChat"],
        ["Api.Tests"] = ["Common", "Sql", "Redis", "Migrations", "Outbox", "Live", "Meta", "WeChat", "Http", "Hosting", "Faults"],
    };

    /// <summary>Which projects each project may name. A reference the compiler drops as unused is still a door left open.</summary>
    private static readonly Dictionary<string, string[]> Directions = new()
    {
        ["Domain"] = [],
        ["Infrastructure"] = ["Domain"],
        ["Api"] = ["Domain", "Infrastructure"],
    };

    // In pieces, so that this file does not break its own rules.
    private static readonly string[] Registries =
    [
        "nuget" + ".org", "npmjs" + ".org", "npmjs" + ".com", "deb.debian" + ".org", "security.debian" + ".org", "archive.ubuntu" + ".com", "pypi" + ".org",
        "crates" + ".io", "repo.maven" + ".apache.org", "proxy.golang" + ".org", "rubygems" + ".org",
    ];

    private static readonly Form[] Forbidden =
    [
        new("time comes from TimeProvider", new Regex(@"\bDateTime(Offset)?\s*\.\s*(Now|UtcNow|Today)\b")),
        new("ids come from Id.New", new Regex(@"\bGuid\.NewGuid\(")),
        new("await Task.Delay with a TimeProvider", new Regex(@"\bThread\.Sleep\(")),
        new("await it", new Regex(@"\.GetAwaiter\(\)\s*\.GetResult\(\)")),
        new("an async void loses its exceptions", new Regex(@"\basync\s+void\b")),
        new("on MySQL a transaction has no object of the driver's, so its absence says nothing: take a UnitOfWork", new Regex(@"\b[tT]ransaction\s*(is\s+(not\s+)?null\b|is\s*\{|[!=]=\s*null\b)"), Except: "Infrastructure/Sql/"),
        // These words are what the rule looks for, no work left undone: their only place, as it passes over its own file.
        new("write an issue instead", new Regex(@"\b(TODO|FIXME|HACK|XXX)\b")),
    ];

    /// <summary>No folder of the machine it was written on.</summary>
    /// <param name="own">Folders of this machine: where the checkout and the home folder are.</param>
    public static IEnumerable<string> MachinePaths(IEnumerable<SourceFile> files, params string[] own)
    {
        var here = own.Where(p => p.Count(c => c == '/') >= 2).ToArray();
        return from file in files
               from line in file.Lines()
               where MachinePath().IsMatch(line.Line) || here.Any(p => line.Line.Contains(p, StringComparison.Ordinal))
               select $"{file.Path}:{line.Number}: a path of one machine: {line.Line.Trim()}";
    }

    /// <summary>No package registry's host: every machine has its own.</summary>
    /// <param name="configured">Hosts that this machine's package clients are set to.</param>
    public static IEnumerable<string> RegistryHosts(IEnumerable<SourceFile> files, IEnumerable<string> configured)
    {
        var hosts = Registries.Concat(configured).Distinct().ToArray();
        return from file in files
               from line in file.Lines()
               from host in hosts
               where line.Line.Contains(host, StringComparison.OrdinalIgnoreCase)
               select $"{file.Path}:{line.Number}: names a package registry: {line.Line.Trim()}";
    }

    public static IEnumerable<string> ForbiddenForms(IEnumerable<SourceFile> files) =>
        files.Where(f => f.EndsWith(".cs") && f.Name != nameof(RepositoryRules) + ".cs").SelectMany(file => file.Lines()
            .SelectMany(line => Forbidden.Where(f => f.IsIn(file.Path, line.Line)).Select(f => $"{file.Path}:{line.Number}: {f.What}: {line.Line.Trim()}"))
            .Concat(file.Lines().Zip(file.Lines().Skip(1)).Where(pair => UnbannedSymbol().IsMatch(pair.Second.Line) && !pair.First.Line.TrimStart().StartsWith("//", StringComparison.Ordinal))
                .Select(pair => $"{file.Path}:{pair.Second.Number}: a banned symbol let in without a word why on the line above"))
            .Concat(EmptyCatch().Matches(file.Text).Select(m => $"{file.Path}: an empty catch hides a fault: {m.Value}")));

    public static IEnumerable<string> Migrations(IEnumerable<SourceFile> files)
    {
        var migrations = files.Where(f => f.Path.StartsWith("Infrastructure/Migrations/", StringComparison.Ordinal)).ToList();
        var words = Features.Select(f => f.ToLowerInvariant()).Append("platform").ToHashSet();
        var named = migrations.Where(f => MigrationName().Match(f.Name) is not { Success: true } m || !words.Contains(m.Groups["feature"].Value))
            .Select(f => $"{f.Path}: is not V####__feature_what.sql");
        var twice = migrations.GroupBy(f => f.Name.Split("__")[0]).Where(g => g.Count() > 1)
            .Select(g => $"{g.Key} is the number of {string.Join(" and ", g.Select(f => f.Name))}");
        return named.Concat(twice);
    }

    public static IEnumerable<string> Folders(IEnumerable<SourceFile> files) =>
        from file in files
        where file.Parts.Length > 2 && Technical.ContainsKey(file.Parts[0])
        where !Features.Contains(file.Parts[1]) && !Technical[file.Parts[0]].Contains(file.Parts[1])
        select $"{file.Path}: '{file.Parts[1]}' is neither a feature nor a technical folder of {file.Parts[0]} (design §3)";

    /// <summary><c>./test</c> runs the tests folder by folder: one in a namespace of another name would be left out.</summary>
    public static IEnumerable<string> TestNamespaces(IEnumerable<SourceFile> files) =>
        from file in files
        where file.EndsWith(".cs") && file.Parts[0] == "Api.Tests"
        where file.Parts.Length != 3 || !$"\n{file.Text}".Contains($"\nnamespace MicroPlatform.Api.Tests.{file.Parts[1]};", StringComparison.Ordinal)
        select $"{file.Path}: stands in a folder of Api.Tests, in the namespace of that name";

    /// <summary>Words that say nothing of what a thing is.</summary>
    public static IEnumerable<string> EmptyWords(IEnumerable<SourceFile> files) =>
        from file in files
        where file.EndsWith(".cs") && (EmptyWord().IsMatch(file.Name) || file.Parts.Contains("Services"))
        select $"{file.Path}: call it by what it does";

    public static IEnumerable<string> TooLong(IEnumerable<SourceFile> files) =>
        from file in files
        where file.EndsWith(".cs", ".sql", ".lua", ".js") || file.Text.StartsWith("#!", StringComparison.Ordinal)
        let lines = file.Text.TrimEnd('\n').Count(c => c == '\n') + 1
        where lines > LongestSource
        select $"{file.Path}: {lines} lines, more than {LongestSource}";

    public static IEnumerable<string> Scripts(IEnumerable<SourceFile> files) =>
        from file in files
        where file.Text.StartsWith("#!", StringComparison.Ordinal) && !file.Executable
        select $"{file.Path}: a script that cannot be run (chmod +x)";

    public static IEnumerable<string> ProjectReferences(IEnumerable<SourceFile> files) =>
        from file in files
        where file.EndsWith(".csproj") && Directions.ContainsKey(file.Parts[0])
        from include in XDocument.Parse(file.Text).Descendants()
            .Where(e => e.Name.LocalName is "ProjectReference" || (e.Name.LocalName is "PackageReference" or "FrameworkReference" && file.Parts[0] == "Domain"))
            .Select(e => e.Attribute("Include")!.Value)
        let name = include.Split('/', '\\')[^1].Replace(".csproj", "", StringComparison.Ordinal)
        where !Directions[file.Parts[0]].Contains(name)
        select $"{file.Path}: may not reference {name}";

    /// <summary>What the compiled assembly really needs.</summary>
    public static IEnumerable<string> AssemblyReferences(string project, IEnumerable<AssemblyName> references)
    {
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return from reference in references.Select(r => r.Name!)
               where reference.StartsWith("MicroPlatform.", StringComparison.Ordinal)
                   ? !Directions[project].Contains(reference["MicroPlatform.".Length..])
                   : project == "Domain" && !File.Exists(Path.Combine(runtime, reference + ".dll"))
               select $"{project} may not reference {reference}";
    }

    [GeneratedRegex(@"(?<![\w.$}*~-])/(?:work|root|home/\w+|Users/\w+)(?![\w-])|(?<![\w$}])/tmp/\w|\b[A-Z]:\\Users\\")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"#pragma\s+warning\s+disable\s.*RS0030")]
    private static partial Regex UnbannedSymbol();

    [GeneratedRegex(@"catch\s*(?:\([^)]*\)\s*)?(?:when\s*\([^{]*\)\s*)?\{\s*\}")]
    private static partial Regex EmptyCatch();

    [GeneratedRegex(@"^V\d{4}__(?<feature>[a-z]+)(?:_[a-z0-9]+)+\.sql$")]
    private static partial Regex MigrationName();

    [GeneratedRegex(@"(?:Manager|Helper|Helpers|Util|Utils|Utility|Dto|Impl|Service)\.cs$")]
    private static partial Regex EmptyWord();

    /// <param name="What">What to do instead, or why not.</param>
    /// <param name="Except">The folder whose business it is.</param>
    private sealed record Form(string What, Regex Pattern, string? Except = null)
    {
        public bool IsIn(string path, string line) => Pattern.IsMatch(line) && (Except is null || !path.StartsWith(Except, StringComparison.Ordinal));
    }
}
