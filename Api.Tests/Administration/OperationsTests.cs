using MicroPlatform.Api.Administration;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Consultations;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Api.Tests.Hotline;
using MicroPlatform.Api.Tests.Materials;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using Microsoft.Extensions.DependencyInjection;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Administration;

/// <summary>What an administrator sees of the running platform, and does about it.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class OperationsTests(Engine engine)
{
    private TestApi _api = null!;
    private ApiClient _admin = null!;

    [SetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine);
        _admin = await _api.NewStaffAsync(Role.Administrator, DemoDistrict.Bureau);
    }

    [TearDown]
    public async Task Stop()
    {
        _admin?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task Jobs_AreListedAndMadeDue()
    {
        var job = Schedule.Jobs.Single(j => j.Name == CheckInvariantsJob.Name);
        var runs = _api.Services.GetRequiredService<JobRuns>();
        Assert.That(await runs.TryBeginAsync(job, default), Is.True);
        await _admin.PostAsync($"/v1/admin/jobs/{job.Name}/runs").Refuses(Conflict, "job_running");
        await runs.EndAsync(job, 7, null);
        Assert.That(await runs.TryBeginAsync(job, default), Is.False, "tomorrow");

        var before = await OneAsync(job.Name);
        Assert.Multiple(() =>
        {
            Assert.That(before.GetProperty("done").GetInt32(), Is.EqualTo(7));
            Assert.That(before.GetProperty("title").GetString(), Is.EqualTo("数据自检"));
            Assert.That(before.GetProperty("nextAt").GetDateTimeOffset(), Is.GreaterThan(_api.Time.GetUtcNow().AddHours(20)));
        });
        await _admin.PostAsync($"/v1/admin/jobs/{job.Name}/runs").Gives(Accepted);
        Assert.That(await runs.TryBeginAsync(job, default), Is.True, "due now");
        Assert.That((await OneAsync(job.Name)).GetProperty("running").GetBoolean(), Is.True);
        await _admin.PostAsync("/v1/admin/jobs/no.such/runs").Refuses(NotFound, "not_found");
        Assert.That((await _admin.GetAsync("/v1/admin/jobs").Gives(OK))["items"].GetArrayLength(), Is.EqualTo(Schedule.Jobs.Count));
    }

    [Test]
    public async Task DeadLetters_AreCountedReplayedAndGivenUp()
    {
        using var citizen = await _api.NewCitizenAsync();
        await citizen.PostAsync("/v1/consultations", ConsultationTests.Question()).Gives(Created);
        await citizen.PostAsync("/v1/consultations", ConsultationTests.Question()).Gives(Created);
        await _api.ExecuteAsync("UPDATE outbox SET created_at = created_at - 7200000");
        var waiting = await _admin.GetAsync("/v1/admin/outbox").Gives(OK);
        var subscriber = waiting["items"].EnumerateArray().Single(s => s.GetProperty("subscriber").GetString() == "assign-on-duty");
        Assert.That((subscriber.GetProperty("pending").GetInt64(), subscriber.GetProperty("overAnHour").GetInt64(), subscriber.GetProperty("overADay").GetInt64()), Is.EqualTo((2L, 2L, 0L)));

        await _api.ExecuteAsync("UPDATE outbox SET state = 'dead', attempts = 19, last_error = 'away' WHERE subscriber = 'assign-on-duty'");
        var dead = await _admin.GetAsync("/v1/admin/outbox/dead-letters?subscriber=assign-on-duty&limit=1").Gives(OK);
        Assert.That((dead["hasMore"].GetBoolean(), dead["items"][0].GetProperty("error").GetString()), Is.EqualTo((true, "away")));
        Assert.That(dead.Text, Does.Not.Contain("payload"));
        var (newer, older) = (dead["items"][0].GetProperty("id").GetString(), (await _admin.GetAsync($"/v1/admin/outbox/dead-letters?subscriber=assign-on-duty&limit=1&cursor={dead.String("nextCursor")}").Gives(OK))["items"][0].GetProperty("id").GetString());

        await _admin.PostAsync($"/v1/admin/outbox/dead-letters/{newer}/abandonment", new { reason = "x" }).Refuses(BadRequest, "validation_failed");
        await _admin.PostAsync($"/v1/admin/outbox/dead-letters/{newer}/abandonment", new { reason = "已电话告知" }).Gives(OK);
        await _admin.PostAsync($"/v1/admin/outbox/dead-letters/{newer}/replay").Refuses(NotFound, "not_found");
        Assert.That((await _admin.PostAsync("/v1/admin/outbox/dead-letters/replay?validateOnly=true", new { }).Gives(OK))["replayed"].GetInt32(), Is.EqualTo(1));
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM outbox WHERE state = 'dead'"), Is.EqualTo(1), "only tried");
        await _admin.PostAsync($"/v1/admin/outbox/dead-letters/{older}/replay").Gives(OK);
        await _api.DeliverAsync();
        Assert.That(await _api.ScalarAsync<string>("SELECT state FROM outbox WHERE position = @older", new { older = long.Parse(older!, System.Globalization.CultureInfo.InvariantCulture) }), Is.EqualTo("done"));
        await _admin.PostAsync("/v1/admin/outbox/dead-letters/nonsense/replay").Refuses(NotFound, "not_found");
    }

    [Test]
    public async Task Sessions_OfAnybody_AreListedAndEnded()
    {
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer);
        using var citizen = await _api.NewCitizenAsync();
        var open = await _admin.GetAsync($"/v1/admin/sessions?accountId={lawyer.Id}").Gives(OK);
        Assert.That(open["items"].GetArrayLength(), Is.EqualTo(1));
        await _admin.PostAsync($"/v1/admin/sessions/{open["items"][0].GetProperty("id").GetString()}/revocation").Gives(OK);
        await lawyer.GetAsync("/v1/me").Refuses(Unauthorized, "session_revoked");

        Assert.That((await _admin.PostAsync("/v1/admin/sessions/revocation?validateOnly=true", new { accountId = citizen.Id }).Gives(OK))["sessions"].GetInt32(), Is.EqualTo(1));
        await citizen.GetAsync("/v1/me").Gives(OK);
        await _admin.PostAsync("/v1/admin/sessions/revocation", new { accountId = citizen.Id }).Gives(OK);
        await citizen.GetAsync("/v1/me").Refuses(Unauthorized, "session_revoked");
        await _admin.GetAsync("/v1/admin/sessions").Refuses(BadRequest, "validation_failed");
        await _admin.PostAsync($"/v1/admin/sessions/{Operation.NoSuchId}/revocation").Refuses(NotFound, "not_found");
    }

    [Test]
    public async Task Invariants_OfHealthyData_AreZero_AndEachKindOfDamageIsFound()
    {
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        using var citizen = await _api.NewCitizenAsync();
        var asked = await citizen.PostAsync("/v1/consultations", ConsultationTests.Question()).Gives(Created);
        await _api.RunAsync<Api.Audit.LinkAuditJob>();
        Assert.That(await BrokenAsync(), Is.Empty);
        Assert.That(await _api.RunAsync<CheckInvariantsJob>(), Is.Zero);

        await DamageAsync("UPDATE matters SET waiting_since = NULL", "UPDATE matters SET waiting_since = opened_at", "matters.out_of_sight");
        await DamageAsync("UPDATE matters SET closed_at = 1", "UPDATE matters SET closed_at = NULL", "matters.over_but_waiting");
        await DamageAsync($"UPDATE organisations SET active = 0 WHERE id = '{DemoDistrict.TownA}'", "UPDATE organisations SET active = 1", "matters.of_closed_units");
        await DamageAsync("UPDATE consultations SET last_seq = 3", "UPDATE consultations SET last_seq = 1", "consultations.numbering");
        await DamageAsync($"""
            INSERT INTO transfers (id, matter_id, consultation_id, open_key, from_organisation_id, from_staff_id, to_organisation_id, reason, state, requested_at, version)
            VALUES ('{Id.New(_api.Time)}', '{asked.String("matter.id")}', '{asked.String("id")}', NULL, '{DemoDistrict.TownA}', '{lawyer.Id}', '{DemoDistrict.TownB}', 'x', 'Pending', 0, 1)
            """, "DELETE FROM transfers", "transfers.open");
        await DamageAsync($"""
            INSERT INTO duty_shifts (id, staff_id, organisation_id, starts_at, ends_at)
            VALUES ('{Id.New(_api.Time)}', '{lawyer.Id}', '{DemoDistrict.TownA}', 1000, 3000), ('{Id.New(_api.Time)}', '{lawyer.Id}', '{DemoDistrict.TownB}', 2000, 4000)
            """, "DELETE FROM duty_shifts", "duty.overlapping");
        await DamageAsync($"UPDATE staff_members SET active = 0 WHERE id = '{lawyer.Id}'", "UPDATE staff_members SET active = 1", "identity.sessions_of_disabled");
        await DamageAsync("UPDATE audit_entries SET action = 'nothing.at_all' WHERE chain_seq = 1", "UPDATE audit_entries SET action = 'nothing' WHERE chain_seq = 1", mends: false, "audit.chain");
    }

    [Test]
    public async Task Invariants_OfTheHotline_EachKindOfDamageIsFound()
    {
        _api.Time.At("2026-11-25T10:00+08:00");
        using var partner = await _api.NewPartnerAsync();
        await partner.PutAsync("/partner/v1/tickets/INV-1", new { content = "工资被拖欠", callerPhone = "13800000077", acceptedAt = "2026-11-25 09:00:00", urgency = "critical" }).Gives(OK);
        await partner.PostAsync("/partner/v1/calls", new { callId = "INV-2", callerPhone = "13800000078", result = "missed", startedAt = "2026-11-25 09:00:00", endedAt = "2026-11-25 09:00:40" }).Gives(OK);
        await _api.DeliverAsync();
        await _api.RunAsync<Api.Audit.LinkAuditJob>();
        Assert.That(await BrokenAsync(), Is.Empty);

        var ticket = await _api.ScalarAsync<string>("SELECT matter_id FROM hotline_tickets");
        await DamageAsync("UPDATE hotline_tickets SET matter_id = '7ZZZZZZZZZZZZZZZZZZZZZZZZZ'", $"UPDATE hotline_tickets SET matter_id = '{ticket}'", "hotline.tickets_without_matter", "hotline.matters_without_ticket");
        await DamageAsync($"UPDATE matters SET waiting_since = NULL WHERE id = '{ticket}'", $"UPDATE matters SET waiting_since = opened_at WHERE id = '{ticket}'", "hotline.out_of_sight");
        await DamageAsync("UPDATE hotline_ticket_versions SET result = 'Solved'", "UPDATE hotline_ticket_versions SET result = NULL", "hotline.versions");
        await DamageAsync("UPDATE hotline_alarms SET next_at = NULL", "UPDATE hotline_alarms SET next_at = raised_at", "hotline.silent_alarms");
        await DamageAsync("UPDATE hotline_tasks SET state = 'Done'", "UPDATE hotline_tasks SET state = 'Open'", "hotline.tasks_open");
    }

    [Test]
    public async Task Invariants_OfMaterials_EachKindOfDamageIsFound()
    {
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        using var citizen = await _api.NewCitizenAsync();
        var used = await MaterialsHarness.UploadAsync(citizen, TestFiles.Wav(), "录音.wav");
        var asked = await citizen.PostAsync("/v1/consultations", new { categoryCode = "0201", regionCode = "341602101", text = "请听我的录音，能要回工资吗？", attachmentIds = new[] { used } }).Gives(Created);
        await lawyer.PostAsync($"/v1/staff/consultations/{asked.String("id")}/assignment", new { }).Gives(OK);
        await lawyer.PostAsync($"/v1/staff/matters/{asked.String("matter.id")}/material-notices", new { dueOn = DateOnly.FromDateTime(_api.Time.GetUtcNow().AddDays(10).UtcDateTime) }).Gives(Created);
        var erased = await MaterialsHarness.UploadAsync(citizen, TestFiles.Amr(), "多余.amr");
        await citizen.DeleteAsync($"/v1/materials/{erased}").Gives(OK);
        await _api.RunAsync<Api.Audit.LinkAuditJob>();
        Assert.That(await BrokenAsync(), Is.Empty);

        await DamageAsync("UPDATE material_objects SET id = '7ZZZZZZZZZZZZZZZZZZZZZZZZZ'", $"UPDATE material_objects SET id = (SELECT object_id FROM material_versions WHERE material_id = '{used}')", "materials.without_bytes");
        await DamageAsync($"UPDATE materials SET state = 'Erased' WHERE id = '{used}'", $"UPDATE materials SET state = 'Ready' WHERE id = '{used}'", "materials.erased_but_kept");
        await DamageAsync($"UPDATE material_erasures SET material_id = 'x' WHERE material_id = '{erased}'", $"UPDATE material_erasures SET material_id = '{erased}'", "materials.erased_but_kept");
        await DamageAsync($"UPDATE materials SET uses = 0 WHERE id = '{used}'", $"UPDATE materials SET uses = 1 WHERE id = '{used}'", "materials.uses");
        await DamageAsync("UPDATE supplement_notices SET state = 'Fulfilled'", "UPDATE supplement_notices SET state = 'Open'", "materials.notices_open");
    }

    private Task DamageAsync(string damage, string mend, params string[] names) => DamageAsync(damage, mend, mends: true, names);

    private async Task DamageAsync(string damage, string mend, bool mends, params string[] names)
    {
        await _api.ExecuteAsync(damage);
        Assert.That(await BrokenAsync(), Is.EqualTo(names));
        Assert.That(await _api.RunAsync<CheckInvariantsJob>(), Is.EqualTo(names.Length));
        await _api.ExecuteAsync(mend);
        if (mends) Assert.That(await BrokenAsync(), Is.Empty, damage);
    }

    private async Task<List<string?>> BrokenAsync()
    {
        var found = await _admin.GetAsync("/v1/admin/invariants").Gives(OK);
        var broken = found["items"].EnumerateArray().Where(i => i.GetProperty("found").GetInt64() != 0).Select(i => i.GetProperty("name").GetString()).ToList();
        Assert.That(found["intact"].GetBoolean(), Is.EqualTo(broken.Count == 0));
        Assert.That(found["milliseconds"].GetInt64(), Is.GreaterThanOrEqualTo(0));
        return broken;
    }

    private async Task<System.Text.Json.JsonElement> OneAsync(string name) =>
        (await _admin.GetAsync("/v1/admin/jobs").Gives(OK))["items"].EnumerateArray().Single(j => j.GetProperty("name").GetString() == name);
}
