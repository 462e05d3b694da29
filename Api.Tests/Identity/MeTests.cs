using MicroPlatform.Api.Tests.Consultations;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Consultations;
using Microsoft.Extensions.DependencyInjection;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Identity;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class MeTests(Engine engine)
{
    private const string Profile = """{"name":"李来运","nationalId":"341602198003159916","address":"十八里镇梨花路1号","regionCode":"341602101"}""";

    private TestApi _api = null!;

    [OneTimeSetUp]
    public async Task Start() => _api = await TestApi.StartAsync(engine);

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task Profile_IsKeptSealedAndShownMasked()
    {
        using var citizen = await _api.NewCitizenAsync();
        var me = await citizen.PutAsync("/v1/me/profile", Profile).Gives(OK);
        Assert.Multiple(() =>
        {
            Assert.That(me.String("citizen.name"), Is.EqualTo("李来运"));
            Assert.That(me.String("citizen.nationalId"), Is.EqualTo("3416**********9916"));
            Assert.That(me.String("citizen.address"), Does.StartWith("十八里镇"));
        });
        var row = await _api.ScalarAsync<string>("SELECT CONCAT(name_sealed, national_id_sealed, address_sealed, national_id_hash) FROM citizens WHERE id = @Id", new { citizen.Id });
        Assert.That(row, Does.StartWith("v1.").And.Not.Contain("李").And.Not.Contain("341602").And.Not.Contain("十八里"));

        // The masked number sent back is the number kept.
        await citizen.PutAsync("/v1/me/profile", Profile.Replace("341602198003159916", "3416**********9916", StringComparison.Ordinal)).Gives(OK);
        Assert.That((await citizen.GetAsync("/v1/me/data").Gives(OK)).String("person.nationalId"), Is.EqualTo("341602198003159916"));
        await citizen.PutAsync("/v1/me/profile", "{}").Gives(OK);
        Assert.That((await citizen.GetAsync("/v1/me/data").Gives(OK))["person.nationalId"].ValueKind, Is.EqualTo(System.Text.Json.JsonValueKind.Null));
    }

    [TestCase("name", """{"name":"13800138000"}""")]
    [TestCase("nationalId", """{"nationalId":"341602198003159917"}""")]
    [TestCase("nationalId", """{"nationalId":"3416**********0000"}""")]
    [TestCase("regionCode", """{"regionCode":"' OR 1=1"}""")]
    public async Task Profile_WithSomethingWrong_NamesTheFieldAndChangesNothing(string field, string body)
    {
        using var citizen = await _api.NewCitizenAsync();
        var refused = await citizen.PutAsync("/v1/me/profile", body).Refuses(BadRequest, "validation_failed");
        Assert.That(refused["errors"].TryGetProperty(field, out _), Is.True, refused.Text);
        Assert.That(await _api.ScalarAsync<long>("SELECT version FROM citizens WHERE id = @Id", new { citizen.Id }), Is.EqualTo(1));
    }

    [Test]
    public async Task Phone_BoundByCode_ThenHeldByOneAccountUntilReleased()
    {
        using var first = await _api.NewCitizenAsync();
        using var second = await _api.NewCitizenAsync();
        Assert.That((await first.PostAsync("/v1/me/phone", new { code = "test-phone:13822220001" }).Gives(OK)).String("citizen.phone"), Is.EqualTo("138****0001"));
        await first.PostAsync("/v1/me/phone", new { code = "test-phone:13822220001" }).Gives(OK);
        await second.PostAsync("/v1/me/phone", new { code = "test-phone:13822220001" }).Refuses(Conflict, "phone_in_use");

        using var clerk = await _api.NewStaffAsync(Role.Clerk);
        await clerk.PostAsync("/v1/staff/citizens/phone-release", new { phone = "138 2222 0001", reason = "已核验身份证" }).Gives(OK);
        await second.PostAsync("/v1/me/phone", new { code = "test-phone:13822220001" }).Gives(OK);
        Assert.That((await first.GetAsync("/v1/me").Gives(OK))["citizen.needPhone"].GetBoolean(), Is.True);
        Assert.That(await _api.ScalarAsync<string>("SELECT detail FROM audit_entries WHERE action = 'identity.release_phone' AND subject_id = @Id", new { first.Id }), Is.EqualTo("已核验身份证"));
    }

    [TestCase("nonsense", 422, "phone_code_invalid")]
    [TestCase("test-phone:12345", 422, "phone_not_supported")]
    [TestCase("test-busy", 429, "wechat_too_many")]
    [TestCase("test-unavailable", 503, "wechat_unavailable")]
    public async Task Phone_WithCodeThatGivesNone_IsRefused(string code, int status, string expected)
    {
        using var citizen = await _api.NewCitizenAsync();
        await citizen.PostAsync("/v1/me/phone", new { code }).Refuses((System.Net.HttpStatusCode)status, expected);
    }

    [Test]
    public async Task Consent_MustBeGivenBeforeAskingAndCanBeTakenBack()
    {
        using var citizen = await _api.NewCitizenAsync(consents: false);
        await citizen.PostAsync("/v1/consultations", ConsultationTests.Question()).Refuses(Forbidden, "consent_required");
        using var nobody = _api.Anonymous();
        var notice = await nobody.GetAsync("/v1/privacy-notice").Gives(OK);
        var version = notice["version"].GetInt32();
        Assert.That(notice.String("text"), Does.Contain("注销"));

        await citizen.PostAsync("/v1/me/consents", new { version = version + 1, accepted = true }).Refuses(Conflict, "privacy_notice_outdated");
        await citizen.PostAsync("/v1/me/consents", new { version, accepted = true }).Gives(OK);
        Assert.That((await citizen.PostAsync("/v1/me/consents", new { version, accepted = true }).Gives(OK))["items"].GetArrayLength(), Is.EqualTo(1), "said twice, kept once");
        await citizen.PostAsync("/v1/consultations", ConsultationTests.Question()).Gives(Created);

        _api.Time.Advance(TimeSpan.FromHours(-1));
        await citizen.PostAsync("/v1/me/consents", new { version, accepted = false }).Gives(OK);
        _api.Time.Advance(TimeSpan.FromHours(1));
        await citizen.PostAsync("/v1/consultations", ConsultationTests.Question()).Refuses(Forbidden, "consent_required");
        Assert.That((await citizen.GetAsync("/v1/me/consents").Gives(OK))["needConsent"].GetBoolean(), Is.True);
    }

    [Test]
    public async Task Notice_PublishedAnew_AsksEverybodyAgain()
    {
        await using var api = await TestApi.StartAsync(engine);
        using var citizen = await api.NewCitizenAsync();
        using var admin = await api.NewStaffAsync(Role.Administrator);
        var text = string.Concat(Enumerable.Repeat("新的隐私政策。", 10));
        await citizen.PostAsync("/v1/admin/privacy-notices", new { title = "隐私政策（二）", text, basedOnVersion = 1 }).Refuses(Forbidden, "forbidden");
        var both = await Task.WhenAll(
            admin.PostAsync("/v1/admin/privacy-notices", new { title = "隐私政策（二）", text, basedOnVersion = 1 }),
            admin.PostAsync("/v1/admin/privacy-notices", new { title = "隐私政策（又）", text, basedOnVersion = 1 }));
        Assert.That(both.Select(a => a.Status), Is.EquivalentTo(new[] { Created, PreconditionFailed }));
        Assert.That((await citizen.GetAsync("/v1/me/summary").Gives(OK))["needConsent"].GetBoolean(), Is.True);
        await citizen.PostAsync("/v1/consultations", ConsultationTests.Question()).Refuses(Forbidden, "consent_required");
        await citizen.PostAsync("/v1/me/consents", new { version = 2, accepted = true }).Gives(OK);
        await citizen.PostAsync("/v1/consultations", ConsultationTests.Question()).Gives(Created);
        await api.RestartAsync();
        using var nobody = api.Anonymous();
        Assert.That((await nobody.GetAsync("/v1/privacy-notice").Gives(OK))["version"].GetInt32(), Is.EqualTo(2), "the start does not bring the first one back");
    }

    [Test]
    public async Task ContactPreference_IsTakenByNewMatters()
    {
        using var citizen = await _api.NewCitizenAsync();
        Assert.That((await citizen.PutAsync("/v1/me/contact-preference", new { contactPreference = "hidden" }).Gives(OK)).String("citizen.contactPreferenceText"), Is.EqualTo("不发消息"));
        await citizen.PutAsync("/v1/me/contact-preference", new { contactPreference = "loud" }).Gives(BadRequest);
        await citizen.PutAsync("/v1/me/contact-preference", "{}").Refuses(BadRequest, "validation_failed");
        var asked = await citizen.PostAsync("/v1/consultations", ConsultationTests.Question()).Gives(Created);
        Assert.That(await _api.ScalarAsync<string>("SELECT contact_preference FROM matters WHERE id = @id", new { id = asked.String("matter.id") }), Is.EqualTo("Hidden"));
    }

    [Test]
    public async Task Data_ExportsEverythingOfTheirsAndNothingElse()
    {
        using var citizen = await _api.NewCitizenAsync();
        using var other = await _api.NewCitizenAsync();
        await citizen.PutAsync("/v1/me/profile", Profile).Gives(OK);
        await citizen.PostAsync("/v1/me/phone", new { code = "test-phone:13833330001" }).Gives(OK);
        var ids = new List<string>();
        for (var n = 0; n < 12; n++) ids.Add((await citizen.PostAsync("/v1/consultations", ConsultationTests.Question($"我的问题第{n}个，请解答一下")).Gives(Created)).String("matter.id"));
        await other.PostAsync("/v1/consultations", ConsultationTests.Question("别人的秘密问题，不可导出")).Gives(Created);
        await _api.ExecuteAsync(
            "INSERT INTO messages (id, consultation_id, seq, kind, author_kind, author_id, text, at) SELECT @note, id, 99, 'Note', 'Staff', id, '内部备注秘密', 0 FROM consultations WHERE matter_id = @matter",
            new { note = Id.New(_api.Time), matter = ids[^1] });

        var first = await citizen.GetAsync("/v1/me/data").Gives(OK);
        Assert.Multiple(() =>
        {
            Assert.That(first.String("person.phone"), Is.EqualTo("13833330001"));
            Assert.That(first.String("person.name"), Is.EqualTo("李来运"));
            Assert.That(first["person.weChatBound"].GetBoolean(), Is.True);
            Assert.That(first["consents"].GetArrayLength(), Is.EqualTo(1));
            Assert.That(first["matters.items"][0].GetProperty("messages")[0].GetProperty("text").GetString(), Does.StartWith("我的问题第11个"));
        });
        var second = await citizen.GetAsync($"/v1/me/data?cursor={first.String("matters.nextCursor")}").Gives(OK);
        Assert.That(first["matters.items"].EnumerateArray().Concat(second["matters.items"].EnumerateArray()).Select(m => m.GetProperty("id").GetString()), Is.EquivalentTo(ids));
        Assert.That(first.Text + second.Text, Does.Not.Contain("秘密").And.Not.Contain("openid").IgnoreCase);
        await other.GetAsync($"/v1/me/data?cursor={first.String("matters.nextCursor")}x").Refuses(BadRequest, "cursor_invalid");
    }

    [Test]
    public async Task Delete_WithAnOpenMatter_IsRefusedWithTheReason()
    {
        using var citizen = await _api.NewCitizenAsync();
        await citizen.PostAsync("/v1/consultations", ConsultationTests.Question()).Gives(Created);
        await citizen.DeleteAsync("/v1/me").Refuses(Conflict, "matter_open");
        await citizen.GetAsync("/v1/me").Gives(OK);
    }

    [Test]
    public async Task Delete_LeavesAPseudonymAndTheFiguresAndNoName()
    {
        using var nobody = _api.Anonymous();
        var signedIn = await nobody.PostAsync("/v1/auth/wechat/login", new { code = "test:leaver", phoneCode = "test-phone:13844440001" }).Gives(OK);
        using var citizen = new ApiClient(_api.Address, signedIn.String("tokens.accessToken"), signedIn.String("user.id"));
        await citizen.PostAsync("/v1/me/consents", new { version = 1, accepted = true }).Gives(OK);
        await citizen.PutAsync("/v1/me/profile", Profile).Gives(OK);
        var asked = await citizen.PostAsync("/v1/consultations", ConsultationTests.Question()).Gives(Created);
        await citizen.PostAsync($"/v1/consultations/{asked.String("id")}/withdrawal").Gives(OK);
        var figures = await FiguresAsync();

        await citizen.DeleteAsync("/v1/me").Gives(OK);
        await citizen.GetAsync("/v1/me").Refuses(Unauthorized, "session_revoked");
        await nobody.PostAsync("/v1/auth/refresh", new { refreshToken = signedIn.String("tokens.refreshToken") }).Refuses(Unauthorized, "session_revoked");
        Assert.That(await _api.ScalarAsync<long>("""
            SELECT COUNT(*) FROM citizens WHERE id = @Id AND restricted_at IS NOT NULL AND name_sealed IS NULL AND phone_sealed IS NULL AND phone_hash IS NULL
            AND national_id_sealed IS NULL AND national_id_hash IS NULL AND address_sealed IS NULL
            """, new { citizen.Id }), Is.EqualTo(1));
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM wechat_identities WHERE citizen_id = @Id", new { citizen.Id }), Is.Zero);
        Assert.That(await _api.ScalarAsync<string>("SELECT title FROM matters WHERE citizen_id = @Id", new { citizen.Id }), Is.EqualTo("（当事人已注销）"));
        Assert.That(await FiguresAsync(), Is.EqualTo(figures));

        var queries = _api.Services.GetRequiredService<ConsultationQueries>();
        var shown = await queries.AfterAsync(asked.String("id"), 0, 10, withNotes: true, CancellationToken.None);
        Assert.That(shown.Select(m => m.Text), Is.All.EqualTo("（当事人已注销，内容不再显示）"));
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM messages WHERE text LIKE '%食品厂%' AND author_id = @Id", new { citizen.Id }), Is.EqualTo(1), "kept, as the law asks");
        using var clerk = await _api.NewStaffAsync(Role.Clerk, MicroPlatform.Api.Hosting.DemoDistrict.Bureau);
        await clerk.PostAsync($"/v1/staff/matters/{asked.String("matter.id")}/contact-readings", new { purpose = "电话回访" }).Refuses(NotFound, "not_found");

        var again = await nobody.PostAsync("/v1/auth/wechat/login", new { code = "test:leaver", phoneCode = "test-phone:13844440001" }).Gives(OK);
        Assert.That(again["isNewUser"].GetBoolean(), Is.True);
        Assert.That(again["needPhone"].GetBoolean(), Is.False, "the number is free again");
        using var newcomer = new ApiClient(_api.Address, again.String("tokens.accessToken"), "");
        Assert.That((await newcomer.GetAsync("/v1/matters").Gives(OK))["items"].GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task Delete_WhileAsking_NeverLeavesAnOpenMatterWithoutAPerson()
    {
        for (var round = 0; round < 5; round++)
        {
            using var citizen = await _api.NewCitizenAsync();
            var (asked, deleted) = (citizen.PostAsync("/v1/consultations", ConsultationTests.Question()), citizen.DeleteAsync("/v1/me"));
            await Task.WhenAll(asked, deleted);
            var open = await _api.ScalarAsync<long>("SELECT COUNT(*) FROM matters WHERE citizen_id = @Id AND closed_at IS NULL", new { citizen.Id });
            Assert.That((await deleted).Status == OK && open > 0, Is.False, $"{(await asked).Text}\n{(await deleted).Text}");
        }
    }

    [Test]
    public async Task Contact_ReadByStaff_LeavesATraceThatTheCitizenSees()
    {
        using var citizen = await _api.NewCitizenAsync();
        await citizen.PutAsync("/v1/me/profile", Profile).Gives(OK);
        await citizen.PostAsync("/v1/me/phone", new { code = "test-phone:13855550001" }).Gives(OK);
        var matter = (await citizen.PostAsync("/v1/consultations", ConsultationTests.Question()).Gives(Created)).String("matter.id");
        using var above = await _api.NewStaffAsync(Role.Clerk, MicroPlatform.Api.Hosting.DemoDistrict.Bureau);
        using var elsewhere = await _api.NewStaffAsync(Role.Lawyer, MicroPlatform.Api.Hosting.DemoDistrict.TownB);
        using var admin = await _api.NewStaffAsync(Role.Administrator, MicroPlatform.Api.Hosting.DemoDistrict.Bureau);

        await elsewhere.PostAsync($"/v1/staff/matters/{matter}/contact-readings", new { purpose = "好奇" }).Refuses(NotFound, "not_found");
        await admin.PostAsync($"/v1/staff/matters/{matter}/contact-readings", new { purpose = "好奇" }).Refuses(Forbidden, "forbidden");
        await above.PostAsync($"/v1/staff/matters/{matter}/contact-readings", "{}").Refuses(BadRequest, "validation_failed");
        Assert.That((await citizen.GetAsync("/v1/me/data").Gives(OK))["staffAccesses"].GetArrayLength(), Is.Zero);
        var contact = await above.PostAsync($"/v1/staff/matters/{matter}/contact-readings", new { purpose = "电话回访" }).Gives(OK);
        Assert.That(contact.String("phone"), Is.EqualTo("13855550001"));
        var trace = (await citizen.GetAsync("/v1/me/data").Gives(OK))["staffAccesses"][0].GetProperty("fields").GetString();
        Assert.That(trace, Is.EqualTo("name,phone"));
    }

    [Test]
    public async Task Me_OfStaff_TellsTheirRoles()
    {
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer);
        var me = await lawyer.GetAsync("/v1/me").Gives(OK);
        Assert.That(me["roles"][0].GetProperty("roleText").GetString(), Is.EqualTo("律师"));
        await lawyer.GetAsync("/v1/me/data").Refuses(Forbidden, "forbidden");
        await lawyer.DeleteAsync("/v1/me").Refuses(Forbidden, "forbidden");
    }

    private Task<string?> FiguresAsync() => _api.ScalarAsync<string>(
        "SELECT CONCAT(COUNT(*), '/', COUNT(DISTINCT citizen_id), '/', SUM(CASE WHEN status = 'Withdrawn' THEN 1 ELSE 0 END)) FROM matters");
}
