using MicroPlatform.Api.Appointments;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Identity;
using Microsoft.Extensions.DependencyInjection;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Appointments;

/// <summary>The citizen arrives and checks in by themselves; the calendar entry; what is left when the account is deleted.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ArrivalTests(Engine engine)
{
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
    public async Task CheckIn_ByTheCodeAtTheDoor_OnTimeAndAtTheRightPlace()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        using var other = await _api.NewBookerAsync();
        var id = (await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(0, 14))).Gives(Created)).String("id");
        var path = $"/v1/appointments/{id}/check-in";
        var codes = _api.Services.GetRequiredService<CheckInCodes>();
        var scene = codes.SceneOf(DemoDistrict.TownA);
        Assert.That(scene, Has.Length.EqualTo(32).And.Match("^[A-Za-z0-9_-]+$"), "what a mini-program code holds");

        await citizen.PostAsync(path, new { pointCode = scene }).Refuses(Conflict, "check_in_too_early");
        _api.Time.At("2026-11-25T13:45+08:00");
        foreach (var wrong in new[] { codes.SceneOf(DemoDistrict.TownB), DemoDistrict.TownA, DemoDistrict.TownA + "AAAAAA", "x", "字" + scene[1..], scene + "x" })
            await citizen.PostAsync(path, new { pointCode = wrong }).Refuses(Conflict, "check_in_wrong_place");
        await citizen.PostAsync(path, new { }).Refuses(BadRequest, "validation_failed");
        await other.PostAsync(path, new { pointCode = scene }).Refuses(NotFound, "not_found");
        var there = await citizen.PostAsync(path, new { pointCode = $"mp/check-in?scene={scene}" }).Gives(OK);
        Assert.That((there.String("state"), there["actions"].GetArrayLength()), Is.EqualTo(("checkedIn", 0)));
        await citizen.PostAsync(path, new { pointCode = scene }).Gives(OK);
        await citizen.PostAsync($"/v1/appointments/{id}/reschedule", new { startsAt = _api.Day(1, 9) }).Refuses(Conflict, "appointment_state");
        await citizen.PostAsync($"/v1/appointments/{id}/cancellation").Refuses(Conflict, "appointment_state");
    }

    [Test]
    public async Task CheckIn_ByThemselves_OnlyWhereOneComesToTheOffice()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        var booked = await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(0, 9), mode: MeetingMode.Video)).Gives(Created);
        Assert.That(booked["actions"].EnumerateArray().Select(a => a.GetString()), Does.Not.Contain("checkIn"));
        var scene = _api.Services.GetRequiredService<CheckInCodes>().SceneOf(DemoDistrict.TownA);
        await citizen.PostAsync($"/v1/appointments/{booked.String("id")}/check-in", new { pointCode = scene }).Refuses(Conflict, "check_in_wrong_place");
    }

    [Test]
    public async Task Pictures_AreForWhoMayHaveThem()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var elsewhere = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownB);
        using var citizen = await _api.NewBookerAsync();
        var id = (await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(0, 14))).Gives(Created)).String("id");
        var qr = await citizen.GetAsync($"/v1/appointments/{id}/check-in-qr").Gives(OK);
        Assert.That((qr.ContentHeaders.ContentType!.MediaType, qr.Text.Contains("<svg", StringComparison.Ordinal)), Is.EqualTo(("image/svg+xml", true)));
        var point = $"/v1/staff/service-points/{DemoDistrict.TownA}/check-in-qr";
        Assert.That((await lawyer.GetAsync(point).Gives(OK)).Text, Does.Contain("<svg"));
        Assert.That((await lawyer.GetAsync($"{point}?format=png").Gives(OK)).ContentHeaders.ContentType!.MediaType, Is.EqualTo("image/png"));
        await lawyer.GetAsync($"{point}?format=gif").Refuses(BadRequest, "validation_failed");
        await elsewhere.GetAsync(point).Refuses(NotFound, "not_found");
        await lawyer.GetAsync($"/v1/appointments/{id}/check-in-qr").Refuses(Forbidden, "forbidden");
    }

    [Test]
    public async Task Calendar_FollowsTheAppointment_AndNamesNothingToWhoAskedForThat()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        using var other = await _api.NewBookerAsync();
        var id = (await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(1, 10))).Gives(Created)).String("id");
        var path = $"/v1/appointments/{id}/calendar.ics";
        var entry = await citizen.GetAsync(path).Gives(OK);
        Assert.Multiple(() =>
        {
            Assert.That(entry.ContentHeaders.ContentType!.MediaType, Is.EqualTo("text/calendar"));
            Assert.That(entry.Text, Does.Contain("METHOD:PUBLISH").And.Contain($"UID:{id}@microplatform").And.Contain("SEQUENCE:0").And.Contain("DTSTART:20261126T020000Z")
                .And.Contain("DTEND:20261126T023000Z").And.Contain("律师咨询").And.Contain("STATUS:CONFIRMED"));
        });
        await citizen.PostAsync($"/v1/appointments/{id}/reschedule", new { startsAt = _api.Day(1, 11) }).Gives(OK);
        Assert.That((await citizen.GetAsync(path).Gives(OK)).Text, Does.Contain("SEQUENCE:1").And.Contain("DTSTART:20261126T030000Z").And.Contain($"UID:{id}@microplatform"));
        await citizen.PutAsync("/v1/me/contact-preference", new { contactPreference = "neutral" }).Gives(OK);
        Assert.That((await citizen.GetAsync(path).Gives(OK)).Text, Does.Contain("SUMMARY:日程").And.Not.Contain("律师").And.Not.Contain("东河"));
        await citizen.PostAsync($"/v1/appointments/{id}/cancellation").Gives(OK);
        Assert.That((await citizen.GetAsync(path).Gives(OK)).Text, Does.Contain("SEQUENCE:2").And.Contain("STATUS:CANCELLED"));
        await other.GetAsync(path).Refuses(NotFound, "not_found");
        await citizen.GetAsync("/v1/appointments/x/calendar.ics").Refuses(NotFound, "not_found");
    }

    [Test]
    public async Task Deletion_WaitsForWhatIsAhead_AndErasesWhatWasSealed()
    {
        using var mediator = await _api.NewPersonAsync(Role.Mediator);
        using var citizen = await _api.NewBookerAsync();
        var order = new
        {
            serviceCode = "mediation", mode = "homeVisit", resourceId = mediator.Id, startsAt = _api.Day(1, 10), categoryCode = "0201", reason = "邻居家的树", address = "柳树村3组12号",
            subject = new { name = "李老汉", relation = "parent" },
        };
        var id = (await citizen.PostAsync("/v1/appointments", order).Gives(Created)).String("id");
        await citizen.DeleteAsync("/v1/me").Refuses(Conflict, "matter_open");
        // Even when its matter has ended, as one can that it was booked on.
        await _api.ExecuteAsync("UPDATE matters SET closed_at = 1, status = 'Closed' WHERE citizen_id = @Id", new { citizen.Id });
        await citizen.DeleteAsync("/v1/me").Refuses(Conflict, "matter_open");
        await mediator.PostAsync($"/v1/staff/appointments/{id}/cancellation", new { reason = "双方已和好" }).Gives(OK);
        await citizen.DeleteAsync("/v1/me").Gives(OK);

        Assert.That(await _api.ScalarAsync<long>(
            "SELECT COUNT(*) FROM appointments WHERE id = @id AND subject_name_sealed IS NULL AND subject_national_id_sealed IS NULL AND address_sealed IS NULL", new { id }), Is.EqualTo(1));
        var seen = await mediator.GetAsync($"/v1/staff/appointments/{id}").Gives(OK);
        Assert.That(seen.Text, Does.Not.Contain("邻居家的树").And.Contain("双方已和好"));
        await mediator.PostAsync($"/v1/staff/appointments/{id}/contact-readings", new { purpose = "回访电话" }).Refuses(NotFound, "not_found");
    }
}
