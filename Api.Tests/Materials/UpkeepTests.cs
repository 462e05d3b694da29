using MicroPlatform.Api.Materials;
using MicroPlatform.Api.Tests.Faults;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Infrastructure.Identity;
using Microsoft.Extensions.DependencyInjection;
using static System.Net.HttpStatusCode;
using static MicroPlatform.Api.Tests.Materials.MaterialsHarness;

namespace MicroPlatform.Api.Tests.Materials;

/// <summary>What happens without anybody asking: sweep, retention, thumbnails that come later, keys wrapped anew; and what is left of a kill and of a full disk.</summary>
[TestFixtureSource(typeof(MaterialsHarness), nameof(All))]
internal sealed class UpkeepTests(Engine engine, StoreKind store)
{
    [Test]
    public async Task Thumbnail_WithoutTheTool_ComesLater()
    {
        Needs.Program("vipsthumbnail", "libvips-tools");
        await using var harness = await MaterialsHarness.StartAsync(engine, store, "Materials:Thumbnails:Tool=no-such-tool");
        using var citizen = await harness.Api.NewCitizenAsync();
        using var nobody = harness.Api.Anonymous();
        var sent = await SendAsync(citizen, TestFiles.Png(text: TestFiles.Secret)).Gives(Created);
        Assert.That(sent.String("thumbnail"), Is.EqualTo("pending"));
        await citizen.PostAsync($"/v1/materials/{sent.String("id")}/links", new { variant = "thumbnail" }).Refuses(Conflict, "material_no_thumbnail");
        var ready = await nobody.GetAsync("/health/ready").Gives(OK);
        Assert.That(ready.String("status"), Is.EqualTo("degraded"));
        Assert.That(ready.Text, Does.Contain("thumbnails"));
        Assert.That(await harness.Api.RunAsync<FinishMaterialsJob>(), Is.Zero);
        await harness.Api.RestartAsync(harness.S3?.Settings);
        Assert.That(await harness.Api.RunAsync<FinishMaterialsJob>(), Is.EqualTo(1));
        using var again = harness.Api.Through(citizen);
        Assert.That(await harness.DownloadAsync(again, sent.String("id"), "thumbnail"), Is.Not.Empty);
    }

    [Test]
    public async Task Sweep_TakesOrphansAndNothingElse()
    {
        await using var harness = await MaterialsHarness.StartAsync(engine, store);
        if (harness.S3 is not null) harness.S3.Time = TimeProvider.System;
        using var citizen = await harness.Api.NewCitizenAsync();
        var kept = await UploadAsync(citizen, TestFiles.Wav(), "a.wav");
        var lost = await UploadAsync(citizen, TestFiles.Wav(seconds: 2), "b.wav");
        // As after a kill between the store and the commit: bytes without a row.
        await harness.Api.ExecuteAsync("DELETE FROM material_objects WHERE id = (SELECT object_id FROM material_versions WHERE material_id = @lost)", new { lost });
        Assert.That(await harness.StoredAsync(), Has.Count.EqualTo(2));
        harness.Api.Time.Advance(TimeProvider.System.GetUtcNow() - harness.Api.Time.GetUtcNow());
        Assert.That(await harness.Api.RunAsync<SweepMaterialsJob>(), Is.Zero, "an upload may be just about to write its row");
        harness.Api.Time.Advance(TimeSpan.FromHours(2));
        Assert.That(await harness.Api.RunAsync<SweepMaterialsJob>(), Is.EqualTo(1));
        Assert.That(await harness.StoredAsync(), Has.Count.EqualTo(1));
        using var again = await harness.Api.NewCitizenAsync();
        Assert.That(await harness.Api.ScalarAsync<long>("SELECT COUNT(*) FROM material_versions WHERE material_id = @kept", new { kept }), Is.EqualTo(1));
    }

    [Test]
    public async Task Outlived_MaterialsAreErasedWithProof()
    {
        await using var harness = await MaterialsHarness.StartAsync(engine, store);
        var api = harness.Api;
        using var citizen = await api.NewCitizenAsync();
        var (unused, used) = (await UploadAsync(citizen, TestFiles.Wav(), "a.wav"), await UploadAsync(citizen, TestFiles.Wav(seconds: 2), "b.wav"));
        var asked = await citizen.PostAsync("/v1/consultations", new { categoryCode = "0201", regionCode = "341602101", text = "请听录音", attachmentIds = new[] { used } }).Gives(Created);
        api.Time.Advance(TimeSpan.FromDays(31));
        Assert.That(await api.RunAsync<EraseOutlivedJob>(), Is.EqualTo(1));
        Assert.That(await api.ScalarAsync<string>("SELECT reason FROM material_erasures WHERE material_id = @unused", new { unused }), Is.EqualTo("Unused"));
        await api.ExecuteAsync("UPDATE matters SET closed_at = @now, status = 'Closed' WHERE id = @id", new { now = api.Time.GetUtcNow(), id = asked.String("matter.id") });
        api.Time.Advance(TimeSpan.FromDays(365));
        Assert.That(await api.RunAsync<EraseOutlivedJob>(), Is.Zero, "kept for the limitation period");
        api.Time.Advance(TimeSpan.FromDays(800));
        Assert.That(await api.RunAsync<EraseOutlivedJob>(), Is.EqualTo(1));
        Assert.That(await api.ScalarAsync<string>("SELECT reason FROM material_erasures WHERE material_id = @used", new { used }), Is.EqualTo("Retention"));
        Assert.That(await harness.StoredAsync(), Is.Empty);
        Assert.That(await api.ScalarAsync<long>("SELECT COUNT(*) FROM audit_entries WHERE action = 'materials.erase'"), Is.EqualTo(2));
    }

