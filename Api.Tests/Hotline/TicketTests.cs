using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Hotline;

/// <summary>Tickets from the hotline: idempotent by number, matters of the caller, states from events in any order, seen by their own partner only.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class TicketTests(Engine engine)
{
    private static int _number;
    private TestApi _api = null!;
    private ApiClient _partner = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine);
        _api.Time.At("2026-11-23T10:00+08:00"); // a Monday
        _partner = await _api.NewPartnerAsync();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _partner?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    internal static string NewNo() => $"T-{Interlocked.Increment(ref _number):000000}";

    internal static object Ticket(string phone = "13900000001", string? name = null, string content = "老板拖欠三个月工资不给", string urgency = "normal", string acceptedAt = "2026-11-23 09:50:00", long? version = null) =>
        new { source = "12348", categoryCode = "0201", content, callerPhone = phone, callerName = name, areaCode = "341602101", acceptedAt, urgency, version };

    [Test]
    public async Task Put_IsCreatedThenUnchangedThenUpdated_AndAnOlderVersionIsStale()
    {
        var no = NewNo();
        var made = await _partner.PutAsync($"/partner/v1/tickets/{no}", Ticket(version: 2)).Gives(OK);
        Assert.That(made.String("data.outcome"), Is.EqualTo("created"));
        Assert.That(made.String("data.status"), Is.EqualTo("dispatched"));
        Assert.That(made["data.version"].GetInt32(), Is.EqualTo(1));
        var again = await _partner.PutAsync($"/partner/v1/tickets/{no}", Ticket(version: 2)).Gives(OK);
        Assert.That(again.String("data.outcome"), Is.EqualTo("unchanged"));
        Assert.That(again.String("data.matterNumber"), Is.EqualTo(made.String("data.matterNumber")));
        Assert.That((await _partner.PutAsync($"/partner/v1/tickets/{no}", Ticket(content: "工资已付一半", version: 1))).Refuses(Conflict, "stale_update")["code"].GetInt32(), Is.EqualTo(40902));
        var newer = await _partner.PostAsync("/partner/v1/tickets", new { ticketNo = no, content = "工资已付一半", acceptedAt = "2026-11-23T09:50:00+08:00", version = 3 }).Gives(OK);
        Assert.That(newer.String("data.outcome"), Is.EqualTo("updated"));
        var seen = await _partner.GetAsync($"/partner/v1/tickets/{no}").Gives(OK);
        Assert.That(seen.String("data.ticket.content"), Is.EqualTo("工资已付一半"));
        Assert.That(seen["data.ticket.version"].GetInt32(), Is.EqualTo(2));
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM hotline_tickets WHERE ticket_no = @no", new { no }), Is.EqualTo(1));
    }

    [Test]
    public async Task Returned_AsTheHotlineTells_LiesAtTheCentre_AsWhenTheUnitSendsItBack()
    {
        var no = NewNo();
        await _partner.PutAsync($"/partner/v1/tickets/{no}", Ticket(phone: "13900000021")).Gives(OK);
        using var town = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        var id = (await town.GetAsync($"/v1/staff/hotline/tickets?appId={_partner.Id}&ticketNo={no}").Gives(OK)).String("id");
        await town.PostAsync($"/v1/staff/hotline/tickets/{id}/acceptance").Gives(OK);
        await _partner.PostAsync($"/partner/v1/tickets/{no}/events", new { eventId = "back-1", type = "returned", occurredAt = _api.Time.GetUtcNow().AddMinutes(5), remark = "不属本镇" }).Gives(OK);
        Assert.That(await _api.ScalarAsync<string>("SELECT organisation_id FROM matters WHERE id = (SELECT matter_id FROM hotline_tickets WHERE id = @id) AND handler_id IS NULL", new { id }), Is.EqualTo(DemoDistrict.AidCentre));
    }

    [Test]
    public async Task Put_TwentyTimesAtOnce_IsOneTicketAndOneMatter()
    {
        var no = NewNo();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _partner.PutAsync($"/partner/v1/tickets/{no}", Ticket(phone: "13900000002"))));
        Assert.That(answers.Select(a => a.Status), Is.All.EqualTo(OK), string.Join('\n', answers.Select(a => a.Text)));
        Assert.That(answers.Count(a => a.String("data.outcome") == "created"), Is.EqualTo(1));
        Assert.That(answers.Select(a => a.String("data.matterNumber")).Distinct().Count(), Is.EqualTo(1));
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM hotline_tickets WHERE ticket_no = @no", new { no }), Is.EqualTo(1));
    }

    [Test]
    public async Task Fields_ThatAreUnknown_AreKept_AndCodesThatMeanNothing_AreWarnedOf()
    {
        var no = NewNo();
        var made = await _partner.PutAsync($"/partner/v1/tickets/{no}", new
        {
            content = "想咨询", acceptedAt = "2026-11-23 09:00:00", categoryCode = "X-77", areaCode = "999999", departmentCode = "无此单位", callerName = "匿名(代)", queueName = "夜间队列", ext = new { a = 1 },
        }).Gives(OK);
        Assert.That(made["data.warnings"].GetArrayLength(), Is.EqualTo(3), made.Text);
        var seen = await _partner.GetAsync($"/partner/v1/tickets/{no}").Gives(OK);
        Assert.That(seen.String("data.ticket.ext.queueName"), Is.EqualTo("夜间队列"));
        Assert.That(seen["data.ticket.ext.a"].GetInt32(), Is.EqualTo(1));
        Assert.That(seen.String("data.ticket.ext.callerNameAsGiven"), Is.EqualTo("匿名(代)"));
        Assert.That(seen.String("data.ticket.unitName"), Is.EqualTo("示范区法律援助中心"), "the centre sorts it");
    }

    [TestCase("""{"acceptedAt":"2026-11-23 09:00:00"}""", "content")]
    [TestCase("""{"content":"有内容"}""", "acceptedAt")]
    [TestCase("""{"content":"有内容","acceptedAt":"昨天"}""", "acceptedAt")]
    [TestCase("""{"content":"有内容","acceptedAt":"2026-11-23T09:00:00"}""", "acceptedAt")]
    [TestCase("""{"content":"有内容","acceptedAt":"2027-11-23 09:00:00"}""", "acceptedAt")]
    [TestCase("""{"content":"有内容","acceptedAt":"2026-11-23 09:00:00","urgency":"very"}""", "urgency")]
    [TestCase("""{"content":"有内容","acceptedAt":"2026-11-23 09:00:00","idNumber":"12345"}""", "idNumber")]
    public async Task Put_OfWhatIsNotWellFormed_NamesTheField(string body, string field)
    {
        var answer = (await _partner.PutAsync($"/partner/v1/tickets/{NewNo()}", body)).Refuses(BadRequest, "validation_failed");
        Assert.That(answer["errors"].TryGetProperty(field, out _), Is.True, answer.Text);
        Assert.That(answer["code"].GetInt32(), Is.EqualTo(40001));
    }

    [Test]
    public async Task Caller_FindsTheTicketUnderMyMatters_AfterBindingThePhone()
    {
        var no = NewNo();
        var made = await _partner.PutAsync($"/partner/v1/tickets/{no}", Ticket(phone: "+86 139-0000-0003")).Gives(OK);
        using var citizen = await _api.NewCitizenAsync();
        Assert.That((await citizen.GetAsync("/v1/matters").Gives(OK))["items"].GetArrayLength(), Is.Zero);
        await citizen.PostAsync("/v1/me/phone", new { code = "test-phone:13900000003" }).Gives(OK);
        var mine = (await citizen.GetAsync("/v1/matters").Gives(OK))["items"][0];
        Assert.That(mine.GetProperty("number").GetString(), Is.EqualTo(made.String("data.matterNumber")));
        Assert.That(mine.GetProperty("kind").GetString(), Is.EqualTo("hotlineTicket"));
        Assert.That(mine.GetProperty("channelText").GetString(), Is.EqualTo("12348热线"));

        // And the next call goes to the account at once.
        await _partner.PutAsync($"/partner/v1/tickets/{NewNo()}", Ticket(phone: "13900000003", content: "还想问社保")).Gives(OK);
        Assert.That((await citizen.GetAsync("/v1/matters").Gives(OK))["items"].GetArrayLength(), Is.EqualTo(2));
    }

    [Test]
    public async Task Caller_OfAnotherNameOrALandline_IsNobodysAccount()
    {
        await _partner.PutAsync($"/partner/v1/tickets/{NewNo()}", Ticket(phone: "13900000004", name: "李来运")).Gives(OK);
        await _partner.PutAsync($"/partner/v1/tickets/{NewNo()}", Ticket(phone: "13900000004", name: "王小花")).Gives(OK);
        await _partner.PutAsync($"/partner/v1/tickets/{NewNo()}", Ticket(phone: "0558-5550001")).Gives(OK);
        using var citizen = await _api.NewCitizenAsync();
        await citizen.PostAsync("/v1/me/phone", new { code = "test-phone:13900000004" }).Gives(OK);
        Assert.That((await citizen.GetAsync("/v1/matters").Gives(OK))["items"].GetArrayLength(), Is.EqualTo(1), "what another of the family has asked is theirs");
    }

    [Test]
    public async Task Events_InAnyOrder_LeadToTheSameState_AndWhatCannotHaveHappened_IsRefusedWithWhatCould()
    {
        var no = NewNo();
        await _partner.PutAsync($"/partner/v1/tickets/{no}", Ticket()).Gives(OK);
        Task<Answer> Tell(string id, string type, string at) => _partner.PostAsync($"/partner/v1/tickets/{no}/events", new { eventId = id, type, occurredAt = $"2026-11-23 {at}:00" });
        Assert.That((await Tell("e3", "resolved", "09:58")).Gives(OK).String("data.status"), Is.EqualTo("resolved"), "the steps before may be under way");
        Assert.That((await Tell("e1", "accepted", "09:52")).Gives(OK).String("data.status"), Is.EqualTo("resolved"));
        Assert.That((await Tell("e2", "suspended", "09:54")).Gives(OK).String("data.status"), Is.EqualTo("resolved"));
        Assert.That((await Tell("e1", "accepted", "09:52")).Gives(OK).String("data.outcome"), Is.EqualTo("unchanged"));
        (await Tell("e1", "closed", "09:59")).Refuses(Conflict, "event_id_reused");
        (await Tell("e4", "closed", "09:59")).Gives(OK);
        var refused = (await Tell("e5", "accepted", "10:00")).Refuses(Conflict, "illegal_transition");
        Assert.That(refused["allowed"].EnumerateArray().Select(a => a.GetString()), Is.EqualTo(["reopened"]));
        Assert.That((await Tell("e6", "reopened", "10:01")).Gives(OK).String("data.status"), Is.EqualTo("processing"));
        var seen = await _partner.GetAsync($"/partner/v1/tickets/{no}").Gives(OK);
        Assert.That(seen["data.events"].EnumerateArray().Select(e => e.GetProperty("type").GetString()), Is.EqualTo(["dispatched", "accepted", "suspended", "resolved", "closed", "reopened"]));
        (await _partner.PostAsync($"/partner/v1/tickets/{NewNo()}/events", new { eventId = "x", type = "urged", occurredAt = "2026-11-23 09:00:00" })).Refuses(NotFound, "not_found");
    }

    [Test]
    public async Task Status_InsideTheContent_MovesTheTicketOfAHotlineThatSendsNoEvents()
    {
        var no = NewNo();
        await _partner.PutAsync($"/partner/v1/tickets/{no}", new { content = "咨询离婚", acceptedAt = "2026-11-23 09:00:00", status = "received", updatedAt = "2026-11-23 09:00:00" }).Gives(OK);
        var solved = await _partner.PutAsync($"/partner/v1/tickets/{no}", new
        {
            content = "咨询离婚", acceptedAt = "2026-11-23 09:00:00", status = "resolved", result = "solved", replySummary = "已告知起诉材料", updatedAt = "2026-11-23 09:40:00",
        }).Gives(OK);
        Assert.That(solved.String("data.status"), Is.EqualTo("resolved"));
        var seen = await _partner.GetAsync($"/partner/v1/tickets/{no}").Gives(OK);
        Assert.That(seen.String("data.ticket.result"), Is.EqualTo("solved"));
        Assert.That(seen.String("data.ticket.replySummary"), Is.EqualTo("已告知起诉材料"));
        (await _partner.PutAsync($"/partner/v1/tickets/{no}", new { content = "旧的", acceptedAt = "2026-11-23 09:00:00", updatedAt = "2026-11-23 09:10:00" })).Refuses(Conflict, "stale_update");
    }

    [Test]
    public async Task Partner_SeesItsOwnOnly_MaskedWithoutTheScope()
    {
        var no = NewNo();
        await _partner.PutAsync($"/partner/v1/tickets/{no}", Ticket(phone: "13900000005", name: "李来运")).Gives(OK);
        Assert.That((await _partner.GetAsync($"/partner/v1/tickets/{no}").Gives(OK)).String("data.ticket.callerPhone"), Is.EqualTo("13900000005"));
        using var other = await _api.NewPartnerAsync();
        (await other.GetAsync($"/partner/v1/tickets/{no}")).Refuses(NotFound, "not_found");
        (await other.PostAsync($"/partner/v1/tickets/{no}/events", new { eventId = "x", type = "urged", occurredAt = "2026-11-23 09:00:00" })).Refuses(NotFound, "not_found");
        Assert.That((await other.GetAsync("/partner/v1/tickets").Gives(OK))["data.items"].GetArrayLength(), Is.Zero);
        Assert.That((await other.PutAsync($"/partner/v1/tickets/{no}", Ticket(phone: "13900000006")).Gives(OK)).String("data.outcome"), Is.EqualTo("created"), "numbers of two hotlines may be the same");

        using var blind = await _api.NewPartnerAsync(p => p with { Scopes = [PartnerScope.Tickets] });
        await blind.PutAsync($"/partner/v1/tickets/{no}", Ticket(phone: "13900000007", name: "李来运")).Gives(OK);
        var masked = await blind.GetAsync($"/partner/v1/tickets/{no}").Gives(OK);
        Assert.That(masked.String("data.ticket.callerPhone"), Is.EqualTo("139****0007"));
        Assert.That(masked.String("data.ticket.callerName"), Is.EqualTo("李*运"));
    }

    [Test]
    public async Task Pull_PageByPage_GivesEachTicketOnceInTheOrderOfItsChange()
    {
        using var partner = await _api.NewPartnerAsync();
        var numbers = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            numbers.Add(NewNo());
            await partner.PutAsync($"/partner/v1/tickets/{numbers[i]}", Ticket(phone: "13900000008")).Gives(OK);
        }
        await partner.PostAsync($"/partner/v1/tickets/{numbers[0]}/events", new { eventId = "u", type = "urged", occurredAt = "2026-11-23 09:55:00" }).Gives(OK);
        var (seen, cursor) = (new List<string>(), "");
        do
        {
            var page = await partner.GetAsync($"/partner/v1/tickets?cursor={cursor}&pageSize=3&updatedSince=2026-11-23T00%3A00%3A00%2B08%3A00").Gives(OK);
            seen.AddRange(page["data.items"].EnumerateArray().Select(t => t.GetProperty("ticketNo").GetString()!));
            cursor = page["data.nextCursor"].GetString();
        }
        while (cursor is not null);
        Assert.That(seen, Is.EqualTo([.. numbers[1..], numbers[0]]));
    }

    [Test]
    public async Task Office_TakesTicketsFromTheInbox_AndAnswers_AndTheCallerReadsIt()
    {
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        using var stranger = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownB);
        var no = NewNo();
        await _partner.PutAsync($"/partner/v1/tickets/{no}", Ticket(phone: "13900000009")).Gives(OK);
        var inbox = await lawyer.GetAsync("/v1/staff/inbox?box=unit&limit=100").Gives(OK);
        var found = await lawyer.GetAsync($"/v1/staff/hotline/tickets?appId={_partner.Id}&ticketNo={no}").Gives(OK);
        var id = found.String("id");
        Assert.That(inbox["items"].EnumerateArray().Select(i => i.GetProperty("hotlineTicketId").GetString()), Does.Contain(id));
        Assert.That(found.String("callerPhone"), Is.EqualTo("139****0009"));
        (await stranger.GetAsync($"/v1/staff/hotline/tickets/{id}")).Refuses(NotFound, "not_found");
        (await lawyer.PostAsync($"/v1/staff/hotline/tickets/{id}/answer", new { result = "solved", reply = "可以直接向法院起诉，也可以向劳动监察投诉，请带上结算清单。" })).Refuses(Forbidden, "forbidden");
        Assert.That((await lawyer.PostAsync($"/v1/staff/hotline/tickets/{id}/acceptance").Gives(OK))["mine"].GetBoolean(), Is.True);
        (await lawyer.PostAsync($"/v1/staff/hotline/tickets/{id}/acceptance")).Refuses(Conflict, "illegal_transition");
        (await lawyer.PostAsync($"/v1/staff/hotline/tickets/{id}/answer", new { result = "solved", reply = "老板拖欠三个月工资不给" })).Gives(UnprocessableEntity);
        await lawyer.PostAsync($"/v1/staff/hotline/tickets/{id}/answer", new { result = "solved", reply = "可以直接向法院起诉，也可以向劳动监察投诉，请带上结算清单。" }).Gives(OK);
        await _api.DeliverAsync();

        using var citizen = await _api.NewCitizenAsync();
        await citizen.PostAsync("/v1/me/phone", new { code = "test-phone:13900000009" }).Gives(OK);
        var matter = (await citizen.GetAsync("/v1/matters").Gives(OK))["items"][0];
        var timeline = await citizen.GetAsync($"/v1/matters/{matter.GetProperty("id").GetString()}/timeline").Gives(OK);
        Assert.That(timeline.Text, Does.Contain("可以直接向法院起诉").And.Not.Contain("退单"));
        Assert.That((await citizen.GetAsync("/v1/me/notifications").Gives(OK)).Text, Does.Contain("hotlineAnswered"));
        Assert.That((await lawyer.PostAsync($"/v1/staff/hotline/tickets/{id}/steps", new { type = "closed" }).Gives(OK)).String("status"), Is.EqualTo("closed"));
        Assert.That((await _partner.GetAsync($"/partner/v1/tickets/{no}").Gives(OK)).String("data.ticket.status"), Is.EqualTo("closed"));
    }

    [Test]
    public async Task SendingBack_ThreeTimes_GoesToTheHeadOfTheCentre_AndAfterTheFirstDayNotAtAll()
    {
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.AidCentre);
        using var head = await _api.NewStaffAsync(Role.CentreHead, DemoDistrict.AidCentre);
        using var townA = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        var no = NewNo();
        await _partner.PutAsync($"/partner/v1/tickets/{no}", Ticket(phone: "13900000010")).Gives(OK);
        var id = (await clerk.GetAsync($"/v1/staff/hotline/tickets?appId={_partner.Id}&ticketNo={no}").Gives(OK)).String("id");
        var path = $"/v1/staff/hotline/tickets/{id}";
        (await townA.PostAsync($"{path}/return", new { reason = "" })).Refuses(BadRequest, "validation_failed");
        for (var n = 1; n <= 3; n++)
        {
            var back = await townA.PostAsync($"{path}/return", new { reason = "不属本镇管辖" }).Gives(OK);
            Assert.That(back["refusals"].GetInt32(), Is.EqualTo(n));
            Assert.That(back["waitsForHead"].GetBoolean(), Is.EqualTo(n == 3));
            if (n < 3) await clerk.PostAsync($"{path}/dispatch", new { organisationId = DemoDistrict.TownA, remark = "请再核实" }).Gives(OK);
        }
        (await clerk.PostAsync($"{path}/dispatch", new { organisationId = DemoDistrict.TownA })).Refuses(Forbidden, "head_decides");
        await head.PostAsync($"{path}/dispatch", new { organisationId = DemoDistrict.TownA, remark = "由东河镇办理" }).Gives(OK);
        (await townA.PostAsync($"{path}/return", new { reason = "还是不属本镇" })).Refuses(Conflict, "refusal_final");

        var late = NewNo();
        await _partner.PutAsync($"/partner/v1/tickets/{late}", Ticket(phone: "13900000011", acceptedAt: "2026-11-19 09:00:00")).Gives(OK); // a Thursday; the Friday was its last day
        var lateId = (await clerk.GetAsync($"/v1/staff/hotline/tickets?appId={_partner.Id}&ticketNo={late}").Gives(OK)).String("id");
        (await townA.PostAsync($"/v1/staff/hotline/tickets/{lateId}/return", new { reason = "不属本镇管辖" })).Refuses(Conflict, "refusal_too_late");
    }

    [Test]
    public async Task Similar_OfTheSameCaller_AreSuggested_AndMergedIntoOneThatTheCallerSees()
    {
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        var (first, second) = (NewNo(), NewNo());
        await _partner.PutAsync($"/partner/v1/tickets/{first}", Ticket(phone: "13900000012")).Gives(OK);
        var made = await _partner.PutAsync($"/partner/v1/tickets/{second}", Ticket(phone: "13900000012", content: "又来问工资")).Gives(OK);
        Assert.That(made["data.similar"].EnumerateArray().Select(s => s.GetString()), Is.EqualTo([first]));
        var id = (await clerk.GetAsync($"/v1/staff/hotline/tickets?appId={_partner.Id}&ticketNo={second}").Gives(OK)).String("id");
        var stranger = NewNo();
        await _partner.PutAsync($"/partner/v1/tickets/{stranger}", Ticket(phone: "13900000013")).Gives(OK);
        (await clerk.PostAsync($"/v1/staff/hotline/tickets/{id}/merger", new { intoTicketNo = stranger })).Refuses(UnprocessableEntity, "not_same_caller");
        Assert.That((await clerk.PostAsync($"/v1/staff/hotline/tickets/{id}/merger", new { intoTicketNo = first }).Gives(OK)).String("mergedIntoNo"), Is.EqualTo(first));
        using var citizen = await _api.NewCitizenAsync();
        await citizen.PostAsync("/v1/me/phone", new { code = "test-phone:13900000012" }).Gives(OK);
        Assert.That((await citizen.GetAsync("/v1/matters").Gives(OK))["items"].GetArrayLength(), Is.EqualTo(1));
        Assert.That((await _partner.GetAsync($"/partner/v1/tickets/{second}").Gives(OK)).String("data.ticket.mergedIntoNo"), Is.EqualTo(first));
    }

    [Test]
    public async Task Caller_WhoDeletesTheAccount_IsNamedNowhereInTheTicketAnyMore()
    {
        var no = NewNo();
        await _partner.PutAsync($"/partner/v1/tickets/{no}", Ticket(phone: "13900000014", name: "李来运")).Gives(OK);
        await _partner.PostAsync($"/partner/v1/tickets/{no}/events", new { eventId = "c", type = "closed", occurredAt = "2026-11-23 09:55:00" }).Gives(OK);
        using var citizen = await _api.NewCitizenAsync();
        await citizen.PostAsync("/v1/me/phone", new { code = "test-phone:13900000014" }).Gives(OK);
        await citizen.DeleteAsync("/v1/me").Gives(OK);
        var seen = await _partner.GetAsync($"/partner/v1/tickets/{no}").Gives(OK);
        Assert.That((seen.String("data.ticket.callerName"), seen.String("data.ticket.callerPhone")), Is.EqualTo(((string?)null, (string?)null)));
        Assert.That(seen.String("data.ticket.status"), Is.EqualTo("closed"), "the file stays");
    }

    [Test]
    public async Task Nothing_ThatNamesACaller_IsLoggedOrStoredInClear()
    {
        await _partner.PutAsync($"/partner/v1/tickets/{NewNo()}", Ticket(phone: "13911112222", name: "张不外传")).Gives(OK);
        Assert.That(_api.Logged.Where(l => l.Contains("13911112222", StringComparison.Ordinal) || l.Contains("张不外传", StringComparison.Ordinal)), Is.Empty);
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM hotline_tickets WHERE caller_phone_sealed LIKE '%13911112222%' OR caller_name_sealed LIKE '%张不外传%'"), Is.Zero);
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM idempotency_keys WHERE response LIKE '%13911112222%'"), Is.Zero);
    }
}
