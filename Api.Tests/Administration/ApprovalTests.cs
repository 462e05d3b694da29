using MicroPlatform.Api.Administration;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Api.Tests.Materials;
using MicroPlatform.Domain.Administration;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Administration;

/// <summary>One asks, another approves, and only then it happens; a single administrator acts alone.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ApprovalTests(Engine engine)
{
    private TestApi _api = null!;
    private ApiClient _one = null!;
    private ApiClient _other = null!;

    [SetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine);
        _one = await _api.NewStaffAsync(Role.Administrator, DemoDistrict.Bureau);
        _other = await _api.NewStaffAsync(Role.Administrator, DemoDistrict.Bureau);
    }

    [TearDown]
    public async Task Stop()
    {
        _one?.Dispose();
        _other?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task Closure_AskedApprovedUndone_IsAuditedThroughout()
    {
        var version = ("If-Match", "\"1\"");
        await _one.SendAsync(HttpMethod.Post, $"/v1/admin/organisations/{DemoDistrict.VillageB2}/closure", null, version).Refuses(Conflict, "second_administrator_required");
        await _one.SendAsync(HttpMethod.Post, $"/v1/admin/organisations/{DemoDistrict.VillageB2}/closure?validateOnly=true", null, version).Gives(OK);

        var asked = await AskAsync("closeOrganisation", DemoDistrict.VillageB2).Gives(Created);
        Assert.That((asked.String("state"), asked.String("subjectName")), Is.EqualTo(("pending", "梨花村公共法律服务工作室")));
        await AskAsync("closeOrganisation", DemoDistrict.VillageB2).Refuses(Conflict, "approval_pending");
        await _one.PostAsync($"/v1/admin/approvals/{asked.String("id")}/approval").Refuses(Conflict, "approval_own");
        Assert.That(await ActiveAsync(), Is.True);
        await _other.PostAsync($"/v1/admin/approvals/{asked.String("id")}/approval?validateOnly=true").Gives(OK);
        Assert.That(await ActiveAsync(), Is.True, "only tried");

        var done = await _other.PostAsync($"/v1/admin/approvals/{asked.String("id")}/approval").Gives(OK);
        Assert.That((done.String("state"), done.String("decidedById"), await ActiveAsync()), Is.EqualTo(("carriedOut", _other.Id, false)));
        await _other.PostAsync($"/v1/admin/approvals/{asked.String("id")}/approval").Refuses(Conflict, "approval_decided");

        await _one.PostAsync($"/v1/admin/approvals/{asked.String("id")}/undo").Gives(OK);
        Assert.That(await ActiveAsync(), Is.True);
        await _one.PostAsync($"/v1/admin/approvals/{asked.String("id")}/undo").Refuses(Conflict, "approval_decided");
        foreach (var (action, actor) in new[] { ("approvals.request", _one), ("approvals.approve", _other), ("organisations.close", _other), ("approvals.undo", _one), ("organisations.reopen", _one) })
            Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM audit_entries WHERE action = @action AND actor_id = @Id", new { action, actor.Id }), Is.EqualTo(1), action);
    }

    [Test]
    public async Task Destruction_OfACitizensMaterial_NeedsTwo_AndIsNotTakenBack()
    {
        using var citizen = await _api.NewCitizenAsync();
        var id = await MaterialsHarness.UploadAsync(citizen, TestFiles.Wav(), "a.wav");
        await AskAsync("destroyMaterial", id).Refuses(Conflict, "material_state");
        await _api.ExecuteAsync("UPDATE materials SET state = 'Quarantined' WHERE id = @id", new { id });
        await _one.PostAsync($"/v1/admin/materials/{id}/destruction").Refuses(Conflict, "second_administrator_required");
        var asked = await AskAsync("destroyMaterial", id).Gives(Created);
        Assert.That(await _api.ScalarAsync<string>("SELECT state FROM materials WHERE id = @id", new { id }), Is.EqualTo("Quarantined"), "only asked");
        await _other.PostAsync($"/v1/admin/approvals/{asked.String("id")}/approval").Gives(OK);
        Assert.That(await _api.ScalarAsync<string>("SELECT state FROM materials WHERE id = @id", new { id }), Is.EqualTo("Erased"));
        await _one.PostAsync($"/v1/admin/approvals/{asked.String("id")}/undo").Refuses(Conflict, "undo_not_possible");
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM audit_entries WHERE action = 'materials.erase' AND actor_id = @Id", new { _other.Id }), Is.EqualTo(1));
    }

    [Test]
    public async Task Approval_OfWhatHasChangedSince_IsRefusedAndChangesNothing()
    {
        var asked = await AskAsync("closeOrganisation", DemoDistrict.VillageB2).Gives(Created);
        await _api.ExecuteAsync("UPDATE organisations SET version = version + 1 WHERE id = @VillageB2", new { DemoDistrict.VillageB2 });
        await _other.PostAsync($"/v1/admin/approvals/{asked.String("id")}/approval").Refuses(PreconditionFailed, "version_mismatch");
        Assert.That((await _one.GetAsync($"/v1/admin/approvals/{asked.String("id")}").Gives(OK)).String("state"), Is.EqualTo("pending"));
        await _other.PostAsync($"/v1/admin/approvals/{asked.String("id")}/withdrawal").Refuses(Conflict, "approval_not_yours");
        await _one.PostAsync($"/v1/admin/approvals/{asked.String("id")}/withdrawal").Gives(OK);
        await AskAsync("closeOrganisation", DemoDistrict.VillageB2).Gives(Created);
    }

    [Test]
    public async Task Request_ForWhatCannotBeDone_IsRefusedAtOnce()
    {
        await AskAsync("closeOrganisation", DemoDistrict.TownA).Refuses(Conflict, "organisation_has_children");
        await AskAsync("closeOrganisation", Operation.NoSuchId).Refuses(NotFound, "not_found");
        await AskAsync("disableAccount", "字").Refuses(NotFound, "not_found");
        await _one.PostAsync("/v1/admin/approvals", new { act = "closeOrganisation", subjectId = DemoDistrict.VillageB2, reason = " " }).Refuses(BadRequest, "validation_failed");
    }

    [Test]
    public async Task Accounts_AreDisabledAndGivenBack_AndTotpResetCannotBeUndone()
    {
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer);
        await _one.PostAsync($"/v1/admin/staff-accounts/{lawyer.Id}/disabling").Refuses(Conflict, "second_administrator_required");
        await _one.PostAsync($"/v1/admin/staff-accounts/{lawyer.Id}/totp-reset").Refuses(Conflict, "second_administrator_required");
        var asked = (await AskAsync("disableAccount", lawyer.Id).Gives(Created)).String("id");
        await _other.PostAsync($"/v1/admin/approvals/{asked}/approval").Gives(OK);
        await lawyer.GetAsync("/v1/me").Refuses(Unauthorized, "session_revoked");
        await _other.PostAsync($"/v1/admin/approvals/{asked}/undo").Gives(OK);
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM staff_members WHERE id = @Id AND active = 1", new { lawyer.Id }), Is.EqualTo(1));

        var reset = (await AskAsync("resetTotp", lawyer.Id).Gives(Created)).String("id");
        await _other.PostAsync($"/v1/admin/approvals/{reset}/approval").Gives(OK);
        await _other.PostAsync($"/v1/admin/approvals/{reset}/undo").Refuses(Conflict, "undo_not_possible");
    }

    [Test]
    public async Task Categories_AreDeactivatedAndGivenBack()
    {
        var asked = (await AskAsync("deactivateCategory", "0201").Gives(Created)).String("id");
        await _other.PostAsync($"/v1/admin/approvals/{asked}/approval").Gives(OK);
        Assert.That((await _one.GetAsync("/v1/admin/categories/0201").Gives(OK))["active"].GetBoolean(), Is.False);
        await _one.PostAsync($"/v1/admin/approvals/{asked}/undo").Gives(OK);
        Assert.That((await _one.GetAsync("/v1/admin/categories/0201").Gives(OK))["active"].GetBoolean(), Is.True);
    }

    [Test]
    public async Task Time_EndsRequestsAndUndoing()
    {
        var asked = (await AskAsync("closeOrganisation", DemoDistrict.VillageB2).Gives(Created)).String("id");
        _api.Time.Advance(Approval.ValidFor + TimeSpan.FromSeconds(1));
        await RenewAsync();
        await _other.PostAsync($"/v1/admin/approvals/{asked}/approval").Refuses(Conflict, "approval_expired");
        Assert.That(await _api.RunAsync<ExpireApprovalsJob>(), Is.EqualTo(1));
        Assert.That((await _one.GetAsync("/v1/admin/approvals?state=expired").Gives(OK))["items"].GetArrayLength(), Is.EqualTo(1));

        asked = (await AskAsync("closeOrganisation", DemoDistrict.VillageB2).Gives(Created)).String("id");
        await _other.PostAsync($"/v1/admin/approvals/{asked}/approval").Gives(OK);
        _api.Time.Advance(Approval.UndoFor + TimeSpan.FromSeconds(1));
        await RenewAsync();
        await _other.PostAsync($"/v1/admin/approvals/{asked}/undo").Refuses(Conflict, "undo_over");
    }

    [Test]
    public async Task Twenty_WhoApproveAtOnce_CarryOutOnce()
    {
        var asked = (await AskAsync("closeOrganisation", DemoDistrict.VillageB2).Gives(Created)).String("id");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _other.PostAsync($"/v1/admin/approvals/{asked}/approval")));
        Assert.That(answers.Count(a => a.Status == OK), Is.EqualTo(1));
        Assert.That(answers.Where(a => a.Status != OK).Select(a => a.String("code")).Distinct(), Is.EqualTo(new[] { "approval_decided" }));
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM audit_entries WHERE action = 'organisations.close'"), Is.EqualTo(1));
    }

    [Test]
    public async Task SingleAdministrator_ActsAlone()
    {
        await _api.ExecuteAsync("UPDATE staff_members SET active = 0 WHERE id = @Id", new { _other.Id });
        await _one.SendAsync(HttpMethod.Post, $"/v1/admin/organisations/{DemoDistrict.VillageB2}/closure", null, ("If-Match", "\"1\"")).Gives(OK);
    }

    private Task<Answer> AskAsync(string act, string subjectId) => _one.PostAsync("/v1/admin/approvals", new { act, subjectId, reason = "村里合并，不再设点" });

    /// <summary>Access tokens run out long before requests do.</summary>
    private async Task RenewAsync()
    {
        foreach (var person in new[] { _one, _other })
        {
            using var again = await _api.SignedInAsync(person.Id, Role.Administrator);
            person.Token = again.Token;
        }
    }

    private async Task<bool> ActiveAsync() => await _api.ScalarAsync<long>("SELECT COUNT(*) FROM organisations WHERE id = @VillageB2 AND active = 1", new { DemoDistrict.VillageB2 }) == 1;
}
