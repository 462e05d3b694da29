using System.Diagnostics;
using MicroPlatform.Api.Tests.Hosting;
using static System.Net.HttpStatusCode;
using static MicroPlatform.Api.Tests.Materials.MaterialsHarness;

namespace MicroPlatform.Api.Tests.Materials;

/// <summary>A real full disk: the materials' folder is a file system of four mebibytes. What does not fit is refused and leaves nothing; what fits goes on.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
internal sealed class DiskFullTests(Engine engine)
{
    [Test]
    public async Task Upload_OnAFullDisk_IsRefusedAndLeavesNothing()
    {
        Engines.Require(engine);
        var folder = Directory.CreateTempSubdirectory("microplatform-disk-").FullName;
        if (!await RunAsync("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder))
        {
            Directory.Delete(folder);
            Needs.Nothing("A small file system cannot be mounted here (root, CAP_SYS_ADMIN).", Needs.Media);
        }
        try
        {
            await using var harness = await MaterialsHarness.StartAsync(engine, StoreKind.Local, $"Materials:Folder={folder}", "Materials:Thumbnails:Tool=");
            using var citizen = await harness.Api.NewCitizenAsync();
            await SendAsync(citizen, TestFiles.Wav(seconds: 60), "a.wav").Gives(Created);
            await SendAsync(citizen, TestFiles.Wav(seconds: 300), "b.wav").Refuses(ServiceUnavailable, "material_store_full");
            Assert.That(Directory.EnumerateFiles(Path.Combine(folder, "staging")), Is.Empty);
            Assert.That(await harness.StoredAsync(), Has.Count.EqualTo(1));
            await SendAsync(citizen, TestFiles.Wav(seconds: 20), "c.wav").Gives(Created);
        }
        finally
        {
            await RunAsync("umount", folder);
            Directory.Delete(folder);
        }
    }

    private static async Task<bool> RunAsync(string tool, params string[] arguments)
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root") return false;
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardError = true })!;
        await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }
}