    [Test]
    public async Task Keys_WrappedAnew_OpenTheSameBytes()
    {
        await using var harness = await MaterialsHarness.StartAsync(engine, store);
        using var citizen = await harness.Api.NewCitizenAsync();
        var id = await UploadAsync(citizen, TestFiles.Wav(), "a.wav");
        var before = await harness.DownloadAsync(citizen, id);
        Assert.That(SealedColumn.All.Select(c => c.Table), Does.Contain("material_objects"), "seal rotate walks the keys of materials, too");
        await harness.Api.Services.GetRequiredService<SealRotation>().RotateAsync((_, _) => { });
        Assert.That(await harness.DownloadAsync(citizen, id), Is.EqualTo(before));
    }

    [Test]
    public async Task Account_Deleted_TakesUnusedMaterialsAlong()
    {
        await using var harness = await MaterialsHarness.StartAsync(engine, store);
        using var citizen = await harness.Api.NewCitizenAsync();
        var unused = await UploadAsync(citizen, TestFiles.Wav(), "a.wav");
        Assert.That((await citizen.GetAsync("/v1/me/data")).Gives(OK)["materials"].GetArrayLength(), Is.EqualTo(1));
        await citizen.DeleteAsync("/v1/me").Gives(OK);
        Assert.That(await harness.StoredAsync(), Is.Empty);
        Assert.That(await harness.Api.ScalarAsync<string>("SELECT reason FROM material_erasures WHERE material_id = @unused", new { unused }), Is.EqualTo("AccountDeleted"));
    }

    /// <summary>A decoder that hangs costs its picture, not the upload, and is ended.</summary>
    [Test]
    public async Task Thumbnail_OfAToolThatHangs_Waits()
    {
        var folder = Directory.CreateTempSubdirectory("microplatform-test-");
        try
        {
            var tool = Path.Combine(folder.FullName, "hangs");
            await File.WriteAllTextAsync(tool, "#!/bin/sh\nexec sleep 600\n");
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            await using var harness = await MaterialsHarness.StartAsync(engine, store, $"Materials:Thumbnails:Tool={tool}", "Materials:Thumbnails:Seconds=1");
            using var citizen = await harness.Api.NewCitizenAsync();
            var sent = await SendAsync(citizen, TestFiles.Png()).Gives(Created);
            Assert.That(sent.String("thumbnail"), Is.EqualTo("pending"));
            await harness.Api.RunAsync<FinishMaterialsJob>();
            Assert.That((await citizen.GetAsync($"/v1/materials/{sent.String("id")}")).Gives(OK)["material"].GetProperty("thumbnail").GetString(), Is.EqualTo("failed"), "not tried for ever");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public async Task Kill_WhileUploading_LeavesNothingHalfVisible()
    {
        Engines.Require(engine);
        await using var s3 = store == StoreKind.S3 ? await S3Stub.StartAsync() : null;
        await using var api = await ChildApi.StartAsync(engine, ["RateLimits:Enabled=false", "Jobs:Enabled=false", .. s3?.Settings ?? []]);
        using var citizen = await KillTests.SignInAsync(api);
        var (acknowledged, running) = (0, true);
        var file = TestFiles.Wav(seconds: 60);
        var uploading = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (Volatile.Read(ref running))
                try
                {
                    if ((await SendAsync(citizen, file, "a.wav")).Status == Created) Interlocked.Increment(ref acknowledged);
                }
                catch (HttpRequestException)
                {
                    return;
                }
        })).ToList();
        for (var waited = 0; Volatile.Read(ref acknowledged) < 12 && waited < 600; waited++) await Task.Delay(50);
        await api.KillAsync();
        Volatile.Write(ref running, false);
        await Task.WhenAll(uploading);
        Assert.That(acknowledged, Is.GreaterThanOrEqualTo(12), "The load never got going.");

        await api.StartAsync();
        using var again = await KillTests.SignInAsync(api);
        var seen = 0;
        for (string? cursor = null; ;)
        {
            var page = await again.GetAsync($"/v1/materials?limit=100{(cursor is null ? "" : $"&cursor={cursor}")}").Gives(OK);
            foreach (var item in page["items"].EnumerateArray())
            {
                seen++;
                var link = await again.PostAsync($"/v1/materials/{item.GetProperty("id").GetString()}/links", new { }).Gives(Created);
                using var http = new HttpClient();
                var bytes = await http.GetByteArrayAsync(new Uri(api.Address, link.String("path")));
                Assert.That(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), Is.EqualTo(item.GetProperty("sha256").GetString()), "whole");
            }
            if (!page["hasMore"].GetBoolean()) break;
            cursor = page.String("nextCursor");
        }
        Assert.That(seen, Is.GreaterThanOrEqualTo(acknowledged), "nothing acknowledged is lost");
        await api.KillAsync();

        // The sweep, in a program whose clock is two hours on.
        await using var later = await api.OpenAsync(s3?.Settings ?? []);
        later.Time.Advance(TimeProvider.System.GetUtcNow() - later.Time.GetUtcNow() + TimeSpan.FromHours(2));
        await later.RunAsync<SweepMaterialsJob>();
        var left = 0;
        await foreach (var one in later.Services.GetRequiredService<Infrastructure.Materials.IObjectStore>().ListAsync(CancellationToken.None)) left++;
        Assert.That(left, Is.EqualTo(await later.ScalarAsync<long>("SELECT COUNT(*) FROM material_objects")), "no bytes without a row");
        Assert.That(Directory.EnumerateFiles(Path.Combine(api.Folder, "materials", "staging")), Is.Empty);
        await TestContext.Out.WriteLineAsync($"{engine} {store}: {acknowledged} acknowledged, {seen} found whole, {left} objects after the sweep");
    }
}
