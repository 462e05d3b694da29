using MicroPlatform.Api.Appointments;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Appointments;

/// <summary>换班: asked, answered or out of time; nothing changes before the other has accepted.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class SwapTests(Engine engine)
{
    private TestApi _api = null!;

    [OneTimeSetUp]
    public async Task Start() => _api = await TestApi.StartAsync(engine);

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [SetUp]
    public void OnAWednesday() => _api.Time.At("2026-07-29T08:00+08:00");

    [Test]
    public async Task Accept_WithBookings_MovesHoursAndBookings()
    {
        var (one, two, hours) = await PairAsync();
        using var citizen = await _api.NewBookerAsync();
        var at = _api.Day(6, 10);
        var booked = await citizen.PostAsync("/v1/appointments", Bookable.Order(one.Id, at)).Gives(Created);
        var asked = await AskAsync(one, two, hours).Gives(Created);
        Assert.That(asked["actions"][0].GetString(), Is.EqualTo("withdraw"));
        // Nothing has changed yet.
        Assert.That(await StartsAsync(one.Id), Does.StartWith("09:00"));
        Assert.That(await StartsAsync(two.Id), Is.Empty);
        await AskAsync(one, two, hours).Refuses(Conflict, "swap_not_possible");
        using var stranger = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        await stranger.PostAsync($"/v1/staff/office-swaps/{asked.String("id")}/acceptance").Refuses(NotFound, "not_found");
        await one.PostAsync($"/v1/staff/office-swaps/{asked.String("id")}/acceptance").Refuses(Forbidden, "forbidden");

        var accepted = await two.PostAsync($"/v1/staff/office-swaps/{asked.String("id")}/acceptance").Gives(OK);
        Assert.That(accepted.String("state"), Is.EqualTo("accepted"));
        var moved = await citizen.GetAsync($"/v1/appointments/{booked.String("id")}").Gives(OK);
        Assert.Multiple(async () =>
        {
            Assert.That(moved.String("resourceId"), Is.EqualTo(two.Id));
            Assert.That(moved.String("startsAt"), Is.EqualTo(booked.String("startsAt")));
            Assert.That(await StartsAsync(one.Id), Is.Empty);
            Assert.That(await StartsAsync(two.Id), Is.EqualTo("09:00 09:30 10:30"));
            // A week later it is the first one's again.
            Assert.That(await StartsAsync(one.Id, 13), Is.EqualTo("09:00 09:30 10:00 10:30"));
            Assert.That(await StartsAsync(two.Id, 13), Is.Empty);
        });
        await RosterFacts.AllFitAsync(_api, one.Id);
        await RosterFacts.AllFitAsync(_api, two.Id);
        await two.PostAsync($"/v1/staff/office-swaps/{asked.String("id")}/refusal").Refuses(Conflict, "swap_closed");
        var listed = await one.GetAsync("/v1/staff/office-swaps").Gives(OK);
        Assert.That(listed["items"].GetArrayLength(), Is.EqualTo(1));
    }

    [Test]
    public async Task Accept_OtherHasHoursOrLeaveOrAFullPlace_ChangesNothing()
    {
        var (one, two, hours) = await PairAsync();
        var clash = await _api.AddHoursAsync(two.Id, DemoDistrict.TownA, DayOfWeek.Tuesday, 10, 12);
        await AskAsync(one, two, hours).Refuses(Conflict, "office_hours_overlap");
        await _api.ExecuteAsync("DELETE FROM office_hours WHERE id = @clash", new { clash });
        var asked = (await AskAsync(one, two, hours).Gives(Created)).String("id");
        // Between asking and answering the other goes on leave.
        var leave = await two.PostAsync("/v1/staff/leaves", new { startsAt = _api.Day(6, 9), endsAt = _api.Day(6, 10) }).Gives(OK);
        await two.PostAsync($"/v1/staff/office-swaps/{asked}/acceptance").Refuses(Conflict, "swap_not_possible");
        Assert.That(await StartsAsync(one.Id), Does.StartWith("09:00"));
        await two.DeleteAsync($"/v1/staff/leaves/{leave["ids"][0].GetString()}").Gives(OK);
        await two.PostAsync($"/v1/staff/office-swaps/{asked}/acceptance").Gives(OK);
    }

    [Test]
    public async Task Ask_ForWhatIsNotThere_IsRefused()
    {
        var (one, two, hours) = await PairAsync();
        await one.PostAsync("/v1/staff/office-swaps", new { officeHoursId = hours, date = $"{_api.Day(7, 0):yyyy-MM-dd}", toStaffId = two.Id }).Refuses(Conflict, "swap_not_possible");
        await one.PostAsync("/v1/staff/office-swaps", new { officeHoursId = hours, date = "2026-07-28", toStaffId = two.Id }).Refuses(Conflict, "swap_not_possible");
        await one.PostAsync("/v1/staff/office-swaps", new { officeHoursId = hours, date = "0001-01-01", toStaffId = two.Id }).Refuses(Conflict, "swap_not_possible");
        await one.PostAsync("/v1/staff/office-swaps", new { officeHoursId = hours, date = "2026-02-30", toStaffId = two.Id }).Refuses(BadRequest, "json_malformed");
        await two.PostAsync("/v1/staff/office-swaps", new { officeHoursId = hours, date = $"{_api.Day(6, 0):yyyy-MM-dd}", toStaffId = one.Id }).Refuses(NotFound, "not_found");
        await AskAsync(one, one, hours).Refuses(Conflict, "swap_not_possible");
        using var mediator = await _api.NewStaffAsync(Role.Mediator, DemoDistrict.TownA);
        await _api.AddResourceAsync(mediator.Id, DemoDistrict.TownA, mediator.Id);
        await AskAsync(one, mediator, hours).Refuses(Conflict, "swap_not_possible");
    }

    [Test]
    public async Task Swap_NobodyAnswers_ExpiresAndChangesNothing()
    {
        // Minutes before: who is signed in stays so.
        _api.Time.At("2026-08-04T08:55+08:00");
        var (one, two, hours) = await PairAsync();
        var asked = (await AskAsync(one, two, hours).Gives(Created)).String("id");
        _api.Time.At("2026-08-04T09:00+08:00");
        await two.PostAsync($"/v1/staff/office-swaps/{asked}/acceptance").Refuses(Conflict, "swap_closed");
        await _api.RunAsync<ExpireSwapsJob>();
        var mine = (await one.GetAsync("/v1/staff/office-swaps").Gives(OK))["items"][0];
        Assert.That(mine.GetProperty("state").GetString(), Is.EqualTo("expired"));
        Assert.That(await _api.ScalarAsync<string>("SELECT resource_id FROM office_hours WHERE id = @hours AND valid_until IS NULL", new { hours }), Is.EqualTo(one.Id));
    }

    [Test]
    public async Task AcceptAndWithdraw_AtTheSameInstant_OneOfThemIsTrue()
    {
        for (var round = 0; round < 10; round++)
        {
            var (one, two, hours) = await PairAsync();
            var asked = (await AskAsync(one, two, hours).Gives(Created)).String("id");
            var answers = await Task.WhenAll(two.PostAsync($"/v1/staff/office-swaps/{asked}/acceptance"), one.PostAsync($"/v1/staff/office-swaps/{asked}/withdrawal"));
            Assert.That(answers.Select(a => (int)a.Status).Order(), Is.EqualTo(new[] { 200, 409 }), answers[0].Text + answers[1].Text);
            Assert.That(await StartsAsync(one.Id), answers[0].Status == OK ? Is.Empty : Does.StartWith("09:00"));
            Assert.That(await StartsAsync(two.Id), answers[0].Status == OK ? Does.StartWith("09:00") : Is.Empty);
        }
    }

    [Test]
    public async Task AcceptAndBook_AtTheSameInstant_BookingIsWhereTheHoursAre()
    {
        for (var round = 0; round < 10; round++)
        {
            var (one, two, hours) = await PairAsync();
            using var citizen = await _api.NewBookerAsync();
            var asked = (await AskAsync(one, two, hours).Gives(Created)).String("id");
            await Task.WhenAll(two.PostAsync($"/v1/staff/office-swaps/{asked}/acceptance").Gives(OK), citizen.PostAsync("/v1/appointments", Bookable.Order(one.Id, _api.Day(6, 10))));
            await RosterFacts.AllFitAsync(_api, one.Id);
            await RosterFacts.AllFitAsync(_api, two.Id);
        }
    }

    /// <summary>Two lawyers; the first sits on Tuesdays from 9 to 11.</summary>
    private async Task<(ApiClient One, ApiClient Two, string Hours)> PairAsync()
    {
        var (one, two) = (await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA), await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA));
        await _api.AddResourceAsync(one.Id, DemoDistrict.TownA, one.Id);
        await _api.AddResourceAsync(two.Id, DemoDistrict.TownA, two.Id);
        return (one, two, await _api.AddHoursAsync(one.Id, DemoDistrict.TownA, DayOfWeek.Tuesday, 9, 11));
    }

    /// <summary>For Tuesday, 4 August.</summary>
    private static Task<Answer> AskAsync(ApiClient one, ApiClient two, string hours) =>
        one.PostAsync("/v1/staff/office-swaps", new { officeHoursId = hours, date = "2026-08-04", toStaffId = two.Id });

    private async Task<string> StartsAsync(string resourceId, int days = 6)
    {
        using var nobody = _api.Anonymous();
        var found = await nobody.GetAsync($"/v1/slots?resourceId={resourceId}&serviceCode=lawyer&mode=inPerson&date={_api.Day(days, 0):yyyy-MM-dd}").Gives(OK);
        return string.Join(' ', found["items"].EnumerateArray().Select(s => s.GetProperty("startsAt").GetString()![11..16]));
    }
}

