using System.Reflection;

namespace MicroPlatform.Api.Tests.Hosting;

/// <summary>
/// The repository keeps its own rules, and each rule can say no: beside every look at the real files stands one at a planted
/// violation, since a check that cannot fail proves nothing.
/// </summary>
[TestFixture]
public class RepositoryRulesTests
{
    private static readonly string[] PlantedHost = ["packages.example" + ".test"];
    private static readonly string[] Own = [RepositoryFiles.Root, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)];
    private static readonly Lazy<IReadOnlyList<SourceFile>> Files = new(RepositoryFiles.Read);

    private static readonly Dictionary<string, Rule> Rules = new()
    {
        ["MachinePaths"] = new(f => RepositoryRules.MachinePaths(f, Own),
            [new("README.md", "cd " + "/wo" + "rk/main && ./run"), new("a.cs", "\"/ro" + "ot/.nuget\""), new("b.md", "see /ho" + "me/ann/x"),
            new("c.sh", "--data /t" + "mp/x"), new("d.md", "in " + RepositoryFiles.Root + "/Api")]),
        ["RegistryHosts"] = new(f => RepositoryRules.RegistryHosts(f, RepositoryFiles.ConfiguredRegistries().Concat(PlantedHost)),
            [new("NuGet.config", "<add value=\"https://api.nu" + "get.org/v3\"/>"), new("README.md", "from https://PACKAGES.example" + ".test/x")]),
        ["ForbiddenForms"] = new(RepositoryRules.ForbiddenForms,
            [new("Api/A.cs", "var now = DateTime." + "Now;"), new("Api/A.cs", "DateTimeOffset\n.Min; DateTimeOffset." + "UtcNow"), new("Api/B.cs", "Thread." + "Sleep(5);"),
            new("Api/C.cs", "try { X(); } catch (IOException e) when (e.HResult > 0) {" + " }"), new("Api/D.cs", "catch\n{\n}"), new("Api/E.cs", "// TO" + "DO later"),
            new("Api/F.cs", "int a;\n#pragma warning disable CA1000, RS" + "0030"), new("Api/G.cs", "x.GetAwaiter()." + "GetResult()"), new("Api/H.cs", "async " + "void F()"),
            new("Infrastructure/Matters/I.cs", "if (transaction is " + "null) Keep();"), new("Infrastructure/Matters/J.cs", "if (tx.Transaction " + "!= null) Keep();")]),
        ["Migrations"] = new(RepositoryRules.Migrations,
            [new("Infrastructure/Migrations/V12__matters_x.sql", ""), new("Infrastructure/Migrations/V0012__weather_x.sql", ""), new("Infrastructure/Migrations/V0012__matters.sql", ""),
            new("Infrastructure/Migrations/notes.txt", "")]),
        ["Folders"] = new(RepositoryRules.Folders, [new("Api/Directory/X.cs", ""), new("Domain/Http/X.cs", ""), new("Infrastructure/Helpers/X.cs", "")]),
        ["TestNamespaces"] = new(RepositoryRules.TestNamespaces,
            [new("Api.Tests/Matters/XTests.cs", "\nnamespace MicroPlatform.Api.Tests;"), new("Api.Tests/XTests.cs", "\nnamespace MicroPlatform.Api.Tests;"),
            new("Api.Tests/Matters/XTests.cs", "\nnamespace MicroPlatform.Api.Tests.Matter;")]),
        ["EmptyWords"] = new(RepositoryRules.EmptyWords, [new("Api/Matters/MatterManager.cs", ""), new("Domain/Matters/MatterDto.cs", ""), new("Api/Services/X.cs", "")]),
        ["TooLong"] = new(RepositoryRules.TooLong, [new("Api/Matters/X.cs", string.Concat(Enumerable.Repeat("x\n", 401))), new("tool", "#!/bin/sh\n" + new string('\n', 400) + "x")]),
        ["Scripts"] = new(RepositoryRules.Scripts, [new("run", "#!/usr/bin/env bash\n"), new("deploy/x", "#!/bin/sh\n")]),
        ["ProjectReferences"] = new(RepositoryRules.ProjectReferences,
            [new("Infrastructure/Infrastructure.csproj", "<Project><ItemGroup><ProjectReference Include=\"..\\Api\\Api.csproj\"/></ItemGroup></Project>"),
            new("Domain/Domain.csproj", "<Project><ItemGroup><PackageReference Include=\"Dapper\"/></ItemGroup></Project>"),
            new("Domain/Domain.csproj", "<Project><ItemGroup><FrameworkReference Include=\"Microsoft.AspNetCore.App\"/></ItemGroup></Project>")]),
    };

    private static IEnumerable<string> Names => Rules.Keys;

    [TestCaseSource(nameof(Names))]
    public void Check_TheRepository_FindsNothing(string name)
    {
        Assert.That(Files.Value, Has.Count.GreaterThan(50), "the files of the repository were not found");
        Assert.That(Rules[name].Violations(Files.Value), Is.Empty);
    }

    [TestCaseSource(nameof(Names))]
    public void Check_APlantedViolation_FindsIt(string name)
    {
        foreach (var file in Rules[name].Planted)
            Assert.That(Rules[name].Violations([file]), Is.Not.Empty, $"not found in {file.Path}: {file.Text[..Math.Min(80, file.Text.Length)]}");
    }

    [Test]
    public void Migrations_TwoWithOneNumber_AreFound() =>
        Assert.That(RepositoryRules.Migrations([new("Infrastructure/Migrations/V0012__matters_x.sql", ""), new("Infrastructure/Migrations/V0012__audit_y.sql", "")]), Is.Not.Empty);

    [Test]
    public void Files_OfAFolder_AreReadFromDisk()
    {
        var folder = Directory.CreateTempSubdirectory("rules-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "start"), "#!/bin/sh\n");
            folder.CreateSubdirectory("bin");
            File.WriteAllText(Path.Combine(folder.FullName, "bin", "built"), "");
            var files = RepositoryFiles.Read(folder.FullName);
            Assert.That(files.Select(f => f.Path), Is.EqualTo(["start"]));
            Assert.That(RepositoryRules.Scripts(files), OperatingSystem.IsWindows() ? Is.Empty : Is.Not.Empty);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestCase("Domain", typeof(Domain.Common.Refusal))]
    [TestCase("Infrastructure", typeof(Infrastructure.Sql.Database))]
    public void References_OfAnAssembly_PointInward(string project, Type inside) =>
        Assert.That(RepositoryRules.AssemblyReferences(project, inside.Assembly.GetReferencedAssemblies()), Is.Empty);

    /// <summary>The same check turned the wrong way: Infrastructure judged as if it were Domain has much to be told off for.</summary>
    [Test]
    public void References_OfAnAssemblyThatPointsOutward_AreFound()
    {
        var outward = Assembly.GetAssembly(typeof(Infrastructure.Sql.Database))!.GetReferencedAssemblies();
        Assert.That(RepositoryRules.AssemblyReferences("Domain", outward), Has.Some.Contains("Dapper").And.Some.Contains("MicroPlatform.Domain"));
    }

    /// <param name="Violations">What it finds among these files.</param>
    /// <param name="Planted">Files, each of which it must find something in.</param>
    private sealed record Rule(Func<IEnumerable<SourceFile>, IEnumerable<string>> Violations, SourceFile[] Planted);
}
