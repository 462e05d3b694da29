using MicroPlatform.Api.Tests.Consultations;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;
using static MicroPlatform.Api.Tests.Materials.MaterialsHarness;

namespace MicroPlatform.Api.Tests.Materials;

/// <summary>Materials on a matter: checklist, review, one notice, new versions, reuse, deletion.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
internal sealed class MatterMaterialTests(Engine engine)
{
    private MaterialsHarness _harness = null!;
    private ApiClient _citizen = null!;
    private ApiClient _lawyer = null!;
    private int _seed;

    private TestApi Api => _harness.Api;

    [OneTimeSetUp]
    public async Task Start() => _harness = await MaterialsHarness.StartAsync(engine, StoreKind.Local);

    [SetUp]
    public async Task People() => (_citizen, _lawyer) = (await Api.NewCitizenAsync(), await Api.NewStaffAsync(Role.Lawyer, MicroPlatform.Api.Hosting.DemoDistrict.TownA));

    [TearDown]
    public void Gone()
    {
        _citizen?.Dispose();
        _lawyer?.Dispose();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_harness is not null) await _harness.DisposeAsync();
    }

    [Test]
    public async Task Message_CarriesUpToNine_AndTheThreadShowsThem()
    {
        var (consultation, _) = await AskAsync();
        var ids = new List<string>();
        for (var n = 0; n < 9; n++) ids.Add(await PhotoAsync($"第{n}张"));
        var posted = await _citizen.PostAsync($"/v1/consultations/{consultation}/messages", new { text = "补充材料", clientMessageId = "m1", attachmentIds = ids }).Gives(Created);
        Assert.That(posted["attachments"].EnumerateArray().Select(a => a.GetProperty("materialId").GetString()), Is.EqualTo(ids));
        var again = await _citizen.PostAsync($"/v1/consultations/{consultation}/messages", new { text = "补充材料", clientMessageId = "m1", attachmentIds = ids }).Gives(Created);
        Assert.That(again["attachments"].GetArrayLength(), Is.EqualTo(9));
        var thread = await _citizen.GetAsync($"/v1/consultations/{consultation}/messages?after=1").Gives(OK);
        Assert.That(thread["items"][0].GetProperty("attachments").GetArrayLength(), Is.EqualTo(9));
        ids.Add(ids[0]);
        await _citizen.PostAsync($"/v1/consultations/{consultation}/messages", new { text = "太多", attachmentIds = ids }).Refuses(BadRequest, "validation_failed");
        using var other = await Api.NewCitizenAsync();
        var foreign = await UploadAsync(other, TestFiles.Png());
        await _citizen.PostAsync($"/v1/consultations/{consultation}/messages", new { text = "别人的", attachmentIds = new[] { foreign } }).Refuses(UnprocessableEntity, "attachment_unknown");
        await _citizen.PostAsync($"/v1/consultations/{consultation}/messages", new { text = "没有的", attachmentIds = new[] { "01ABCDEF0000000000000000ZZ" } }).Refuses(UnprocessableEntity, "attachment_unknown");
    }

    [Test]
    public async Task Notice_ListsEverythingOnce_AndIsFulfilledByHandingIn()
    {
        var (_, matter) = await AskAsync();
        var list = await _lawyer.GetAsync($"/v1/staff/matters/{matter}/materials").Gives(OK);
        Assert.That(Standing(list, "id-card"), Is.EqualTo("missing"));
        Assert.That(Standing(list, "wage-iou"), Is.EqualTo("missing"));
        Assert.That(Standing(list, "wage-contract"), Is.EqualTo("notNeeded"), "optional");

        var slip = await PhotoAsync("结算清单");
        var attached = await AttachAsync(matter, slip, "wage-iou").Gives(Created);
        Assert.That(Standing(attached, "wage-iou"), Is.EqualTo("submitted"));
        Assert.That(Standing(attached, "wage-bank"), Is.EqualTo("notNeeded"), "another of its group is there");
        var use = Use(attached, "wage-iou");
        await _lawyer.PostAsync($"/v1/staff/material-uses/{use}/rejection", new { versionNumber = 1, reason = "other" }).Refuses(BadRequest, "validation_failed");
        var rejected = await _lawyer.PostAsync($"/v1/staff/material-uses/{use}/rejection", new { versionNumber = 1, reason = "unreadable", note = "金额看不清" }).Gives(OK);
        Assert.That(Standing(rejected, "wage-iou"), Is.EqualTo("rejected"));

        var due = Api.Time.GetUtcNow().AddHours(8).AddDays(10).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var sent = await _lawyer.PostAsync($"/v1/staff/matters/{matter}/material-notices", new { dueOn = due, extra = new[] { "厂方地址" } }).Gives(Created);
        Assert.That(sent["items"].EnumerateArray().Select(i => i.GetProperty("code").GetString()), Is.SupersetOf((string[])["id-card", "wage-iou"]));
        await _lawyer.PostAsync($"/v1/staff/matters/{matter}/material-notices", new { dueOn = due }).Refuses(Conflict, "notice_open");
        Assert.That((await _citizen.GetAsync($"/v1/matters/{matter}/materials")).Gives(OK)["openNotice"].GetProperty("dueOn").GetString(), Is.EqualTo(due));
        await Api.DeliverAsync();
        var inbox = await _citizen.GetAsync("/v1/me/notifications").Gives(OK);
        Assert.That(inbox["items"].EnumerateArray().Count(n => n.GetProperty("kind").GetString() == "materialsMissing"), Is.EqualTo(1));
        Assert.That(inbox["items"].EnumerateArray().Count(n => n.GetProperty("kind").GetString() == "materialRejected"), Is.EqualTo(1));

        // A better photograph of the same slip, and the identity card.
        await SendAsync(_citizen, TestFiles.Png(seed: 400 + ++_seed), path: $"/v1/materials/{slip}/versions").Gives(Created);
        await _lawyer.PostAsync($"/v1/staff/material-uses/{use}/acceptance", new { versionNumber = 1 }).Refuses(Conflict, "material_version_changed");
        var done = await AttachAsync(matter, await PhotoAsync("身份证"), "id-card").Gives(Created);
        Assert.That(done["openNotice"].ValueKind, Is.EqualTo(System.Text.Json.JsonValueKind.Null));
        Assert.That(done["complete"].GetBoolean(), Is.True);
        var timeline = (await _citizen.GetAsync($"/v1/matters/{matter}/timeline")).Gives(OK).Text;
        Assert.That(timeline, Does.Contain("前一次补齐：").And.Contain("厂方地址").And.Contain("补正材料已补齐").And.Contain("金额看不清"));

        // What could have been asked for the first time: only who directs the unit asks again.
        await _lawyer.PostAsync($"/v1/staff/material-uses/{use}/rejection", new { versionNumber = 2, reason = "incomplete" }).Gives(OK);
        await _lawyer.PostAsync($"/v1/staff/matters/{matter}/material-notices", new { dueOn = due }).Refuses(Forbidden, "notice_needs_head");
        using var head = await Api.NewStaffAsync(Role.CentreHead, MicroPlatform.Api.Hosting.DemoDistrict.TownA);
        var second = await head.PostAsync($"/v1/staff/matters/{matter}/material-notices", new { dueOn = due }).Gives(Created);
        Assert.That((await head.PostAsync($"/v1/staff/material-notices/{second.String("id")}/withdrawal")).Gives(OK).String("state"), Is.EqualTo("withdrawn"));
    }

    [Test]
    public async Task Notice_WhenNothingIsMissing_IsRefused()
    {
        var (_, matter) = await AskAsync("1001");
        await AttachAsync(matter, await PhotoAsync("身份证"), "id-card").Gives(Created);
        var due = Api.Time.GetUtcNow().AddDays(5).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        await _lawyer.PostAsync($"/v1/staff/matters/{matter}/material-notices", new { dueOn = due }).Refuses(UnprocessableEntity, "nothing_missing");
        await _lawyer.PostAsync($"/v1/staff/matters/{matter}/material-notices", new { dueOn = "2020-01-01", extra = new[] { "照片" } }).Refuses(BadRequest, "validation_failed");
    }

    [Test]
    public async Task Notice_SentByTwentyAtOnce_IsOne()
    {
        var (_, matter) = await AskAsync();
        var due = Api.Time.GetUtcNow().AddDays(5).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ConsultationTests.PatientlyAsync(() => _lawyer.PostAsync($"/v1/staff/matters/{matter}/material-notices", new { dueOn = due }))));
        Assert.That(answers.Count(a => a.Status == Created), Is.EqualTo(1));
        Assert.That(answers.Where(a => a.Status != Created).Select(a => a.String("code")), Is.All.EqualTo("notice_open"));
    }

    [Test]
    public async Task Accepted_Certificate_IsNotAskedForAgain()
    {
        var (_, first) = await AskAsync();
        var card = await PhotoAsync("身份证");
        var attached = await AttachAsync(first, card, "id-card").Gives(Created);
        await _lawyer.PostAsync($"/v1/staff/material-uses/{Use(attached, "id-card")}/acceptance", new { versionNumber = 1 }).Gives(OK);
        var (_, second) = await AskAsync("1001");
        var reused = await AttachAsync(second, card, "id-card").Gives(Created);
        Assert.That(Standing(reused, "id-card"), Is.EqualTo("accepted"));
        Assert.That(reused.Text, Does.Contain("\"reused\":true"));
        // Half a year later, or as a new version, somebody looks again.
        await SendAsync(_citizen, TestFiles.Png(seed: 900 + ++_seed), path: $"/v1/materials/{card}/versions").Gives(Created);
        var (_, third) = await AskAsync("1001");
        Assert.That(Standing((await AttachAsync(third, card, "id-card")).Gives(Created), "id-card"), Is.EqualTo("submitted"));
    }

    [Test]
    public async Task Delete_OfWhatNobodyUses_ProvesIt_AndOfTheRestIsRefused()
    {
        var unused = await PhotoAsync("多余");
        var stored = (await _harness.StoredAsync()).Count;
        var proof = await _citizen.DeleteAsync($"/v1/materials/{unused}").Gives(OK);
        Assert.That(proof["genuine"].GetBoolean(), Is.True);
        Assert.That(await _harness.StoredAsync(), Has.Count.LessThan(stored));
        Assert.That((await _citizen.GetAsync($"/v1/materials/{unused}/erasure")).Gives(OK).String("mac"), Is.EqualTo(proof.String("mac")));
        Assert.That((await _citizen.DeleteAsync($"/v1/materials/{unused}")).Gives(OK).String("mac"), Is.EqualTo(proof.String("mac")), "twice is once");
        await _citizen.GetAsync($"/v1/materials/{unused}").Refuses(NotFound, "not_found");
        await _citizen.PostAsync($"/v1/materials/{unused}/links", new { }).Refuses(Conflict, "material_erased");
        await Api.ExecuteAsync("UPDATE material_erasures SET reason = 'Retention' WHERE material_id = @unused", new { unused });
        Assert.That((await _citizen.GetAsync($"/v1/materials/{unused}/erasure")).Gives(OK)["genuine"].GetBoolean(), Is.False, "a changed proof shows");

        var (_, matter) = await AskAsync();
        var used = await PhotoAsync("清单");
        await AttachAsync(matter, used, "wage-iou").Gives(Created);
        await _citizen.DeleteAsync($"/v1/materials/{used}").Refuses(Conflict, "material_in_use");
    }

    [Test]
    public async Task DeletingAndAttaching_AtOnce_AreNeverBothDone()
    {
        for (var round = 0; round < 10; round++)
        {
            var (_, matter) = await AskAsync();
            var id = await PhotoAsync("争用");
            var (delete, attach) = (ConsultationTests.PatientlyAsync(() => _citizen.DeleteAsync($"/v1/materials/{id}")), ConsultationTests.PatientlyAsync(() => AttachAsync(matter, id, null)));
            await Task.WhenAll(delete, attach);
            Assert.That(((await delete).Status == OK, (await attach).Status == Created), Is.AnyOf((true, false), (false, true)), $"{(await delete).Text} {(await attach).Text}");
            await _citizen.PostAsync($"/v1/consultations/{await Api.ScalarAsync<string>("SELECT id FROM consultations WHERE matter_id = @matter", new { matter })}/withdrawal").Gives(OK);
        }
    }

    [Test]
    public async Task Matter_ThatIsOverOrAnothers_TakesNothing()
    {
        var (consultation, matter) = await AskAsync();
        using var other = await Api.NewCitizenAsync();
        var foreign = await UploadAsync(other, TestFiles.Png());
        await other.PostAsync($"/v1/matters/{matter}/materials", new { items = new[] { new { materialId = foreign } } }).Refuses(NotFound, "not_found");
        await AttachAsync(matter, await PhotoAsync("x"), "no-such-item").Refuses(BadRequest, "checklist_item_unknown");
        await _citizen.PostAsync($"/v1/consultations/{consultation}/withdrawal").Gives(OK);
        await AttachAsync(matter, await PhotoAsync("y"), null).Refuses(Conflict, "matter_over");
        using var elsewhere = await Api.NewStaffAsync(Role.Lawyer, organisationId: MicroPlatform.Api.Hosting.DemoDistrict.TownB);
        await elsewhere.GetAsync($"/v1/staff/matters/{matter}/materials").Refuses(NotFound, "not_found");
    }

    [Test]
    public async Task Checklist_EditedByAdministrators_CountsAtOnce()
    {
        using var admin = await Api.NewStaffAsync(Role.Administrator);
        var code = $"rent-{engine.ToString().ToLowerInvariant()}";
        await admin.PostAsync("/v1/admin/checklist-items?validateOnly=true", new { code, categoryCode = "0803", name = "租赁合同", required = true, position = 5 }).Gives(OK);
        await admin.PostAsync("/v1/admin/checklist-items", new { code, categoryCode = "0803", name = "租赁合同", required = true, position = 5 }).Gives(Created);
        await admin.PostAsync("/v1/admin/checklist-items", new { code, name = "又一个", required = true, position = 5 }).Refuses(Conflict, "checklist_code_taken");
        var (_, matter) = await AskAsync("0803");
        Assert.That(Standing((await _citizen.GetAsync($"/v1/matters/{matter}/materials")).Gives(OK), code), Is.EqualTo("missing"));
        await admin.PutAsync($"/v1/admin/checklist-items/{code}", new { categoryCode = "0803", name = "合同", required = false, position = 5 }, ("If-Match", "\"9\"")).Refuses(PreconditionFailed, "version_mismatch");
        await admin.PutAsync($"/v1/admin/checklist-items/{code}", new { categoryCode = "0803", name = "合同", required = false, position = 5 }, ("If-Match", "\"1\"")).Gives(OK);
        Assert.That(Standing((await _citizen.GetAsync($"/v1/matters/{matter}/materials")).Gives(OK), code), Is.EqualTo("notNeeded"));
        await admin.SendAsync(HttpMethod.Post, $"/v1/admin/checklist-items/{code}/deactivation", null, ("If-Match", "\"2\"")).Gives(OK);
        Assert.That((await _citizen.GetAsync($"/v1/matters/{matter}/materials")).Gives(OK).Text, Does.Not.Contain(code));
    }

    [Test]
    public async Task Quota_IsHeldUnderParallelUploads()
    {
        await using var small = await MaterialsHarness.StartAsync(engine, StoreKind.Local, "Materials:QuotaMaterials=3", "Materials:Thumbnails:Tool=");
        using var citizen = await small.Api.NewCitizenAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(n => ConsultationTests.PatientlyAsync(() => SendAsync(citizen, TestFiles.Png(200, 100, seed: n)))));
        Assert.That(answers.Count(a => a.Status == Created), Is.EqualTo(3));
        Assert.That(answers.Where(a => a.Status != Created).Select(a => a.String("code")), Is.All.EqualTo("material_quota_exceeded"));
        Assert.That(await small.StoredAsync(), Has.Count.EqualTo(3));

        using var admin = await small.Api.NewStaffAsync(Role.Administrator);
        await admin.PutAsync("/v1/admin/settings/materials.quotaMaterials", new { value = "4" }, ("If-Match", "\"0\"")).Gives(OK);
        Assert.That((await admin.GetAsync("/v1/admin/materials/figures")).Gives(OK)["limits"].GetProperty("quotaMaterials").GetInt32(), Is.EqualTo(4));
        await SendAsync(citizen, TestFiles.Png(200, 100, seed: 11)).Gives(Created);
        await SendAsync(citizen, TestFiles.Png(200, 100, seed: 12)).Refuses(UnprocessableEntity, "material_quota_exceeded");
    }

    private async Task<(string Consultation, string Matter)> AskAsync(string categoryCode = "0201")
    {
        var asked = await _citizen.PostAsync("/v1/consultations", new { categoryCode, regionCode = "341602101", text = "我有材料要交，请帮我看看" }).Gives(Created);
        return (asked.String("id"), asked.String("matter.id"));
    }

    private Task<string> PhotoAsync(string name) => UploadAsync(_citizen, TestFiles.Png(400, 300, seed: ++_seed), name + ".png");

    private Task<Answer> AttachAsync(string matter, string material, string? itemCode) => _citizen.PostAsync($"/v1/matters/{matter}/materials", new { items = new[] { new { materialId = material, itemCode } } });

    private static System.Text.Json.JsonElement Line(Answer list, string code) => list["checklist"].EnumerateArray().Single(l => l.GetProperty("code").GetString() == code);

    private static string? Standing(Answer list, string code) => Line(list, code).GetProperty("standing").GetString();

    private static string? Use(Answer list, string code) => Line(list, code).GetProperty("materials")[0].GetProperty("useId").GetString();
}