public sealed class OfficeSwapTests
{
    private static readonly DateTimeOffset Start = new(2026, 8, 4, 9, 0, 0, ChinaTime.Offset);

    [Test]
    public void Decide_EveryStateAndAction_IsWhatTheTableSays([Values] SwapState state, [Values] SwapAction action)
    {
        var swap = new OfficeSwap("1", "2", new DateOnly(2026, 8, 4), "3", 540, 660, "4", "5", state, Start.AddDays(-1), Start, null, 1);
        var decided = swap.Decide(action, Start.AddHours(-1));
        if (SwapTransitions.Table.TryGetValue((state, action), out var to)) Assert.That(decided.Value.State, Is.EqualTo(to));
        else Assert.That(decided.Refusal, Is.EqualTo(AppointmentRefusals.SwapClosed));
    }

    [Test]
    public void Without_ADayOfEveryOtherWeek_LeavesTheOtherDays()
    {
        var rule = new OfficeHours("1", "2", "3", DayOfWeek.Tuesday, 540, 660, 2, new DateOnly(2026, 7, 7), new DateOnly(2026, 9, 30), false, Bookable.Terms);
        var all = new ResourceHours("2", 1, [rule], []);
        var less = all.Without(rule, new DateOnly(2026, 8, 4), "4");
        for (var day = rule.ValidFrom; day <= rule.ValidUntil; day = day.AddDays(1))
            Assert.That(less.Hours.Count(h => h.RunsOn(day)), Is.EqualTo(day != new DateOnly(2026, 8, 4) && rule.RunsOn(day) ? 1 : 0), $"{day}");
    }
}
