using System.Text;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Appointments;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Appointments;

/// <summary>What people and programs send that cannot be booked. Each gets a stable code, and what was there stays.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class BookingInputTests(Engine engine)
{
    private TestApi _api = null!;
    private ApiClient _lawyer = null!;
    private ApiClient _citizen = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine, ["Identity:Tokens:AccessLifetime=900:00:00"]);
        _api.Time.At("2026-11-25T08:00+08:00");
        _lawyer = await _api.NewPersonAsync();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _lawyer?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    [SetUp]
    public async Task Somebody()
    {
        _api.Time.At("2026-11-25T08:00+08:00");
        _citizen = await _api.NewBookerAsync();
    }

    [TearDown]
    public async Task NothingTwice()
    {
        _citizen.Dispose();
        await _api.ExpectNothingTwiceAsync();
    }

    [TestCase("2026-11-25T07:30:00+08:00", "slot_past")]
    [TestCase("2026-11-24T10:00:00+08:00", "slot_past")]
    [TestCase("2026-11-26T08:30:00+08:00", "slot_outside_hours")]
    [TestCase("2026-11-26T16:45:00+08:00", "slot_outside_hours", Description = "the last quarter is too short for half an hour")]
    [TestCase("2026-11-26T17:00:00+08:00", "slot_outside_hours")]
    [TestCase("2026-11-26T23:59:00+08:00", "slot_off_raster")]
    [TestCase("2026-11-26T10:07:00+08:00", "slot_off_raster")]
    [TestCase("2026-11-26T10:15:00+08:00", "slot_off_raster", Description = "on the raster, not a start")]
    [TestCase("2026-11-26T10:00:00.001+08:00", "slot_off_raster")]
    [TestCase("2026-11-26T10:00:01+08:00", "slot_off_raster")]
    [TestCase("2026-12-26T10:00:00+08:00", "slot_beyond_horizon")]
    [TestCase("2099-12-31T10:00:00+08:00", "slot_beyond_horizon")]
    [TestCase("9999-12-31T23:59:59+08:00", "slot_outside_hours")]
    [TestCase("1999-12-31T10:00:00+08:00", "slot_outside_hours")]
    [TestCase("0001-01-02T00:00:00+08:00", "slot_outside_hours")]
    public async Task Book_StartThatCannotBe_SaysWhich(string startsAt, string code)
    {
        await _citizen.PostAsync("/v1/appointments", Body(startsAt)).Refuses(UnprocessableEntity, code);
        using var nobody = _api.Anonymous();
        var held = await nobody.PostAsync("/v1/slot-holds", new { serviceCode = "lawyer", mode = "inPerson", resourceId = _lawyer.Id, startsAt });
        held.Refuses(UnprocessableEntity, code);
        var mine = await _citizen.PostAsync("/v1/appointments", Bookable.Order(_lawyer.Id, _api.Day(9, 9))).Gives(Created);
        await _citizen.PostAsync($"/v1/appointments/{mine.String("id")}/reschedule", new { startsAt }).Refuses(UnprocessableEntity, code);
        Assert.That((await _citizen.GetAsync($"/v1/appointments/{mine.String("id")}").Gives(OK))["startsAt"].GetDateTimeOffset(), Is.EqualTo(_api.Day(9, 9)), "the old one stays");
        await _citizen.PostAsync($"/v1/appointments/{mine.String("id")}/cancellation", new { }).Gives(OK);
    }

    [TestCase("2026-02-30T10:00:00+08:00")]
    [TestCase("2026-11-26T25:00:00+08:00")]
    [TestCase("2026-11-26T10:00:00+25:00")]
    [TestCase("0001-01-01T00:00:00+08:00")]
    [TestCase("9999-12-31T23:59:59-12:00")]
    [TestCase("10000-01-01T00:00:00+08:00")]
    [TestCase("2026-11-26")]
    [TestCase("26.11.2026 10:00")]
    [TestCase("明天上午十点")]
    [TestCase("'; DROP TABLE appointments; --")]
    [TestCase("")]
    public async Task Book_StartThatIsNoInstant_IsRefused(string startsAt) => await _citizen.PostAsync("/v1/appointments", Body(startsAt)).Gives(BadRequest);

    [Test]
    public async Task Book_SameInstantInOtherTimeZones_IsTheSameSlot()
    {
        var booked = await _citizen.PostAsync("/v1/appointments", Body("2026-11-27T02:00:00Z")).Gives(Created);
        Assert.That(booked.String("startsAt"), Is.EqualTo("2026-11-27T10:00:00.000+08:00"));
        using var other = await _api.NewBookerAsync();
        foreach (var same in new[] { "2026-11-27T02:00:00+00:00", "2026-11-27T10:00:00+08:00", "2026-11-26T21:00:00-05:00", "2026-11-27T07:30:00+05:30" })
            await other.PostAsync("/v1/appointments", Body(same)).Refuses(Conflict, "slot_taken");
    }

    [Test]
    public async Task Book_OnAHoliday_IsOutsideHoursUnlessSaidOtherwise()
    {
        _api.Time.At("2026-09-25T08:00+08:00");
        using var person = await _api.NewStaffAsync(Domain.Identity.Role.Lawyer, DemoDistrict.TownA);
        await _api.AddResourceAsync(person.Id, DemoDistrict.TownA, person.Id);
        foreach (var day in Enum.GetValues<DayOfWeek>()) await _api.AddHoursAsync(person.Id, DemoDistrict.TownA, day, 9, 17, onHolidays: false);
        using var citizen = await _api.NewBookerAsync();
        await citizen.PostAsync("/v1/appointments", Bookable.Order(person.Id, new DateTimeOffset(2026, 10, 1, 10, 0, 0, TimeSpan.FromHours(8)))).Refuses(UnprocessableEntity, "slot_outside_hours");
        await citizen.PostAsync("/v1/appointments", Bookable.Order(_lawyer.Id, new DateTimeOffset(2026, 10, 1, 10, 0, 0, TimeSpan.FromHours(8)))).Gives(Created);
    }

    [Test]
    public async Task Book_InAYearWithoutCalendar_SaysSoLoudly()
    {
        _api.Time.At("2026-12-20T08:00+08:00");
        using var person = await _api.NewStaffAsync(Domain.Identity.Role.Lawyer, DemoDistrict.TownA);
        await _api.AddResourceAsync(person.Id, DemoDistrict.TownA, person.Id);
        foreach (var day in Enum.GetValues<DayOfWeek>()) await _api.AddHoursAsync(person.Id, DemoDistrict.TownA, day, 9, 17, onHolidays: false);
        using var citizen = await _api.NewBookerAsync();
        var answer = await citizen.PostAsync("/v1/appointments", Bookable.Order(person.Id, new DateTimeOffset(2027, 1, 5, 10, 0, 0, TimeSpan.FromHours(8)))).Gives(ServiceUnavailable);
        Assert.That(answer.String("code"), Is.EqualTo("calendar_missing"));
        using var nobody = _api.Anonymous();
        await nobody.GetAsync($"/v1/slots?resourceId={person.Id}&serviceCode=lawyer&mode=inPerson&date=2027-01-05").Refuses(ServiceUnavailable, "calendar_missing");
    }

    [Test]
    public async Task Book_InsideTheNotice_IsTooSoon()
    {
        using var strict = await _api.NewPersonAsync(terms: Bookable.Terms with { MinNoticeMinutes = 120 });
        await _citizen.PostAsync("/v1/appointments", Bookable.Order(strict.Id, _api.Day(0, 9, 30))).Refuses(UnprocessableEntity, "slot_too_soon");
        await _citizen.PostAsync("/v1/appointments", Bookable.Order(strict.Id, _api.Day(0, 10, 30))).Gives(Created);
    }

    [Test]
    public async Task Book_WithNobody_IsUnknown()
    {
        await _citizen.PostAsync("/v1/appointments", Bookable.Order(Operation.NoSuchId, _api.Day(1, 10))).Refuses(UnprocessableEntity, "resource_unknown");
        using var off = await _api.NewPersonAsync();
        await _api.ExecuteAsync("UPDATE booking_resources SET active = 0 WHERE id = @Id", new { off.Id });
        await _citizen.PostAsync("/v1/appointments", Bookable.Order(off.Id, _api.Day(1, 10))).Refuses(UnprocessableEntity, "resource_unknown");
        await _citizen.PostAsync("/v1/appointments", Crowd.OrderAny(Operation.NoSuchId, _api.Day(1, 10))).Refuses(UnprocessableEntity, "resource_unknown");
    }

    [Test]
    public async Task BookAny_PersonSitsElsewhereThatDay_IsNotBookedThere()
    {
        // Mornings in one town, afternoons in the other: who asks for the first is not sent to the second.
        using var person = await _api.NewStaffAsync(Domain.Identity.Role.Lawyer, DemoDistrict.Bureau);
        await _api.AddResourceAsync(person.Id, DemoDistrict.TownB, person.Id);
        foreach (var day in Enum.GetValues<DayOfWeek>())
        {
            await _api.AddHoursAsync(person.Id, DemoDistrict.TownB, day, 9, 12);
            await _api.AddHoursAsync(person.Id, DemoDistrict.AidCentre, day, 14, 17);
        }
        await _citizen.PostAsync("/v1/appointments", Crowd.OrderAny(DemoDistrict.TownB, _api.Day(1, 15))).Gives(UnprocessableEntity);
        var here = await _citizen.PostAsync("/v1/appointments", Crowd.OrderAny(DemoDistrict.TownB, _api.Day(1, 10))).Gives(Created);
        Assert.That(here.String("place.id"), Is.EqualTo(DemoDistrict.TownB));
    }

    [Test]
    public async Task Hold_OfAnotherSlotOrOverOrUsed_OpensNothing()
    {
        using var nobody = _api.Anonymous();
        using var other = await _api.NewBookerAsync();
        async Task<string> HoldAsync(DateTimeOffset at) =>
            (await nobody.PostAsync("/v1/slot-holds", new { serviceCode = "lawyer", mode = "inPerson", resourceId = _lawyer.Id, startsAt = at }).Gives(Created)).String("holdId");
        var mine = await HoldAsync(_api.Day(4, 10));
        var theirs = await HoldAsync(_api.Day(4, 11));
        await _citizen.PostAsync("/v1/appointments", Bookable.Order(_lawyer.Id, _api.Day(4, 11), holdId: mine)).Refuses(Conflict, "slot_held");
        await _citizen.PostAsync("/v1/appointments", Bookable.Order(_lawyer.Id, _api.Day(4, 10), holdId: "' OR 1=1")).Refuses(Conflict, "slot_held");

        // Used twice: the second time it opens nothing.
        await _citizen.PostAsync("/v1/appointments", Bookable.Order(_lawyer.Id, _api.Day(4, 10), holdId: mine)).Gives(Created);
        await other.PostAsync("/v1/appointments", Bookable.Order(_lawyer.Id, _api.Day(4, 10), holdId: mine)).Refuses(Conflict, "slot_taken");
        // Over, and somebody else has it: gone. Over, and still free: a form that took long is no reason to refuse.
        _api.Time.Advance(TimeSpan.FromMinutes(6));
        await HoldAsync(_api.Day(4, 11));
        await other.PostAsync("/v1/appointments", Bookable.Order(_lawyer.Id, _api.Day(4, 11), holdId: theirs)).Refuses(Conflict, "slot_held");
        _api.Time.Advance(TimeSpan.FromMinutes(6));
        await other.PostAsync("/v1/appointments", Bookable.Order(_lawyer.Id, _api.Day(4, 11), holdId: theirs)).Gives(Created);
    }

    [Test]
    public async Task Cancel_TwiceOrTooLateOrNotOnes_IsRefused()
    {
        var mine = await _citizen.PostAsync("/v1/appointments", Bookable.Order(_lawyer.Id, _api.Day(5, 10))).Gives(Created);
        using var other = await _api.NewBookerAsync();
        var path = $"/v1/appointments/{mine.String("id")}";
        await other.PostAsync($"{path}/cancellation", new { }).Refuses(NotFound, "not_found");
        await other.PostAsync($"{path}/reschedule", new { startsAt = _api.Day(5, 11) }).Refuses(NotFound, "not_found");
        await _citizen.PostAsync($"{path}/cancellation", new { }).Gives(OK);
        await _citizen.PostAsync($"{path}/cancellation", new { }).Refuses(Conflict, "appointment_over");
        await _citizen.PostAsync($"{path}/reschedule", new { startsAt = _api.Day(5, 11) }).Refuses(Conflict, "appointment_over");
        var soon = await _citizen.PostAsync("/v1/appointments", Bookable.Order(_lawyer.Id, _api.Day(0, 9, 30))).Gives(Created);
        _api.Time.Advance(TimeSpan.FromMinutes(20));
        await _citizen.PostAsync($"/v1/appointments/{soon.String("id")}/cancellation", new { }).Refuses(Conflict, "cancel_too_late");
        await _citizen.PostAsync($"/v1/appointments/{soon.String("id")}/reschedule", new { startsAt = _api.Day(5, 11) }).Refuses(Conflict, "reschedule_too_late");
        await _api.ExecuteAsync("UPDATE appointments SET state = 'CheckedIn' WHERE id = @id", new { id = soon.String("id") });
        await _citizen.PostAsync($"/v1/appointments/{soon.String("id")}/reschedule", new { startsAt = _api.Day(5, 11) }).Refuses(Conflict, "appointment_state");
    }

    [Test]
    public async Task Limits_OpenOverlapMovesAndNoShows_Hold()
    {
        using var second = await _api.NewPersonAsync();
        var first = await _citizen.PostAsync("/v1/appointments", Bookable.Order(_lawyer.Id, _api.Day(6, 10))).Gives(Created);
        await _citizen.PostAsync("/v1/appointments", Bookable.Order(second.Id, _api.Day(6, 10))).Refuses(Conflict, "own_appointment_overlaps");
        var later = await _citizen.PostAsync("/v1/appointments", Bookable.Order(second.Id, _api.Day(6, 11))).Gives(Created);
        await _citizen.PostAsync($"/v1/appointments/{later.String("id")}/reschedule", new { startsAt = _api.Day(6, 10) }).Refuses(Conflict, "own_appointment_overlaps");
        for (var n = 0; n < 3; n++) await _citizen.PostAsync("/v1/appointments", Bookable.Order(second.Id, _api.Day(7, 9 + n))).Gives(Created);
        await _citizen.PostAsync("/v1/appointments", Bookable.Order(second.Id, _api.Day(7, 14))).Refuses(Conflict, "too_many_appointments");

        for (var n = 0; n < Appointment.MostMoves; n++)
            await _citizen.PostAsync($"/v1/appointments/{first.String("id")}/reschedule", new { startsAt = _api.Day(8, 9 + n) }).Gives(OK);
        await _citizen.PostAsync($"/v1/appointments/{first.String("id")}/reschedule", new { startsAt = _api.Day(8, 16) }).Refuses(Conflict, "too_many_moves");

        using var absent = await _api.NewBookerAsync();
        for (var n = 0; n < 3; n++)
        {
            var missed = await absent.PostAsync("/v1/appointments", Bookable.Order(second.Id, _api.Day(8, 9 + n))).Gives(Created);
            await _api.ExecuteAsync("UPDATE appointments SET state = 'NoShow' WHERE id = @id", new { id = missed.String("id") });
        }
        await absent.PostAsync("/v1/appointments", Bookable.Order(second.Id, _api.Day(8, 14))).Refuses(Forbidden, "no_show_block");
    }

    [Test]
    public async Task Limit_OfOpenAppointments_HoldsWhenTenAreBookedAtOnce()
    {
        using var second = await _api.NewPersonAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(n => _citizen.PostAsync("/v1/appointments", Bookable.Order(second.Id, _api.Day(10, 9 + (n / 2), n % 2 * 30)))));
        Assert.That(answers.Count(a => a.Status == Created), Is.EqualTo(5));
        Assert.That(answers.Where(a => a.Status != Created).Select(a => a.String("code")), Is.All.EqualTo("too_many_appointments"));
    }

    [TestCase("serviceCode")]
    [TestCase("mode")]
    [TestCase("resourceId")]
    [TestCase("organisationId")]
    [TestCase("startsAt")]
    [TestCase("holdId")]
    [TestCase("matterId")]
    [TestCase("categoryCode")]
    [TestCase("regionCode")]
    [TestCase("contactPreference")]
    public async Task Book_SqlInAnyField_IsText(string field)
    {
        var body = new Dictionary<string, object?>
        {
            ["serviceCode"] = "lawyer", ["mode"] = "inPerson", ["resourceId"] = _lawyer.Id, ["startsAt"] = _api.Day(11, 10), ["categoryCode"] = "0201", [field] = "x'; DELETE FROM appointments; -- \" OR 1=1",
        };
        var answer = await _citizen.PostAsync("/v1/appointments", body);
        // A hold that never was is not looked at; anything else is refused by name.
        Assert.That((int)answer.Status, field is "holdId" ? Is.EqualTo(201) : Is.InRange(400, 422), answer.Text);
        if (answer.Status == Created) await _citizen.PostAsync($"/v1/appointments/{answer.String("id")}/cancellation", new { reason = "'; DROP TABLE appointments; --" }).Gives(OK);
    }

    [Test]
    public async Task Book_TenMegabytesOfSpaces_IsTooLarge()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_api.Address, "/v1/appointments"))
        {
            Content = new StringContent("{" + new string(' ', 10 * 1024 * 1024) + "}", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", _citizen.Token);
        request.Headers.ExpectContinue = true;
        using var http = new HttpClient();
        using var response = await http.SendAsync(request);
        Assert.That(response.StatusCode, Is.EqualTo(RequestEntityTooLarge));
        await _citizen.PostAsync("/v1/appointments", "{" + new string(' ', 30_000) + "}").Gives(BadRequest);
    }

    private object Body(string startsAt) => new { serviceCode = "lawyer", mode = "inPerson", resourceId = _lawyer.Id, startsAt, categoryCode = "0201" };
}
