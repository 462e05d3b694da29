using System.Text.Json;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Appointments;

/// <summary>Whatever is done to rosters in whatever order: no two openings of one person meet, and no appointment that stands is outside the hours.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class RosterPropertyTests(Engine engine)
{
    private const int Steps = 60;

    private TestApi _api = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine);
        _api.Time.At("2026-07-29T08:00+08:00");
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [TestCase(11)]
    [TestCase(22)]
    [TestCase(33)]
    public async Task Changes_AnySequence_KeepEveryBookingInsideHours(int seed)
    {
        var random = new Random(seed);
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        var lawyers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA)));
        foreach (var l in lawyers) await _api.AddResourceAsync(l.Id, DemoDistrict.TownA, l.Id);
        var done = 0;
        for (var step = 0; step < Steps; step++)
        {
            var (lawyer, other) = (lawyers[random.Next(3)], lawyers[random.Next(3)]);
            var applied = random.Next(6) switch
            {
                0 => await AddHoursAsync(clerk, lawyer, random),
                1 => await ChangeHoursAsync(clerk, lawyer, random),
                2 => await LeaveAsync(clerk, lawyer, random),
                3 => await SwapAsync(lawyer, other, random),
                _ => await BookAsync(lawyer, random),
            };
            if (applied) done++;
            foreach (var l in lawyers) await RosterFacts.AllFitAsync(_api, l.Id);
        }
        Assert.That(done, Is.GreaterThan(Steps / 4));
        // Every appointment that stands has its quarters, and nobody else has any.
        Assert.That(await _api.ScalarAsync<long>("""
            SELECT COUNT(*) FROM appointments a WHERE a.state = 'Booked'
            AND (SELECT COUNT(*) FROM appointment_rasters r WHERE r.owner_id = a.id AND r.resource_id = a.resource_id AND r.seat = a.seat) <> a.raster_until - a.raster_first
            """), Is.Zero);
        foreach (var l in lawyers) l.Dispose();
    }

    private async Task<bool> AddHoursAsync(ApiClient clerk, ApiClient lawyer, Random random)
    {
        var from = random.Next(8, 17);
        var body = new
        {
            resourceId = lawyer.Id, organisationId = DemoDistrict.TownA, weekdays = new[] { random.Next(1, 6), 6 + random.Next(2) }, everyWeeks = random.Next(1, 3),
            intervals = new[] { new { from = $"{from:00}:00", to = $"{from + random.Next(1, 4):00}:00" } }, onHolidays = true, terms = new { minNoticeMinutes = 0 },
        };
        return await CarryOutAsync(clerk, HttpMethod.Post, "/v1/staff/office-hours", body, await VersionAsync(lawyer));
    }

    private static async Task<bool> ChangeHoursAsync(ApiClient clerk, ApiClient lawyer, Random random)
    {
        var listed = await lawyer.GetAsync($"/v1/staff/office-hours?resourceId={lawyer.Id}").Gives(OK);
        if (listed["items"].GetArrayLength() == 0) return false;
        var rule = listed["items"][random.Next(listed["items"].GetArrayLength())];
        var (id, version, from) = (rule.GetProperty("id").GetString(), listed["hoursVersion"].GetInt32(), random.Next(8, 17));
        return random.Next(3) switch
        {
            0 => await CarryOutAsync(clerk, HttpMethod.Post, $"/v1/staff/office-hours/{id}/removal", new { }, version),
            1 => await CarryOutAsync(clerk, HttpMethod.Post, $"/v1/staff/office-hours/{id}/end", new { lastDay = $"2026-08-{random.Next(1, 28):00}" }, version),
            _ => await CarryOutAsync(clerk, HttpMethod.Put, $"/v1/staff/office-hours/{id}",
                new { weekday = rule.GetProperty("weekday").GetInt32(), from = $"{from:00}:30", to = $"{from + 2:00}:00", onHolidays = true, terms = new { minNoticeMinutes = 0 } }, version),
        };
    }

    private async Task<bool> LeaveAsync(ApiClient clerk, ApiClient lawyer, Random random)
    {
        var from = _api.Day(random.Next(1, 20), random.Next(8, 16));
        return await CarryOutAsync(clerk, HttpMethod.Post, "/v1/staff/leaves", new { resourceId = lawyer.Id, startsAt = from, endsAt = from.AddHours(random.Next(1, 30)) }, null);
    }

    private static async Task<bool> SwapAsync(ApiClient lawyer, ApiClient other, Random random)
    {
        var listed = await lawyer.GetAsync($"/v1/staff/office-hours?resourceId={lawyer.Id}").Gives(OK);
        if (listed["items"].GetArrayLength() == 0) return false;
        var rule = listed["items"][random.Next(listed["items"].GetArrayLength())];
        var day = new DateOnly(2026, 8, 1).AddDays(random.Next(14));
        while ((int)day.DayOfWeek != rule.GetProperty("weekday").GetInt32() % 7) day = day.AddDays(1);
        var asked = await lawyer.PostAsync("/v1/staff/office-swaps", new { officeHoursId = rule.GetProperty("id").GetString(), date = day, toStaffId = other.Id });
        if (asked.Status != Created) return false;
        return (await other.PostAsync($"/v1/staff/office-swaps/{asked.String("id")}/acceptance").Gives(OK)).Status == OK;
    }

    private async Task<bool> BookAsync(ApiClient lawyer, Random random)
    {
        using var citizen = await _api.NewBookerAsync();
        for (var day = 1 + random.Next(8); day < 25; day++)
        {
            var slots = (await citizen.GetAsync($"/v1/slots?resourceId={lawyer.Id}&serviceCode=lawyer&mode=inPerson&date={_api.Day(day, 0):yyyy-MM-dd}").Gives(OK))["items"];
            if (slots.GetArrayLength() == 0) continue;
            var at = slots[random.Next(slots.GetArrayLength())].GetProperty("startsAt").GetDateTimeOffset();
            await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, at)).Gives(Created);
            return true;
        }
        return false;
    }

    /// <summary>Looks first, then does what was shown.</summary>
    private static async Task<bool> CarryOutAsync(ApiClient clerk, HttpMethod method, string path, object body, int? version)
    {
        (string, string)[] headers = version is { } v ? [("If-Match", $"\"{v}\"")] : [];
        var node = JsonSerializer.SerializeToNode(body, WireJson.Options)!.AsObject();
        node["validateOnly"] = true;
        var plan = await clerk.SendAsync(method, path, node.ToJsonString(), headers);
        if (plan.Status == Conflict) return false;
        plan.Gives(OK);
        node["validateOnly"] = false;
        node["planToken"] = plan.String("planToken");
        var done = await clerk.SendAsync(method, path, node.ToJsonString(), headers).Gives(OK);
        return done["applied"].GetBoolean();
    }

    private static async Task<int> VersionAsync(ApiClient lawyer) => (await lawyer.GetAsync($"/v1/staff/office-hours?resourceId={lawyer.Id}").Gives(OK))["hoursVersion"].GetInt32();
}
