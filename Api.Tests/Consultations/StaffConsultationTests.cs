using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;
using static MicroPlatform.Api.Tests.Consultations.ConsultationTests;

namespace MicroPlatform.Api.Tests.Consultations;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class StaffConsultationTests(Engine engine)
{
    internal const string GoodAnswer = "工资欠条可以直接作为证据向人民法院起诉，不必先申请劳动仲裁；请带欠条和身份证到东河镇工作站，我们帮您写起诉状并申请支付令。";

    private TestApi _api = null!;
    private ApiClient _citizen = null!;
    private ApiClient _lawyer = null!;

    [OneTimeSetUp]
    public async Task Start() => _api = await TestApi.StartAsync(engine);

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [SetUp]
    public async Task SetUp()
    {
        _citizen = await _api.NewCitizenAsync();
        _lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
    }

    [TearDown]
    public void TearDown()
    {
        _citizen.Dispose();
        _lawyer.Dispose();
    }

    [Test]
    public async Task Story_AskClaimAnswerAskOnAnswerCloseRate_WorksThrough()
    {
        var id = await AskAsync();
        var inbox = await _lawyer.GetAsync("/v1/staff/inbox?box=unit&limit=100").Gives(OK);
        Assert.That(Ids(inbox), Does.Contain(id));

        var claimed = await _lawyer.PostAsync($"/v1/staff/consultations/{id}/assignment").Gives(OK);
        Assert.That((claimed.String("state"), claimed["mine"].GetBoolean(), claimed.String("matter.statusText")), Is.EqualTo(("assigned", true, "办理中")));
        var answer = await _lawyer.PostAsync($"/v1/staff/consultations/{id}/answers", new { text = GoodAnswer, clientMessageId = "a1" }).Gives(Created);
        Assert.That(answer.String("authorName"), Does.StartWith("测试员"));

        var read = await _citizen.GetAsync($"/v1/consultations/{id}/messages?after=1").Gives(OK);
        Assert.That((read["items"][0].GetProperty("text").GetString(), read.String("stateText")), Is.EqualTo((GoodAnswer, "已答复")));
        Assert.That(Ids(await _lawyer.GetAsync("/v1/staff/inbox?box=mine").Gives(OK)), Is.Empty);
        Assert.That(Ids(await _lawyer.GetAsync("/v1/staff/inbox?box=mine&state=answered").Gives(OK)), Is.EqualTo(new[] { id }));

        await _citizen.PostAsync($"/v1/consultations/{id}/messages", new { text = "厂子已经换了老板，还能告吗？" }).Gives(Created);
        var mine = await _lawyer.GetAsync("/v1/staff/inbox?box=mine").Gives(OK);
        Assert.That(mine["items"][0].GetProperty("stateText").GetString(), Is.EqualTo("追问中"));
        await _lawyer.PostAsync($"/v1/staff/consultations/{id}/answers", new { text = "可以。公司换法定代表人不影响债务，仍以公司为被告；若已注销，可以起诉股东。" }).Gives(Created);

        await _citizen.PostAsync($"/v1/consultations/{id}/closure").Gives(OK);
        await _citizen.PostAsync($"/v1/matters/{claimed.String("matter.id")}/rating", new { score = 5, tags = new[] { "耐心" } }).Gives(Created);
        var timeline = await _lawyer.GetAsync($"/v1/staff/matters/{claimed.String("matter.id")}/timeline").Gives(OK);
        Assert.That(timeline["items"].EnumerateArray().Select(i => i.GetProperty("kind").GetString()),
            Is.EqualTo(new[] { "received", "assigned", "answered", "asked", "answered", "closed" }));
    }

