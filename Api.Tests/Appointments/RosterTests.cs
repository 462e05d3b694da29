using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Appointments;

/// <summary>Hours, leave and what can be booked, as clerks write them: shown first what breaks, then all of it or nothing.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class RosterTests(Engine engine)
{
    private TestApi _api = null!;
    private ApiClient _clerk = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine);
        _clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _clerk?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    [SetUp]
    public void OnAWednesday() => _api.Time.At("2026-07-29T08:00+08:00");

    [Test]
    public async Task Roster_TuesdayAndFriday_OffersGapsAndRefusesOverlap()
    {
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        await MakeBookableAsync(lawyer);
        var preview = await AddAsync(lawyer.Id, 1, Hours(lawyer.Id, [2, 5], validateOnly: true)).Gives(OK);
        Assert.That(preview["applied"].GetBoolean(), Is.False);
        var added = await AddAsync(lawyer.Id, 1, Hours(lawyer.Id, [2, 5])).Gives(OK);
        Assert.Multiple(() =>
        {
            Assert.That(added["applied"].GetBoolean(), Is.True);
            Assert.That(added["ids"].GetArrayLength(), Is.EqualTo(2));
            Assert.That(added["hoursVersion"].GetInt32(), Is.EqualTo(2));
        });
        // 2026-08-04 is a Tuesday: bookable at once.
        Assert.That(await StartsAsync(lawyer.Id, "2026-08-04"), Is.EqualTo("09:00 09:30 10:00 10:30"));
        Assert.That(await StartsAsync(lawyer.Id, "2026-08-05"), Is.Empty);

        await AddAsync(lawyer.Id, 2, Hours(lawyer.Id, [5], "10:00", "12:00")).Refuses(Conflict, "office_hours_overlap");
        using var head = await _api.NewStaffAsync(Role.CentreHead, DemoDistrict.Bureau);
        await _api.ExecuteAsync("INSERT INTO posts (id, staff_id, organisation_id, role) VALUES (@id, @staff, @unit, 'Lawyer')",
            new { id = Domain.Common.Id.New(_api.Time), staff = lawyer.Id, unit = DemoDistrict.TownB });
        // Another unit, the same person: still the same time.
        await AddAsync(lawyer.Id, 2, Hours(lawyer.Id, [5], "10:30", "12:00", unit: DemoDistrict.TownB), head).Refuses(Conflict, "office_hours_overlap");

        var roster = await lawyer.GetAsync($"/v1/staff/rosters?organisationId={DemoDistrict.TownA}&from=2026-08-03&days=7").Gives(OK);
        var mine = roster["items"].EnumerateArray().Single(i => i.GetProperty("resourceId").GetString() == lawyer.Id).GetProperty("days");
        Assert.That(mine.EnumerateArray().Select(d => d.GetProperty("shifts").GetArrayLength()), Is.EqualTo(new[] { 0, 1, 0, 0, 1, 0, 0 }));
        var listed = await lawyer.GetAsync($"/v1/staff/office-hours?resourceId={lawyer.Id}").Gives(OK);
        Assert.That(listed["items"][0].GetProperty("terms").GetProperty("services")[0].GetString(), Is.EqualTo("lawyer"));
    }

    [Test]
    public async Task Roster_OfAVillage_TellsGapDaysAndHolidays()
    {
        const string Village = "01DEMZ0RG00000000000000006";
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        await _clerk.PostAsync("/v1/staff/booking-resources", new { kind = "person", organisationId = Village, staffId = lawyer.Id }).Gives(Created);
        await AddAsync(lawyer.Id, 1, Hours(lawyer.Id, [2, 5], unit: Village)).Gives(OK);
        var roster = await _clerk.GetAsync($"/v1/staff/rosters?organisationId={Village}&from=2026-08-03&days=7").Gives(OK);
        Assert.That(roster["gapDays"].EnumerateArray().Select(d => d.GetString()), Is.EqualTo(new[] { "2026-08-03", "2026-08-05", "2026-08-06" }));
        // 2 October, a Friday, is a holiday: the hours are there, and nobody is.
        var holiday = await _clerk.GetAsync($"/v1/staff/rosters?organisationId={Village}&from=2026-10-02&days=1").Gives(OK);
        var day = holiday["items"][0].GetProperty("days")[0];
        Assert.Multiple(() =>
        {
            Assert.That(day.GetProperty("shifts")[0].GetProperty("fate").GetString(), Is.EqualTo("holiday"));
            Assert.That(day.GetProperty("holidayName").GetString(), Does.Contain("国庆"));
        });
    }

    [TestCase("{\"intervals\":[{\"from\":\"22:00\",\"to\":\"02:00\"}]}", "intervals[0].to")]
    [TestCase("{\"intervals\":[{\"from\":\"09:10\",\"to\":\"10:00\"}]}", "intervals[0].from")]
    [TestCase("{\"intervals\":[]}", "intervals")]
    [TestCase("{\"intervals\":[null]}", "intervals[0]")]
    [TestCase("{\"weekdays\":[0]}", "weekdays")]
    [TestCase("{\"weekdays\":[2,2]}", "weekdays")]
    [TestCase("{\"validFrom\":\"2026-01-01\"}", "validFrom")]
    [TestCase("{\"validFrom\":\"2026-09-01\",\"validUntil\":\"2026-08-01\"}", "validUntil")]
    [TestCase("{\"terms\":{\"seats\":{\"citizen\":2,\"hotline\":1,\"staff\":3}}}", "terms.seats")]
    [TestCase("{\"terms\":{\"seats\":{\"citizen\":2,\"hotline\":2,\"staff\":2}}}", "terms.seats")]
    [TestCase("{\"terms\":{\"stepMinutes\":20}}", "terms.stepMinutes")]
    [TestCase("{\"terms\":{\"services\":[\"nothing\"]}}", "terms.services")]
    [TestCase("{\"terms\":{\"services\":[null]}}", "terms.services")]
    [TestCase("{\"terms\":{\"modes\":[]}}", "terms.modes")]
    [TestCase("{\"everyWeeks\":9}", "everyWeeks")]
    public async Task AddHours_BadInput_IsToldAtTheField(string change, string field)
    {
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        await MakeBookableAsync(lawyer);
        var body = System.Text.Json.JsonSerializer.SerializeToNode(Hours(lawyer.Id, [2]), WireJson.Options)!.AsObject();
        foreach (var (name, value) in System.Text.Json.Nodes.JsonNode.Parse(change)!.AsObject()) body[name] = value?.DeepClone();
        var answer = await AddAsync(lawyer.Id, 1, body.ToJsonString());
        Assert.Multiple(() =>
        {
            Assert.That((int)answer.Status, Is.EqualTo(400), answer.Text);
            Assert.That(answer["errors"].TryGetProperty(field, out _), Is.True, answer.Text);
        });
    }

    [Test]
    public async Task AddHours_ByThoseWhoMayNot_IsRefused()
    {
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        await MakeBookableAsync(lawyer);
        using var elsewhere = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownB);
        await AddAsync(lawyer.Id, 1, Hours(lawyer.Id, [2]), elsewhere).Refuses(NotFound, "not_found");
        await AddAsync(lawyer.Id, 1, Hours(lawyer.Id, [2]), lawyer).Refuses(Forbidden, "forbidden");
        await AddAsync(lawyer.Id, 1, Hours(lawyer.Id, [2], unit: DemoDistrict.TownB), elsewhere).Refuses(UnprocessableEntity, "staff_not_of_unit");
        await _clerk.PostAsync("/v1/staff/office-hours", Hours(lawyer.Id, [2])).Refuses(BadRequest, "validation_failed");
        await AddAsync(lawyer.Id, 1, System.Text.Json.JsonSerializer.SerializeToNode(Hours(lawyer.Id, [2]), WireJson.Options)!.ToJsonString().Replace("\"terms\":null", "\"terms\":{\"services\":[\"notary\"]}", StringComparison.Ordinal))
            .Refuses(UnprocessableEntity, "service_not_of_role");
    }

    [Test]
    public async Task AddHours_ByTwoClerksAtOnce_OneIsTold()
    {
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        await MakeBookableAsync(lawyer);
        using var other = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        for (var round = 0; round < 5; round++)
        {
            var version = round + 1;
            var answers = await Task.WhenAll(
                AddAsync(lawyer.Id, version, Hours(lawyer.Id, [round + 1], "09:00", "10:00")), AddAsync(lawyer.Id, version, Hours(lawyer.Id, [round + 1], "09:30", "11:00"), other));
            Assert.That(answers.Select(a => (int)a.Status).Order(), Is.EqualTo(new[] { 200, 412 }));
        }
    }

    [Test]
    public async Task EditAndEnd_HoursWithBookings_PlanThenMove()
    {
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        await MakeBookableAsync(lawyer);
        var ids = (await AddAsync(lawyer.Id, 1, Hours(lawyer.Id, [2, 5])).Gives(OK))["ids"];
        using var one = await _api.NewBookerAsync();
        using var two = await _api.NewBookerAsync();
        var first = (await one.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, At("2026-08-04T09:00"))).Gives(Created)).String("id");
        var second = (await two.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, At("2026-08-04T10:30"))).Gives(Created)).String("id");

        // From 10 to 12: the first no longer fits, the second does.
        var edit = new { weekday = 2, from = "10:00", to = "12:00", terms = new { minNoticeMinutes = 0 } };
        var tuesday = ids[0].GetString()!;
        await PutAsync(tuesday, 2, edit).Refuses(Conflict, "plan_required");
        var plan = await PutAsync(tuesday, 2, new { edit.weekday, edit.from, edit.to, edit.terms, validateOnly = true }).Gives(OK);
        Assert.Multiple(() =>
        {
            Assert.That(plan["brokenCount"].GetInt32(), Is.EqualTo(1));
            Assert.That(plan["broken"][0].GetProperty("appointmentId").GetString(), Is.EqualTo(first));
            Assert.That(plan["broken"][0].GetProperty("move").GetProperty("startsAt").GetString(), Does.StartWith("2026-08-04T10:00"));
            Assert.That(plan["broken"][0].GetProperty("message").GetString(), Does.Contain("10:00"));
        });
        await PutAsync(tuesday, 2, new { edit.weekday, edit.from, edit.to, edit.terms, planToken = "0000" }).Refuses(Conflict, "plan_changed");
        var done = await PutAsync(tuesday, 2, new { edit.weekday, edit.from, edit.to, edit.terms, planToken = plan.String("planToken") }).Gives(OK);
        Assert.That((await one.GetAsync($"/v1/appointments/{first}").Gives(OK)).String("startsAt"), Does.StartWith("2026-08-04T10:00"));
        Assert.That((await two.GetAsync($"/v1/appointments/{second}").Gives(OK))["moves"].GetInt32(), Is.Zero);
        Assert.That(await StartsAsync(lawyer.Id, "2026-08-04"), Is.EqualTo("11:00 11:30"));

        // No more Tuesdays: both go to the Friday before.
        var id = done["ids"][0].GetString()!;
        var end = await _clerk.SendAsync(HttpMethod.Post, $"/v1/staff/office-hours/{id}/end", new { lastDay = "2026-08-03", validateOnly = true }, ("If-Match", "\"3\"")).Gives(OK);
        Assert.That(end["broken"].EnumerateArray().Select(b => b.GetProperty("move").GetProperty("startsAt").GetString()![..16]), Is.EqualTo(new[] { "2026-08-07T09:00", "2026-08-07T09:30" }));
        await _clerk.SendAsync(HttpMethod.Post, $"/v1/staff/office-hours/{id}/removal", new { planToken = end.String("planToken") }, ("If-Match", "\"3\"")).Gives(OK);
        Assert.That((await two.GetAsync($"/v1/appointments/{second}").Gives(OK)).String("startsAt"), Does.StartWith("2026-08-07T09:30"));
        await AllFitAsync(lawyer.Id);
    }

    [Test]
    public async Task EditHours_EveryOtherWeek_StaysInItsWeeks()
    {
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        await MakeBookableAsync(lawyer);
        var id = (await AddAsync(lawyer.Id, 1, Hours(lawyer.Id, [2], everyWeeks: 2, validFrom: "2026-08-04")).Gives(OK))["ids"][0].GetString()!;
        _api.Time.At("2026-08-10T08:00+08:00");
        await PutAsync(id, 2, new { weekday = 2, from = "14:00", to = "15:00", everyWeeks = 2, terms = new { minNoticeMinutes = 0 } }).Gives(OK);
        Assert.Multiple(async () =>
        {
            Assert.That(await StartsAsync(lawyer.Id, "2026-08-11"), Is.Empty);
            Assert.That(await StartsAsync(lawyer.Id, "2026-08-18"), Is.EqualTo("14:00 14:30"));
        });
    }

    [Test]
    public async Task Leave_OfOneself_BreakingNothing_IsAppliedAtOnce()
    {
        using var lawyer = await _api.NewPersonAsync();
        var leave = new { startsAt = At("2026-08-03T10:00"), endsAt = At("2026-08-03T12:00"), reason = "开庭" };
        var added = await lawyer.PostAsync("/v1/staff/leaves", leave).Gives(OK);
        Assert.That(await StartsAsync(lawyer.Id, "2026-08-03"), Does.StartWith("09:00 09:30 12:00"));
        var listed = await lawyer.GetAsync($"/v1/staff/leaves?resourceId={lawyer.Id}").Gives(OK);
        Assert.That(listed["items"][0].GetProperty("reason").GetString(), Is.EqualTo("开庭"));
        await lawyer.DeleteAsync($"/v1/staff/leaves/{added["ids"][0].GetString()}").Gives(OK);
        Assert.That(await StartsAsync(lawyer.Id, "2026-08-03"), Does.StartWith("09:00 09:30 10:00"));
        using var stranger = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownB);
        await stranger.PostAsync("/v1/staff/leaves", new { resourceId = lawyer.Id, leave.startsAt, leave.endsAt }).Refuses(NotFound, "not_found");
        await lawyer.PostAsync("/v1/staff/leaves", new { startsAt = leave.endsAt, endsAt = leave.startsAt }).Refuses(BadRequest, "validation_failed");
    }

    [Test]
    public async Task Leave_BreakingBookings_GoesToAColleagueOrIsCancelled()
    {
        using var lawyer = await _api.NewPersonAsync(unit: "01DEMZ0RG00000000000000007");
        using var colleague = await _api.NewPersonAsync(unit: "01DEMZ0RG00000000000000007", from: 10, to: 11);
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownB);
        var citizens = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _api.NewBookerAsync()));
        for (var i = 0; i < 3; i++) await citizens[i].PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, At("2026-08-03T09:00").AddMinutes(30 * i))).Gives(Created);
        // Away for longer than anything may be moved with the same person; the colleague has two places a day, and is away all other days.
        var leave = new { resourceId = lawyer.Id, startsAt = At("2026-07-29T00:00"), endsAt = At("2026-10-29T00:00") };
        await clerk.PostAsync("/v1/staff/leaves", new { resourceId = colleague.Id, startsAt = At("2026-07-29T00:00"), endsAt = At("2026-08-03T00:00") }).Gives(OK);
        await clerk.PostAsync("/v1/staff/leaves", new { resourceId = colleague.Id, startsAt = At("2026-08-04T00:00"), endsAt = At("2026-10-29T00:00") }).Gives(OK);

        await lawyer.PostAsync("/v1/staff/leaves", new { leave.startsAt, leave.endsAt }).Refuses(Conflict, "leave_needs_dispatcher");
        await clerk.PostAsync("/v1/staff/leaves", leave).Refuses(Conflict, "plan_required");
        var plan = await clerk.PostAsync("/v1/staff/leaves", new { leave.resourceId, leave.startsAt, leave.endsAt, validateOnly = true }).Gives(OK);
        Assert.That(plan["broken"].EnumerateArray().Select(b => b.GetProperty("move").ValueKind == System.Text.Json.JsonValueKind.Null ? "-" : b.GetProperty("move").GetProperty("resourceId").GetString()),
            Is.EqualTo(new[] { colleague.Id, colleague.Id, "-" }));
        // Somebody takes what was proposed: what was shown is not what would be done.
        using var quick = await _api.NewBookerAsync();
        var taken = await quick.PostAsync("/v1/appointments", Bookable.Order(colleague.Id, At("2026-08-03T10:00"))).Gives(Created);
        await clerk.PostAsync("/v1/staff/leaves", new { leave.resourceId, leave.startsAt, leave.endsAt, planToken = plan.String("planToken") }).Refuses(Conflict, "plan_changed");
        Assert.That((await citizens[0].GetAsync("/v1/appointments").Gives(OK))["items"][0].GetProperty("startsAt").GetString(), Does.StartWith("2026-08-03T09:00"));
        await quick.PostAsync($"/v1/appointments/{taken.String("id")}/cancellation").Gives(OK);

        await clerk.PostAsync("/v1/staff/leaves", new { leave.resourceId, leave.startsAt, leave.endsAt, planToken = plan.String("planToken") }).Gives(OK);
        var moved = (await citizens[0].GetAsync("/v1/appointments").Gives(OK))["items"][0];
        var cancelled = (await citizens[2].GetAsync("/v1/appointments?past=true").Gives(OK))["items"][0];
        Assert.Multiple(() =>
        {
            Assert.That(moved.GetProperty("resourceId").GetString(), Is.EqualTo(colleague.Id));
            Assert.That(cancelled.GetProperty("state").GetString(), Is.EqualTo("cancelled"));
            Assert.That(cancelled.GetProperty("cancelReason").GetString(), Does.Contain("重新预约"));
        });
        await AllFitAsync(lawyer.Id);
        await AllFitAsync(colleague.Id);
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM appointment_rasters WHERE resource_id = @Id", new { lawyer.Id }), Is.Zero);
        foreach (var c in citizens) c.Dispose();
    }

    [Test]
    public async Task Leave_AndBookingAtTheSameInstant_NeverABookingInsideLeave()
    {
        using var lawyer = await _api.NewPersonAsync();
        var citizens = await Task.WhenAll(Enumerable.Range(0, 13).Select(_ => _api.NewBookerAsync()));
        var (booked, away) = (0, 0);
        for (var round = 0; round < 50; round++)
        {
            var at = At("2026-07-30T09:00").AddDays(round % 25).AddHours(round / 25 * 2);
            var citizen = citizens[round / 4];
            var booking = citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, at));
            var leave = _clerk.PostAsync("/v1/staff/leaves", new { resourceId = lawyer.Id, startsAt = at, endsAt = at.AddHours(1) });
            await Task.WhenAll(booking, leave);
            var (won, gone) = ((await booking).Status == Created, (await leave).Status == OK);
            Assert.That(won && gone, Is.False, $"round {round}");
            Assert.That(won || gone, Is.True, $"round {round}: {(await booking).Text} {(await leave).Text}");
            if (won) booked++;
            if (gone) away++;
            Assert.That((await StartsAsync(lawyer.Id, $"{at:yyyy-MM-dd}")).Contains($"{at:HH:mm}", StringComparison.Ordinal), Is.False);
        }
        await AllFitAsync(lawyer.Id);
        await TestContext.Out.WriteLineAsync($"{booked} bookings and {away} leaves won");
        foreach (var c in citizens) c.Dispose();
    }

    [Test]
    public async Task Deactivate_PersonWithBooking_ShowsThenMoves()
    {
        const string Village = "01DEMZ0RG00000000000000008";
        using var lawyer = await _api.NewPersonAsync(unit: Village);
        using var colleague = await _api.NewPersonAsync(unit: Village);
        using var clerk = await _api.NewStaffAsync(Role.Clerk, Village);
        using var citizen = await _api.NewBookerAsync();
        await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, At("2026-08-03T09:00"))).Gives(Created);
        await clerk.PostAsync($"/v1/staff/booking-resources/{lawyer.Id}/deactivation").Refuses(Conflict, "plan_required");
        var plan = await clerk.PostAsync($"/v1/staff/booking-resources/{lawyer.Id}/deactivation", new { validateOnly = true }).Gives(OK);
        await clerk.PostAsync($"/v1/staff/booking-resources/{lawyer.Id}/deactivation", new { planToken = plan.String("planToken") }).Gives(OK);
        Assert.Multiple(async () =>
        {
            Assert.That(await StartsAsync(lawyer.Id, "2026-08-03"), Is.Empty);
            Assert.That((await citizen.GetAsync("/v1/appointments").Gives(OK))["items"][0].GetProperty("resourceId").GetString(), Is.EqualTo(colleague.Id));
        });
        using var late = await _api.NewBookerAsync();
        await late.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, At("2026-08-03T10:00"))).Refuses(UnprocessableEntity, "resource_unknown");
        await clerk.PostAsync($"/v1/staff/booking-resources/{lawyer.Id}/activation").Gives(OK);
        Assert.That(await StartsAsync(lawyer.Id, "2026-08-03"), Does.StartWith("09:00"));
    }

    [Test]
    public async Task Resources_DesksAndPeople_AreAddedOnceAndListed()
    {
        var desk = await _clerk.PostAsync("/v1/staff/booking-resources", new { kind = "desk", organisationId = DemoDistrict.TownA, name = "一号窗口" }).Gives(Created);
        await _clerk.PutAsync($"/v1/staff/booking-resources/{desk.String("id")}", new { name = "二号窗口" }).Gives(OK);
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        await MakeBookableAsync(lawyer);
        await _clerk.PostAsync("/v1/staff/booking-resources", new { kind = "person", organisationId = DemoDistrict.TownA, staffId = lawyer.Id }).Refuses(Conflict, "resource_exists");
        using var stranger = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownB);
        await _clerk.PostAsync("/v1/staff/booking-resources", new { kind = "person", organisationId = DemoDistrict.TownA, staffId = stranger.Id }).Refuses(UnprocessableEntity, "staff_not_of_unit");
        await _clerk.PostAsync("/v1/staff/booking-resources", new { kind = "person", organisationId = DemoDistrict.TownB, staffId = stranger.Id }).Refuses(NotFound, "not_found");
        var names = new List<string?>();
        for (string? cursor = null; ;)
        {
            var page = await _clerk.GetAsync($"/v1/staff/booking-resources?organisationId={DemoDistrict.TownA}&limit=5{(cursor is null ? "" : $"&cursor={cursor}")}").Gives(OK);
            names.AddRange(page["items"].EnumerateArray().Select(i => i.GetProperty("name").GetString()));
            if (!page["hasMore"].GetBoolean()) break;
            cursor = page.String("nextCursor");
        }
        Assert.That(names, Does.Contain("二号窗口").And.Not.Contain("一号窗口"));
    }

    private Task<Answer> MakeBookableAsync(ApiClient person, string unit = DemoDistrict.TownA) =>
        _clerk.PostAsync("/v1/staff/booking-resources", new { kind = "person", organisationId = unit, staffId = person.Id }).Gives(Created);

    private static object Hours(
        string resourceId, int[] weekdays, string from = "09:00", string to = "11:00", string unit = DemoDistrict.TownA, bool validateOnly = false, int everyWeeks = 1, string? validFrom = null) => new
        {
            resourceId, organisationId = unit, weekdays, intervals = new[] { new { from, to } }, everyWeeks, validFrom, validateOnly, terms = (object?)null,
        };

    private Task<Answer> AddAsync(string resourceId, int version, object body, ApiClient? by = null) =>
        (by ?? _clerk).SendAsync(HttpMethod.Post, "/v1/staff/office-hours", body, ("If-Match", $"\"{version}\""));

    private Task<Answer> PutAsync(string hoursId, int version, object body) => _clerk.PutAsync($"/v1/staff/office-hours/{hoursId}", body, ("If-Match", $"\"{version}\""));

    private static DateTimeOffset At(string china) => DateTimeOffset.Parse($"{china}+08:00", System.Globalization.CultureInfo.InvariantCulture);

    private async Task<string> StartsAsync(string resourceId, string date)
    {
        using var nobody = _api.Anonymous();
        var found = await nobody.GetAsync($"/v1/slots?resourceId={resourceId}&serviceCode=lawyer&mode=inPerson&date={date}").Gives(OK);
        return string.Join(' ', found["items"].EnumerateArray().Select(s => s.GetProperty("startsAt").GetString()![11..16]));
    }

    private Task AllFitAsync(string resourceId) => RosterFacts.AllFitAsync(_api, resourceId);
}
