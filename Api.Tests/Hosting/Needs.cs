namespace MicroPlatform.Api.Tests.Hosting;

/// <summary>
/// What a test needs of the machine. Where it is missing, a developer's plain <c>dotnet test</c> leaves the test out by name and says why; <c>./test</c> installs everything and
/// demands it (<c>TEST_REQUIRE_…=1</c>), so that there nothing is left out unseen.
/// </summary>
internal static class Needs
{
    public const string Servers = "TEST_REQUIRE_SERVERS";
    public const string Browser = "TEST_REQUIRE_BROWSER";

    /// <summary>Set where networks can be made, which takes root with CAP_SYS_ADMIN: some containers have not even that.</summary>
    public const string Media = "TEST_REQUIRE_MEDIA";

    /// <param name="missing">What is not there and how to get it; null when all is.</param>
    /// <param name="demandedBy">Variable that makes its absence a failure.</param>
    public static void Nothing(string? missing, string demandedBy)
    {
        if (missing is null) return;
        if (Environment.GetEnvironmentVariable(demandedBy) == "1") Assert.Fail(missing);
        // Left out on purpose, and the only place: whoever has only the SDK can run the rest with plain `dotnet test`; under ./test and in CI the line above fails instead.
        Assert.Ignore(missing);
    }

    /// <summary>A program on the path, or where Debian keeps those of administrators.</summary>
    public static void Program(string name, string package, string demandedBy = Servers) => Nothing(Find(name) is null ? $"{name} is not there: apt-get install {package}, or use ./test" : null, demandedBy);

    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin").Append("/sbin").Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
