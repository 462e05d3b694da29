using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;
using static MicroPlatform.Api.Tests.Consultations.ConsultationTests;

namespace MicroPlatform.Api.Tests.Consultations;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class TransferTests(Engine engine)
{
    private const string Reason = "当事人户籍和用人单位都在西山镇";

    private TestApi _api = null!;
    private ApiClient _citizen = null!;
    private ApiClient _first = null!;
    private ApiClient _second = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine);
        _first = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        _second = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownB);
    }

    [SetUp]
    public async Task NewCitizen() => _citizen = await _api.NewCitizenAsync();

    [TearDown]
    public void EndCitizen() => _citizen.Dispose();

    [OneTimeTearDown]
    public async Task Stop()
    {
        _first?.Dispose();
        _second?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task Transfer_UntilAccepted_FirstReceiverStaysResponsibleAndAnswers()
    {
        var id = await ClaimedAsync();
        var asked = await AskTransferAsync(id);
        Assert.That((asked.String("stateText"), asked.String("toUnitName")), Is.EqualTo(("待接收", "西山镇公共法律服务工作站")));

        await _first.PostAsync($"/v1/staff/consultations/{id}/answers", new { text = StaffConsultationTests.GoodAnswer }).Gives(Created);
        Assert.That((await _second.GetAsync($"/v1/staff/consultations/{id}").Gives(OK)).String("matter.unitName"), Is.EqualTo("东河镇公共法律服务工作站"));
        await _second.PostAsync($"/v1/staff/consultations/{id}/answers", new { text = StaffConsultationTests.GoodAnswer }).Refuses(NotFound, "not_found");

        await _second.PostAsync($"/v1/staff/transfers/{asked.String("id")}/acceptance").Gives(OK);
        var moved = await _second.GetAsync($"/v1/staff/consultations/{id}").Gives(OK);
        Assert.That((moved.String("matter.unitName"), moved["handlerId"].GetString()), Is.EqualTo(("西山镇公共法律服务工作站", (string?)null)));
        await _first.GetAsync($"/v1/staff/consultations/{id}").Refuses(NotFound, "not_found");
        Assert.That((await _citizen.GetAsync($"/v1/matters/{moved.String("matter.id")}/timeline").Gives(OK)).Text, Does.Contain("已转由西山镇公共法律服务工作站办理").And.Not.Contain(Reason));

        await _citizen.PostAsync($"/v1/consultations/{id}/messages", new { text = "那我去哪里办？" }).Gives(Created);
        Assert.That(StaffConsultationTests.Ids(await _second.GetAsync("/v1/staff/inbox?box=unit").Gives(OK)), Does.Contain(id));
    }

    [Test]
    public async Task Transfer_ToAPerson_IsTheirsOnceTheyAccept()
    {
        using var colleague = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownB);
        var id = await ClaimedAsync();
        var asked = await AskTransferAsync(id, _second.Id);
        await colleague.PostAsync($"/v1/staff/transfers/{asked.String("id")}/acceptance").Refuses(Forbidden, "not_receiver");
        await _second.PostAsync($"/v1/staff/transfers/{asked.String("id")}/acceptance").Gives(OK);
        Assert.That((await _second.GetAsync($"/v1/staff/consultations/{id}").Gives(OK))["mine"].GetBoolean(), Is.True);
    }

    [Test]
    public async Task Refuse_WithReason_LeavesItWhereItWas()
    {
        var id = await ClaimedAsync();
        var transfer = (await AskTransferAsync(id)).String("id");
        await _second.PostAsync($"/v1/staff/transfers/{transfer}/refusal", new { reason = "不" }).Refuses(BadRequest, "validation_failed");
        var refused = await _second.PostAsync($"/v1/staff/transfers/{transfer}/refusal", new { reason = "用人单位登记地不在我镇" }).Gives(OK);
        Assert.That((refused.String("state"), refused.String("refusalReason")), Is.EqualTo(("refused", "用人单位登记地不在我镇")));
        Assert.That((await _first.GetAsync($"/v1/staff/consultations/{id}").Gives(OK))["mine"].GetBoolean(), Is.True);
        await _second.PostAsync($"/v1/staff/transfers/{transfer}/acceptance").Refuses(Conflict, "transfer_decided");
    }

    [Test]
    public async Task Request_WhileOneIsOpen_IsRefusedAlsoInARace()
    {
        var id = await ClaimedAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PatientlyAsync(() =>
            _first.PostAsync($"/v1/staff/consultations/{id}/transfers", new { toOrganisationId = DemoDistrict.TownB, reason = Reason }))));
        Assert.That(answers.Count(a => a.Status == Created), Is.EqualTo(1));
        foreach (var loser in answers.Where(a => a.Status != Created)) loser.Refuses(Conflict, "transfer_pending");
    }

    [Test]
    public async Task Accept_RacingWithWithdraw_OneHappens()
    {
        for (var round = 0; round < 8; round++)
        {
            var id = await ClaimedAsync();
            var transfer = (await AskTransferAsync(id)).String("id");
            var accepting = PatientlyAsync(() => _second.PostAsync($"/v1/staff/transfers/{transfer}/acceptance"));
            var withdrawing = PatientlyAsync(() => _first.PostAsync($"/v1/staff/transfers/{transfer}/withdrawal"));
            var (accepted, withdrawn) = (await accepting, await withdrawing);
            Assert.That(new[] { accepted.Status, withdrawn.Status }, Is.EquivalentTo(new[] { OK, Conflict }), accepted.Text + withdrawn.Text);
            var unit = await _api.ScalarAsync<string>("SELECT organisation_id FROM matters m JOIN consultations c ON c.matter_id = m.id WHERE c.id = @id", new { id });
            Assert.That(unit, Is.EqualTo(accepted.Status == OK ? DemoDistrict.TownB : DemoDistrict.TownA));
        }
    }

    [Test]
    public async Task Third_Transfer_OnlyTheHeadOverBothUnitsDecides()
    {
        var id = await ClaimedAsync();
        for (var n = 0; n < 2; n++)
            await _second.PostAsync($"/v1/staff/transfers/{(await AskTransferAsync(id)).String("id")}/refusal", new { reason = "不归我镇管辖" }).Gives(OK);
        await _first.PostAsync($"/v1/staff/consultations/{id}/transfers", new { toOrganisationId = DemoDistrict.TownB, reason = Reason }).Refuses(Forbidden, "transfer_needs_head");
        using var townHead = await _api.NewStaffAsync(Role.CentreHead, DemoDistrict.TownA);
        await townHead.PostAsync($"/v1/staff/consultations/{id}/transfers", new { toOrganisationId = DemoDistrict.TownB, reason = Reason }).Refuses(Forbidden, "transfer_needs_head");

        using var head = await _api.NewStaffAsync(Role.CentreHead, DemoDistrict.Bureau);
        var decided = await head.PostAsync($"/v1/staff/consultations/{id}/transfers", new { toOrganisationId = DemoDistrict.TownB, toStaffId = _second.Id, reason = "局里决定由西山镇办理" }).Gives(Created);
        Assert.That(decided.String("state"), Is.EqualTo("accepted"));
        Assert.That((await _second.GetAsync($"/v1/staff/consultations/{id}").Gives(OK))["mine"].GetBoolean(), Is.True);
    }

    [Test]
    public async Task List_IncomingAndOutgoing_ShowsWhatWaits()
    {
        var transfer = (await AskTransferAsync(await ClaimedAsync())).String("id");
        Assert.That((await _second.GetAsync("/v1/staff/transfers?direction=incoming&limit=100").Gives(OK)).Text, Does.Contain(transfer));
        Assert.That((await _first.GetAsync("/v1/staff/transfers?direction=outgoing&limit=100").Gives(OK)).Text, Does.Contain(transfer));
        Assert.That((await _first.GetAsync("/v1/staff/transfers?direction=incoming&limit=100").Gives(OK)).Text, Does.Not.Contain(transfer));
        await _first.GetAsync("/v1/staff/transfers?direction=sideways").Refuses(BadRequest, "validation_failed");
        await _first.PostAsync($"/v1/staff/transfers/{transfer}/acceptance").Refuses(Forbidden, "not_receiver");
        using var elsewhere = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.AidCentre);
        await elsewhere.PostAsync($"/v1/staff/transfers/{transfer}/acceptance").Refuses(NotFound, "not_found");
    }

    [Test]
    public async Task Open_WhenTheCitizenWithdraws_Lapses()
    {
        var id = await ClaimedAsync();
        var transfer = (await AskTransferAsync(id)).String("id");
        await _citizen.PostAsync($"/v1/consultations/{id}/withdrawal").Gives(OK);
        await _api.DeliverAsync();
        await _second.PostAsync($"/v1/staff/transfers/{transfer}/acceptance").Refuses(Conflict, "transfer_decided");
        Assert.That(await _api.ScalarAsync<string>("SELECT state FROM transfers WHERE id = @transfer", new { transfer }), Is.EqualTo("Lapsed"));
    }

    [Test]
    public async Task Request_ToNowhere_IsRefused()
    {
        var id = await ClaimedAsync();
        await _first.PostAsync($"/v1/staff/consultations/{id}/transfers", new { toOrganisationId = "无此单位", reason = Reason }).Refuses(BadRequest, "transfer_unit_unknown");
        await _first.PostAsync($"/v1/staff/consultations/{id}/transfers", new { toOrganisationId = DemoDistrict.TownA, reason = Reason }).Refuses(UnprocessableEntity, "transfer_same_unit");
        await _first.PostAsync($"/v1/staff/consultations/{id}/transfers", new { toOrganisationId = DemoDistrict.TownB, toStaffId = _first.Id, reason = Reason }).Refuses(UnprocessableEntity, "handler_unsuitable");
        using var bystander = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        await bystander.PostAsync($"/v1/staff/consultations/{id}/transfers", new { toOrganisationId = DemoDistrict.TownB, reason = Reason }).Refuses(Forbidden, "not_responsible");
    }

    private Task<Answer> AskTransferAsync(string id, string? toStaffId = null) =>
        _first.PostAsync($"/v1/staff/consultations/{id}/transfers", new { toOrganisationId = DemoDistrict.TownB, toStaffId, reason = Reason }).Gives(Created);

    private async Task<string> ClaimedAsync()
    {
        var id = (await _citizen.PostAsync("/v1/consultations", Question()).Gives(Created)).String("id");
        await _first.PostAsync($"/v1/staff/consultations/{id}/assignment").Gives(OK);
        return id;
    }
}
