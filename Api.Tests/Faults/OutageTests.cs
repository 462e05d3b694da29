using System.Net;
using MicroPlatform.Api.Tests.Consultations;
using MicroPlatform.Api.Tests.Hosting;

namespace MicroPlatform.Api.Tests.Faults;

/// <summary>The database or Redis goes away and comes back.</summary>
public sealed class OutageTests
{
    [Test]
    public async Task Database_GoneAndBack_IsToldAndHealsByItself()
    {
        Engines.Require(Engine.Served);
        await using var cable = new Cable("127.0.0.1", int.Parse(Engines.MySqlPort, System.Globalization.CultureInfo.InvariantCulture));
        await using var api = await TestApi.StartAsync(Engine.Served, through: cable);
        using var citizen = await api.NewCitizenAsync();
        var id = (await citizen.PostAsync("/v1/consultations", ConsultationTests.Question()).Gives(HttpStatusCode.Created)).String("id");

        cable.PullOut();
        await citizen.PostAsync($"/v1/consultations/{id}/messages", new { text = "断线时的留言" }, key: "cut").Refuses(HttpStatusCode.ServiceUnavailable, "service_unavailable");
        await citizen.GetAsync($"/v1/consultations/{id}").Refuses(HttpStatusCode.ServiceUnavailable, "service_unavailable");
        var ready = await citizen.GetAsync("/health/ready").Gives(HttpStatusCode.ServiceUnavailable);
        Assert.That(ready.String("status"), Is.EqualTo("unavailable"));
        await citizen.GetAsync("/health/live").Gives(HttpStatusCode.OK);

        cable.PutBack();
        // A pooled connection may still be a dead one; a well-behaved client repeats with the same key.
        await ConsultationTests.PatientlyAsync(() => citizen.PostAsync($"/v1/consultations/{id}/messages", new { text = "断线时的留言" }, key: "cut")).Gives(HttpStatusCode.Created);
        var thread = await citizen.GetAsync($"/v1/consultations/{id}/messages").Gives(HttpStatusCode.OK);
        Assert.That(thread["items"].GetArrayLength(), Is.EqualTo(2));
    }

    [Test]
    public async Task Redis_Gone_ServesOnAndSaysDegraded()
    {
        Engines.Require(Engine.Served);
        await using var cable = new Cable("127.0.0.1", int.Parse(Engines.Redis!.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture));
        await using var api = await TestApi.StartAsync(Engine.Served, [$"Redis:ConnectionString=127.0.0.1:{cable.Port}"]);
        using var citizen = await api.NewCitizenAsync();
        var id = (await citizen.PostAsync("/v1/consultations", ConsultationTests.Question()).Gives(HttpStatusCode.Created)).String("id");
        Assert.That((await citizen.GetAsync("/health/ready")).String("status"), Is.EqualTo("ready"));

        cable.PullOut();
        await citizen.PostAsync($"/v1/consultations/{id}/messages", new { text = "缓存断开时的留言" }).Gives(HttpStatusCode.Created);
        var ready = await citizen.GetAsync("/health/ready").Gives(HttpStatusCode.OK);
        Assert.That(ready.String("status"), Is.EqualTo("degraded"));
        var waiting = citizen.GetAsync($"/v1/consultations/{id}/messages?after=2&waitSeconds=20");
        await Task.Delay(200);
        await citizen.PostAsync($"/v1/consultations/{id}/messages", new { text = "又一条" }).Gives(HttpStatusCode.Created);
        Assert.That((await waiting.WaitAsync(TimeSpan.FromSeconds(5)))["items"].GetArrayLength(), Is.EqualTo(1));
    }

    [Test]
    public async Task Sqlite_DiskFull_RefusesAndKeepsWhatWasThere()
    {
        await using var api = await TestApi.StartAsync(Engine.Embedded);
        using var citizen = await api.NewCitizenAsync();
        var id = (await citizen.PostAsync("/v1/consultations", ConsultationTests.Question()).Gives(HttpStatusCode.Created)).String("id");

        // The database may not grow any further: what a full disk is to SQLite (SQLITE_FULL).
        await api.LimitSqliteAsync();
        Answer answer;
        var written = 1;
        do
        {
            answer = await citizen.PostAsync($"/v1/consultations/{id}/messages", new { text = new string('满', 4000) });
            if (answer.Status == HttpStatusCode.Created) written++;
        }
        while (answer.Status == HttpStatusCode.Created && written < 400);

        answer.Refuses(HttpStatusCode.ServiceUnavailable, "storage_full");
        await citizen.GetAsync($"/v1/consultations/{id}").Gives(HttpStatusCode.OK);
        Assert.That(await api.ScalarAsync<long>("SELECT COUNT(*) FROM messages WHERE consultation_id = @id", new { id }), Is.EqualTo(written));
        Assert.That(await api.ScalarAsync<long>("SELECT last_seq FROM consultations WHERE id = @id", new { id }), Is.EqualTo(written));
    }
}
