using System.Diagnostics;
using System.Text.RegularExpressions;

namespace MicroPlatform.Api.Tests.Hosting;

/// <summary>The checkout that these tests were built from.</summary>
internal static partial class RepositoryFiles
{
    private static readonly string[] NeverOurs = ["bin", "obj", "data", ".git", ".tools", "TestResults", "node_modules"];

    public static string Root { get; } = FindRoot();

    /// <summary>Text files that are committed, or that the next <c>git add</c> would take.</summary>
    public static IReadOnlyList<SourceFile> Read() => Read(Root);

    public static IReadOnlyList<SourceFile> Read(string root)
    {
        var paths = Listed(root) ?? Walked(root);
        return [.. paths.Distinct().Order(StringComparer.Ordinal).Select(path => ReadOne(root, path)).OfType<SourceFile>()];
    }

    /// <summary>Hosts that NuGet, npm and apt are set to on this machine. Nowhere else are they known.</summary>
    public static IEnumerable<string> ConfiguredRegistries()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string[] settings =
        [
            Path.Combine(home, ".nuget/NuGet/NuGet.Config"), Path.Combine(home, ".config/NuGet/NuGet.Config"), Path.Combine(home, ".npmrc"),
            "/etc/npmrc", "/etc/apt/sources.list", .. Directory.Exists("/etc/apt/sources.list.d") ? Directory.GetFiles("/etc/apt/sources.list.d") : [],
        ];
        var named = from file in settings
                    where File.Exists(file)
                    from host in Host().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value)
                    where !System.Net.IPAddress.TryParse(host, out var address) || !System.Net.IPAddress.IsLoopback(address)
                    where host.Contains('.', StringComparison.Ordinal)
                    select host;
        return named.Distinct();
    }

    private static SourceFile? ReadOne(string root, string path)
    {
        var full = Path.Combine(root, path);
        if (!File.Exists(full)) return null; // deleted, not committed yet
        var text = File.ReadAllText(full);
        if (text.Contains('\0', StringComparison.Ordinal)) return null; // a picture
        var executable = OperatingSystem.IsWindows() || File.GetUnixFileMode(full).HasFlag(UnixFileMode.UserExecute);
        return new SourceFile(path, text, executable);
    }

    private static List<string>? Listed(string root)
    {
        if (!Path.Exists(Path.Combine(root, ".git"))) return null;
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard", "-z"])
            {
                WorkingDirectory = root, RedirectStandardOutput = true,
            })!;
            var output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0 ? [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries)] : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // no git: an unpacked archive is read as it lies
        }
    }

    private static IEnumerable<string> Walked(string root) =>
        Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(root, f).Replace('\\', '/'))
            .Where(f => !f.Split('/').Any(NeverOurs.Contains));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "MicroPlatform.Api.sln"))) return folder.FullName;
        throw new InvalidOperationException("No MicroPlatform.Api.sln above " + AppContext.BaseDirectory);
    }

    [GeneratedRegex(@"https?://([^/:\s""'<>@]+)")]
    private static partial Regex Host();
}
