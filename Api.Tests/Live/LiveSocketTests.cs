using System.Net.WebSockets;
using MicroPlatform.Api.Live;
using MicroPlatform.Api.Tests.Consultations;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using Microsoft.Extensions.DependencyInjection;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Live;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class LiveSocketTests(Engine engine)
{
    private TestApi _api = null!;

    [OneTimeSetUp]
    public async Task Start() => _api = await TestApi.StartAsync(engine);

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task Subscribe_SendsWhatIsThereAndThenWhatComes()
    {
        using var citizen = await _api.NewCitizenAsync();
        var id = await AskAsync(citizen);
        using var socket = await Line.OpenAsync(_api, citizen);
        await socket.SayAsync(new { type = "subscribe", consultationId = id, after = 0 });
        var first = await socket.HearAsync("thread");
        Assert.That(first.GetProperty("thread").GetProperty("items")[0].GetProperty("seq").GetInt32(), Is.EqualTo(1));

        await citizen.PostAsync($"/v1/consultations/{id}/messages", new { text = "还有一点" }).Gives(Created);
        var news = await socket.HearAsync("thread", TimeSpan.FromSeconds(1));
        Assert.That(news.GetProperty("thread").GetProperty("items")[0].GetProperty("text").GetString(), Is.EqualTo("还有一点"));
        Assert.That(news.GetProperty("thread").GetProperty("lastSeq").GetInt32(), Is.EqualTo(2));
    }

    [Test]
    public async Task Reconnect_WithLastSeq_MissesNothingAndRepeatsNothing()
    {
        using var citizen = await _api.NewCitizenAsync();
        var id = await AskAsync(citizen);
        var seen = new List<int>();
        var after = 0;
        var writing = Task.Run(async () =>
        {
            for (var n = 0; n < 60; n++) await ConsultationTests.PatientlyAsync(() => citizen.PostAsync($"/v1/consultations/{id}/messages", new { text = $"第{n}条" }));
        });
        while (seen.Count < 61)
        {
            using var socket = await Line.OpenAsync(_api, citizen);
            await socket.SayAsync(new { type = "subscribe", consultationId = id, after });
            for (var frames = 0; frames < 3 && seen.Count < 61; frames++)
            {
                var thread = (await socket.HearAsync("thread", TimeSpan.FromSeconds(15))).GetProperty("thread");
                seen.AddRange(thread.GetProperty("items").EnumerateArray().Select(m => m.GetProperty("seq").GetInt32()));
                after = thread.GetProperty("lastSeq").GetInt32();
            }
        }
        await writing;
        Assert.That(seen, Is.EqualTo(Enumerable.Range(1, 61)));
    }

    [Test]
    public async Task Subscribe_ToAnothersThread_IsRefusedAsNotFound()
    {
        using var citizen = await _api.NewCitizenAsync();
        using var other = await _api.NewCitizenAsync();
        var id = await AskAsync(citizen);
        using var socket = await Line.OpenAsync(_api, other);
        foreach (var wanted in new[] { id, Operation.NoSuchId, "x", "'; --" })
        {
            await socket.SayAsync(new { type = "subscribe", consultationId = wanted, after = 0 });
            Assert.That((await socket.HearAsync("refused")).GetProperty("code").GetString(), Is.EqualTo("not_found"), wanted);
        }
    }

    [Test]
    public async Task Staff_HearOfTheirScopeOnly()
    {
        using var citizen = await _api.NewCitizenAsync();
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, Api.Hosting.DemoDistrict.TownA);
        using var elsewhere = await _api.NewStaffAsync(Role.Lawyer, Api.Hosting.DemoDistrict.TownB);
        using var administrator = await _api.NewStaffAsync(Role.Administrator, Api.Hosting.DemoDistrict.Bureau);
        using var inbox = await Line.OpenAsync(_api, lawyer);
        var id = await AskAsync(citizen);
        Assert.That((await inbox.HearAsync("changed", TimeSpan.FromSeconds(2))).GetProperty("topic").GetString(), Is.EqualTo("inbox"));
        await inbox.SayAsync(new { type = "subscribe", consultationId = id, after = 0 });
        await inbox.HearAsync("thread");
        foreach (var outsider in new[] { elsewhere, administrator })
        {
            using var socket = await Line.OpenAsync(_api, outsider);
            await socket.SayAsync(new { type = "subscribe", consultationId = id, after = 0 });
            Assert.That((await socket.HearAsync("refused")).GetProperty("code").GetString(), Is.EqualTo("not_found"));
        }
    }

    [Test]
    public async Task Citizen_IsToldWhatHasChanged()
    {
        using var citizen = await _api.NewCitizenAsync();
        using var socket = await Line.OpenAsync(_api, citizen);
        await AskAsync(citizen);
        Assert.That((await socket.HearAsync("changed", TimeSpan.FromSeconds(2))).GetProperty("topic").GetString(), Is.AnyOf("matters", "notifications"));
    }

    [Test]
    public async Task Citizen_NeverHearsNotes()
    {
        using var citizen = await _api.NewCitizenAsync();
        var id = await AskAsync(citizen);
        await _api.ExecuteAsync("""
            INSERT INTO messages (id, consultation_id, seq, kind, author_kind, author_id, text, client_message_id, at)
            VALUES (@note, @id, 2, 'Note', 'Staff', @note, '内部意见', NULL, @now)
            """, new { note = Operation.NoSuchId, id, now = _api.Time.GetUtcNow() });
        using var socket = await Line.OpenAsync(_api, citizen);
        await socket.SayAsync(new { type = "subscribe", consultationId = id, after = 0 });
        Assert.That((await socket.HearAsync("thread")).GetProperty("thread").GetProperty("items").GetArrayLength(), Is.EqualTo(1));
    }

    [TestCase("")]
    [TestCase("a.b.c")]
    public async Task Auth_WithABadToken_Closes4401(string token)
    {
        using var socket = await Line.ConnectAsync(_api);
        await socket.SayAsync(new { type = "auth", token });
        Assert.That(await socket.CloseCodeAsync(), Is.EqualTo(LiveCloses.Unauthenticated));
    }

    [Test]
    public async Task Auth_NotInTime_Closes4401()
    {
        await using var api = await TestApi.StartAsync(engine, ["Live:AuthWithin=00:00:00.500"]);
        using var silent = await Line.ConnectAsync(api);
        Assert.That(await silent.CloseCodeAsync(), Is.EqualTo(LiveCloses.Unauthenticated));
    }

    [Test]
    public async Task Subscribe_BeforeAuth_Closes4401()
    {
        using var socket = await Line.ConnectAsync(_api);
        await socket.SayAsync(new { type = "subscribe", consultationId = Operation.NoSuchId, after = 0 });
        Assert.That(await socket.CloseCodeAsync(), Is.EqualTo(LiveCloses.Unauthenticated));
    }

    [Test]
    public async Task Token_ThatRunsOut_Closes4401()
    {
        await using var api = await TestApi.StartAsync(engine);
        using var citizen = await api.NewCitizenAsync();
        using var socket = await Line.OpenAsync(api, citizen);
        api.Time.Advance(TimeSpan.FromMinutes(20));
        Assert.That(await socket.CloseCodeAsync(), Is.EqualTo(LiveCloses.Unauthenticated));
    }

    [TestCase("not json", LiveCloses.Malformed)]
    [TestCase("{\"type\":\"dance\"}", LiveCloses.Malformed)]
    [TestCase("null", LiveCloses.Malformed)]
    [TestCase("big", 1009)]
    [TestCase("binary", LiveCloses.Malformed)]
    public async Task Nonsense_Closes(string said, int code)
    {
        using var citizen = await _api.NewCitizenAsync();
        using var socket = await Line.OpenAsync(_api, citizen);
        if (said == "binary") await socket.SayRawAsync("{\"type\":\"ping\"}", WebSocketMessageType.Binary);
        else await socket.SayRawAsync(said == "big" ? $"{{\"type\":\"{new string('x', 5000)}\"}}" : said);
        Assert.That(await socket.CloseCodeAsync(), Is.EqualTo(code));
    }

    [Test]
    public async Task Ping_IsAnsweredAndAuthAgainExtends()
    {
        using var citizen = await _api.NewCitizenAsync();
        using var socket = await Line.OpenAsync(_api, citizen);
        await socket.SayAsync(new { type = "ping" });
        await socket.HearAsync("pong");
        await socket.SayAsync(new { type = "auth", token = citizen.Token });
        await socket.HearAsync("ready");
    }

    [Test]
    public async Task Sockets_OfOnePerson_AreBounded()
    {
        using var citizen = await _api.NewCitizenAsync();
        var lines = new List<Line>();
        for (var n = 0; n < 5; n++) lines.Add(await Line.OpenAsync(_api, citizen));
        using var sixth = await Line.ConnectAsync(_api);
        await sixth.SayAsync(new { type = "auth", token = citizen.Token });
        Assert.That(await sixth.CloseCodeAsync(), Is.EqualTo(LiveCloses.TooMany));
        foreach (var line in lines) line.Dispose();
    }

    [Test]
    public async Task Subscriptions_OfOneSocket_AreBounded()
    {
        using var citizen = await _api.NewCitizenAsync();
        using var socket = await Line.OpenAsync(_api, citizen);
        var ids = new List<string>();
        for (var n = 0; n < 20; n++) ids.Add(await AskAsync(citizen));
        foreach (var id in ids) await socket.SayAsync(new { type = "subscribe", consultationId = id, after = 1 });
        for (var n = 0; n < 20; n++) await socket.HearAsync("thread");
        await socket.SayAsync(new { type = "subscribe", consultationId = Operation.NoSuchId, after = 0 });
        Assert.That((await socket.HearAsync("refused")).GetProperty("code").GetString(), Is.EqualTo("validation_failed"));
    }

    [Test]
    public async Task Sockets_ThatLeave_LeaveNothingBehind()
    {
        await using var api = await TestApi.StartAsync(engine);
        var sockets = api.Services.GetRequiredService<LiveSockets>();
        using var citizen = await api.NewCitizenAsync();
        for (var n = 0; n < 10; n++)
        {
            using var line = await Line.OpenAsync(api, citizen);
            if (n % 2 == 0) await line.CloseAsync();
        }
        for (var wait = 0; wait < 100 && sockets.Count > 0; wait++) await Task.Delay(50);
        Assert.That(sockets.Count, Is.Zero);
    }

    internal static async Task<string> AskAsync(ApiClient citizen) => (await citizen.PostAsync("/v1/consultations", ConsultationTests.Question())).Gives(Created).String("id");
}
