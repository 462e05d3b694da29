using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Appointments;

/// <summary>Two things done to one appointment at once: one happens, the other is refused by the state that it finds.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class LifecycleRaceTests(Engine engine)
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
    public void OnAWednesday() => _api.Time.At("2026-11-25T08:30+08:00");

    [Test]
    public async Task Start_ByTwoClerksAtOneDesk_OneServes([Values(1, 2, 3)] int round)
    {
        var desk = await _api.NewDeskAsync(new Seats(2, 2, 2));
        using var citizen = await _api.NewBookerAsync();
        var clerks = new[] { await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA), await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA), await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA) };
        var id = (await citizen.PostAsync("/v1/appointments", Bookable.Order(desk, _api.Day(0, 8 + round), "window")).Gives(Created)).String("id");
        _api.Time.At($"2026-11-25T{8 + round:00}:00+08:00");
        var answers = await Task.WhenAll(clerks.Select(c => c.PostAsync($"{Staff}/{id}/start")));
        var winner = Array.FindIndex(answers, a => a.Status == OK);
        Assert.That(answers.Count(a => a.Status == OK), Is.EqualTo(1), string.Join('\n', answers.Select(a => a.Text)));
        // Who lost and neither serves nor directs may no longer; who directs meets the state.
        Assert.That(answers.Where(a => a.Status != OK).Select(a => a.String("code")), Is.All.AnyOf("appointment_state", "forbidden"));
        Assert.That((await citizen.GetAsync($"/v1/appointments/{id}").Gives(OK)).String("state"), Is.EqualTo("inService"));
        Assert.That(await _api.ScalarAsync<string>("SELECT staff_id FROM appointments WHERE id = @id", new { id }), Is.EqualTo(clerks[winner].Id));
        foreach (var c in clerks) c.Dispose();
    }

    [Test]
    public async Task Cancel_AgainstCheckIn_TimeAndStateAgree([Values(1, 2, 3, 4)] int round)
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        var id = (await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(0, 10, 30))).Gives(Created)).String("id");
        var answers = await Task.WhenAll(citizen.PostAsync($"/v1/appointments/{id}/cancellation"), lawyer.PostAsync($"{Staff}/{id}/check-in"));
        Assert.That(answers.Count(a => a.Status == OK), Is.EqualTo(1), $"round {round}: {answers[0].Text} {answers[1].Text}");
        var state = (await citizen.GetAsync($"/v1/appointments/{id}").Gives(OK)).String("state");
        Assert.That(state, Is.EqualTo(answers[0].Status == OK ? "cancelled" : "checkedIn"));
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM appointment_rasters WHERE owner_id = @id", new { id }), Is.EqualTo(state == "cancelled" ? 0 : 2));
    }

    [Test]
    public async Task Start_AgainstNoShow_OneHappens([Values(1, 2, 3, 4)] int round)
    {
        using var lawyer = await _api.NewPersonAsync();
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        using var citizen = await _api.NewBookerAsync();
        var id = (await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(0, 9))).Gives(Created)).String("id");
        _api.Time.At("2026-11-25T09:15+08:00");
        var answers = await Task.WhenAll(lawyer.PostAsync($"{Staff}/{id}/start"), clerk.PostAsync($"{Staff}/{id}/no-show"));
        Assert.That(answers.Count(a => a.Status == OK), Is.EqualTo(1), $"round {round}: {answers[0].Text} {answers[1].Text}");
    }

    [Test]
    public async Task Complete_AgainstNoShow_ServiceThatWasGivenStands([Values(1, 2, 3)] int round)
    {
        using var lawyer = await _api.NewPersonAsync();
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        using var citizen = await _api.NewBookerAsync();
        var id = (await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(0, 9))).Gives(Created)).String("id");
        _api.Time.At("2026-11-25T09:15+08:00");
        await lawyer.PostAsync($"{Staff}/{id}/start").Gives(OK);
        var answers = await Task.WhenAll(lawyer.PostAsync($"{Staff}/{id}/completion", new { }), clerk.PostAsync($"{Staff}/{id}/no-show"));
        answers[0].Gives(OK);
        Assert.That(answers[1].String("code"), Is.AnyOf("appointment_state", "appointment_over"), $"round {round}");
        Assert.That((await citizen.GetAsync($"/v1/appointments/{id}").Gives(OK)).String("state"), Is.EqualTo("completed"));
    }

    [Test]
    public async Task Reinstate_AgainstABooking_OneHasTheTime([Values(1, 2, 3)] int round)
    {
        using var lawyer = await _api.NewPersonAsync(Role.Mediator);
        using var citizen = await _api.NewBookerAsync();
        using var other = await _api.NewBookerAsync();
        var id = (await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(0, 9), "mediation")).Gives(Created)).String("id");
        _api.Time.At("2026-11-25T09:16+08:00");
        await lawyer.PostAsync($"{Staff}/{id}/no-show").Gives(OK);
        var answers = await Task.WhenAll(lawyer.PostAsync($"{Staff}/{id}/reinstatement"), other.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(0, 9, 30))));
        Assert.That(answers.Count(a => a.Status is OK or Created), Is.EqualTo(1), $"round {round}: {answers[0].Text} {answers[1].Text}");
        Assert.That(answers.Single(a => a.Status is not (OK or Created)).String("code"), Is.EqualTo("slot_taken"));
    }
}
