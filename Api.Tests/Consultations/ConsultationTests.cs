using System.Net;
using MicroPlatform.Api.Tests.Hosting;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Consultations;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ConsultationTests(Engine engine)
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
    public async Task Ask_WithCategoryRegionAndText_OpensMatterWithNumber()
    {
        using var citizen = await _api.NewCitizenAsync();
        var asked = await citizen.PostAsync("/v1/consultations", Question()).Gives(Created);

        Assert.Multiple(() =>
        {
            Assert.That(asked.String("state"), Is.EqualTo("submitted"));
            Assert.That(asked.String("stateText"), Is.EqualTo("待受理"));
            Assert.That(asked.String("matter.numberText"), Does.Match(@"^\d{4}-\d{4}-\d{4}$"));
            Assert.That(asked.String("matter.unitName"), Is.EqualTo("东河镇公共法律服务工作站"));
            Assert.That(asked.String("answerDueAt"), Does.EndWith("+08:00"));
        });
        var thread = await citizen.GetAsync($"/v1/consultations/{asked.String("id")}/messages").Gives(OK);
        Assert.That(thread["items"][0].GetProperty("text").GetString(), Does.StartWith("我在一家食品厂"));
        var mine = await citizen.GetAsync("/v1/matters").Gives(OK);
        Assert.That(mine["items"].GetArrayLength(), Is.EqualTo(1));
    }

    [Test]
    public async Task Ask_FiftyTimesAtOnceWithOneKey_MakesOne()
    {
        using var citizen = await _api.NewCitizenAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => citizen.PostAsync("/v1/consultations", Question(), key: "same-key")));

        Assert.Multiple(() =>
        {
            Assert.That(answers.Select(a => a.Status), Is.All.EqualTo(Created), answers[0].Text);
            Assert.That(answers.Select(a => a.Text).Distinct().Count(), Is.EqualTo(1));
            Assert.That(answers.Count(a => a.Headers.Contains("Idempotency-Replayed")), Is.EqualTo(49));
        });
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM matters WHERE citizen_id = @Id", new { citizen.Id }), Is.EqualTo(1));
    }

    [Test]
    public async Task Ask_SameKeyOtherBody_IsRefused()
    {
        using var citizen = await _api.NewCitizenAsync();
        await citizen.PostAsync("/v1/consultations", Question(), key: "k1").Gives(Created);
        await citizen.PostAsync("/v1/consultations", Question("另一个问题，和刚才不同"), key: "k1").Refuses(UnprocessableEntity, "idempotency_key_reused");
    }

    [TestCase("", "validation_failed")]
    [TestCase(" \u200B\n\t ", "validation_failed")]
    [TestCase("有\0字符", "text_has_bad_characters")]
    public async Task Ask_WithUnusableText_IsRefused(string text, string code)
    {
        using var citizen = await _api.NewCitizenAsync();
        var refused = (await citizen.PostAsync("/v1/consultations", Question(text))).Refuses(BadRequest, code);
        Assert.That(refused["errors"].TryGetProperty("text", out _), Is.True, refused.Text);
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM matters WHERE citizen_id = @Id", new { citizen.Id }), Is.Zero);
    }

    [Test]
    public async Task Ask_WithLoneSurrogate_IsRefused()
    {
        using var citizen = await _api.NewCitizenAsync();
        await citizen.PostAsync("/v1/consultations", """{"categoryCode":"0201","regionCode":"341602101","text":"\ud800 坏字符"}""").Refuses(BadRequest, "json_malformed");
    }

    [TestCase(5000, Created)]
    [TestCase(5001, BadRequest)]
    public async Task Ask_AtTheLimit_CountsUtf16Units(int length, HttpStatusCode status)
    {
        using var citizen = await _api.NewCitizenAsync();
        await citizen.PostAsync("/v1/consultations", Question(new string('字', length))).Gives(status);
    }

    [Test]
    public async Task Ask_UnknownCategoryOrRegion_IsRefused()
    {
        using var citizen = await _api.NewCitizenAsync();
        await citizen.PostAsync("/v1/consultations", new { categoryCode = "无此类别", regionCode = "341602101", text = "问题问题" }).Refuses(BadRequest, "category_unknown");
        await citizen.PostAsync("/v1/consultations", new { categoryCode = "0201", regionCode = "000000", text = "问题问题" }).Refuses(BadRequest, "region_unknown");
    }

    [TestCase("'; DROP TABLE matters; --")]
    [TestCase("\" OR 1=1 #")]
    [TestCase("😀𠮷 emoji and rare 字 \\0 %_ `back` \\'")]
    public async Task Ask_WithSqlInTheText_KeepsItAsText(string text)
    {
        using var citizen = await _api.NewCitizenAsync();
        var asked = await citizen.PostAsync("/v1/consultations", Question(text)).Gives(Created);
        var thread = await citizen.GetAsync($"/v1/consultations/{asked.String("id")}/messages").Gives(OK);
        Assert.That(thread["items"][0].GetProperty("text").GetString(), Is.EqualTo(text));
    }

    [Test]
    public async Task Read_AnotherCitizens_IsNotFound()
    {
        using var citizen = await _api.NewCitizenAsync();
        using var other = await _api.NewCitizenAsync();
        var asked = await citizen.PostAsync("/v1/consultations", Question()).Gives(Created);
        var id = asked.String("id");

        await other.GetAsync($"/v1/consultations/{id}").Refuses(NotFound, "not_found");
        await other.GetAsync($"/v1/consultations/{id}/messages").Refuses(NotFound, "not_found");
        await other.PostAsync($"/v1/consultations/{id}/messages", new { text = "偷看" }).Refuses(NotFound, "not_found");
        await other.PostAsync($"/v1/consultations/{id}/withdrawal").Refuses(NotFound, "not_found");
        await other.GetAsync($"/v1/matters/{asked.String("matter.id")}").Refuses(NotFound, "not_found");
    }

    [Test]
    public async Task Post_SameClientMessageId_IsOneMessage()
    {
        using var citizen = await _api.NewCitizenAsync();
        var id = (await citizen.PostAsync("/v1/consultations", Question()).Gives(Created)).String("id");
        var first = await citizen.PostAsync($"/v1/consultations/{id}/messages", new { text = "补充一点", clientMessageId = "m1" }).Gives(Created);
        var second = await citizen.PostAsync($"/v1/consultations/{id}/messages", new { text = "补充一点", clientMessageId = "m1" }).Gives(Created);
        Assert.That(second.String("id"), Is.EqualTo(first.String("id")));
    }

    [Test]
    public async Task Post_ManyAtOnce_NumbersWithoutGapsOrDoubles()
    {
        using var citizen = await _api.NewCitizenAsync();
        var id = (await citizen.PostAsync("/v1/consultations", Question()).Gives(Created)).String("id");
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(n => PatientlyAsync(() => citizen.PostAsync($"/v1/consultations/{id}/messages", new { text = $"第{n}条" }))));
        Assert.That(answers.Select(a => a["seq"].GetInt32()).Order(), Is.EqualTo(Enumerable.Range(2, 16)));
    }

    [Test]
    public async Task Withdraw_BeforeAnyAnswer_Ends()
    {
        using var citizen = await _api.NewCitizenAsync();
        var id = (await citizen.PostAsync("/v1/consultations", Question()).Gives(Created)).String("id");
        var withdrawn = await citizen.PostAsync($"/v1/consultations/{id}/withdrawal").Gives(OK);
        Assert.That(withdrawn.String("matter.statusText"), Is.EqualTo("已撤回"));
        await citizen.PostAsync($"/v1/consultations/{id}/messages", new { text = "又想问" }).Refuses(Conflict, "consultation_over");
        await citizen.PostAsync($"/v1/matters/{withdrawn.String("matter.id")}/rating", new { score = 5 }).Refuses(Conflict, "not_ratable");
    }

    [Test]
    public async Task Read_WithLongPoll_ReturnsWhenAMessageComes()
    {
        using var citizen = await _api.NewCitizenAsync();
        var id = (await citizen.PostAsync("/v1/consultations", Question()).Gives(Created)).String("id");
        var waiting = citizen.GetAsync($"/v1/consultations/{id}/messages?after=1&waitSeconds=20");
        await Task.Delay(300);
        Assert.That(waiting.IsCompleted, Is.False);
        await citizen.PostAsync($"/v1/consultations/{id}/messages", new { text = "还有" }).Gives(Created);
        var news = await waiting.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.That(news["items"][0].GetProperty("text").GetString(), Is.EqualTo("还有"));
    }

    [Test]
    public async Task List_WithTamperedCursor_IsRefused()
    {
        using var citizen = await _api.NewCitizenAsync();
        for (var n = 0; n < 3; n++) await citizen.PostAsync("/v1/consultations", Question($"问题第{n}个，请解答")).Gives(Created);
        var page = await citizen.GetAsync("/v1/matters?limit=2").Gives(OK);
        var cursor = page.String("nextCursor");
        var next = await citizen.GetAsync($"/v1/matters?limit=2&cursor={cursor}").Gives(OK);
        Assert.That(next["items"].GetArrayLength(), Is.EqualTo(1));
        await citizen.GetAsync($"/v1/matters?cursor={cursor[..^2]}AA").Refuses(BadRequest, "cursor_invalid");
    }

    internal static object Question(string text = "我在一家食品厂干过活，一万八千六百元工资一直拖欠，怎么办？") =>
        new { categoryCode = "0201", regionCode = "341602101", text };

    /// <summary>As a well-behaved client: waits and repeats when told to.</summary>
    internal static async Task<Answer> PatientlyAsync(Func<Task<Answer>> send)
    {
        for (var attempt = 0; ; attempt++)
        {
            var answer = await send();
            if (answer.Status != ServiceUnavailable || attempt == 20) return answer;
            await Task.Delay(50);
        }
    }
}
