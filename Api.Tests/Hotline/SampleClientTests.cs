using System.Diagnostics;
using System.Text.Json;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Hotline;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Hotline;

/// <summary>The sample clients that vendors copy, each as its own program, against the running server. The C# one is what all tests of partners send with.</summary>
public sealed class SampleClientTests
{
    private const string Secret = "9f3c6a0e5d7b41c2a8e4f6b09d1c3e57";

    private TestApi _api = null!;
    private ApiClient _partner = null!;

    private static IEnumerable<TestCaseData> Clients =>
    [
        new TestCaseData("node", "clients/hotline/node/hotline.mjs", null).SetArgDisplayNames("Node"),
        new TestCaseData("java", "clients/hotline/java/Hotline.java", null).SetArgDisplayNames("java"),
        new TestCaseData("python3", "clients/hotline/python/hotline.py", null).SetArgDisplayNames("python"),
        new TestCaseData("bash", "clients/hotline/shell/hotline", null).SetArgDisplayNames("shell"),
        new TestCaseData("bash", "clients/hotline/shell/hotline", Hl1.Sm3Algorithm).SetArgDisplayNames("shell with SM3"),
    ];

    [OneTimeSetUp]
    public async Task Start()
    {
        // By the real clock, which the programs have as well.
        _api = await TestApi.StartAsync(Engine.Embedded);
        _partner = await _api.NewPartnerAsync(p => p with { Secrets = new PartnerSecrets(Secret, null, null) });
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _partner?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    [TestCaseSource(nameof(Clients))]
    public async Task Client_SendsReadsAndIsToldWhatIsWrong(string program, string file, string? algorithm)
    {
        var no = TicketTests.NewNo();
        var ping = await RunAsync(program, file, algorithm, Secret, "GET", "/partner/v1/ping");
        Assert.That(ping.Code, Is.Zero, ping.Text);
        Assert.That(Json(ping.Text).GetProperty("data").GetProperty("appId").GetString(), Is.EqualTo(_partner.Id));
        var put = await RunAsync(program, file, algorithm, Secret, "PUT", $"/partner/v1/tickets/{no}", """{"content":"咨询“劳动仲裁” 100% 的问题","acceptedAt":"2026-01-02 10:00:00","callerPhone":"13900002000"}""");
        Assert.That(put.Code, Is.Zero, put.Text);
        Assert.That(Json(put.Text).GetProperty("data").GetProperty("outcome").GetString(), Is.EqualTo("created"));
        var pulled = await RunAsync(program, file, algorithm, Secret, "GET", "/partner/v1/tickets?updatedSince=2026-01-01T00%3A00%3A00%2B08%3A00&pageSize=200&cursor=");
        Assert.That(pulled.Code, Is.Zero, pulled.Text);
        Assert.That(pulled.Text, Does.Contain(no).And.Contain("“劳动仲裁” 100%"));
        var refused = await RunAsync(program, file, algorithm, Secret[1..], "GET", "/partner/v1/ping");
        Assert.That(refused.Code, Is.EqualTo(1));
        Assert.That(Json(refused.Text).GetProperty("reason").GetString(), Is.EqualTo("bad_signature"));
        (await _partner.GetAsync($"/partner/v1/tickets/{no}")).Gives(OK);
    }

    [Test]
    public async Task Node_VerifiesPushes()
    {
        Needs.Program("node", "nodejs");
        var script = $$$"""
            import { isGenuine } from {{{JsonSerializer.Serialize(new Uri(Path.Combine(RepositoryFiles.Root, "clients/hotline/node/hotline.mjs")).AbsoluteUri)}}};
            const body = Buffer.from('{"type":"ticket.updated","timestamp":"2026-11-22T10:00:00+08:00","data":{"ticketNo":"12348-20261122-000123","status":"resolved"}}');
            const given = ['whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=', 'evt_01JCZ8', '1763771234'];
            const good = 'v1,D0CR70RfFTvoEhlTebowq9imWCAoKC5CLCArZ/55Rcs=';
            console.log(isGenuine(...given, `v1,AAAA ${good}`, body, 1763771234000), isGenuine(...given, good, Buffer.concat([body, Buffer.from(' ')]), 1763771234000), isGenuine(...given, good, body, 1763772234000));
            """;
        var said = await StartAsync("node", ["--input-type=module", "-e", script], []);
        Assert.That(said.Text.Trim(), Is.EqualTo("true false false"), said.Text);
    }

    [TestCase("java", "clients/hotline/java/Hotline.java")]
    [TestCase("python3", "clients/hotline/python/hotline.py")]
    public async Task Verify_TellsGenuinePushesFromOthers(string program, string file)
    {
        Needs.Program(program, Packages[program]);
        const string Id = "evt_01JCZ8", Body = "{\"type\":\"ticket.updated\",\"data\":{\"remark\":\"已回访\"}}";
        var key = System.Security.Cryptography.RandomNumberGenerator.GetBytes(24);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        string Signed(long at) => "v1," + Convert.ToBase64String(System.Security.Cryptography.HMACSHA256.HashData(key, System.Text.Encoding.UTF8.GetBytes($"{Id}.{at}.{Body}")));
        async Task<string> SaysAsync(long at, string signatures, string body) =>
            (await StartAsync(program, [Path.Combine(RepositoryFiles.Root, file), "verify", Id, $"{at}", signatures], [("HL_SECRET", $"whsec_{Convert.ToBase64String(key)}")], body)).Text.Trim();

        Assert.That(await SaysAsync(now, $"v1,AAAA {Signed(now)}", Body), Is.EqualTo("genuine"));
        Assert.That(await SaysAsync(now, Signed(now), Body + " "), Is.EqualTo("not genuine"));
        Assert.That(await SaysAsync(now - 400, Signed(now - 400), Body), Is.EqualTo("not genuine"), "too old");
        Assert.That(await SaysAsync(now, Signed(now)[3..], Body), Is.EqualTo("not genuine"), "another version");
    }

    /// <summary>What to install for a program.</summary>
    private static readonly Dictionary<string, string> Packages = new() { ["java"] = "default-jdk-headless", ["python3"] = "python3", ["node"] = "nodejs", ["bash"] = "bash" };

    private Task<(int Code, string Text)> RunAsync(string program, string file, string? algorithm, string secret, params string[] arguments)
    {
        Needs.Program(program, Packages[program]);
        if (program == "bash") Needs.Program("openssl", "openssl");
        return StartAsync(program, [Path.Combine(RepositoryFiles.Root, file), .. arguments],
            [("HL_URL", _api.Address.AbsoluteUri.TrimEnd('/')), ("HL_APP_ID", _partner.Id), ("HL_SECRET", secret), ("HL_ALGORITHM", algorithm ?? Hl1.Sha256)]);
    }

    private static async Task<(int Code, string Text)> StartAsync(string program, IEnumerable<string> arguments, (string Name, string Value)[] environment, string input = "")
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, StandardInputEncoding = new System.Text.UTF8Encoding(false) };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