    [Test]
    public async Task Claim_TwentyLawyersAtOnce_OneWins()
    {
        var id = await AskAsync();
        var lawyers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA)));
        var answers = await Task.WhenAll(lawyers.Select(l => PatientlyAsync(() => l.PostAsync($"/v1/staff/consultations/{id}/assignment"))));

        var winner = answers.Single(a => a.Status == OK);
        foreach (var loser in answers.Where(a => a != winner)) loser.Refuses(Conflict, "consultation_taken");
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM matter_timeline WHERE kind = 'assigned' AND matter_id = @id", new { id = winner.String("matter.id") }), Is.EqualTo(1));
    }

    [Test]
    public async Task Claim_Again_IsTheSame()
    {
        var id = await ClaimedAsync();
        await _lawyer.PostAsync($"/v1/staff/consultations/{id}/assignment", new { handlerId = _lawyer.Id }).Gives(OK);
    }

    [Test]
    public async Task Assign_ByClerk_GivesToColleagueAndFromOneToAnother()
    {
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        using var other = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        using var elsewhere = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownB);
        var id = await AskAsync();
        Assert.That((await clerk.PostAsync($"/v1/staff/consultations/{id}/assignment", new { handlerId = _lawyer.Id }).Gives(OK)).String("handlerId"), Is.EqualTo(_lawyer.Id));
        Assert.That((await clerk.PostAsync($"/v1/staff/consultations/{id}/assignment", new { handlerId = other.Id }).Gives(OK)).String("handlerId"), Is.EqualTo(other.Id));

        await clerk.PostAsync($"/v1/staff/consultations/{id}/assignment", new { handlerId = elsewhere.Id }).Refuses(UnprocessableEntity, "handler_unsuitable");
        await other.PostAsync($"/v1/staff/consultations/{id}/assignment", new { handlerId = _lawyer.Id }).Refuses(Forbidden, "forbidden");
        await clerk.PostAsync($"/v1/staff/consultations/{id}/assignment", new { handlerId = "' OR 1=1" }).Refuses(UnprocessableEntity, "handler_unsuitable");
    }

    [Test]
    public async Task Release_ByHandler_PutsItBackWhereTheWaitingBegan()
    {
        var id = await ClaimedAsync();
        var before = await _lawyer.GetAsync($"/v1/staff/consultations/{id}").Gives(OK);
        var released = await _lawyer.DeleteAsync($"/v1/staff/consultations/{id}/assignment").Gives(OK);
        Assert.That((released.String("state"), released.String("waitingSince")), Is.EqualTo(("submitted", before.String("waitingSince"))));
        await _lawyer.DeleteAsync($"/v1/staff/consultations/{id}/assignment").Refuses(Forbidden, "not_responsible");
    }

    [Test]
    public async Task Answer_ByAnotherThanTheHandler_IsForbidden()
    {
        var id = await ClaimedAsync();
        using var other = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        await other.PostAsync($"/v1/staff/consultations/{id}/answers", new { text = GoodAnswer }).Refuses(Forbidden, "not_responsible");
        await other.PostAsync($"/v1/staff/consultations/{id}/rejection", new { reason = "不属于本单位" }).Refuses(Forbidden, "not_responsible");
    }

    [TestCase("我在一家食品厂干过活，一万八千六百元工资一直拖欠，怎么办？", "answer_repeats_question")]
    [TestCase("您好！关于您咨询的问题“我在一家食品厂干过活，一万八千六百元工资一直拖欠，怎么办？”现答复如下：请耐心等待。", "answer_repeats_question")]
    [TestCase("您好，您的问题已收到，我们会尽快处理，请耐心等待，感谢您对我们工作的支持！", "answer_boilerplate")]
    [TestCase("具体情况具体分析，建议咨询专业律师。祝您生活愉快！", "answer_boilerplate")]
    [TestCase("好的", "answer_boilerplate")]
    public async Task Answer_ThatIsNone_IsRefusedAndNothingIsWritten(string text, string code)
    {
        var id = await ClaimedAsync();
        await _lawyer.PostAsync($"/v1/staff/consultations/{id}/answers", new { text }).Refuses(UnprocessableEntity, code);
        Assert.That((await _citizen.GetAsync($"/v1/consultations/{id}").Gives(OK)).String("state"), Is.EqualTo("assigned"));
        await _lawyer.PostAsync($"/v1/staff/consultations/{id}/answers", new { text = GoodAnswer }).Gives(Created);
    }

    [Test]
    public async Task Answer_SameClientMessageId_IsOneAnswer()
    {
        var id = await ClaimedAsync();
        var first = await _lawyer.PostAsync($"/v1/staff/consultations/{id}/answers", new { text = GoodAnswer, clientMessageId = "x" }).Gives(Created);
        var second = await _lawyer.PostAsync($"/v1/staff/consultations/{id}/answers", new { text = GoodAnswer, clientMessageId = "x" }).Gives(Created);
        Assert.That(second.String("id"), Is.EqualTo(first.String("id")));
    }

    [Test]
    public async Task Answer_RacingWithTheCitizensClosing_IsEitherReadOrRefused()
    {
        for (var round = 0; round < 8; round++)
        {
            var id = await ClaimedAsync();
            await _lawyer.PostAsync($"/v1/staff/consultations/{id}/answers", new { text = GoodAnswer }).Gives(Created);
            var closing = PatientlyAsync(() => _citizen.PostAsync($"/v1/consultations/{id}/closure"));
            var answering = PatientlyAsync(() => _lawyer.PostAsync($"/v1/staff/consultations/{id}/answers", new { text = GoodAnswer + "另外请尽快。" }));
            (await closing).Gives(OK);
            var answered = await answering;
            if (answered.Status != Created) answered.Refuses(Conflict, "consultation_over");
            var thread = await _citizen.GetAsync($"/v1/consultations/{id}/messages").Gives(OK);
            Assert.That((thread.String("state"), thread["items"].GetArrayLength()), Is.EqualTo(("closed", answered.Status == Created ? 3 : 2)));
        }
    }

    [Test]
    public async Task Note_LeavesNoGapInWhatTheCitizenCounts()
    {
        var id = await ClaimedAsync();
        await _lawyer.PostAsync($"/v1/staff/consultations/{id}/notes", new { text = "先核实欠条" }).Gives(Created);
        await _lawyer.PostAsync($"/v1/staff/consultations/{id}/notes", new { text = "再问工友" }).Gives(Created);
        var answer = await _lawyer.PostAsync($"/v1/staff/consultations/{id}/answers", new { text = "有欠条就可以直接起诉，请带身份证和欠条到镇工作站，我们帮您写起诉状。" }).Gives(Created);
        var asked = await _citizen.PostAsync($"/v1/consultations/{id}/messages", new { text = "要交多少钱？", clientMessageId = "m-3" }).Gives(Created);
        var again = await _citizen.PostAsync($"/v1/consultations/{id}/messages", new { text = "要交多少钱？", clientMessageId = "m-3" }).Gives(Created);

        async Task<string> SeqsAsync(ApiClient who, string path) =>
            string.Join(' ', (await who.GetAsync(path).Gives(OK))["items"].EnumerateArray().Select(m => m.GetProperty("seq").GetInt32()));
        var (citizens, offices) = ($"/v1/consultations/{id}/messages", $"/v1/staff/consultations/{id}/messages");
        Assert.Multiple(async () =>
        {
            Assert.That(answer["seq"].GetInt32(), Is.EqualTo(4));
            Assert.That(asked["seq"].GetInt32(), Is.EqualTo(3));
            Assert.That(again["seq"].GetInt32(), Is.EqualTo(3));
            Assert.That(await SeqsAsync(_citizen, citizens), Is.EqualTo("1 2 3"));
            Assert.That(await SeqsAsync(_citizen, $"{citizens}?after=1&limit=1"), Is.EqualTo("2"));
            Assert.That(await SeqsAsync(_citizen, $"{citizens}?before=3&limit=1"), Is.EqualTo("2"));
            Assert.That(await SeqsAsync(_lawyer, offices), Is.EqualTo("1 2 3 4 5"));
            Assert.That((await _citizen.GetAsync($"/v1/consultations/{id}").Gives(OK))["lastSeq"].GetInt32(), Is.EqualTo(3));
        });
    }

    [Test]
    public async Task Note_NeverReachesTheCitizen()
    {
        const string secret = "当事人情绪激动，疑似虚假陈述，内部研判用";
        var id = await ClaimedAsync();
        var note = await _lawyer.PostAsync($"/v1/staff/consultations/{id}/notes", new { text = secret }).Gives(Created);
        Assert.That(note.String("kind"), Is.EqualTo("note"));
        var matterId = (await _citizen.GetAsync($"/v1/consultations/{id}").Gives(OK)).String("matter.id");
        foreach (var path in new[]
        {
            $"/v1/consultations/{id}", $"/v1/consultations/{id}/messages", $"/v1/consultations/{id}/messages?after=0&limit=100", $"/v1/consultations/{id}/messages?before=99",
            $"/v1/consultations/{id}/messages?after=1&waitSeconds=1", "/v1/matters", $"/v1/matters/{matterId}", $"/v1/matters/{matterId}/timeline",
        })
        {
            var seen = await _citizen.GetAsync(path).Gives(OK);
            Assert.That(seen.Text, Does.Not.Contain("研判").And.Not.Contain("note").And.Not.Contain("备注"), path);
        }
        Assert.That((await _lawyer.GetAsync($"/v1/staff/consultations/{id}/messages").Gives(OK)).Text, Does.Contain(secret));
        await _citizen.GetAsync($"/v1/staff/consultations/{id}/messages").Refuses(Forbidden, "forbidden");
        await _lawyer.PostAsync($"/v1/staff/consultations/{id}/notes", new { text = " \n " }).Refuses(BadRequest, "validation_failed");
    }

    [Test]
    public async Task Reject_WithReason_TellsTheCitizen()
    {
        var id = await ClaimedAsync();
        await _lawyer.PostAsync($"/v1/staff/consultations/{id}/rejection", new { reason = "不" }).Refuses(BadRequest, "validation_failed");
        await _lawyer.PostAsync($"/v1/staff/consultations/{id}/rejection").Refuses(BadRequest, "validation_failed");
        var rejected = await _lawyer.PostAsync($"/v1/staff/consultations/{id}/rejection", new { reason = "属于外省仲裁机构管辖" }).Gives(OK);
        var timeline = await _citizen.GetAsync($"/v1/matters/{rejected.String("matter.id")}/timeline").Gives(OK);
        Assert.That(timeline.Text, Does.Contain("属于外省仲裁机构管辖"));
        await _lawyer.PostAsync($"/v1/staff/consultations/{id}/answers", new { text = GoodAnswer }).Refuses(Conflict, "consultation_over");
    }

    [Test]
    public async Task Merge_DuplicateOfTheSameCitizen_EndsOneAndKeepsTheOther()
    {
        var keep = await ClaimedAsync();
        var duplicate = await ClaimedAsync();
        using var stranger = await _api.NewCitizenAsync();
        var strangers = (await stranger.PostAsync("/v1/consultations", Question()).Gives(Created)).String("id");

        await _lawyer.PostAsync($"/v1/staff/consultations/{duplicate}/merger", new { intoConsultationId = strangers }).Refuses(UnprocessableEntity, "merge_not_possible");
        await _lawyer.PostAsync($"/v1/staff/consultations/{duplicate}/merger", new { intoConsultationId = duplicate }).Refuses(UnprocessableEntity, "merge_not_possible");
        await _lawyer.PostAsync($"/v1/staff/consultations/{duplicate}/merger", new { intoConsultationId = keep }).Gives(OK);

        Assert.That((await _citizen.GetAsync($"/v1/consultations/{duplicate}").Gives(OK)).String("matter.statusText"), Is.EqualTo("已并案"));
        await _lawyer.PostAsync($"/v1/staff/consultations/{keep}/answers", new { text = GoodAnswer }).Gives(Created);
        await _lawyer.PostAsync($"/v1/staff/consultations/{keep}/merger", new { intoConsultationId = duplicate }).Refuses(UnprocessableEntity, "merge_not_possible");
    }

    [Test]
    public async Task EveryRoute_FromAnotherTown_IsNotFound()
    {
        var id = await ClaimedAsync();
        using var other = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownB);
        var matterId = (await _citizen.GetAsync($"/v1/consultations/{id}").Gives(OK)).String("matter.id");
        await other.GetAsync($"/v1/staff/consultations/{id}").Refuses(NotFound, "not_found");
        await other.GetAsync($"/v1/staff/consultations/{id}/messages").Refuses(NotFound, "not_found");
        await other.GetAsync($"/v1/staff/matters/{matterId}/timeline").Refuses(NotFound, "not_found");
        await other.PostAsync($"/v1/staff/consultations/{id}/assignment").Refuses(NotFound, "not_found");
        await other.DeleteAsync($"/v1/staff/consultations/{id}/assignment").Refuses(NotFound, "not_found");
        await other.PostAsync($"/v1/staff/consultations/{id}/answers", new { text = GoodAnswer }).Refuses(NotFound, "not_found");
        await other.PostAsync($"/v1/staff/consultations/{id}/notes", new { text = "看看" }).Refuses(NotFound, "not_found");
        await other.PostAsync($"/v1/staff/consultations/{id}/rejection", new { reason = "不属于本单位" }).Refuses(NotFound, "not_found");
        await other.PostAsync($"/v1/staff/consultations/{id}/merger", new { intoConsultationId = id }).Refuses(NotFound, "not_found");
        Assert.That(Ids(await other.GetAsync("/v1/staff/inbox?box=all&limit=100").Gives(OK)), Does.Not.Contain(id));

        using var district = await _api.NewStaffAsync(Role.CentreHead, DemoDistrict.Bureau);
        await district.GetAsync($"/v1/staff/consultations/{id}").Gives(OK);
        using var administrator = await _api.NewStaffAsync(Role.Administrator, DemoDistrict.TownA);
        await administrator.GetAsync($"/v1/staff/consultations/{id}").Refuses(Forbidden, "forbidden");
    }

    private async Task<string> AskAsync() => (await _citizen.PostAsync("/v1/consultations", Question()).Gives(Created)).String("id");

    private async Task<string> ClaimedAsync()
    {
        var id = await AskAsync();
        await _lawyer.PostAsync($"/v1/staff/consultations/{id}/assignment").Gives(OK);
        return id;
    }

    internal static IEnumerable<string?> Ids(Answer page) => page["items"].EnumerateArray().Select(i => i.GetProperty("consultationId").GetString());
}
