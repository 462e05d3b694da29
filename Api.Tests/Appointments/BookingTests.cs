using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using Microsoft.Extensions.DependencyInjection;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Appointments;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class BookingTests(Engine engine)
{
    private TestApi _api = null!;

    [OneTimeSetUp]
    public async Task Start() => _api = await TestApi.StartAsync(engine, ["Identity:Tokens:AccessLifetime=300:00:00"]);

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [SetUp]
    public void OnAWednesday() => _api.Time.At("2026-11-25T08:00+08:00");

    [Test]
    public async Task Book_FreeSlot_OpensMatterAndTakesIt()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        var at = _api.Day(1, 10);
        Assert.That(await StartsAsync(lawyer.Id, 1), Does.Contain("10:00"));

        var booked = await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, at)).Gives(Created);
        Assert.Multiple(() =>
        {
            Assert.That(booked.String("state"), Is.EqualTo("booked"));
            Assert.That(booked.String("numberText"), Does.Match(@"^\d{4}-\d{4}-\d{4}$"));
            Assert.That(booked.String("startsAt"), Is.EqualTo("2026-11-26T10:00:00.000+08:00"));
            Assert.That(booked.String("place.name"), Is.EqualTo("东河镇公共法律服务工作站"));
            Assert.That(booked["place.latitude"].GetDouble(), Is.EqualTo(33.9214));
            Assert.That(booked.String("checkInCode"), Has.Length.EqualTo(8));
        });
        Assert.That(await StartsAsync(lawyer.Id, 1), Does.Not.Contain("10:00").And.Contain("10:30"));
        using var other = await _api.NewBookerAsync();
        await other.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, at)).Refuses(Conflict, "slot_taken");
        var mine = await citizen.GetAsync("/v1/appointments").Gives(OK);
        Assert.That(mine["items"].GetArrayLength(), Is.EqualTo(1));
        var matters = await citizen.GetAsync("/v1/matters").Gives(OK);
        Assert.That(matters["items"][0].GetProperty("kind").GetString(), Is.EqualTo("appointment"));
        await other.GetAsync($"/v1/appointments/{booked.String("id")}").Refuses(NotFound, "not_found");
    }

    /// <summary>The answer is made of what the booking has read and written, not read back: it has to say what the next reading says.</summary>
    [TestCase("inPerson", "lawyer")]
    [TestCase("phone", "lawyer")]
    [TestCase("video", "lawyer")]
    [TestCase("homeVisit", "home-visit")]
    [TestCase("inPerson", "window")]
    public async Task Book_Answers_WhatIsReadLater(string mode, string service)
    {
        using var lawyer = await _api.NewPersonAsync();
        var desk = await _api.NewDeskAsync(Seats.One);
        using var citizen = await _api.NewBookerAsync();
        var booked = await citizen.PostAsync("/v1/appointments", new
        {
            serviceCode = service, mode, resourceId = service == "window" ? desk : lawyer.Id, startsAt = _api.Day(1, 15), categoryCode = "0201", reason = "工资拖欠", address = mode == "homeVisit" ? "东河镇人民路1号" : null,
            subject = new { name = "王小明", nationalId = (string?)null, relation = "other", guardianConsent = false },
        }).Gives(Created);
        var read = await citizen.GetAsync($"/v1/appointments/{booked.String("id")}").Gives(OK);
        Assert.That(booked.Text, Is.EqualTo(read.Text));
    }

    [Test]
    public async Task Book_WhereOneSitsToday_IsThePlace()
    {
        using var lawyer = await _api.NewPersonAsync(from: 9, to: 12);
        await _api.ExecuteAsync("INSERT INTO posts (id, staff_id, organisation_id, role) VALUES (@post, @Id, @unit, 'Lawyer')", new { post = Id.New(_api.Time), lawyer.Id, unit = DemoDistrict.TownB });
        await _api.AddHoursAsync(lawyer.Id, DemoDistrict.TownB, _api.Day(1, 15).DayOfWeek, 14, 17);
        using var citizen = await _api.NewBookerAsync();
        var away = await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(1, 15))).Gives(Created);
        Assert.That(away.String("place.id"), Is.EqualTo(DemoDistrict.TownB));
        Assert.That(away.Text, Is.EqualTo((await citizen.GetAsync($"/v1/appointments/{away.String("id")}").Gives(OK)).Text));
    }

    /// <summary>Days that are put as the transaction knows them, by many at once, are days as the database has them.</summary>
    [Test]
    public async Task Book_ManyTimesOfOneDay_LeavesTheCopyRight()
    {
        var desk = await _api.NewDeskAsync(new Seats(2, 2, 4));
        var citizens = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => _api.NewBookerAsync()));
        var answers = await Task.WhenAll(citizens.Select((c, n) => c.PostAsync("/v1/appointments", Bookable.Order(desk, _api.Day(2, 9 + (n % 8)), "window"))));
        Assert.That(answers.Where(a => a.Status != Created).Select(a => a.String("code")), Is.All.EqualTo("slot_taken"));
        var check = await _api.Services.GetRequiredService<AvailabilityProjection>().CheckAsync(default);
        Assert.That(check.Differences, Is.Zero);
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM appointments WHERE resource_id = @desk", new { desk }), Is.EqualTo(16));
        foreach (var c in citizens) c.Dispose();
    }

    [Test]
    public async Task Book_BySeveralAtOnce_OneWins([Values(1, 2, 3)] int round)
    {
        using var lawyer = await _api.NewPersonAsync();
        var citizens = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _api.NewBookerAsync()));
        var answers = await Task.WhenAll(citizens.Select(c => c.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(round, 11)))));

        Assert.Multiple(() =>
        {
            Assert.That(answers.Count(a => a.Status == Created), Is.EqualTo(1));
            Assert.That(answers.Where(a => a.Status != Created).Select(a => a.String("code")), Is.All.EqualTo("slot_taken"));
        });
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM appointments WHERE resource_id = @Id", new { lawyer.Id }), Is.EqualTo(1));
        foreach (var c in citizens) c.Dispose();
    }

    [Test]
    public async Task Book_DeskWithTwoSeatsForCitizens_TwoOfThemWin()
    {
        var desk = await _api.NewDeskAsync(new Seats(2, 2, 4));
        var citizens = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => _api.NewBookerAsync()));
        var answers = await Task.WhenAll(citizens.Select(c => c.PostAsync("/v1/appointments", Bookable.Order(desk, _api.Day(2, 9), "window"))));

        Assert.That(answers.Count(a => a.Status == Created), Is.EqualTo(2));
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(DISTINCT seat) FROM appointments WHERE resource_id = @desk", new { desk }), Is.EqualTo(2));
        foreach (var c in citizens) c.Dispose();
    }

    [Test]
    public async Task Hold_OfSomebodyElse_IsHonoured()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var nobody = _api.Anonymous();
        using var quick = await _api.NewBookerAsync();
        using var slow = await _api.NewBookerAsync();
        var at = _api.Day(1, 14);
        var held = await nobody.PostAsync("/v1/slot-holds", new { serviceCode = "lawyer", mode = "inPerson", resourceId = lawyer.Id, startsAt = at }).Gives(Created);

        Assert.That(await StartsAsync(lawyer.Id, 1), Does.Not.Contain("14:00"));
        await quick.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, at)).Refuses(Conflict, "slot_held");
        await slow.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, at, holdId: held.String("holdId"))).Gives(Created);
        Assert.That(await StartsAsync(lawyer.Id, 1), Does.Not.Contain("14:00"));
    }

    [Test]
    public async Task Hold_ItsTimeIsOver_SlotIsFree()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var nobody = _api.Anonymous();
        using var citizen = await _api.NewBookerAsync();
        var at = _api.Day(1, 15);
        await nobody.PostAsync("/v1/slot-holds", new { serviceCode = "lawyer", mode = "inPerson", resourceId = lawyer.Id, startsAt = at }).Gives(Created);
        _api.Time.Advance(TimeSpan.FromMinutes(6));
        await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, at)).Gives(Created);
    }

    [Test]
    public async Task Cancel_InTime_SlotIsFreeAgain()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        var at = _api.Day(1, 10);
        var id = (await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, at)).Gives(Created)).String("id");
        var cancelled = await citizen.PostAsync($"/v1/appointments/{id}/cancellation", new { reason = "有事去不了" }).Gives(OK);

        Assert.That(cancelled.String("state"), Is.EqualTo("cancelled"));
        Assert.That(await StartsAsync(lawyer.Id, 1), Does.Contain("10:00"));
        await citizen.PostAsync($"/v1/appointments/{id}/cancellation").Refuses(Conflict, "appointment_over");
        await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, at)).Gives(Created);
    }

    [Test]
    public async Task Cancel_InsideTheNotice_IsRefusedUnlessJustBooked()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        var regretted = (await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(0, 9, 30))).Gives(Created)).String("id");
        await citizen.PostAsync($"/v1/appointments/{regretted}/reschedule", new { startsAt = _api.Day(0, 9) }).Gives(OK);
        await citizen.PostAsync($"/v1/appointments/{regretted}/cancellation").Gives(OK);

        var kept = (await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(0, 9, 30))).Gives(Created)).String("id");
        _api.Time.Advance(TimeSpan.FromMinutes(20));
        await citizen.PostAsync($"/v1/appointments/{kept}/reschedule", new { startsAt = _api.Day(0, 9) }).Refuses(Conflict, "reschedule_too_late");
        await citizen.PostAsync($"/v1/appointments/{kept}/cancellation").Refuses(Conflict, "cancel_too_late");
    }

    [Test]
    public async Task Reschedule_ToATakenSlot_OldOneStays()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var one = await _api.NewBookerAsync();
        using var two = await _api.NewBookerAsync();
        var first = await one.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(1, 10))).Gives(Created);
        await two.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(1, 11))).Gives(Created);

        await one.PostAsync($"/v1/appointments/{first.String("id")}/reschedule", new { startsAt = _api.Day(1, 11) }).Refuses(Conflict, "slot_taken");
        Assert.That(await StartsAsync(lawyer.Id, 1), Does.Not.Contain("10:00"));
        var moved = await one.PostAsync($"/v1/appointments/{first.String("id")}/reschedule", new { startsAt = _api.Day(1, 10, 30) }).Gives(OK);
        Assert.Multiple(() =>
        {
            Assert.That(moved.String("number"), Is.EqualTo(first.String("number")));
            Assert.That(moved.String("startsAt"), Does.Contain("T10:30"));
            Assert.That(moved["moves"].GetInt32(), Is.EqualTo(1));
        });
        Assert.That(await StartsAsync(lawyer.Id, 1), Does.Contain("10:00").And.Not.Contain("10:30"));
    }

    private async Task<string> StartsAsync(string resourceId, int days)
    {
        using var nobody = _api.Anonymous();
        var found = await nobody.GetAsync($"/v1/slots?resourceId={resourceId}&serviceCode=lawyer&mode=inPerson&date={_api.Day(days, 0):yyyy-MM-dd}").Gives(OK);
        return string.Join(' ', found["items"].EnumerateArray().Select(s => s.GetProperty("startsAt").GetString()![11..16]));
    }
}
