using System.IO.Compression;
using System.Net;
using MicroPlatform.Api.Http.Limits;
using MicroPlatform.Api.Tests.Consultations;
using MicroPlatform.Api.Tests.Hosting;
using Microsoft.AspNetCore.Http;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Http;

/// <summary>What holds for every request, whatever it asks.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class EdgeTests(Engine engine)
{
    [Test]
    public async Task User_AskingTooMuch_IsToldWhenToComeBack()
    {
        await using var api = await TestApi.StartAsync(engine, ["RateLimits:Enabled=true", "RateLimits:PerUser:Burst=5", "RateLimits:PerUser:PerMinute=60"]);
        using var busy = await api.NewCitizenAsync();
        using var other = await api.NewCitizenAsync();
        var answers = new List<Answer>();
        for (var n = 0; n < 12; n++) answers.Add(await busy.GetAsync("/v1/matters"));
        var refused = answers.First(a => a.Status == TooManyRequests).Refuses(TooManyRequests, "rate_limited");
        Assert.That(refused.Headers.RetryAfter!.Delta, Is.GreaterThan(TimeSpan.Zero).And.LessThan(TimeSpan.FromMinutes(1)));
        await other.GetAsync("/v1/matters").Gives(OK);
        await Task.Delay(refused.Headers.RetryAfter.Delta!.Value + TimeSpan.FromSeconds(1));
        await busy.GetAsync("/v1/matters").Gives(OK);
    }

    [Test]
    public async Task Address_SigningInTooOften_IsRefusedThereOnly()
    {
        await using var api = await TestApi.StartAsync(engine, ["RateLimits:Enabled=true", "RateLimits:SignIn:Burst=3", "RateLimits:SignIn:PerMinute=60"]);
        using var anybody = api.Anonymous();
        var statuses = new List<HttpStatusCode>();
        for (var n = 0; n < 6; n++) statuses.Add((await anybody.PostAsync("/v1/auth/nothing-here", new { })).Status);
        Assert.That(statuses, Does.Contain(TooManyRequests));
        await anybody.GetAsync("/v1/time").Gives(OK);
    }

    [Test]
    public async Task ForwardedFor_IsBelievedOnlyFromConfiguredProxies()
    {
        string[] limits = ["RateLimits:Enabled=true", "RateLimits:PerAddress:Burst=3", "RateLimits:PerAddress:PerMinute=60"];
        await using var behindProxy = await TestApi.StartAsync(engine, [.. limits, "Deployment:TrustedProxies:0=127.0.0.0/8"]);
        await using var open = await TestApi.StartAsync(engine, limits);
        async Task<int> ServedAsync(TestApi api)
        {
            using var anybody = api.Anonymous();
            var served = 0;
            for (var n = 0; n < 10; n++) served += (await anybody.GetAsync("/v1/time", ("X-Forwarded-For", $"203.0.113.{n}"))).Status == OK ? 1 : 0;
            return served;
        }
        Assert.That(await ServedAsync(behindProxy), Is.EqualTo(10), "ten clients behind one proxy");
        Assert.That(await ServedAsync(open), Is.LessThan(8), "one client who writes the header");
    }

    [Test]
    public async Task Answers_CarryTheirHeaders()
    {
        await using var api = await TestApi.StartAsync(engine);
        using var anybody = api.Anonymous();
        foreach (var path in new[] { "/v1/time", "/v1/matters", "/nowhere", "/", "/swagger", "/openapi.yaml" })
        {
            var answer = await anybody.GetAsync(path);
            Assert.Multiple(() =>
            {
                Assert.That(answer.Headers.GetValues("X-Content-Type-Options").Single(), Is.EqualTo("nosniff"), path);
                Assert.That(answer.Headers.GetValues("Content-Security-Policy").Single(), Does.Contain("default-src 'none'").And.Contain("frame-ancestors 'none'"), path);
                Assert.That(answer.Headers.GetValues("Referrer-Policy").Single(), Is.EqualTo("no-referrer"), path);
                Assert.That(answer.Headers.Date, Is.Not.Null, path);
                Assert.That(answer.Headers.Contains("Server"), Is.False, path);
                Assert.That(answer.Headers.Contains("Access-Control-Allow-Origin"), Is.False, path);
            });
        }
        await anybody.GetAsync("/v1/time/").Gives(OK); // No redirect (R18): both are the same.
    }

    [Test]
    public async Task Cors_OnlyForConfiguredOrigins()
    {
        await using var api = await TestApi.StartAsync(engine, ["Cors:Origins:0=https://admin.example.gov.cn"]);
        using var anybody = api.Anonymous();
        var mine = await anybody.GetAsync("/v1/time", ("Origin", "https://admin.example.gov.cn"));
        var theirs = await anybody.GetAsync("/v1/time", ("Origin", "https://evil.example"));
        Assert.That(mine.Headers.GetValues("Access-Control-Allow-Origin").Single(), Is.EqualTo("https://admin.example.gov.cn"));
        Assert.That(theirs.Headers.Contains("Access-Control-Allow-Origin"), Is.False);
        var preflight = await anybody.SendAsync(HttpMethod.Options, "/v1/matters", null,
            ("Origin", "https://admin.example.gov.cn"), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization,idempotency-key"));
        preflight.Gives(NoContent);
    }

    [TestCase("br")]
    [TestCase("gzip")]
    public async Task Answers_AreCompressed_ProblemsToo(string encoding)
    {
        await using var api = await TestApi.StartAsync(engine);
        using var http = new HttpClient { BaseAddress = api.Address };
        foreach (var path in new[] { "/v1/meta", "/nowhere" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("Accept-Encoding", encoding);
            using var response = await http.SendAsync(request);
            Assert.That(response.Content.Headers.ContentEncoding, Is.EqualTo(new[] { encoding }), path);
            await using var body = await response.Content.ReadAsStreamAsync();
            await using Stream plain = encoding == "br" ? new BrotliStream(body, CompressionMode.Decompress) : new GZipStream(body, CompressionMode.Decompress);
            using var reader = new StreamReader(plain);
            Assert.That(await reader.ReadToEndAsync(), Does.StartWith("{\""), path);
        }
    }

    [Test]
    public async Task WeChatHeaders_AreTakenOffUnlessTheCloudWritesThem()
    {
        foreach (var (cloud, expected) in new[] { ("false", ""), ("true", "o-forged") })
        {
            var seen = "";
            await using var api = await TestApi.StartAsync(engine, [$"Deployment:CloudRun={cloud}"], services => services.AddSingletonFilter(http => seen = http.Request.Headers["X-WX-OPENID"].ToString()));
            using var anybody = api.Anonymous();
            await anybody.GetAsync("/v1/time", ("X-WX-OPENID", "o-forged")).Gives(OK);
            Assert.That(seen, Is.EqualTo(expected), $"CloudRun={cloud}");
        }
    }

    [Test]
    public async Task Request_OverItsTime_IsAnsweredAndLongPollsAreNot()
    {
        await using var api = await TestApi.StartAsync(engine, ["Http:RequestLimit=00:00:01"]);
        using var citizen = await api.NewCitizenAsync();
        var id = (await citizen.PostAsync("/v1/consultations", ConsultationTests.Question())).Gives(Created).String("id");
        var poll = await citizen.GetAsync($"/v1/consultations/{id}/messages?after=1&waitSeconds=3").Gives(OK);
        Assert.That(poll["items"].GetArrayLength(), Is.Zero);

        await using var slow = await TestApi.StartAsync(engine, ["Http:RequestLimit=00:00:00.300"], services => services.AddSingletonFilter(async http => await Task.Delay(5000, http.RequestAborted), late: true));
        using var anybody = slow.Anonymous();
        var refused = await anybody.GetAsync("/v1/time").Refuses(ServiceUnavailable, "service_unavailable");
        Assert.That(refused.Headers.RetryAfter, Is.Not.Null);
    }

    [Test]
    public async Task Production_SaysHstsOnTlsOnly()
    {
        await Task.CompletedTask;
        var http = new DefaultHttpContext();
        Edge.Protect(http, strict: true);
        Assert.That(http.Response.Headers.StrictTransportSecurity.ToString(), Is.Empty);
        http.Request.Scheme = "https";
        Edge.Protect(http, strict: true);
        Assert.That(http.Response.Headers.StrictTransportSecurity.ToString(), Is.EqualTo("max-age=31536000"));
    }
}
