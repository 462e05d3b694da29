using MicroPlatform.Api.Tests.Hosting;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Meta;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class MetaTests(Engine engine)
{
    private TestApi _api = null!;

    [OneTimeSetUp]
    public async Task Start() => _api = await TestApi.StartAsync(engine,
        ["Client:MinVersion=1.4.0", "Meta:Features:videoCalls=false", "Notifications:Templates:0:Id=t1", "Notifications:Templates:0:Kinds:0=ConsultationAnswered", "Notifications:Templates:0:Fields:thing1=title"]);

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task Meta_IsPublicCacheableAndWhole()
    {
        using var anybody = _api.Anonymous();
        var meta = await anybody.GetAsync("/v1/meta").Gives(OK);
        Assert.Multiple(() =>
        {
            Assert.That(meta["categories"].EnumerateArray().First(c => c.GetProperty("value").GetString() == "02").GetProperty("children").GetArrayLength(), Is.GreaterThan(5));
            Assert.That(meta["regions"][0].GetProperty("children")[0].GetProperty("name").GetString(), Is.EqualTo("东河镇"));
            Assert.That(meta["limits"].GetProperty("questionText").GetInt32(), Is.EqualTo(5000));
            Assert.That(meta.String("minClientVersion"), Is.EqualTo("1.4.0"));
            Assert.That(meta.String("hotlineNumber"), Is.EqualTo("12348"));
            Assert.That(meta["privacyVersion"].GetInt32(), Is.GreaterThan(0));
            Assert.That(meta["subscribeTemplates"][0].GetProperty("id").GetString(), Is.EqualTo("t1"));
            Assert.That(meta["features"].GetProperty("videoCalls").GetBoolean(), Is.False);
            Assert.That(meta.Headers.CacheControl!.Public, Is.True);
        });
        await anybody.GetAsync("/v1/meta", ("If-None-Match", meta.Headers.ETag!.Tag)).Gives(NotModified);
    }

    [Test]
    public async Task Time_IsTheServers()
    {
        using var anybody = _api.Anonymous();
        var time = await anybody.GetAsync("/v1/time").Gives(OK);
        Assert.That(DateTimeOffset.FromUnixTimeMilliseconds(time["unixMilliseconds"].GetInt64()), Is.EqualTo(_api.Time.GetUtcNow()).Within(TimeSpan.FromSeconds(5)));
        Assert.That(time.Headers.Date, Is.Not.Null);
        Assert.That(time.String("serverTime"), Does.EndWith("+08:00"));
    }

    [TestCase("mp/1.3.9 (ios 17.5; wx 8.0.54; lib 3.8.12)", false)]
    [TestCase("mp/1.4.0 (ios 17.5; wx 8.0.54; lib 3.8.12)", true)]
    [TestCase("mp/1.10.0", true)]
    [TestCase("console/0.1", true)]
    [TestCase("some nonsense /// ((", true)]
    public async Task Client_OlderThanServed_IsTold(string client, bool served)
    {
        using var citizen = await _api.NewCitizenAsync();
        var answer = await citizen.GetAsync("/v1/matters", ("X-Client", client));
        if (served) answer.Gives(OK);
        else answer.Refuses(UpgradeRequired, "client_too_old");
        await citizen.GetAsync("/v1/meta", ("X-Client", client)).Gives(OK);
    }
}
