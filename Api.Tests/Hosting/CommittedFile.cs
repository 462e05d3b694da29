namespace MicroPlatform.Api.Tests.Hosting;

/// <summary>Files that the program makes and that are committed all the same, because people read them without running it.</summary>
internal static class CommittedFile
{
    /// <summary>Set to <c>1</c>, the tests write such files instead of comparing them.</summary>
    public const string UpdateVariable = "TEST_UPDATE_FILES";

    /// <summary>Asserts that a committed file is what the program makes now.</summary>
    public static void IsUpToDate(string path, string expected, string how)
    {
        var file = Path.Combine(Repository.Root, path);
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1") File.WriteAllText(file, expected);
        var committed = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        if (committed == expected) return;
        var (was, now) = (committed.Split('\n'), expected.Split('\n'));
        var line = Enumerable.Range(0, Math.Max(was.Length, now.Length)).First(i => i >= was.Length || i >= now.Length || was[i] != now[i]);
        Assert.Fail($"{path} is out of date from line {line + 1} on:\n  committed: {was.ElementAtOrDefault(line)}\n  now:       {now.ElementAtOrDefault(line)}\nMake it again with: {how}");
    }
}
