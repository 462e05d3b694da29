using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Appointments;

/// <summary>What the office does with an appointment, from the plan of the day to its end; and who may.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class OfficeTests(Engine engine)
{
    private const string Staff = "/v1/staff/appointments";

    private TestApi _api = null!;

    [OneTimeSetUp]
    public async Task Start() => _api = await TestApi.StartAsync(engine, Bookable.LongDays);

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [SetUp]
    public void OnAWednesday() => _api.Time.At("2026-11-25T08:00+08:00");

    [Test]
    public async Task Agenda_OfTheDay_ShowsMarksAndNothingPersonal()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        using var citizen = await _api.NewBookerAsync();
        using var other = await _api.NewBookerAsync();
        var late = await BookAsync(citizen, lawyer, 0, 9);
        var waiting = await BookAsync(other, lawyer, 0, 10);
        await BookAsync(citizen, lawyer, 1, 9);
        await citizen.PutAsync("/v1/me/profile", new { name = "李来运" }).Gives(OK);
        _api.Time.At("2026-11-25T09:40+08:00");
        await clerk.PostAsync($"{Staff}/{waiting}/check-in").Gives(OK);

        var day = await lawyer.GetAsync($"{Staff}?mine=true").Gives(OK);
        Assert.That(Ids(day), Is.EqualTo(new[] { late, waiting }));
        Assert.Multiple(() =>
        {
            Assert.That(day["items"][0].GetProperty("late").GetBoolean() && day["items"][0].GetProperty("unsettled").GetBoolean(), Is.True);
            Assert.That(day["items"][1].GetProperty("waiting").GetBoolean(), Is.True);
            Assert.That(day.Text, Does.Not.Contain("李来运").And.Not.Match("\"1[0-9*]{10}\"").And.Not.Contain("checkInCode"));
        });
        Assert.That(Ids(await lawyer.GetAsync($"{Staff}?mine=true&from=2026-11-25&days=2").Gives(OK)), Has.Length.EqualTo(3));
        Assert.That(Ids(await lawyer.GetAsync($"{Staff}?mine=true&state=checkedIn").Gives(OK)), Is.EqualTo(new[] { waiting }));
        Assert.That(Ids(await clerk.GetAsync($"{Staff}?organisationId={DemoDistrict.TownA}&date=2026-11-25").Gives(OK)), Is.SupersetOf(new[] { late, waiting }));
        var first = await lawyer.GetAsync($"{Staff}?mine=true&limit=1").Gives(OK);
        Assert.That(Ids(await lawyer.GetAsync($"{Staff}?mine=true&limit=1&cursor={first.String("nextCursor")}").Gives(OK)), Is.EqualTo(new[] { waiting }));

        using var elsewhere = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownB);
        await elsewhere.GetAsync($"{Staff}?organisationId={DemoDistrict.TownA}").Refuses(NotFound, "not_found");
        Assert.That(Ids(await elsewhere.GetAsync(Staff).Gives(OK)), Does.Not.Contain(late));
        foreach (var bad in new[] { "days=0", "days=32", "date=2026-11-25&days=2", "date=1800-01-01", "state=gone", "limit=0", "cursor=x" })
            Assert.That((await clerk.GetAsync($"{Staff}?{bad}")).Status, Is.EqualTo(BadRequest), bad);
    }

    [Test]
    public async Task Detail_HasAnEtagThatTheClockMoves()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        var id = await BookAsync(citizen, lawyer, 0, 9);
        var seen = await lawyer.GetAsync($"{Staff}/{id}").Gives(OK);
        var tag = seen.Headers.ETag!.ToString();
        await lawyer.GetAsync($"{Staff}/{id}", ("If-None-Match", tag)).Gives(NotModified);
        _api.Time.At("2026-11-25T09:05+08:00");
        Assert.That((await lawyer.GetAsync($"{Staff}/{id}", ("If-None-Match", tag)).Gives(OK))["late"].GetBoolean(), Is.True);
    }

    [Test]
    public async Task Rights_OutsideScopeNotThere_InsideOnlyWhoServesOrDirects()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var colleague = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        using var elsewhere = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownB);
        using var head = await _api.NewStaffAsync(Role.CentreHead, DemoDistrict.Bureau);
        using var citizen = await _api.NewBookerAsync();
        var id = await BookAsync(citizen, lawyer, 0, 9);
        (string Verb, object? Body)[] verbs =
        [
            ("confirmation", null), ("check-in", null), ("start", null), ("completion", new { }), ("no-show", null), ("reinstatement", null),
            ("reschedule", new { startsAt = _api.Day(1, 9), reason = "出庭" }), ("cancellation", new { reason = "出庭" }), ("contact-readings", new { purpose = "好奇" }),
        ];
        await colleague.GetAsync($"{Staff}/{id}").Gives(OK);
        Assert.That((await colleague.GetAsync($"{Staff}/{id}").Gives(OK))["actions"].GetArrayLength(), Is.Zero);
        await elsewhere.GetAsync($"{Staff}/{id}").Refuses(NotFound, "not_found");
        foreach (var (verb, body) in verbs)
        {
            await colleague.PostAsync($"{Staff}/{id}/{verb}", body).Refuses(Forbidden, "forbidden");
            await elsewhere.PostAsync($"{Staff}/{id}/{verb}", body).Refuses(NotFound, "not_found");
            await citizen.PostAsync($"{Staff}/{id}/{verb}", body).Refuses(Forbidden, "forbidden");
        }
        await head.PostAsync($"{Staff}/{id}/check-in").Gives(OK);
        Assert.That((await lawyer.PostAsync($"{Staff}/{id}/start").Gives(OK)).String("state"), Is.EqualTo("inService"));
    }

    [Test]
    public async Task Visit_FromCheckInToRating_ClosesTheMatter()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        using var citizen = await _api.NewBookerAsync();
        var booked = await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(0, 10))).Gives(Created);
        var (id, code, matter) = (booked.String("id"), booked.String("checkInCode"), booked.String("matterId"));

        await clerk.PostAsync("/v1/staff/check-ins", new { code = "NOSUCHXX" }).Refuses(NotFound, "not_found");
        await citizen.PostAsync($"/v1/matters/{matter}/rating", new { score = 5 }).Refuses(Conflict, "not_ratable");
        _api.Time.At("2026-11-25T09:50+08:00");
        Assert.That((await clerk.PostAsync("/v1/staff/check-ins", new { code = $"{code[..4].ToLowerInvariant()} {code[4..]}" }).Gives(OK)).String("id"), Is.EqualTo(id));
        await lawyer.PostAsync($"{Staff}/{id}/completion", new { outcome = "太早" }).Refuses(Conflict, "appointment_state");
        // Who directs the unit calls in for the lawyer, who still serves.
        Assert.That((await clerk.PostAsync($"{Staff}/{id}/start").Gives(OK)).String("staffId"), Is.EqualTo(lawyer.Id));
        var done = await lawyer.PostAsync($"{Staff}/{id}/completion", new { outcome = "已代写仲裁申请书" }).Gives(OK);
        Assert.That((done.String("state"), done.String("outcome")), Is.EqualTo(("completed", "已代写仲裁申请书")));
        var shown = await citizen.GetAsync($"/v1/appointments/{id}").Gives(OK);
        Assert.That(shown.Text, Does.Not.Contain("仲裁申请书"), "the office's own words");
        Assert.That((await citizen.GetAsync($"/v1/matters/{matter}").Gives(OK)).String("status"), Is.EqualTo("closed"));
        await citizen.PostAsync($"/v1/matters/{matter}/rating", new { score = 5, tags = new[] { "耐心" } }).Gives(Created);
    }

    [Test]
    public async Task NoShow_GivesTheRestBack_AndIsTakenBackWhileItIsFree()
    {
        using var lawyer = await _api.NewPersonAsync(Role.Mediator);
        using var citizen = await _api.NewBookerAsync();
        using var other = await _api.NewBookerAsync();
        var id = await BookAsync(citizen, lawyer, 0, 9, "mediation");
        await lawyer.PostAsync($"{Staff}/{id}/no-show").Refuses(Conflict, "no_show_too_early");
        _api.Time.At("2026-11-25T09:16+08:00");
        var missed = await lawyer.PostAsync($"{Staff}/{id}/no-show").Gives(OK);
        await _api.DeliverAsync();
        Assert.That((await citizen.GetAsync("/v1/me/notifications").Gives(OK))["items"][0].GetProperty("kind").GetString(), Is.EqualTo("appointmentMissed"));
        Assert.That(missed["actions"].EnumerateArray().Select(a => a.GetString()), Is.EqualTo(new[] { "reinstate" }));
        Assert.That(await RasterAsync(id), Is.EqualTo(2), "the quarters that are over");

        await lawyer.PostAsync($"{Staff}/{id}/reinstatement").Gives(OK);
        Assert.That(await RasterAsync(id), Is.EqualTo(4));
        await lawyer.PostAsync($"{Staff}/{id}/no-show").Gives(OK);
        var next = await BookAsync(other, lawyer, 0, 9, minute: 30);
        await lawyer.PostAsync($"{Staff}/{id}/reinstatement").Refuses(Conflict, "slot_taken");
        Assert.That((await lawyer.GetAsync($"{Staff}/{id}").Gives(OK)).String("state"), Is.EqualTo("noShow"));
        Assert.That(await RasterAsync(id), Is.EqualTo(2), "a refused try changes nothing");
        await lawyer.PostAsync($"{Staff}/{next}/cancellation", new { reason = "律师临时有事" }).Gives(OK);
        _api.Time.At("2026-11-26T00:00+08:00");
        await lawyer.PostAsync($"{Staff}/{id}/reinstatement").Refuses(Conflict, "reinstate_too_late");
    }

    [Test]
    public async Task Office_MovesAndCancels_TellingWhy()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var second = await _api.NewPersonAsync();
        using var far = await _api.NewPersonAsync(unit: DemoDistrict.TownB);
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        using var citizen = await _api.NewBookerAsync();
        var id = await BookAsync(citizen, lawyer, 1, 10);
        foreach (var body in new object[] { new { startsAt = _api.Day(1, 11) }, new { startsAt = _api.Day(1, 11), reason = " " }, new { reason = "出庭" } })
            await clerk.PostAsync($"{Staff}/{id}/reschedule", body).Refuses(BadRequest, "validation_failed");
        await clerk.PostAsync($"{Staff}/{id}/reschedule", new { startsAt = _api.Day(1, 20), reason = "出庭" }).Refuses(UnprocessableEntity, "slot_outside_hours");
        await clerk.PostAsync($"{Staff}/{id}/reschedule", new { startsAt = _api.Day(1, 11), resourceId = far.Id, reason = "出庭" }).Refuses(NotFound, "not_found");

        var moved = await clerk.PostAsync($"{Staff}/{id}/reschedule", new { startsAt = _api.Day(2, 11), resourceId = second.Id, reason = "张律师出庭" }).Gives(OK);
        Assert.That((moved.String("staffId"), moved["moves"].GetInt32(), moved["history"][0].GetProperty("byText").GetString()), Is.EqualTo((second.Id, 1, "工作人员")));
        var shown = await citizen.GetAsync($"/v1/appointments/{id}").Gives(OK);
        Assert.That(shown["history"][0].GetProperty("fromStartsAt").GetString(), Does.StartWith("2026-11-26T10:00"));
        await clerk.PostAsync($"{Staff}/{id}/cancellation", new { }).Refuses(BadRequest, "validation_failed");
        await clerk.PostAsync($"{Staff}/{id}/cancellation", new { reason = "全天停电" }).Gives(OK);
        var timeline = await citizen.GetAsync($"/v1/matters/{shown.String("matterId")}/timeline").Gives(OK);
        Assert.That(timeline.Text, Does.Contain("张律师出庭").And.Contain("全天停电"));
        Assert.That((await citizen.GetAsync($"/v1/appointments/{id}").Gives(OK)).String("cancelReason"), Is.EqualTo("全天停电"));
        Assert.That(await RasterAsync(id), Is.Zero);

        await _api.DeliverAsync();
        var inbox = await citizen.GetAsync("/v1/me/notifications").Gives(OK);
        Assert.That(inbox["items"].EnumerateArray().Select(n => n.GetProperty("kind").GetString()), Is.EqualTo(new[] { "appointmentCancelled", "appointmentMoved" }));
        Assert.That(inbox["items"][0].GetProperty("appointmentId").GetString(), Is.EqualTo(id));
        Assert.That(inbox["items"][1].GetProperty("text").GetString(), Does.Contain("11月27日（周五）11:00").And.Contain("东河镇"));
        await citizen.PutAsync("/v1/me/contact-preference", new { contactPreference = "neutral" });
        Assert.That((await citizen.GetAsync("/v1/me/notifications").Gives(OK)).Text, Does.Not.Contain("11月27日"));
    }

    [Test]
    public async Task Verbs_SentAgainWithTheSameKey_AreDoneOnce()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        var id = await BookAsync(citizen, lawyer, 0, 9);
        var first = await lawyer.PostAsync($"{Staff}/{id}/start", key: "start-1").Gives(OK);
        var again = await lawyer.PostAsync($"{Staff}/{id}/start", key: "start-1").Gives(OK);
        Assert.That((again.Text, again.Headers.Contains("Idempotency-Replayed")), Is.EqualTo((first.Text, true)));
        await lawyer.PostAsync($"{Staff}/{id}/completion", new { outcome = new string('字', 501) }).Refuses(BadRequest, "validation_failed");
        await lawyer.PostAsync($"{Staff}/{id}/completion").Gives(OK);
        await lawyer.PostAsync($"{Staff}/{id}/completion").Refuses(Conflict, "appointment_over");
        await lawyer.PostAsync($"{Staff}/x/start").Refuses(NotFound, "not_found");
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM audit_entries WHERE action = 'appointments.start' AND subject_id = @id", new { id }), Is.EqualTo(1));
    }

    [Test]
    public async Task Contact_OnlyWithAPurpose_AndTheCitizenSeesIt()
    {
        using var mediator = await _api.NewPersonAsync(Role.Mediator);
        using var citizen = await _api.NewBookerAsync();
        await citizen.PutAsync("/v1/me/profile", new { name = "刘瑞" }).Gives(OK);
        var id = (await citizen.PostAsync("/v1/appointments", new
        {
            serviceCode = "mediation", mode = "homeVisit", resourceId = mediator.Id, startsAt = _api.Day(1, 10), categoryCode = "0201", reason = "摔伤赔偿", address = "五马镇刘庄12号",
            subject = new { name = "刘小瑞", nationalId = "341602202011099932", relation = "child", guardianConsent = true },
        }).Gives(Created)).String("id");
        foreach (var body in new object[] { new { }, new { purpose = "x" }, new { purpose = "\u200B\u200B" } })
            await mediator.PostAsync($"{Staff}/{id}/contact-readings", body).Refuses(BadRequest, "validation_failed");
        var contact = await mediator.PostAsync($"{Staff}/{id}/contact-readings", new { purpose = "上门前联系" }).Gives(OK);
        Assert.That((contact.String("name"), contact.String("subjectName"), contact.String("subjectNationalId"), contact.String("address")),
            Is.EqualTo(("刘瑞", "刘小瑞", "341602202011099932", "五马镇刘庄12号")));
        Assert.That(contact.Headers.CacheControl!.NoStore, Is.True);
        var data = await citizen.GetAsync("/v1/me/data").Gives(OK);
        Assert.That(data["staffAccesses"][0].GetProperty("fields").GetString(), Is.EqualTo("name,phone,subject_name,subject_national_id,address"));
        var held = data["matters.items"][0].GetProperty("appointments")[0];
        Assert.That((held.GetProperty("subjectName").GetString(), held.GetProperty("address").GetString()), Is.EqualTo(("刘小瑞", "五马镇刘庄12号")));
        Assert.That(string.Join('\n', _api.Logged), Does.Not.Contain("刘小瑞").And.Not.Contain("341602202011099932"));
    }

    [Test]
    public async Task KnownParty_OnOnesList_IsNotActedAgainst()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var other = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        using var citizen = await _api.NewBookerAsync();
        const string List = "/v1/staff/me/known-parties";
        var added = await lawyer.PostAsync(List, new { name = "东河食品有限公司（安徽）" }).Gives(Created);
        Assert.That((await lawyer.PostAsync(List, new { name = "东河食品 有限公司(安徽)" }).Gives(Created)).String("id"), Is.EqualTo(added.String("id")));
        foreach (var bad in new object[] { new { }, new { name = "x" }, new { name = "··" }, new { name = new string('字', 101) } })
            Assert.That((await lawyer.PostAsync(List, bad)).Status, Is.EqualTo(BadRequest));
        Assert.That((await lawyer.GetAsync(List).Gives(OK))["items"].GetArrayLength(), Is.EqualTo(1));
        Assert.That((await other.GetAsync(List).Gives(OK))["items"].GetArrayLength(), Is.Zero);
        await other.DeleteAsync($"{List}/{added.String("id")}").Refuses(NotFound, "not_found");
        Assert.That(await _api.ScalarAsync<string>("SELECT name_sealed FROM known_parties WHERE staff_id = @Id", new { lawyer.Id }), Does.StartWith("v1."));

        object Order(string party) => new { serviceCode = "lawyer", mode = "inPerson", resourceId = lawyer.Id, startsAt = _api.Day(1, 9), categoryCode = "0201", opposingParty = party };
        await citizen.PostAsync("/v1/appointments", Order("东河食品有限公司（安徽）")).Refuses(Conflict, "conflict_of_interest");
        await lawyer.DeleteAsync($"{List}/{added.String("id")}").Gives(OK);
        await citizen.PostAsync("/v1/appointments", Order("东河食品有限公司（安徽）")).Gives(Created);
    }

    [Test]
    public async Task KnownParty_WithAnybody_AnotherIsBooked()
    {
        const string Unit = DemoDistrict.AidCentre;
        using var biased = await _api.NewPersonAsync(unit: Unit);
        using var free = await _api.NewPersonAsync(unit: Unit);
        using var citizen = await _api.NewBookerAsync();
        await biased.PostAsync("/v1/staff/me/known-parties", new { name = "王老五" }).Gives(Created);
        object Order(int hour) => new { serviceCode = "lawyer", mode = "inPerson", organisationId = Unit, startsAt = _api.Day(1, hour), categoryCode = "0201", opposingParty = "王老五" };
        for (var hour = 9; hour < 12; hour++)
            Assert.That((await citizen.PostAsync("/v1/appointments", Order(hour)).Gives(Created)).String("resourceId"), Is.EqualTo(free.Id));
        using var another = await _api.NewBookerAsync();
        await another.PostAsync("/v1/appointments", Order(9)).Refuses(Conflict, "slot_taken");
    }

    private Task<long> RasterAsync(string id) => _api.ScalarAsync<long>("SELECT COUNT(*) FROM appointment_rasters WHERE owner_id = @id", new { id });

    private async Task<string> BookAsync(ApiClient citizen, ApiClient person, int days, int hour, string service = "lawyer", int minute = 0) =>
        (await citizen.PostAsync("/v1/appointments", Bookable.Order(person.Id, _api.Day(days, hour, minute), service)).Gives(Created)).String("id");

    private static string[] Ids(Answer page) => [.. page["items"].EnumerateArray().Select(i => i.GetProperty("id").GetString()!)];
}
