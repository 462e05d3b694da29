using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Consultations;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Audit;

/// <summary>Who read what: found by the person read, by a matter's number, by the reader and by period.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ReadLogTests(Engine engine)
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
    public async Task Readings_AreFoundByEveryQuestion_AndExported()
    {
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        using var other = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        using var auditor = await _api.NewStaffAsync(Role.Auditor, DemoDistrict.Bureau);
        var (first, second) = (await AskAsync("13805550001"), await AskAsync("13805550002"));
        var began = _api.Time.GetUtcNow();
        await ReadAsync(lawyer, first.Matter);
        await ReadAsync(lawyer, second.Matter);
        await ReadAsync(other, first.Matter);

        Assert.That(await CountAsync(auditor, ""), Is.EqualTo(3));
        Assert.That(await CountAsync(auditor, $"?citizenId={first.Citizen}"), Is.EqualTo(2));
        Assert.That(await CountAsync(auditor, $"?number={second.Number}"), Is.EqualTo(1));
        Assert.That(await CountAsync(auditor, $"?readerId={lawyer.Id}"), Is.EqualTo(2));
        Assert.That(await CountAsync(auditor, $"?readerId={lawyer.Id}&citizenId={first.Citizen}"), Is.EqualTo(1));
        Assert.That(await CountAsync(auditor, $"?from={Uri.EscapeDataString(began.AddSeconds(-1).ToString("O"))}"), Is.EqualTo(3));
        Assert.That(await CountAsync(auditor, $"?until={Uri.EscapeDataString(began.AddSeconds(-1).ToString("O"))}"), Is.Zero);

        var pages = new List<string?>();
        for (string? cursor = null; ;)
        {
            var page = await auditor.GetAsync($"/v1/admin/read-log?limit=1{(cursor is null ? "" : $"&cursor={cursor}")}").Gives(OK);
            pages.AddRange(page["items"].EnumerateArray().Select(i => i.GetProperty("readerId").GetString()));
            if (!page["hasMore"].GetBoolean()) break;
            cursor = page.String("nextCursor");
        }
        Assert.That(pages, Is.EqualTo(new[] { other.Id, lawyer.Id, lawyer.Id }), "newest first");

        var file = await auditor.GetAsync($"/v1/admin/read-log/csv?citizenId={first.Citizen}").Gives(OK);
        Assert.That(file.Text.Split("\r\n"), Has.Length.EqualTo(4));
        Assert.That(file.Text, Does.Contain("\"name,phone\"").And.Not.Contain("13805550001"));
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM audit_entries WHERE action = 'audit.export_reads'"), Is.EqualTo(1));
        await auditor.GetAsync("/v1/admin/read-log?number=123").Refuses(BadRequest, "validation_failed");
        await auditor.GetAsync("/v1/admin/read-log?citizenId=x").Refuses(BadRequest, "validation_failed");
    }

    private static async Task<int> CountAsync(ApiClient auditor, string query) => (await auditor.GetAsync($"/v1/admin/read-log{query}").Gives(OK))["items"].GetArrayLength();

    private static Task<Answer> ReadAsync(ApiClient staff, string matter) => staff.PostAsync($"/v1/staff/matters/{matter}/contact-readings", new { purpose = "电话核实" }).Gives(OK);

    private async Task<(string Citizen, string Matter, string Number)> AskAsync(string phone)
    {
        using var citizen = await _api.NewCitizenAsync();
        await citizen.PostAsync("/v1/me/phone", new { code = $"test-phone:{phone}" }).Gives(OK);
        var asked = await citizen.PostAsync("/v1/consultations", ConsultationTests.Question()).Gives(Created);
        return (citizen.Id, asked.String("matter.id"), asked.String("matter.number"));
    }
}
