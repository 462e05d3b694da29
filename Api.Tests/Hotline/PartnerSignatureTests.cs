using System.Net;
using System.Text;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Api.Hotline;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Hotline;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Hotline;

/// <summary>Who is let in, who is not, and which of several faults is told.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class PartnerSignatureTests(Engine engine)
{
    private const string Ping = "/partner/v1/ping";
    private const string Secret = "9f3c6a0e5d7b41c2a8e4f6b09d1c3e57";

    private TestApi _api = null!;

    [OneTimeSetUp]
    public async Task Start() => _api = await TestApi.StartAsync(engine);

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task Call_SignedWell_IsLetInAndToldHowItIsSeen()
    {
        using var partner = await _api.NewPartnerAsync();
        var answer = (await partner.GetAsync(Ping)).Gives(OK);
        Assert.Multiple(() =>
        {
            Assert.That(answer["code"].GetInt32(), Is.Zero);
            Assert.That(answer.String("msg"), Is.EqualTo("OK"));
            Assert.That(answer.String("traceId"), Is.Not.Empty);
            Assert.That(answer.String("data.appId"), Is.EqualTo(partner.Id));
            Assert.That(answer.String("data.ip"), Is.EqualTo("127.0.0.1"));
            Assert.That(answer.String("data.serverTime"), Does.EndWith("+08:00"));
        });
    }

    [TestCase(Hl1.Sha256, false)]
    [TestCase(Hl1.Sm3Algorithm, false)]
    [TestCase(Hl1.Sha256, true)]
    public async Task Call_OfEachAlgorithm_WithSecondsOrMilliseconds_IsLetIn(string algorithm, bool milliseconds)
    {
        using var partner = await RawAsync(_ => { }, algorithm: algorithm, milliseconds: milliseconds);
        await partner.PostAsync("/partner/v1/debug/signature", new { any = "内容" }).Gives(OK);
        (await partner.GetAsync(Ping)).Gives(OK);
    }

    [Test]
    public async Task Faults_AreToldInTheOrderOfTheContract_EachWithItsOwnCode()
    {
        // Each call has this fault and all that come after it in the order: the first is told.
        var faults = new (string Reason, HttpStatusCode Status, int Code, Func<HotlinePartner, HotlinePartner> Partner, Action<HttpRequestMessage> Request)[]
        {
            ("ip_not_allowed", Forbidden, 40301, p => p with { Networks = ["10.0.0.0/8"], Active = false }, r => { Put(r, Hl1.TimestampHeader, "1"); Put(r, Hl1.SignatureHeader, "00"); }),
            ("unknown_app", Unauthorized, 40102, p => p with { Active = false }, r => { Put(r, Hl1.TimestampHeader, "1"); Put(r, Hl1.SignatureHeader, "00"); }),
            ("timestamp_out_of_range", Unauthorized, 40103, p => p with { Scopes = [] }, r => { Put(r, Hl1.TimestampHeader, "1"); Put(r, Hl1.SignatureHeader, "00"); }),
            ("algorithm_unknown", BadRequest, 40004, p => p, r => { Put(r, Hl1.AlgorithmHeader, "HL1-MD5"); Put(r, Hl1.SignatureHeader, "00"); }),
            ("nonce_invalid", BadRequest, 40003, p => p, r => { Put(r, Hl1.NonceHeader, "short"); Put(r, Hl1.SignatureHeader, "00"); }),
            ("bad_signature", Unauthorized, 40101, p => p with { Scopes = [] }, r => Put(r, Hl1.SignatureHeader, new string('0', 64))),
            ("bad_signature", Unauthorized, 40101, p => p, r => r.Headers.Remove(Hl1.SignatureHeader)),
        };
        foreach (var (reason, status, code, change, break_) in faults)
        {
            using var partner = await RawAsync(break_, change);
            var answer = (await partner.GetAsync(Ping)).Refuses(status, reason);
            Assert.That(answer["code"].GetInt32(), Is.EqualTo(code));
            Assert.That(answer.String("msg"), Is.EqualTo(answer.String("title")));
        }
    }

    [Test]
    public async Task Timestamp_OutOfTheWindow_IsRefusedWithOurTime_AndAWiderWindowTakesIt()
    {
        void Late(HttpRequestMessage r) => Put(r, Hl1.TimestampHeader, $"{_api.Time.GetUtcNow().ToUnixTimeSeconds() - 600}");
        using var narrow = await RawAsync(Late, signAfter: true);
        var answer = (await narrow.GetAsync(Ping)).Refuses(Unauthorized, "timestamp_out_of_range");
        Assert.That(answer.String("serverTime"), Does.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$"));
        using var wide = await RawAsync(Late, p => p with { WindowSeconds = 900 }, signAfter: true);
        (await wide.GetAsync(Ping)).Gives(OK);
    }

    [Test]
    public async Task Nonce_UsedAgain_IsReplayed_ButNotWhenTheFirstCallWasBadlySigned()
    {
        const string Nonce = "nonce-0123456789abcdef";
        using var forged = await RawAsync(r => { Put(r, Hl1.NonceHeader, Nonce); Put(r, Hl1.SignatureHeader, new string('0', 64)); });
        (await forged.GetAsync(Ping)).Refuses(Unauthorized, "bad_signature");
        using var partner = Raw(forged.Id, r => Put(r, Hl1.NonceHeader, Nonce), signAfter: true);
        (await partner.GetAsync(Ping)).Gives(OK);
        Assert.That((await partner.GetAsync(Ping)).Refuses(Conflict, "replayed")["code"].GetInt32(), Is.EqualTo(40901));
        _api.Time.Advance(TimeSpan.FromMinutes(20));
        Assert.That(await _api.RunAsync<SweepNoncesJob>(), Is.Positive);
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM hotline_nonces"), Is.Zero);
        (await partner.GetAsync(Ping)).Gives(OK); // too old to be played again, so the number is free
    }

    [Test]
    public async Task Nonce_OfTwentyEqualCallsAtOnce_IsGoodForOne()
    {
        using var partner = await RawAsync(r => Put(r, Hl1.NonceHeader, "race-0123456789abcdef"), signAfter: true);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => partner.GetAsync(Ping)));
        Assert.That(answers.Count(a => a.Status == OK), Is.EqualTo(1));
        Assert.That(answers.Where(a => a.Status != OK).Select(a => a.Code), Is.All.EqualTo("replayed"));
    }

    [Test]
    public async Task Body_ChangedOnItsWay_IsABadSignature_AndOneTooLarge_IsToldBefore()
    {
        using var changed = await RawAsync(r => r.Content = new StringContent("""{"content":"改过"}""", Encoding.UTF8, "application/json"));
        await changed.PostAsync("/partner/v1/tickets", new { content = "原来" }).Refuses(Unauthorized, "bad_signature");
        using var partner = await RawAsync(r => Put(r, Hl1.SignatureHeader, "00"));
        var large = await partner.PostAsync("/partner/v1/tickets", $"{{\"content\":\"{new string('a', 2 * 1024 * 1024)}\"}}");
        Assert.That(large.Refuses(RequestEntityTooLarge, "body_too_large")["code"].GetInt32(), Is.EqualTo(41301));
    }

    [Test]
    public async Task Body_InGbk_IsToldSo()
    {
        using var partner = await _api.NewPartnerAsync();
        byte[] gbk = [.. "{\"content\":\""u8, 0xC4, 0xE3, 0xBA, 0xC3, .. "\"}"u8];
        var content = new ByteArrayContent(gbk);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        var answer = (await partner.PostAsync("/partner/v1/tickets", content)).Refuses(UnsupportedMediaType, "charset_unsupported");
        Assert.That(answer.String("title"), Does.Contain("UTF-8").And.Contain("GBK"));
        var named = new ByteArrayContent("{}"u8.ToArray());
        named.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=gb2312");
        (await partner.PostAsync("/partner/v1/tickets", named)).Refuses(UnsupportedMediaType, "charset_unsupported");
    }

    [Test]
    public async Task Scope_NotGiven_IsForbidden_AndTooManyCalls_AreLimited()
    {
        using var partner = await _api.NewPartnerAsync(p => p with { Scopes = [PartnerScope.Calls], PerMinute = 60 });
        (await partner.GetAsync("/partner/v1/tickets")).Refuses(Forbidden, "forbidden");
        var answers = new List<Answer>();
        for (var i = 0; i < 100; i++) answers.Add(await partner.GetAsync(Ping));
        var limited = answers.First(a => a.Status != OK).Refuses(TooManyRequests, "rate_limited");
        Assert.That(limited.Headers.RetryAfter, Is.Not.Null);
        using var other = await _api.NewPartnerAsync();
        (await other.GetAsync(Ping)).Gives(OK);
    }

    [Test]
    public async Task DebugSignature_ShowsOurTextAndWhatIsWrong_InTheSandboxOnly()
    {
        using var wrong = await RawAsync(r => Put(r, Hl1.SignatureHeader, "00"));
        var answer = await wrong.PostAsync("/partner/v1/debug/signature", """{"a":1}""").Gives(OK);
        Assert.Multiple(() =>
        {
            Assert.That(answer["data.signatureOk"].GetBoolean(), Is.False);
            Assert.That(answer.String("data.reason"), Is.EqualTo("bad_signature"));
            Assert.That(answer.String("data.stringToSign"), Does.StartWith($"HL1-HMAC-SHA256\n{wrong.Id}\n").And.Contain("\nPOST\n/partner/v1/debug/signature\n\n").And.EndWith(answer.String("data.bodyHash")));
            Assert.That(answer.Text, Does.Not.Contain(Secret));
        });
        using var real = await RawAsync(r => Put(r, Hl1.SignatureHeader, "00"), p => p with { Sandbox = false });
        (await real.PostAsync("/partner/v1/debug/signature", "{}")).Refuses(Forbidden, "sandbox_only");
    }

    [Test]
    public async Task Address_ThatIsNotThere_IsToldInThePartnersShape()
    {
        using var anybody = _api.Anonymous();
        Assert.That((await anybody.GetAsync("/partner/v1/nothing")).Refuses(NotFound, "route_not_found")["code"].GetInt32(), Is.EqualTo(40402));
        Assert.That((await anybody.DeleteAsync(Ping)).Refuses(MethodNotAllowed, "method_not_allowed")["code"].GetInt32(), Is.EqualTo(40501));
    }

    [Test]
    public async Task Tls_WhereItIsDemanded_IsAskedForBeforeAnything()
    {
        await using var strict = await TestApi.StartAsync(engine, ["Hotline:RequireTls=true"]);
        using var anybody = strict.Anonymous();
        (await anybody.GetAsync(Ping)).Refuses(Forbidden, "tls_required");
    }

    [Test]
    public void Codes_BelongToReasons_AndTellTheStatus() => Assert.Multiple(() =>
    {
        Assert.That(PartnerCodes.Table.Values, Is.Unique);
        foreach (var (reason, code) in PartnerCodes.Table)
            Assert.That(ProblemCatalogue.All.Select(r => r.Code), Does.Contain(reason), $"{code}");
    });

    private async Task<ApiClient> RawAsync(
        Action<HttpRequestMessage> break_, Func<HotlinePartner, HotlinePartner>? change = null, bool signAfter = false, string algorithm = Hl1.Sha256, bool milliseconds = false)
    {
        using var partner = await _api.NewPartnerAsync(p => (change?.Invoke(p) ?? p) with { Secrets = new PartnerSecrets(Secret, null, null) });
        return Raw(partner.Id, break_, signAfter, algorithm, milliseconds);
    }

    /// <summary>Signs step by step, to be able to do it wrong.</summary>
    /// <param name="signAfter">The change belongs to what is signed; otherwise it is done to what was signed.</param>
    private ApiClient Raw(string appId, Action<HttpRequestMessage> change, bool signAfter = false, string algorithm = Hl1.Sha256, bool milliseconds = false) => new(_api.Address, null, appId)
    {
        Sign = (request, target, body) =>
        {
            var now = _api.Time.GetUtcNow();
            Put(request, Hl1.AppIdHeader, appId);
            Put(request, Hl1.TimestampHeader, $"{(milliseconds ? now.ToUnixTimeMilliseconds() : now.ToUnixTimeSeconds())}");
            Put(request, Hl1.NonceHeader, Guid.CreateVersion7().ToString("N"));
            Put(request, Hl1.AlgorithmHeader, algorithm);
            if (signAfter) change(request);
            string Read(string name) => request.Headers.GetValues(name).Single();
            Put(request, Hl1.SignatureHeader, Hl1.Sign(algorithm, Secret, Hl1.StringToSign(
                algorithm, appId, Read(Hl1.TimestampHeader), Read(Hl1.NonceHeader), request.Method.Method, target, Hl1.BodyHash(algorithm, body))));
            if (!signAfter) change(request);
        },
    };

    private static void Put(HttpRequestMessage request, string name, string value)
    {
        request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(name, value);
    }
}

/// <summary>What vendors read is what the program says.</summary>
public sealed class HotlineManualTests
{
    [Test]
    public void Manual_ListsEveryCode_AndEveryRoute()
    {
        var path = Path.Combine(RepositoryFiles.Root, "docs/hotline.md");
        var text = File.ReadAllText(path);
        const string Begin = "<!-- codes: a test compares -->\n", End = "\n<!-- /codes -->";
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        var table = new StringBuilder("| code | reason | 说明 |\n|---|---|---|");
        foreach (var (reason, code) in PartnerCodes.Table.OrderBy(c => c.Value)) table.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n| {code} | `{reason}` | {ProblemCatalogue.All.First(r => r.Code == reason).Title} |");
        CommittedFile.IsUpToDate("docs/hotline.md", text[..from] + table + text[to..], $"{CommittedFile.UpdateVariable}=1 dotnet test --filter HotlineManual");
    }
}
