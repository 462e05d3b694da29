using MicroPlatform.Api.Appointments;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Queues;
using MicroPlatform.Api.Tests.Appointments;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Queues;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.DependencyInjection;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Queues;

/// <summary>Numbers of a hall, from the printer to the goodbye: walk-ins and appointments in one list, called by several clerks at once.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class WindowTests(Engine engine)
{
    private TestApi _api = null!;
    private int _units;

    [OneTimeSetUp]
    public async Task Start() => _api = await TestApi.StartAsync(engine, Bookable.LongDays);

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_api is null) return;
        await using var _ = _api;
        using var admin = await _api.NewStaffAsync(Role.Administrator);
        var found = await admin.GetAsync("/v1/admin/queues/invariants").Gives(OK);
        foreach (var count in found.Json.EnumerateObject().Where(m => m.Name is not ("milliseconds" or "lines"))) Assert.That(count.Value.GetInt64(), Is.Zero, count.Name);
    }

    [SetUp]
    public void OnAWednesday() => _api.Time.At("2026-11-25T09:00+08:00");

    [Test]
    public async Task WalkIn_FromTheNumberToTheGoodbye_AndTheSlipFollows()
    {
        var (unit, queue) = await NewHallAsync();
        using var clerk = await _api.NewStaffAsync(Role.Clerk, unit);
        using var nobody = _api.Anonymous();
        var first = await IssueAsync(clerk, queue);
        var second = await IssueAsync(clerk, queue);
        Assert.That((first.String("number"), second.String("number")), Is.EqualTo(("W001", "W002")));
        var slip = $"/v1/ticket-slips/{second.String("slipCode")}";
        var before = await nobody.GetAsync(slip).Gives(OK);
        Assert.That((before["before"].GetInt32(), before["highMinutes"].GetInt32() > before["lowMinutes"].GetInt32(), before.String("state")), Is.EqualTo((1, true, "waiting")));
        await nobody.GetAsync(slip, ("If-None-Match", before.Headers.ETag!.ToString())).Gives(NotModified);

        var called = await clerk.PostAsync($"/v1/staff/window-queues/{queue}/next", new { desk = "3号窗口" }).Gives(OK);
        Assert.That((called.String("number"), called.String("state"), called.String("desk"), called.String("staffId")), Is.EqualTo(("W001", "called", "3号窗口", clerk.Id)));
        await clerk.PostAsync($"/v1/staff/window-queues/{queue}/next", new { desk = "3号窗口" }).Refuses(Conflict, "staff_serving");
        Assert.That((await nobody.GetAsync(slip, ("If-None-Match", before.Headers.ETag!.ToString())).Gives(OK))["before"].GetInt32(), Is.Zero);
        await MoveAsync(clerk, called, "recall").Gives(OK);
        await MoveAsync(clerk, called, "start").Gives(OK);
        var list = await clerk.GetAsync($"/v1/staff/window-queues/{queue}").Gives(OK);
        Assert.That((list.String("myTicket.number"), list["waiting"].GetArrayLength(), list["waiting"][0].GetProperty("number").GetString()), Is.EqualTo(("W001", 1, "W002")));
        _api.Time.Advance(TimeSpan.FromMinutes(10));
        var done = await MoveAsync(clerk, called, "completion", new { outcome = "已解答" }).Gives(OK);
        Assert.That((done.String("state"), done["actions"].GetArrayLength()), Is.EqualTo(("done", 0)));
        await MoveAsync(clerk, called, "completion", new { }).Gives(OK);
        await MoveAsync(clerk, called, "recall").Refuses(Conflict, "ticket_over");
        Assert.That((await nobody.GetAsync($"/v1/ticket-slips/{first.String("slipCode")}").Gives(OK)).String("state"), Is.EqualTo("done"));
        Assert.That((await nobody.GetAsync($"{slip}/qr").Gives(OK)).Text, Does.StartWith("<svg"));
    }

    [Test]
    public async Task Order_ClassesHaveAHeadStart_AppointmentsTheirTime()
    {
        var (unit, queue) = await NewHallAsync();
        using var clerk = await _api.NewStaffAsync(Role.Clerk, unit);
        using var lawyer = await _api.NewPersonAsync(unit: unit);
        _api.Time.At("2026-11-25T08:00+08:00");
        var booked = await BookedAsync(lawyer.Id, _api.Day(0, 10));
        var late = await BookedAsync(lawyer.Id, _api.Day(0, 9));
        var numbers = new Dictionary<string, string>();
        async Task At(string time, string name, object body)
        {
            _api.Time.At($"2026-11-25T{time}+08:00");
            numbers[(await clerk.PostAsync($"/v1/staff/window-queues/{queue}/tickets", body).Gives(Created)).String("number")] = name;
        }
        await At("09:16", "who comes too late for nine o'clock", new { checkInCode = late.Code });
        await At("09:20", "walk-in at 9:20", new { });
        await At("09:27", "elderly at 9:27", new { priority = "elderly" });
        await At("09:29", "walk-in at 9:29", new { });
        await At("09:31", "walk-in at 9:31", new { });
        await At("09:40", "emergency", new { priority = "emergency" });
        await At("09:45", "booked for ten", new { checkInCode = booked.Code });

        var line = await clerk.GetAsync($"/v1/staff/window-queues/{queue}").Gives(OK);
        Assert.That(line["waiting"].EnumerateArray().Select(t => numbers[t.GetProperty("number").GetString()!]), Is.EqualTo(new[]
        {
            "emergency", "who comes too late for nine o'clock", "elderly at 9:27", "walk-in at 9:20", "walk-in at 9:29", "booked for ten", "walk-in at 9:31",
        }));
        foreach (var citizen in new[] { booked.Citizen, late.Citizen }) citizen.Dispose();
    }

    [Test]
    public async Task Next_ByTwentyClerksAtOnce_EachNumberOnceAndEachClerkOne()
    {
        var (unit, queue) = await NewHallAsync();
        var clerks = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _api.NewStaffAsync(Role.Clerk, unit)));
        for (var n = 0; n < 12; n++) await IssueAsync(clerks[0], queue);
        // Each presses twice, as people do.
        var answers = await Task.WhenAll(clerks.SelectMany(c => new[] { 1, 2 }.Select(async n => (Clerk: c.Id, Answer: await c.PostAsync($"/v1/staff/window-queues/{queue}/next", new { desk = $"{n}号窗口" })))));
        var won = answers.Where(a => a.Answer.Status == OK).ToList();
        Assert.That(won.Select(a => a.Answer.String("id")).Distinct().Count(), Is.EqualTo(12));
        Assert.That((won.Count, won.Select(a => a.Clerk).Distinct().Count()), Is.EqualTo((12, 12)));
        Assert.That(answers.Where(a => a.Answer.Status != OK).Select(a => a.Answer.String("code")), Is.All.AnyOf("staff_serving", "nobody_waits"));
        foreach (var clerk in clerks) clerk.Dispose();
    }

    [Test]
    public async Task Appointment_CheckedInAtTheDoor_StandsInTheSameList_AndIsServedWithIt()
    {
        var (unit, queue) = await NewHallAsync();
        using var clerk = await _api.NewStaffAsync(Role.Clerk, unit);
        using var lawyer = await _api.NewPersonAsync(unit: unit);
        var booked = await BookedAsync(lawyer.Id, _api.Day(0, 10));
        Assert.That((await clerk.GetAsync($"/v1/staff/window-queues/{queue}").Gives(OK))["expected"][0].GetProperty("appointmentId").GetString(), Is.EqualTo(booked.Id));
        await booked.Citizen.PostAsync($"/v1/appointments/{booked.Id}/check-in", new { pointCode = _api.Services.GetRequiredService<CheckInCodes>().SceneOf(unit) }).Gives(OK);
        await _api.DeliverAsync();
        await _api.DeliverAsync();
        var list = await clerk.GetAsync($"/v1/staff/window-queues/{queue}").Gives(OK);
        Assert.That((list["expected"].GetArrayLength(), list["waiting"].GetArrayLength(), list["waiting"][0].GetProperty("appointmentId").GetString()), Is.EqualTo((0, 1, booked.Id)));
        await clerk.PostAsync($"/v1/staff/window-queues/{queue}/tickets", new { checkInCode = booked.Code }).Refuses(Conflict, "already_queued");

        var called = await lawyer.PostAsync($"/v1/staff/window-queues/{queue}/next", new { desk = "2号窗口" }).Gives(OK);
        await MoveAsync(lawyer, called, "start").Gives(OK);
        Assert.That((await booked.Citizen.GetAsync($"/v1/appointments/{booked.Id}").Gives(OK)).String("state"), Is.EqualTo("inService"));
        await MoveAsync(lawyer, called, "completion", new { outcome = "已代写申请书" }).Gives(OK);
        Assert.That((await booked.Citizen.GetAsync($"/v1/appointments/{booked.Id}").Gives(OK)).String("state"), Is.EqualTo("completed"));
        await booked.Citizen.PostAsync($"/v1/matters/{called.String("matterId")}/rating", new { score = 5 }).Gives(Created);
        booked.Citizen.Dispose();
    }

    [Test]
    public async Task Appointment_OfAColleague_IsNotCalledByOthers_ButByWhoDirectsTheUnit()
    {
        var (unit, queue) = await NewHallAsync();
        using var clerk = await _api.NewStaffAsync(Role.Clerk, unit);
        using var lawyer = await _api.NewPersonAsync(unit: unit);
        using var colleague = await _api.NewPersonAsync(unit: unit);
        var booked = await BookedAsync(lawyer.Id, _api.Day(0, 10));
        await colleague.PostAsync($"/v1/staff/window-queues/{queue}/tickets", new { checkInCode = booked.Code }).Refuses(Forbidden, "forbidden");
        var ticket = await clerk.PostAsync($"/v1/staff/window-queues/{queue}/tickets", new { checkInCode = booked.Code }).Gives(Created);
        await colleague.PostAsync($"/v1/staff/window-queues/{queue}/next", new { desk = "1号窗口" }).Refuses(Conflict, "nobody_waits");
        await MoveAsync(colleague, ticket, "call", new { desk = "1号窗口" }).Refuses(Forbidden, "forbidden");
        await IssueAsync(clerk, queue);
        Assert.That((await colleague.PostAsync($"/v1/staff/window-queues/{queue}/next", new { desk = "1号窗口" }).Gives(OK)).String("number"), Is.EqualTo("W002"));
        // The clerk calls for the lawyer, who stays the one who serves.
        var called = await clerk.PostAsync($"/v1/staff/window-queues/{queue}/next", new { desk = "2号窗口" }).Gives(OK);
        await MoveAsync(clerk, called, "start").Gives(OK);
        Assert.That(await _api.ScalarAsync<string>("SELECT staff_id FROM appointments WHERE id = @Id", new { booked.Id }), Is.EqualTo(lawyer.Id));
        await MoveAsync(clerk, called, "completion", new { }).Gives(OK);
        booked.Citizen.Dispose();
    }

    [Test]
    public async Task Appointment_EndedElsewhere_TakesItsNumberOffTheList()
    {
        var (unit, queue) = await NewHallAsync();
        using var clerk = await _api.NewStaffAsync(Role.Clerk, unit);
        using var lawyer = await _api.NewPersonAsync(unit: unit);
        var booked = await BookedAsync(lawyer.Id, _api.Day(0, 10));
        var ticket = await clerk.PostAsync($"/v1/staff/window-queues/{queue}/tickets", new { checkInCode = booked.Code }).Gives(Created);
        await clerk.PostAsync($"/v1/staff/appointments/{booked.Id}/cancellation", new { reason = "律师临时出庭" }).Gives(OK);
        await _api.DeliverAsync();
        Assert.That((await clerk.GetAsync($"/v1/staff/window-queues/{queue}").Gives(OK))["waiting"].GetArrayLength(), Is.Zero);
        await MoveAsync(clerk, ticket, "call", new { desk = "1号窗口" }).Refuses(Conflict, "ticket_over");
        booked.Citizen.Dispose();
    }

    [Test]
    public async Task Known_ByPhone_VisitIsAMatter_FoundAfterBindingAndRated()
    {
        var (unit, queue) = await NewHallAsync();
        using var clerk = await _api.NewStaffAsync(Role.Clerk, unit);
        var path = $"/v1/staff/window-queues/{queue}/tickets";
        await clerk.PostAsync(path, new { phone = "13700000099", name = "李来运", paperConsent = true }).Refuses(UnprocessableContent, "visit_needs_category");
        await clerk.PostAsync(path, new { phone = "13700000099", name = "李来运", categoryCode = "0201" }).Refuses(UnprocessableContent, "paper_consent_required");
        await clerk.PostAsync(path, new { phone = "137", name = "李来运", paperConsent = true, categoryCode = "0201" }).Refuses(BadRequest, "validation_failed");
        var issued = await clerk.PostAsync(path, new { phone = "13700000099", name = "李来运", paperConsent = true, categoryCode = "0201", reason = "工资拖欠" }).Gives(Created);
        Assert.That(issued.Text, Does.Not.Contain("李来运").And.Not.Contain("13700000099"));
        await clerk.PostAsync(path, new { phone = "13700000099", name = "李来运", paperConsent = true, categoryCode = "0201" }).Refuses(Conflict, "already_queued");
        var called = await clerk.PostAsync($"/v1/staff/window-queues/{queue}/next", new { desk = "1号窗口" }).Gives(OK);
        await MoveAsync(clerk, called, "start").Gives(OK);
        await MoveAsync(clerk, called, "completion", new { outcome = "告知可申请法律援助" }).Gives(OK);

        using var citizen = await _api.NewCitizenAsync();
        await citizen.PostAsync("/v1/me/phone", new { code = "test-phone:13700000099" }).Gives(OK);
        var matter = (await citizen.GetAsync("/v1/matters").Gives(OK))["items"][0];
        Assert.That((matter.GetProperty("id").GetString(), matter.GetProperty("kind").GetString(), matter.GetProperty("status").GetString()), Is.EqualTo((issued.String("matterId"), "visit", "closed")));
        Assert.That((await citizen.GetAsync($"/v1/matters/{issued.String("matterId")}/timeline").Gives(OK)).Text, Does.Contain("来访咨询已完成").And.Not.Contain("告知可申请法律援助"));
        await citizen.PostAsync($"/v1/matters/{issued.String("matterId")}/rating", new { score = 5 }).Gives(Created);
    }

    [Test]
    public async Task Citizen_TakesANumberAtTheDoor_Once()
    {
        var (unit, _) = await NewHallAsync();
        using var citizen = await _api.NewCitizenAsync();
        var scene = _api.Services.GetRequiredService<CheckInCodes>().SceneOf(unit);
        var taken = await citizen.PostAsync("/v1/window-tickets", new { pointCode = scene, categoryCode = "0201", reason = "工资拖欠" }).Gives(Created);
        Assert.That(taken.String("number"), Is.EqualTo("W001"));
        await citizen.PostAsync("/v1/window-tickets", new { pointCode = scene, categoryCode = "0201" }).Refuses(Conflict, "already_queued");
        await citizen.PostAsync("/v1/window-tickets", new { pointCode = scene, categoryCode = "0201", priority = "emergency" }).Refuses(UnprocessableContent, "priority_not_declarable");
        await citizen.PostAsync("/v1/window-tickets", new { pointCode = unit + "AAAAAA", categoryCode = "0201" }).Refuses(Conflict, "no_window_queue");
        await citizen.PostAsync("/v1/window-tickets", new { pointCode = scene, categoryCode = "9999" }).Refuses(BadRequest, "category_unknown");
        Assert.That((await citizen.GetAsync("/v1/matters").Gives(OK))["items"].GetArrayLength(), Is.EqualTo(1), "a refusal opens no matter");
        var place = await citizen.GetAsync($"/v1/queue-tickets/{taken.String("id")}").Gives(OK);
        Assert.That(place["options"].EnumerateArray().Select(o => o.GetString()), Is.EqualTo(new[] { "leave" }));
        await citizen.PostAsync("/v1/me/phone", new { code = "test-phone:13900000077" }).Gives(OK);
        await citizen.PostAsync($"/v1/queue-tickets/{taken.String("id")}/callback", new { }).Refuses(Conflict, "ticket_state");
        using var hasty = await _api.NewCitizenAsync(consents: false);
        await hasty.PostAsync("/v1/window-tickets", new { pointCode = scene, categoryCode = "0201" }).Refuses(Forbidden, "consent_required");
    }

    [Test]
    public async Task Called_AndNotCome_IsKeptAndComesBackWhereItWas()
    {
        var (unit, queue) = await NewHallAsync();
        using var clerk = await _api.NewStaffAsync(Role.Clerk, unit);
        await IssueAsync(clerk, queue);
        _api.Time.Advance(TimeSpan.FromMinutes(1));
        await IssueAsync(clerk, queue);
        var called = await clerk.PostAsync($"/v1/staff/window-queues/{queue}/next", new { desk = "1号窗口" }).Gives(OK);
        var passed = await MoveAsync(clerk, called, "pass-over").Gives(OK);
        Assert.That((passed.String("state"), passed["keptUntil"].GetDateTimeOffset() > _api.Time.GetUtcNow()), Is.EqualTo(("parked", true)));
        Assert.That((await clerk.GetAsync($"/v1/staff/window-queues/{queue}").Gives(OK))["parked"].GetArrayLength(), Is.EqualTo(1));
        await MoveAsync(clerk, called, "return").Gives(OK);
        Assert.That((await clerk.PostAsync($"/v1/staff/window-queues/{queue}/next", new { desk = "1号窗口" }).Gives(OK)).String("number"), Is.EqualTo(called.String("number")));
        await MoveAsync(clerk, called, "parking").Gives(OK);
        _api.Time.Advance(TimeSpan.FromMinutes(1));
        var third = await IssueAsync(clerk, queue);
        Assert.That((await MoveAsync(clerk, third, "call", new { desk = "1号窗口" }).Gives(OK)).String("state"), Is.EqualTo("called"), "out of the order, by somebody who answers for it");
        await MoveAsync(clerk, third, "return").Gives(OK);
        await MoveAsync(clerk, called, "call", new { desk = "2号窗口" }).Gives(OK);
        await MoveAsync(clerk, called, "start").Gives(OK);
        using var other = await _api.NewStaffAsync(Role.Clerk, unit);
        await MoveAsync(other, called, "completion", new { }).Refuses(Conflict, "ticket_taken");
        await MoveAsync(clerk, called, "completion", new { }).Gives(OK);
    }

    [Test]
    public async Task Transfer_ToAnotherHall_CountsTheTimeWaited_AndStrangersSeeNothing()
    {
        var (unit, queue) = await NewHallAsync();
        var (there, target) = await NewHallAsync();
        using var clerk = await _api.NewStaffAsync(Role.Clerk, unit);
        using var stranger = await _api.NewStaffAsync(Role.Clerk, there);
        var ticket = await IssueAsync(clerk, queue);
        await MoveAsync(stranger, ticket, "call", new { desk = "1号窗口" }).Refuses(NotFound, "not_found");
        await stranger.GetAsync($"/v1/staff/window-queues/{queue}").Refuses(NotFound, "not_found");
        await stranger.PostAsync($"/v1/staff/window-queues/{queue}/next", new { desk = "1号窗口" }).Refuses(NotFound, "not_found");
        _api.Time.Advance(TimeSpan.FromMinutes(5));
        await IssueAsync(stranger, target);
        await MoveAsync(clerk, ticket, "transfer", new { queueId = queue }).Refuses(BadRequest, "validation_failed");
        await MoveAsync(clerk, ticket, "transfer", new { queueId = "nonsense" }).Refuses(Conflict, "no_window_queue");
        var moved = await MoveAsync(clerk, ticket, "transfer", new { queueId = target }).Gives(OK);
        Assert.That((moved.String("queueId"), moved.String("number")), Is.EqualTo((target, "W002")));
        Assert.That((await stranger.PostAsync($"/v1/staff/window-queues/{target}/next", new { desk = "1号窗口" }).Gives(OK)).String("id"), Is.EqualTo(ticket.String("id")), "longer waited");
    }

    [Test]
    public async Task Display_SaysEachCallOnce_AndAPrinterPrints()
    {
        var (unit, queue) = await NewHallAsync();
        using var clerk = await _api.NewStaffAsync(Role.Clerk, unit);
        using var nobody = _api.Anonymous();
        var screen = await clerk.PostAsync("/v1/staff/hall-devices", new { organisationId = unit, kind = "display", name = "大厅屏" }).Gives(Created);
        var printer = await clerk.PostAsync("/v1/staff/hall-devices", new { organisationId = unit, kind = "printer", name = "取号机" }).Gives(Created);
        var printed = await nobody.PostAsync($"/v1/ticket-printers/{printer.String("secret")}/tickets", new { }).Gives(Created);
        Assert.That(printed.String("number"), Is.EqualTo("W001"));
        await nobody.PostAsync($"/v1/ticket-printers/{printer.String("secret")}/tickets", new { priority = "emergency" }).Refuses(UnprocessableContent, "priority_not_declarable");
        await nobody.PostAsync($"/v1/ticket-printers/{screen.String("secret")}/tickets", new { }).Refuses(NotFound, "not_found");

        var path = $"/v1/call-displays/{screen.String("secret")}";
        var quiet = await nobody.GetAsync(path).Gives(OK);
        Assert.That((quiet["next"][0].GetProperty("text").GetString(), quiet["announcements"].GetArrayLength()), Is.EqualTo(("W001", 0)));
        var waiting = nobody.GetAsync($"{path}?after={quiet.String("version")}&waitSeconds=20");
        var called = await clerk.PostAsync($"/v1/staff/window-queues/{queue}/next", new { desk = "3号窗口" }).Gives(OK);
        var news = await waiting.Gives(OK);
        Assert.That(news["announcements"].EnumerateArray().Select(a => a.GetProperty("speech").GetString()), Is.EqualTo(new[] { "请W零零一号，到3号窗口办理" }));
        Assert.That(news["called"][0].GetProperty("text").GetString(), Is.EqualTo("W001"));
        await MoveAsync(clerk, called, "recall").Gives(OK);
        var again = await nobody.GetAsync(path).Gives(OK);
        Assert.That(again["announcements"].EnumerateArray().Select(a => a.GetProperty("key").GetString()).Distinct().Count(), Is.EqualTo(2), "called once more, to be said once more");

        await clerk.DeleteAsync($"/v1/staff/hall-devices/{screen.String("id")}").Gives(OK);
        await nobody.GetAsync(path).Refuses(NotFound, "not_found");
        await nobody.GetAsync("/v1/call-displays/" + new string('0', 40)).Refuses(NotFound, "not_found");
        Assert.That((await clerk.GetAsync($"/v1/staff/hall-devices?organisationId={unit}").Gives(OK))["items"].GetArrayLength(), Is.EqualTo(1));
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, unit);
        await lawyer.PostAsync("/v1/staff/hall-devices", new { organisationId = unit, kind = "display", name = "屏" }).Refuses(Forbidden, "forbidden");
    }

    [Test]
    public async Task LeftOver_OverNight_IsEndedAndNumbersBeginAnew()
    {
        var (unit, queue) = await NewHallAsync();
        using var clerk = await _api.NewStaffAsync(Role.Clerk, unit);
        var yesterday = await IssueAsync(clerk, queue);
        await _api.RunAsync<CloseLeftOverTicketsJob>();
        Assert.That((await clerk.GetAsync($"/v1/staff/window-queues/{queue}").Gives(OK))["waiting"].GetArrayLength(), Is.EqualTo(1), "not before midnight");
        _api.Time.At("2026-11-26T08:30+08:00");
        Assert.That(await _api.RunAsync<CloseLeftOverTicketsJob>(), Is.GreaterThanOrEqualTo(1));
        await MoveAsync(clerk, yesterday, "call", new { desk = "1号窗口" }).Refuses(Conflict, "ticket_over");
        Assert.That((await IssueAsync(clerk, queue)).String("number"), Is.EqualTo("W001"));
    }

    private static Task<Answer> IssueAsync(ApiClient clerk, string queue) => clerk.PostAsync($"/v1/staff/window-queues/{queue}/tickets", new { }).Gives(Created);

    private static Task<Answer> MoveAsync(ApiClient clerk, Answer ticket, string verb, object? body = null) =>
        clerk.PostAsync($"/v1/staff/window-tickets/{ticket.String("id")}/{verb}", body);

    private async Task<(string Id, string Code, ApiClient Citizen)> BookedAsync(string lawyerId, DateTimeOffset at)
    {
        var citizen = await _api.NewBookerAsync();
        var booked = await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyerId, at)).Gives(Created);
        return (booked.String("id"), booked.String("checkInCode"), citizen);
    }

    /// <summary>A service point of its own with one window queue.</summary>
    private async Task<(string Unit, string Queue)> NewHallAsync()
    {
        var (unit, queue) = (Id.New(_api.Time), Id.New(_api.Time));
        await _api.ExecuteAsync("""
            INSERT INTO organisations (id, parent_id, path, kind, name, region_code, phone, address, latitude, longitude, opening_hours, is_service_point, area_kind, takes_consultations, active, version)
            SELECT @unit, id, concat(path, @unit, '/'), kind, @name, region_code, NULL, NULL, NULL, NULL, NULL, 1, 'Rural', 0, 1, 1 FROM organisations WHERE id = @parent
            """, new { unit, name = $"测试大厅{++_units}", parent = DemoDistrict.TownA });
        await _api.Services.GetRequiredService<Database>().WriteAlwaysAsync(tx => _api.Services.GetRequiredService<QueueRepository>().InsertAsync(tx, new QueueSettings(
            queue, unit, QueueKind.Window, "综合窗口", "W", QueueSettings.UsualRings, TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(5), HeadStarts.Usual, 100, TimeSpan.FromMinutes(10), true, 1)));
        return (unit, queue);
    }
}
