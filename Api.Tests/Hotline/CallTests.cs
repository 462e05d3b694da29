using System.Security.Cryptography;
using System.Text;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Hotline;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Hotline;
using Microsoft.Extensions.DependencyInjection;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Hotline;

/// <summary>Calls, and what they lead to: call-backs, alarms, recordings, screen-pops, satisfaction, figures, a day's books.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class CallTests(Engine engine)
{
    private static int _number;
    private TestApi _api = null!;
    private ApiClient _partner = null!;

    [SetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine, ["Hotline:AllowLoopback=true"]);
        _api.Time.At("2026-11-23T10:00+08:00");
        _partner = await _api.NewPartnerAsync();
    }

    [TearDown]
    public async Task Stop()
    {
        _partner?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    private static object Call(string id, string phone = "13900001000", string result = "answered", string at = "09:50:00", bool emergency = false, string? content = null) =>
        new { callId = id, callerPhone = phone, agentNo = "8012", result, startedAt = $"2026-11-23 {at}", answeredAt = result == "answered" ? $"2026-11-23 {at}" : null, endedAt = "2026-11-23 09:59:00", emergency, content, categoryCode = emergency ? "01" : null };

    private static string NewId() => $"C-{Interlocked.Increment(ref _number):000000}";

    [Test]
    public async Task Calls_OneOrMany_AreKeptOnceByTheirId_AndOneThatIsWrongSpoilsNoOthers()
    {
        var (one, two) = (NewId(), NewId());
        Assert.That((await _partner.PostAsync("/partner/v1/calls", Call(one)).Gives(OK))["data.items"][0].GetProperty("outcome").GetString(), Is.EqualTo("created"));
        var many = await _partner.PostAsync("/partner/v1/calls", new object[] { Call(one), Call(one, result: "missed"), Call(two), new { callId = "x" }, new { result = "answered", callId = "y", startedAt = "gestern" } }).Gives(OK);
        Assert.That(many["data.items"].EnumerateArray().Select(i => i.GetProperty("outcome").GetString()), Is.EqualTo(["unchanged", "updated", "created", "refused", "refused"]), many.Text);
        Assert.That(many["data.refused"].GetInt32(), Is.EqualTo(2));
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM hotline_calls"), Is.EqualTo(2));
        (await _partner.PostAsync("/partner/v1/calls", new { callId = "x" })).Refuses(BadRequest, "validation_failed");
        (await _partner.PostAsync("/partner/v1/calls", "[]")).Refuses(BadRequest, "validation_failed");
        (await _partner.PostAsync("/partner/v1/calls", Enumerable.Range(0, 201).Select(_ => Call(NewId())).ToArray())).Refuses(BadRequest, "validation_failed");
        (await _partner.PostAsync("/partner/v1/calls", "{\"callId\":")).Refuses(BadRequest, "json_malformed");
    }

    [Test]
    public async Task Missed_BecomesATask_TriedThreeTimesInVain_AndThenEnds()
    {
        await _partner.PostAsync("/partner/v1/calls", Call(NewId(), phone: "13900001001", result: "missed")).Gives(OK);
        await _partner.PostAsync("/partner/v1/calls", Call(NewId(), phone: "13900001001", result: "abandoned", at: "09:51:00")).Gives(OK);
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.AidCentre);
        using var stranger = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        var open = (await clerk.GetAsync("/v1/staff/hotline/tasks").Gives(OK))["items"];
        Assert.That(open.GetArrayLength(), Is.EqualTo(1), "one caller, one task");
        var id = open[0].GetProperty("id").GetString();
        (await stranger.PostAsync($"/v1/staff/hotline/tasks/{id}/attempts", new { reached = true })).Refuses(NotFound, "not_found");
        Assert.That((await clerk.PostAsync($"/v1/staff/hotline/tasks/{id}/phone-readings").Gives(OK)).String("phone"), Is.EqualTo("13900001001"));
        for (var n = 1; n <= 3; n++)
        {
            var tried = await clerk.PostAsync($"/v1/staff/hotline/tasks/{id}/attempts", new { reached = false, note = "无人接听" }).Gives(OK);
            Assert.That(tried["attempts"].GetInt32(), Is.EqualTo(n));
            Assert.That(tried.String("stateText"), Is.EqualTo(n < 3 ? "待办" : "未接通"));
        }
        (await clerk.PostAsync($"/v1/staff/hotline/tasks/{id}/attempts", new { reached = true })).Refuses(Conflict, "task_over");
    }

    [Test]
    public async Task Missed_WhoRingsAgainAndIsAnswered_NeedNotBeCalledBack_InWhateverOrderItIsTold()
    {
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.AidCentre);
        async Task<int> OpenAsync() => (await clerk.GetAsync("/v1/staff/hotline/tasks").Gives(OK))["items"].GetArrayLength();
        await _partner.PostAsync("/partner/v1/calls", Call(NewId(), phone: "13900001002", result: "missed", at: "09:50:00")).Gives(OK);
        Assert.That(await OpenAsync(), Is.EqualTo(1));
        await _partner.PostAsync("/partner/v1/calls", Call(NewId(), phone: "13900001002", at: "09:55:00")).Gives(OK);
        Assert.That(await OpenAsync(), Is.Zero);
        await _partner.PostAsync("/partner/v1/calls", Call(NewId(), phone: "13900001003", at: "09:55:00")).Gives(OK);
        await _partner.PostAsync("/partner/v1/calls", Call(NewId(), phone: "13900001003", result: "missed", at: "09:50:00")).Gives(OK);
        Assert.That(await OpenAsync(), Is.Zero);
    }

    [Test]
    public async Task Emergency_OpensATicketAtOnce_AndRingsTheList_UntilSomebodyAnswersForIt()
    {
        using var first = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownB);
        using var second = await _api.NewStaffAsync(Role.Mediator, DemoDistrict.TownB);
        using var admin = await _api.NewStaffAsync(Role.Administrator, DemoDistrict.Bureau);
        await admin.PutAsync("/v1/admin/hotline/duty-phones", new { items = new[] { new { staffId = first.Id, phone = "13800000001" }, new { staffId = second.Id, phone = "13800000002" } } }).Gives(OK);
        var id = NewId();
        var told = await _partner.PostAsync("/partner/v1/calls", Call(id, emergency: true, content: "丈夫正在殴打来电人")).Gives(OK);
        var no = told["data.items"][0].GetProperty("ticketNo").GetString();
        Assert.That(no, Is.EqualTo($"E-{id}"));
        var again = await _partner.PostAsync("/partner/v1/calls", Call(id, emergency: true, content: "丈夫正在殴打来电人")).Gives(OK);
        Assert.That(again["data.items"][0].GetProperty("matterNumber").GetString(), Is.EqualTo(told["data.items"][0].GetProperty("matterNumber").GetString()));
        await _api.DeliverAsync();
        async Task<long> RingsAsync(string who) => await _api.ScalarAsync<long>("SELECT COUNT(*) FROM hotline_alarm_rings WHERE staff_id = @who", new { who });
        Assert.That((await RingsAsync(first.Id), await RingsAsync(second.Id)), Is.EqualTo((1L, 0L)));
        var alarm = (await first.GetAsync("/v1/staff/hotline/alarms").Gives(OK))["items"][0];
        Assert.That(alarm.GetProperty("advice").GetString(), Does.Contain("110"));
        _api.Time.Advance(TimeSpan.FromMinutes(9));
        Assert.That(await _api.RunAsync<RingAlarmsJob>(), Is.Zero);
        _api.Time.Advance(TimeSpan.FromMinutes(1.1));
        Assert.That(await _api.RunAsync<RingAlarmsJob>(), Is.EqualTo(1));
        Assert.That((await RingsAsync(first.Id), await RingsAsync(second.Id)), Is.EqualTo((1L, 1L)));
        var path = $"/v1/staff/hotline/alarms/{alarm.GetProperty("id").GetString()}/acknowledgement";
        await second.PostAsync(path).Gives(OK);
        (await first.PostAsync(path)).Refuses(Conflict, "alarm_acknowledged");
        _api.Time.Advance(TimeSpan.FromHours(1));
        Assert.That(await _api.RunAsync<RingAlarmsJob>(), Is.Zero);
    }

    [Test]
    public async Task Recording_IsFetchedFromNamedHostsOnly_CheckedAndKeptSealed()
    {
        await using var receiver = await Receiver.StartAsync();
        var sound = Encoding.UTF8.GetBytes("RIFF 假装是录音");
        receiver.Files["/rec/1.mp3"] = sound;
        var host = $"127.0.0.1:{receiver.Address.Port}";
        using var partner = await _api.NewPartnerAsync(p => p with { RecordingHosts = [host] });
        var (good, bad, gone) = (NewId(), NewId(), NewId());
        await partner.PostAsync("/partner/v1/calls", new[] { Call(good), Call(bad), Call(gone) }).Gives(OK);
        object At(string path, string? sha = null) => new { url = $"http://{host}{path}", format = "mp3", durationSeconds = 3, sizeBytes = sound.Length, sha256 = sha };
        (await partner.PostAsync($"/partner/v1/calls/{good}/recording", new { url = "http://127.0.0.1:1/1.mp3", format = "mp3" })).Refuses(UnprocessableEntity, "address_not_allowed");
        (await partner.PostAsync($"/partner/v1/calls/{NewId()}/recording", At("/rec/1.mp3"))).Refuses(NotFound, "not_found");
        await partner.PostAsync($"/partner/v1/calls/{good}/recording", At("/rec/1.mp3", Convert.ToHexStringLower(SHA256.HashData(sound)))).Gives(Accepted);
        await partner.PostAsync($"/partner/v1/calls/{bad}/recording", At("/rec/1.mp3", new string('0', 64))).Gives(Accepted);
        await partner.PostAsync($"/partner/v1/calls/{gone}/recording", At("/redirect")).Gives(Accepted);
        Assert.That(await _api.RunAsync<FetchRecordingsJob>(), Is.EqualTo(1));
        var id = await _api.ScalarAsync<string>("SELECT id FROM hotline_recordings WHERE call_id = @good AND state = 'Fetched'", new { good });
        Assert.That(await _api.Services.GetRequiredService<HotlineRecordingRepository>().OpenAsync(id!, CancellationToken.None), Is.EqualTo(sound));
        Assert.That(await _api.ScalarAsync<string>("SELECT error FROM hotline_recordings WHERE call_id = @bad", new { bad }), Is.EqualTo("sha256不符"));
        Assert.That(await _api.ScalarAsync<string>("SELECT error FROM hotline_recordings WHERE call_id = @gone", new { gone }), Is.EqualTo("应答302"), "no redirect is followed");
        Assert.That((await partner.PostAsync($"/partner/v1/calls/{good}/recording", At("/rec/1.mp3")).Gives(Accepted)).String("data.outcome"), Is.EqualTo("unchanged"));
    }

    [Test]
    public async Task ScreenPop_IsMasked_AndItsLinkOpensOnceForWhoMaySee()
    {
        var no = TicketTests.NewNo();
        await _partner.PutAsync($"/partner/v1/tickets/{no}", TicketTests.Ticket(phone: "13900001010", name: "李来运")).Gives(OK);
        var pop = await _partner.PostAsync($"/partner/v1/calls/{NewId()}/screen-pop", new { callerPhone = "13900001010" }).Gives(OK);
        Assert.Multiple(() =>
        {
            Assert.That(pop.String("data.profile.name"), Is.EqualTo("李*运"));
            Assert.That(pop.Text, Does.Not.Contain("13900001010").And.Not.Contain("李来运").And.Not.Contain("拖欠"));
            Assert.That(pop["data.openTickets"][0].GetProperty("ticketNo").GetString(), Is.EqualTo(no));
            Assert.That(pop["data.lastConsults"][0].GetProperty("kind").GetString(), Is.EqualTo("hotlineTicket"));
        });
        using var other = await _api.NewPartnerAsync();
        Assert.That((await other.PostAsync($"/partner/v1/calls/{NewId()}/screen-pop", new { callerPhone = "13900001010" }).Gives(OK))["data.openTickets"].GetArrayLength(), Is.Zero);
        var code = pop.String("data.deepLink").Split("#pop=")[1];
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        Assert.That((await lawyer.PostAsync("/v1/staff/hotline/pops", new { code }).Gives(OK))["tickets"].GetArrayLength(), Is.EqualTo(1));
        (await lawyer.PostAsync("/v1/staff/hotline/pops", new { code })).Refuses(NotFound, "pop_gone");
        var late = (await _partner.PostAsync($"/partner/v1/calls/{NewId()}/screen-pop", new { callerPhone = "13900001010" }).Gives(OK)).String("data.deepLink").Split("#pop=")[1];
        _api.Time.Advance(TimeSpan.FromMinutes(6));
        (await lawyer.PostAsync("/v1/staff/hotline/pops", new { code = late })).Refuses(NotFound, "pop_gone");
    }

    [Test]
    public async Task Satisfaction_CountsOnce_WhoeverAsksFirst_AndTheDissatisfiedAreVisited()
    {
        async Task<string> ResolvedAsync(string phone)
        {
            var no = TicketTests.NewNo();
            await _partner.PutAsync($"/partner/v1/tickets/{no}", TicketTests.Ticket(phone: phone)).Gives(OK);
            await _partner.PostAsync($"/partner/v1/tickets/{no}/events", new { eventId = "r", type = "resolved", occurredAt = "2026-11-23 09:55:00" }).Gives(OK);
            return no;
        }
        object Score(int score) => new { score, solved = score > 3, surveyedAt = "2026-11-23 09:58:00", channel = "ivr" };
        var (good, bad, open) = (await ResolvedAsync("13900001020"), await ResolvedAsync("13900001021"), TicketTests.NewNo());
        await _partner.PutAsync($"/partner/v1/tickets/{open}", TicketTests.Ticket(phone: "13900001022")).Gives(OK);
        (await _partner.PutAsync($"/partner/v1/tickets/{open}/satisfaction", Score(5))).Refuses(Conflict, "not_ratable");
        Assert.That((await _partner.PutAsync($"/partner/v1/tickets/{good}/satisfaction", Score(5)).Gives(OK)).String("data.outcome"), Is.EqualTo("recorded"));
        Assert.That((await _partner.PutAsync($"/partner/v1/tickets/{good}/satisfaction", Score(5)).Gives(OK)).String("data.outcome"), Is.EqualTo("unchanged"));
        (await _partner.PutAsync($"/partner/v1/tickets/{good}/satisfaction", Score(1))).Refuses(Conflict, "already_rated");

        // The other one is asked by the platform first, and the hotline hears that it need not ask.
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.AidCentre);
        var id = (await clerk.GetAsync($"/v1/staff/hotline/tickets?appId={_partner.Id}&ticketNo={bad}").Gives(OK));
        await clerk.PostAsync($"/v1/staff/hotline/tickets/{id.String("id")}/steps", new { type = "closed" }).Gives(OK);
        using var citizen = await _api.NewCitizenAsync();
        await citizen.PostAsync("/v1/me/phone", new { code = "test-phone:13900001021" }).Gives(OK);
        await citizen.PostAsync($"/v1/matters/{id.String("matterId")}/rating", new { score = 2 }).Gives(Created);
        (await _partner.PutAsync($"/partner/v1/tickets/{bad}/satisfaction", Score(5))).Refuses(Conflict, "already_rated");
        await _api.DeliverAsync();
        var tasks = (await clerk.GetAsync("/v1/staff/hotline/tasks").Gives(OK))["items"].EnumerateArray().ToList();
        var visit = tasks.Single(t => t.GetProperty("kind").GetString() == "dissatisfiedVisit");
        Assert.That(visit.GetProperty("ticketNo").GetString(), Is.EqualTo(bad));
        await clerk.PostAsync($"/v1/staff/hotline/tasks/{visit.GetProperty("id").GetString()}/attempts", new { reached = true, note = "已说明处理过程" }).Gives(OK);

        await _partner.PostAsync("/partner/v1/calls", new[] { Call(NewId()), Call(NewId()), Call(NewId()), Call(NewId(), result: "missed") }).Gives(OK);
        using var head = await _api.NewStaffAsync(Role.CentreHead, DemoDistrict.Bureau);
        var figures = (await head.GetAsync($"/v1/admin/hotline/figures?from=2026-11-01&to=2026-12-31&appId={_partner.Id}").Gives(OK))["figures"].EnumerateArray()
            .ToDictionary(f => f.GetProperty("name").GetString()!, f => (f.GetProperty("part").GetInt32(), f.GetProperty("whole").GetInt32(), f.GetProperty("value").GetDouble()));
        Assert.That(figures["接通率"], Is.EqualTo((3, 4, 0.75)));
        Assert.That(figures["满意率"], Is.EqualTo((1, 2, 0.5)));
        Assert.That(figures["回访率"], Is.EqualTo((1, 3, 0.3333)));
        Assert.That(figures["不满意回访率"], Is.EqualTo((1, 1, 1.0)));
    }

    [Test]
    public async Task Books_OfADay_AreMadeAfterTwo_AndCompareBothWays()
    {
        var (kept, moved) = (TicketTests.NewNo(), TicketTests.NewNo());
        foreach (var no in new[] { kept, moved }) await _partner.PutAsync($"/partner/v1/tickets/{no}", TicketTests.Ticket(phone: "13900001030")).Gives(OK);
        await _partner.PostAsync("/partner/v1/calls", Call(NewId())).Gives(OK);
        _api.Time.At("2026-11-24T01:30+08:00");
        await _partner.PostAsync($"/partner/v1/tickets/{moved}/events", new { eventId = "a", type = "accepted", occurredAt = "2026-11-24 01:00:00" }).Gives(OK);
        await _api.RunAsync<MakeReconciliationsJob>();
        (await _partner.GetAsync("/partner/v1/reconciliation/2026-11-23")).Refuses(NotFound, "reconciliation_not_ready");
        _api.Time.At("2026-11-24T02:05+08:00");
        Assert.That(await _api.RunAsync<MakeReconciliationsJob>(), Is.Positive);
        Assert.That(await _api.RunAsync<MakeReconciliationsJob>(), Is.Zero, "made once");
        var book = await _partner.GetAsync("/partner/v1/reconciliation/2026-11-23").Gives(OK);
        Assert.That(book["data.items"].EnumerateArray().Select(i => (i.GetProperty("ticketNo").GetString(), i.GetProperty("status").GetString())), Is.EqualTo([(kept, "dispatched"), (moved, "dispatched")]), "as it stood at midnight");
        Assert.That(book["data.counts.calls"].GetInt32(), Is.EqualTo(1));

        var csv = await _partner.GetAsync("/partner/v1/reconciliation/2026-11-23", ("Accept", "text/csv"));
        var lines = csv.Text.Split("\r\n");
        Assert.That(lines[0].TrimStart('\uFEFF'), Is.EqualTo("ticketNo,status,result,version,updatedAt,sha256"));
        var before = csv.Text[..csv.Text.IndexOf("#TOTAL", StringComparison.Ordinal)];
        if (!before.StartsWith('\uFEFF')) before = "\uFEFF" + before; // readers of text take the mark away
        var sha = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(before)));
        Assert.That(lines[^2], Is.EqualTo($"#TOTAL,2,{sha}"));
        Assert.That(book.String("data.sha256"), Is.EqualTo(sha));

        var diff = await _partner.PostAsync("/partner/v1/reconciliation/2026-11-23", new { items = new object[] { new { ticketNo = kept, status = "closed" }, new { ticketNo = "only-theirs" } } }).Gives(OK);
        Assert.Multiple(() =>
        {
            Assert.That(diff["data.equal"].GetBoolean(), Is.False);
            Assert.That(diff["data.missingHere"][0].GetString(), Is.EqualTo("only-theirs"));
            Assert.That(diff["data.missingThere"][0].GetString(), Is.EqualTo(moved));
            Assert.That(diff["data.different"][0].GetProperty("field").GetString(), Is.EqualTo("status"));
            Assert.That((diff["data.different"][0].GetProperty("ours").GetString(), diff["data.different"][0].GetProperty("theirs").GetString()), Is.EqualTo(("dispatched", "closed")));
        });
        Assert.That((await _partner.PostAsync("/partner/v1/reconciliation/2026-11-23", new { items = book["data.items"].EnumerateArray().Select(i => new { ticketNo = i.GetProperty("ticketNo").GetString(), sha256 = i.GetProperty("sha256").GetString() }) }).Gives(OK))["data.equal"].GetBoolean(), Is.True);
        _api.Time.At("2027-03-01T03:00+08:00");
        await _api.RunAsync<MakeReconciliationsJob>();
        (await _partner.GetAsync("/partner/v1/reconciliation/2026-11-23")).Refuses(NotFound, "reconciliation_not_ready");
    }

    [Test]
    public async Task Dictionaries_AreMapped_AndTheHotlinesOwnCodesThenMeanOurs()
    {
        using var admin = await _api.NewStaffAsync(Role.Administrator, DemoDistrict.Bureau);
        var path = $"/v1/admin/hotline/partners/{_partner.Id}/mappings";
        (await admin.PutAsync($"{path}/categories", new { items = new[] { new { externalCode = "LD-01", internalCode = "9999" } } })).Refuses(BadRequest, "validation_failed");
        await admin.PutAsync($"{path}/categories", new { items = new[] { new { externalCode = "LD-01", internalCode = "0201" } } }).Gives(OK);
        await admin.PutAsync($"{path}/areas", new { items = new[] { new { externalCode = "东河", internalCode = "341602101" } } }).Gives(OK);
        await admin.PutAsync($"{path}/departments", new { items = new[] { new { externalCode = "D-9", internalCode = DemoDistrict.TownB } } }).Gives(OK);
        var made = await _partner.PutAsync($"/partner/v1/tickets/{TicketTests.NewNo()}", new { content = "工资", acceptedAt = "2026-11-23 09:00:00", categoryCode = "LD-01", areaCode = "东河" }).Gives(OK);
        Assert.That(made["data.warnings"].GetArrayLength(), Is.Zero, made.Text);
        var no = TicketTests.NewNo();
        await _partner.PutAsync($"/partner/v1/tickets/{no}", new { content = "工资", acceptedAt = "2026-11-23 09:00:00", departmentCode = "D-9" }).Gives(OK);
        Assert.That((await _partner.GetAsync($"/partner/v1/tickets/{no}").Gives(OK)).String("data.ticket.unitName"), Does.StartWith("西山镇"));
        var dictionary = await _partner.GetAsync("/partner/v1/dictionaries/categories").Gives(OK);
        Assert.That(dictionary["data.items"].EnumerateArray().Single(i => i.GetProperty("code").GetString() == "0201").GetProperty("externalCodes")[0].GetString(), Is.EqualTo("LD-01"));
        Assert.That((await _partner.GetAsync("/partner/v1/dictionaries/statuses").Gives(OK))["data.items"].GetArrayLength(), Is.EqualTo(Enum.GetValues<HotlineTicketState>().Length));
        (await _partner.GetAsync("/partner/v1/dictionaries/people")).Refuses(NotFound, "not_found");
    }
}
