using MicroPlatform.Api.Clocks;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Appointments;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Clocks;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Clocks;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class CalendarTests(Engine engine)
{
    private TestApi _api = null!;
    private ApiClient _admin = null!;
    private ApiClient _nobody = null!;

    [SetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine);
        _api.Time.At("2026-11-25T08:00+08:00");
        _admin = await _api.NewStaffAsync(Role.Administrator, DemoDistrict.Bureau);
        _nobody = _api.Anonymous();
    }

    [TearDown]
    public async Task Stop()
    {
        _admin?.Dispose();
        _nobody?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task Calendar_OfALoadedYear_IsPublic()
    {
        var year = await _nobody.GetAsync("/v1/calendar/2026").Gives(OK);
        Assert.That(year["days"].GetArrayLength(), Is.EqualTo(33 + 6));
        Assert.That(year["days"][3].GetProperty("kindText").GetString(), Is.EqualTo("补班"));
        await _nobody.GetAsync("/v1/calendar/2026", ("If-None-Match", year.Headers.ETag!.Tag)).Gives(NotModified);
        await _nobody.GetAsync("/v1/calendar/2027").Refuses(NotFound, "not_found");
        await _nobody.GetAsync("/v1/calendar/x").Refuses(BadRequest, "validation_failed");
        var propaganda = await _nobody.GetAsync("/v1/calendar/2026/propaganda-days").Gives(OK);
        Assert.That(propaganda["items"].EnumerateArray().Select(d => d.GetProperty("date").GetString()![5..]), Is.EqualTo(Enumerable.Range(1, 12).Select(m => $"{m:00}-10")));
        await _nobody.GetAsync("/v1/calendar/2027/propaganda-days").Refuses(ServiceUnavailable, "calendar_missing");
    }

    [Test]
    public async Task WorkingDays_AreCountedOrRefusedLoudly()
    {
        var counted = await _nobody.GetAsync("/v1/calendar/working-days?from=2026-03-30&count=3").Gives(OK);
        Assert.That(counted.String("date"), Is.EqualTo("2026-04-02"));
        Assert.That((await _nobody.GetAsync("/v1/calendar/working-days?from=2026-05-03&count=0").Gives(OK)).String("rolledForward"), Is.EqualTo("2026-05-06"));
        await _nobody.GetAsync("/v1/calendar/working-days?from=2026-12-30&count=5").Refuses(ServiceUnavailable, "calendar_missing");
        foreach (var bad in new[] { "", "?from=2026-02-30&count=1", "?from=2026-03-30", "?from=2026-03-30&count=-1", "?from=2026-03-30&count=251", "?from=9999-12-31&count=9", "?from=0001-01-01&count=1" })
            await _nobody.GetAsync($"/v1/calendar/working-days{bad}").Refuses(BadRequest, "validation_failed");
    }

    [Test]
    public async Task Import_WithFaults_NamesThemAndChangesNothing()
    {
        var (off, work) = WorkCalendarTests.Lines(2024);
        await _admin.PutAsync("/v1/admin/calendar/2024", Body(off, [.. work, new(WorkCalendarTests.Day("2024-03-04"), "补班")])).Refuses(UnprocessableEntity, "calendar_invalid");
        var short_ = await _admin.PutAsync("/v1/admin/calendar/2024", Body([.. off.Skip(1)], work)).Refuses(UnprocessableEntity, "calendar_invalid");
        Assert.That(short_.Text, Does.Contain("缺少元旦"));
        await _admin.PutAsync("/v1/admin/calendar/2024", new { source = "", daysOff = Array.Empty<object>(), workingDays = Array.Empty<object>() }).Refuses(BadRequest, "validation_failed");
        await _admin.PutAsync("/v1/admin/calendar/2024", new { source = "x", daysOff = new object?[] { null }, workingDays = Array.Empty<object>() }).Refuses(BadRequest, "validation_failed");
        Assert.That((await _admin.PutAsync("/v1/admin/calendar/2024?validateOnly=true", Body(off, work)).Gives(OK))["validateOnly"].GetBoolean(), Is.True);
        await _nobody.GetAsync("/v1/calendar/2024").Refuses(NotFound, "not_found");
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM audit_entries WHERE action = 'calendar.import'"), Is.Zero);

        await _admin.PutAsync("/v1/admin/calendar/2024", Body(off, work)).Gives(OK);
        await _admin.PutAsync("/v1/admin/calendar/2024", Body(off, work)).Gives(OK);
        Assert.That((await _nobody.GetAsync("/v1/calendar/2024").Gives(OK))["version"].GetInt32(), Is.EqualTo(2));
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM calendar_days WHERE year = 2024"), Is.EqualTo(off.Count + work.Count), "twice makes no doubles");
        var moved = await _nobody.GetAsync("/v1/calendar/2024/propaganda-days").Gives(OK);
        Assert.That(moved["items"][1].GetProperty("date").GetString(), Is.EqualTo("2024-02-18"));
        using var head = await _api.NewStaffAsync(Role.CentreHead, DemoDistrict.Bureau);
        await head.PutAsync("/v1/admin/calendar/2024", Body(off, work)).Refuses(Forbidden, "forbidden");
    }

    [Test]
    public async Task Import_MakesAvailabilityRightAtOnce()
    {
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        await _api.AddResourceAsync(lawyer.Id, DemoDistrict.TownA, lawyer.Id);
        foreach (var day in new[] { DayOfWeek.Thursday, DayOfWeek.Friday }) await _api.AddHoursAsync(lawyer.Id, DemoDistrict.TownA, day, 9, 12, onHolidays: false);
        using var citizen = await _api.NewBookerAsync();
        Assert.That(await FreeOnAsync(lawyer.Id, "2026-12-03"), Is.GreaterThan(0));
        await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(8, 9))).Gives(Created);

        var (off, work) = WorkCalendarTests.Lines(2026);
        IReadOnlyList<CalendarLine> more = [.. off, new(WorkCalendarTests.Day("2026-12-03"), "临时放假")];
        var changed = await _admin.PutAsync("/v1/admin/calendar/2026", Body(more, work)).Gives(OK);
        Assert.That(changed["bookingsOnNewDaysOff"].GetInt32(), Is.EqualTo(1));
        Assert.That(await FreeOnAsync(lawyer.Id, "2026-12-03"), Is.Zero);
        Assert.That(await FreeOnAsync(lawyer.Id, "2026-12-04"), Is.GreaterThan(0));
        using var late = await _api.NewBookerAsync();
        await late.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(8, 10))).Refuses(UnprocessableEntity, "slot_outside_hours");
        await _admin.PutAsync("/v1/admin/calendar/2026", Body(off, work)).Gives(OK);
        await late.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(8, 10))).Gives(Created);
    }

    [Test]
    public async Task Import_WhileSlotsOfTheYearAreMissing_OpensThem()
    {
        _api.Time.At("2026-12-20T08:00+08:00");
        using var admin = await _api.NewStaffAsync(Role.Administrator, DemoDistrict.Bureau);
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        await _api.AddResourceAsync(lawyer.Id, DemoDistrict.TownA, lawyer.Id);
        await _api.AddHoursAsync(lawyer.Id, DemoDistrict.TownA, DayOfWeek.Tuesday, 9, 12, onHolidays: false);
        await _nobody.GetAsync($"/v1/slots?resourceId={lawyer.Id}&serviceCode=lawyer&mode=inPerson&date=2027-01-05").Refuses(ServiceUnavailable, "calendar_missing");
        // Invented: the notice of 2027 is not known yet; the days are those that the law gives, with names.
        var off = StatutoryHolidays.Of(2027).Select(d => new CalendarLine(d.Day, d.Name)).DistinctBy(d => d.Date).ToList();
        await admin.PutAsync("/v1/admin/calendar/2027", Body(off, [])).Gives(OK);
        Assert.That(await FreeOnAsync(lawyer.Id, "2027-01-05"), Is.GreaterThan(0));
    }

    [Test]
    public async Task Alarm_FromDecember_WarnsAndReadySaysSo()
    {
        Assert.That(await _api.RunAsync<WarnOfMissingCalendarJob>(), Is.Zero);
        Assert.That((await _nobody.GetAsync("/health/ready").Gives(OK))["notices"].GetArrayLength(), Is.Zero);
        _api.Time.At("2026-12-01T00:00+08:00");
        Assert.That(await _api.RunAsync<WarnOfMissingCalendarJob>(), Is.EqualTo(1));
        Assert.That(_api.Logged, Has.Some.Contain("holiday calendar of 2027 is not loaded"));
        var ready = await _nobody.GetAsync("/health/ready").Gives(OK);
        Assert.That((ready.String("status"), ready["notices"][0].GetProperty("code").GetString()), Is.EqualTo(("ready", "calendar_missing")));
    }

    private async Task<int> FreeOnAsync(string resourceId, string date) =>
        (await _nobody.GetAsync($"/v1/slots?resourceId={resourceId}&serviceCode=lawyer&mode=inPerson&date={date}").Gives(OK))["items"].GetArrayLength();

    private static object Body(IReadOnlyList<CalendarLine> off, IReadOnlyList<CalendarLine> work) =>
        new { source = "国务院办公厅通知", daysOff = off.Select(d => new { date = d.Date, name = d.Name }), workingDays = work.Select(d => new { date = d.Date, name = d.Name }) };
}
