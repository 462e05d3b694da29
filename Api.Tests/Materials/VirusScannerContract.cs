using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MicroPlatform.Api.Materials;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Infrastructure.Materials;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using static System.Net.HttpStatusCode;
using static MicroPlatform.Api.Tests.Materials.MaterialsHarness;

namespace MicroPlatform.Api.Tests.Materials;

/// <summary>The same with the test's own daemon and with ClamAV's, which is taught one signature of ours, so that nothing has to be downloaded.</summary>
[TestFixture(false)]
[TestFixture(true)]
internal sealed class VirusScannerContract(bool real)
{
    private IAsyncDisposable _daemon = null!;
    private string _address = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        if (real)
        {
            Needs.Program("clamd", "clamav-daemon");
            var clamd = await RealClamd.StartAsync();
            (_daemon, _address) = (clamd, clamd.Address);
            return;
        }
        var fake = new FakeClamd();
        (_daemon, _address) = (fake, fake.Address);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_daemon is not null) await _daemon.DisposeAsync();
    }

    [Test]
    public async Task Scan_OfCleanAndInfected_SaysSo()
    {
        var scan = Scanner(_address);
        await scan.PingAsync(CancellationToken.None);
        Assert.That(await scan.ScanAsync(new MemoryStream(TestFiles.Wav()), CancellationToken.None), Is.EqualTo(ScanResult.Clean));
        Assert.That(await scan.ScanAsync(new MemoryStream(TestFiles.Wav(hidden: TestFiles.Virus)), CancellationToken.None), Is.EqualTo(ScanResult.Infected));
        Assert.That(await scan.ScanAsync(new MemoryStream(new byte[3 << 20]), CancellationToken.None), Is.EqualTo(ScanResult.Clean));
    }

    [Test]
    public async Task Scan_WithoutADaemon_SaysNotScanned()
    {
        Assert.That(await Scanner("").ScanAsync(new MemoryStream(TestFiles.Wav()), CancellationToken.None), Is.EqualTo(ScanResult.NotScanned));
        Assert.That(await Scanner("127.0.0.1:1").ScanAsync(new MemoryStream(TestFiles.Wav()), CancellationToken.None), Is.EqualTo(ScanResult.NotScanned));
    }

    [TestCaseSource(typeof(Engines), nameof(Engines.All))]
    public async Task Upload_OfAnInfectedFile_IsRefusedAndQuarantined(Engine engine)
    {
        await using var harness = await MaterialsHarness.StartAsync(engine, StoreKind.Local, $"Materials:Scan:Address={_address}");
        using var citizen = await harness.Api.NewCitizenAsync();
        using var admin = await harness.Api.NewStaffAsync(Role.Administrator);
        Assert.That((await SendAsync(citizen, TestFiles.Wav())).Gives(Created).String("scan"), Is.EqualTo("clean"));
        var infected = TestFiles.Wav(hidden: TestFiles.Virus);
        await SendAsync(citizen, infected).Refuses(UnprocessableEntity, "material_infected");
        await SendAsync(citizen, infected).Refuses(UnprocessableEntity, "material_infected");
        Assert.That((await citizen.GetAsync("/v1/materials")).Gives(OK)["items"].GetArrayLength(), Is.EqualTo(1));
        var quarantine = await admin.GetAsync("/v1/admin/materials/quarantine").Gives(OK);
        Assert.That(quarantine["items"].GetArrayLength(), Is.EqualTo(1), "the same file once");
        var id = quarantine["items"][0].GetProperty("id").GetString();
        await citizen.PostAsync($"/v1/materials/{id}/links", new { }).Refuses(Conflict, "material_quarantined");
        Assert.That((await admin.GetAsync("/v1/admin/materials/figures")).Gives(OK)["quarantined"].GetInt64(), Is.EqualTo(1));
        await admin.PostAsync($"/v1/admin/materials/{id}/destruction?validateOnly=true").Gives(OK);
        Assert.That((await admin.GetAsync("/v1/admin/materials/quarantine")).Gives(OK)["items"].GetArrayLength(), Is.EqualTo(1), "only tried");
        var proof = await admin.PostAsync($"/v1/admin/materials/{id}/destruction").Gives(OK);
        Assert.That(proof.String("reason"), Is.EqualTo("infected"));
        await admin.PostAsync($"/v1/admin/materials/{id}/release", new { reason = "误报误报" }).Refuses(Conflict, "material_erased");
    }

    /// <summary>What came while the scanner was away is scanned later, and taken out of use when something is found.</summary>
    [TestCaseSource(typeof(Engines), nameof(Engines.All))]
    public async Task Job_AfterTheScannerIsBack_ScansAndQuarantines(Engine engine)
    {
        await using var harness = await MaterialsHarness.StartAsync(engine, StoreKind.Local, "Materials:Scan:Address=127.0.0.1:1");
        using var citizen = await harness.Api.NewCitizenAsync();
        using var admin = await harness.Api.NewStaffAsync(Role.Administrator);
        var bad = await SendAsync(citizen, TestFiles.Wav(hidden: TestFiles.Virus)).Gives(Created);
        Assert.That(bad.String("scanText"), Is.EqualTo("未扫描"));
        var good = (await SendAsync(citizen, TestFiles.Wav(seconds: 2))).Gives(Created).String("id");
        var link = (await citizen.PostAsync($"/v1/materials/{bad.String("id")}/links", new { })).Gives(Created).String("path");
        Assert.That(await harness.Api.RunAsync<FinishMaterialsJob>(), Is.Zero, "still away");
        await harness.Api.RestartAsync([$"Materials:Scan:Address={_address}"]);
        Assert.That(await harness.Api.RunAsync<FinishMaterialsJob>(), Is.EqualTo(2));
        using var again = harness.Api.Through(citizen);
        using var adminAgain = harness.Api.Through(admin);
        Assert.That((await again.GetAsync($"/v1/materials/{good}")).Gives(OK)["material"].GetProperty("scan").GetString(), Is.EqualTo("clean"));
        await again.GetAsync($"/v1/materials/{bad.String("id")}").Refuses(NotFound, "not_found");
        await again.GetAsync(link).Refuses(NotFound, "not_found");
        var released = await adminAgain.PostAsync($"/v1/admin/materials/{bad.String("id")}/release", new { reason = "经核查为误报" }).Gives(OK);
        Assert.That(released.String("state"), Is.EqualTo("ready"));
        await again.GetAsync($"/v1/materials/{bad.String("id")}").Gives(OK);
    }

    private static VirusScan Scanner(string address) =>
        new(Options.Create(new MaterialsOptions { Scan = new ScanOptions { Address = address } }), NullLogger<VirusScan>.Instance);

    /// <summary>ClamAV's daemon with a database of one signature, on a free loopback port.</summary>
    private sealed class RealClamd : IAsyncDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("microplatform-clamd-").FullName;
        private Process _process = null!;

        public string Address { get; private set; } = null!;

        public static async Task<RealClamd> StartAsync()
        {
            var clamd = new RealClamd();
            using (var listener = new TcpListener(IPAddress.Loopback, 0))
            {
                listener.Start();
                clamd.Address = $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
            }
            var database = Directory.CreateDirectory(Path.Combine(clamd._folder, "db")).FullName;
            await File.WriteAllTextAsync(Path.Combine(database, "own.ndb"), $"MicroPlatform.Test:0:*:{Convert.ToHexStringLower(TestFiles.Ascii(TestFiles.Virus))}\n");
            var configuration = Path.Combine(clamd._folder, "clamd.conf");
            await File.WriteAllTextAsync(configuration, $"Foreground yes\nDatabaseDirectory {database}\nTCPSocket {clamd.Address.Split(':')[1]}\nTCPAddr 127.0.0.1\nTemporaryDirectory {clamd._folder}\n{(Environment.UserName == "root" ? "User root\n" : "")}");
            var start = new ProcessStartInfo(File.Exists("/usr/sbin/clamd") ? "/usr/sbin/clamd" : "clamd") { RedirectStandardOutput = true, RedirectStandardError = true };
            start.ArgumentList.Add($"--config-file={configuration}");
            clamd._process = Process.Start(start)!;
            clamd._process.OutputDataReceived += (_, _) => { };
            clamd._process.ErrorDataReceived += (_, _) => { };
            clamd._process.BeginOutputReadLine();
            clamd._process.BeginErrorReadLine();
            for (var attempt = 0; attempt < 300; attempt++)
            {
                if (clamd._process.HasExited) throw new InvalidOperationException($"clamd ended with {clamd._process.ExitCode}.");
                try
                {
                    await Scanner(clamd.Address).PingAsync(CancellationToken.None);
                    return clamd;
                }
                catch (Exception e) when (e is SocketException or IOException)
                {
                    await Task.Delay(100);
                }
            }
            throw new TimeoutException("clamd did not answer in 30 seconds.");
        }

        public async ValueTask DisposeAsync()
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
