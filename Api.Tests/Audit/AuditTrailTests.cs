using System.Net;
using MicroPlatform.Api.Audit;
using MicroPlatform.Api.Tests.Consultations;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;

namespace MicroPlatform.Api.Tests.Audit;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class AuditTrailTests(Engine engine)
{
    private TestApi _api = null!;

    [OneTimeSetUp]
    public async Task Start() => _api = await TestApi.StartAsync(engine);

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task ReadContact_ByTheHandler_RevealsAndLeavesATrace()
    {
        using var citizen = await _api.NewCitizenAsync();
        await citizen.PostAsync("/v1/me/phone", new { code = "test-phone:13805550001" }).Gives(HttpStatusCode.OK);
        var asked = await citizen.PostAsync("/v1/consultations", ConsultationTests.Question()).Gives(HttpStatusCode.Created);
        var matter = asked.String("matter.id");
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, Api.Hosting.DemoDistrict.TownA);
        using var elsewhere = await _api.NewStaffAsync(Role.Lawyer, Api.Hosting.DemoDistrict.TownB);
        using var auditor = await _api.NewStaffAsync(Role.Auditor, Api.Hosting.DemoDistrict.Bureau);

        await elsewhere.PostAsync($"/v1/staff/matters/{matter}/contact-readings", new { purpose = "好奇" }).Refuses(HttpStatusCode.NotFound, "not_found");
        await lawyer.PostAsync($"/v1/staff/matters/{matter}/contact-readings", new { purpose = " " }).Refuses(HttpStatusCode.BadRequest, "validation_failed");
        var contact = await lawyer.PostAsync($"/v1/staff/matters/{matter}/contact-readings", new { purpose = "核实单位名称" }, key: "contact").Gives(HttpStatusCode.OK);
        Assert.That(contact.String("phone"), Is.EqualTo("13805550001"));

        Assert.That(await _api.RunAsync<LinkAuditJob>(), Is.GreaterThan(0));
        var trail = await auditor.GetAsync($"/v1/admin/audit-entries?subjectKind=citizen&subjectId={citizen.Id}").Gives(HttpStatusCode.OK);
        var read = trail["items"].EnumerateArray().Single(e => e.GetProperty("action").GetString() == "identity.read_sealed");
        Assert.Multiple(() =>
        {
            Assert.That(read.GetProperty("actorId").GetString(), Is.EqualTo(lawyer.Id));
            Assert.That(read.GetProperty("linked").GetBoolean(), Is.True);
            Assert.That(trail.Text, Does.Not.Contain("13805550001"));
        });
        var timeline = await lawyer.GetAsync($"/v1/staff/matters/{matter}/timeline").Gives(HttpStatusCode.OK);
        Assert.That(timeline.Text, Does.Contain("核实单位名称"));
        Assert.That((await citizen.GetAsync($"/v1/matters/{matter}/timeline").Gives(HttpStatusCode.OK)).Text, Does.Not.Contain("核实单位名称"));
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM idempotency_keys WHERE response LIKE '%13805550001%'"), Is.Zero, "The phone in clear must not lie in the replay store.");
        await lawyer.GetAsync("/v1/admin/audit-entries").Refuses(HttpStatusCode.Forbidden, "forbidden");
        await auditor.GetAsync("/v1/admin/audit-entries?subjectKind=citizen").Refuses(HttpStatusCode.BadRequest, "validation_failed");
    }
}
