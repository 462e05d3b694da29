using MicroPlatform.Api.Consultations;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Consultations;

/// <summary>Who gets what by the duty rule, who loses it, and the promises that jobs keep.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class DutyRuleTests(Engine engine)
{
    private TestApi _api = null!;
    private ApiClient _citizen = null!;

    [SetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine, ["Consultations:OpenPerPerson=3"]);
        _citizen = await _api.NewCitizenAsync();
    }

    [TearDown]
    public async Task Stop()
    {
        _citizen?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task Asked_SpecialistOnDuty_GetsItBeforeTheIdleOne()
    {
        using var idle = await OnDutyAsync(DemoDistrict.TownA);
        using var specialist = await OnDutyAsync(DemoDistrict.TownA, "02,08");
        var id = await AskAsync();
        await _api.DeliverAsync();
        Assert.That(await HandlerAsync(id), Is.EqualTo(specialist.Id));
        Assert.That((await _citizen.GetAsync($"/v1/consultations/{id}").Gives(OK)).String("state"), Is.EqualTo("assigned"));
    }

    [Test]
    public async Task Asked_NobodyOfTheUnitOnDuty_GoesToTheNearestUnitAbove()
    {
        using var above = await OnDutyAsync(DemoDistrict.Bureau);
        using var beside = await OnDutyAsync(DemoDistrict.TownB);
        var id = await AskAsync();
        await _api.DeliverAsync();
        Assert.That(await HandlerAsync(id), Is.EqualTo(above.Id));
        Assert.That(await _api.ScalarAsync<string>("SELECT m.organisation_id FROM matters m JOIN consultations c ON c.matter_id = m.id WHERE c.id = @id", new { id }), Is.EqualTo(DemoDistrict.TownA));
        await above.PostAsync($"/v1/staff/consultations/{id}/answers", new { text = StaffConsultationTests.GoodAnswer }).Gives(Created);
    }

    [Test]
    public async Task Asked_NobodyOnDuty_StaysInTheInboxUntilSomebodyComes()
    {
        var first = await AskAsync();
        var second = await AskAsync();
        await _api.DeliverAsync();
        Assert.That(await _api.RunAsync<RedistributeOffDutyJob>(), Is.Zero);
        using var lawyer = await OnDutyAsync(DemoDistrict.TownA);
        Assert.That(await _api.RunAsync<RedistributeOffDutyJob>(), Is.EqualTo(2));
        Assert.That(new[] { await HandlerAsync(first), await HandlerAsync(second) }, Is.All.EqualTo(lawyer.Id));
        Assert.That(await _api.RunAsync<RedistributeOffDutyJob>(), Is.Zero, "the same again does nothing");
    }

    [Test]
    public async Task Asked_MoreThanOneCanCarry_WaitsForRoomOldestFirst()
    {
        using var lawyer = await OnDutyAsync(DemoDistrict.TownA);
        var ids = new List<string>();
        for (var n = 0; n < 5; n++) ids.Add(await AskAsync());
        await _api.DeliverAsync();
        await _api.RunAsync<RedistributeOffDutyJob>();
        Assert.That(await Task.WhenAll(ids.Select(HandlerAsync)), Is.EqualTo(new[] { lawyer.Id, lawyer.Id, lawyer.Id, null, null }));

        await lawyer.PostAsync($"/v1/staff/consultations/{ids[1]}/answers", new { text = StaffConsultationTests.GoodAnswer }).Gives(Created);
        await _api.RunAsync<RedistributeOffDutyJob>();
        Assert.That(await Task.WhenAll(ids.Skip(3).Select(HandlerAsync)), Is.EqualTo(new[] { lawyer.Id, null }));
    }

    [Test]
    public async Task Asked_ManyAtOnce_AreSharedFairlyAndNobodyOverTheLimit()
    {
        var lawyers = new[] { await OnDutyAsync(DemoDistrict.TownA), await OnDutyAsync(DemoDistrict.TownA), await OnDutyAsync(DemoDistrict.TownA) };
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ConsultationTests.PatientlyAsync(() => _citizen.PostAsync("/v1/consultations", ConsultationTests.Question()))));
        await Task.WhenAll(_api.DeliverAsync(), _api.DeliverAsync(), _api.RunAsync<RedistributeOffDutyJob>());
        var loads = new List<long>();
        foreach (var lawyer in lawyers) loads.Add(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM matters WHERE handler_id = @Id", new { lawyer.Id }));
        Assert.That(loads.Order(), Is.EqualTo(new[] { 2L, 3L, 3L }));
        foreach (var lawyer in lawyers) lawyer.Dispose();
    }

    [Test]
    public async Task OffDuty_WhatIsUnanswered_GoesToThoseOnDutyOldestFirst()
    {
        using var leaving = await OnDutyAsync(DemoDistrict.TownA);
        var ids = new List<string>();
        for (var n = 0; n < 3; n++) ids.Add(await AskAsync());
        await _api.DeliverAsync();
        await leaving.PostAsync($"/v1/staff/consultations/{ids[0]}/answers", new { text = StaffConsultationTests.GoodAnswer }).Gives(Created);
        await leaving.PostAsync("/v1/staff/me/off-duty").Gives(OK);
        using var full = await OnDutyAsync(DemoDistrict.TownA);
        for (var n = 0; n < 2; n++) await ClaimAsync(full, await AskAsync());

        await _api.RunAsync<RedistributeOffDutyJob>();
        await _api.DeliverAsync();
        Assert.That(await Task.WhenAll(ids.Select(HandlerAsync)), Is.EqualTo(new[] { leaving.Id, full.Id, null }), "answered stays, the older one is taken, the newer one waits");
        var (state, kinds) = (await full.GetAsync($"/v1/staff/consultations/{ids[2]}").Gives(OK), await TimelineAsync(full, ids[2]));
        Assert.That((state.String("state"), kinds), Is.EqualTo(("submitted", "received assigned released")));
        Assert.That(await _api.RunAsync<RedistributeOffDutyJob>(), Is.Zero);
    }

    [Test]
    public async Task OffDuty_FollowUpToSomebodyGone_GoesToThoseOnDuty()
    {
        using var gone = await OnDutyAsync(DemoDistrict.TownA);
        var id = await AskAsync();
        await _api.DeliverAsync();
        await gone.PostAsync($"/v1/staff/consultations/{id}/answers", new { text = StaffConsultationTests.GoodAnswer }).Gives(Created);
        await gone.PostAsync("/v1/staff/me/off-duty").Gives(OK);
        using var there = await OnDutyAsync(DemoDistrict.TownA);
        Assert.That(await _api.RunAsync<RedistributeOffDutyJob>(), Is.Zero);
        await _citizen.PostAsync($"/v1/consultations/{id}/messages", new { text = "还想问一下诉讼费" }).Gives(Created);
        await _api.RunAsync<RedistributeOffDutyJob>();
        Assert.That(await HandlerAsync(id), Is.EqualTo(there.Id));
        Assert.That((await there.GetAsync($"/v1/staff/consultations/{id}").Gives(OK)).String("state"), Is.EqualTo("followUp"));
    }

    [Test]
    public async Task OffDuty_WhatWasTakenByHand_IsKept()
    {
        using var volunteer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        using var rostered = await OnDutyAsync(DemoDistrict.TownA);
        await rostered.PostAsync("/v1/staff/me/off-duty").Gives(OK);
        var (byVolunteer, afterHours) = (await AskAsync(), await AskAsync());
        await ClaimAsync(volunteer, byVolunteer);
        await ClaimAsync(rostered, afterHours);
        using var onDuty = await OnDutyAsync(DemoDistrict.TownA);
        Assert.That(await _api.RunAsync<RedistributeOffDutyJob>(), Is.Zero);
        Assert.That((await HandlerAsync(byVolunteer), await HandlerAsync(afterHours)), Is.EqualTo((volunteer.Id, rostered.Id)));
    }

    [Test]
    public async Task Release_ByHand_IsNotGivenBackToTheSame()
    {
        using var lawyer = await OnDutyAsync(DemoDistrict.TownA);
        var id = await AskAsync();
        await _api.DeliverAsync();
        await lawyer.DeleteAsync($"/v1/staff/consultations/{id}/assignment").Gives(OK);
        await _api.DeliverAsync();
        await _api.RunAsync<RedistributeOffDutyJob>();
        Assert.That(await HandlerAsync(id), Is.Null);
        using var other = await OnDutyAsync(DemoDistrict.TownA);
        await _api.RunAsync<RedistributeOffDutyJob>();
        Assert.That(await HandlerAsync(id), Is.EqualTo(other.Id));
    }

    [Test]
    public async Task Silent_SevenDaysAfterTheLastAnswer_IsClosedAndCanBeRated()
    {
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        var (silent, again) = (await AskAsync(), await AskAsync());
        foreach (var id in new[] { silent, again })
        {
            await ClaimAsync(lawyer, id);
            await lawyer.PostAsync($"/v1/staff/consultations/{id}/answers", new { text = StaffConsultationTests.GoodAnswer }).Gives(Created);
        }
        await BackdateAnswerAsync(silent, TimeSpan.FromDays(7.1));
        await BackdateAnswerAsync(again, TimeSpan.FromDays(7.1));
        await lawyer.PostAsync($"/v1/staff/consultations/{again}/answers", new { text = StaffConsultationTests.GoodAnswer + "补充：记得带身份证。" }).Gives(Created);

        Assert.That(await _api.RunAsync<CloseSilentJob>(), Is.EqualTo(1));
        Assert.That(await _api.RunAsync<CloseSilentJob>(), Is.Zero);
        var closed = await _citizen.GetAsync($"/v1/consultations/{silent}").Gives(OK);
        Assert.That((closed.String("state"), (await _citizen.GetAsync($"/v1/consultations/{again}").Gives(OK)).String("state")), Is.EqualTo(("closed", "answered")));
        await _citizen.PostAsync($"/v1/matters/{closed.String("matter.id")}/rating", new { score = 4 }).Gives(Created);
    }

    [Test]
    public async Task Overdue_WithoutAnswer_IsReportedOnceToTheNearestHead()
    {
        using var head = await _api.NewStaffAsync(Role.CentreHead, DemoDistrict.Bureau);
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        var (late, answered, withdrawn) = (await AskAsync(), await AskAsync(), await AskAsync());
        await ClaimAsync(lawyer, answered);
        await lawyer.PostAsync($"/v1/staff/consultations/{answered}/answers", new { text = StaffConsultationTests.GoodAnswer }).Gives(Created);
        await _citizen.PostAsync($"/v1/consultations/{withdrawn}/withdrawal").Gives(OK);
        Assert.That(await _api.RunAsync<EscalateOverdueJob>(), Is.Zero);
        await _api.ExecuteAsync("UPDATE consultations SET answer_due_at = @due", new { due = _api.Time.GetUtcNow().AddMinutes(-1) });

        Assert.That(await _api.RunAsync<EscalateOverdueJob>(), Is.EqualTo(1));
        Assert.That(await _api.RunAsync<EscalateOverdueJob>(), Is.Zero);
        Assert.That(await TimelineAsync(lawyer, late), Is.EqualTo("received overdue"));
        Assert.That(await _api.ScalarAsync<string>("SELECT detail FROM audit_entries WHERE action = 'consultations.overdue'"), Is.EqualTo(head.Id));
        var matter = (await _citizen.GetAsync($"/v1/consultations/{late}").Gives(OK)).String("matter.id");
        Assert.That((await _citizen.GetAsync($"/v1/matters/{matter}/timeline").Gives(OK)).Text, Does.Not.Contain("overdue"));
        var inbox = await head.GetAsync("/v1/staff/inbox?box=unit").Gives(OK);
        Assert.That(inbox["items"][0].GetProperty("overdue").GetBoolean(), Is.True);
    }

    private async Task<ApiClient> OnDutyAsync(string unit, string specialities = "")
    {
        var lawyer = await _api.NewStaffAsync(Role.Lawyer, unit, specialities: specialities);
        var now = _api.Time.GetUtcNow();
        await _api.ExecuteAsync("INSERT INTO duty_shifts (id, staff_id, organisation_id, starts_at, ends_at) VALUES (@id, @staff, @unit, @from, @to)",
            new { id = Id.New(_api.Time), staff = lawyer.Id, unit, from = now.AddHours(-1), to = now.AddHours(8) });
        return lawyer;
    }

    private Task BackdateAnswerAsync(string id, TimeSpan by) =>
        _api.ExecuteAsync("UPDATE consultations SET last_answered_at = @at WHERE id = @id", new { at = _api.Time.GetUtcNow() - by, id });

    private static Task<Answer> ClaimAsync(ApiClient lawyer, string id) => lawyer.PostAsync($"/v1/staff/consultations/{id}/assignment").Gives(OK);

    private Task<string?> HandlerAsync(string id) =>
        _api.ScalarAsync<string>("SELECT m.handler_id FROM matters m JOIN consultations c ON c.matter_id = m.id WHERE c.id = @id", new { id });

    private static async Task<string> TimelineAsync(ApiClient staff, string id)
    {
        var matter = (await staff.GetAsync($"/v1/staff/consultations/{id}").Gives(OK)).String("matter.id");
        var timeline = await staff.GetAsync($"/v1/staff/matters/{matter}/timeline").Gives(OK);
        return string.Join(' ', timeline["items"].EnumerateArray().Select(i => i.GetProperty("kind").GetString()));
    }

    private async Task<string> AskAsync() => (await _citizen.PostAsync("/v1/consultations", ConsultationTests.Question()).Gives(Created)).String("id");
}
