using MicroPlatform.Api.Tests.Appointments;
using MicroPlatform.Api.Tests.Hosting;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Queues;

/// <summary>S1, steps 1 and 2: 李来运 asks for his wages by video, a lawyer takes him within two minutes, and the talk ends with its summary. Everything over HTTP.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ScenarioS1Tests(Engine engine)
{
    private const string Words = "我在一家食品厂干过活，2020年厂里给我打了结算清单，一万八千六百元工资一直拖欠，想申请法律援助。";

    [Test]
    public async Task Wages_AskedByVideo_AreTakenAndSummedUp()
    {
        await using var api = await TestApi.StartAsync(engine, Bookable.LongDays);
        api.Time.At("2026-03-02T08:55+08:00");
        var line = await VideoLine.NewAsync(api);
        using var zhang = await line.NewLawyerAsync("02");
        using var citizen = await api.NewCitizenAsync();

        api.Time.At("2026-03-02T09:05+08:00");
        await VideoLine.BeatAsync(zhang);
        var joined = await line.JoinAsync(citizen, new { categoryCode = "0201", regionCode = line.Region, text = Words, opposingParty = "某食品有限公司", wants = "video" });
        Assert.That((joined.String("state"), joined["before"].GetInt32()), Is.EqualTo(("waiting", 0)));
        await line.TickAsync();

        api.Time.At("2026-03-02T09:05:15+08:00");
        await VideoLine.BeatAsync(zhang);
        var ringing = (await zhang.GetAsync("/v1/staff/queue").Gives(OK))["ringing"][0];
        Assert.That((ringing.GetProperty("id").GetString(), ringing.GetProperty("reason").GetString()), Is.EqualTo((joined.String("id"), Words)), "read before it is accepted");
        var taken = await VideoLine.AcceptAsync(zhang, joined.String("id")).Gives(OK);
        var call = taken.String("callId");
        await api.DeliverAsync();
        var seen = await VideoLine.LookAsync(citizen, joined.String("id"));
        Assert.That((seen.String("state"), seen.String("callId"), seen["options"][0].GetString()), Is.EqualTo(("called", call, "joinCall")));

        await zhang.PostAsync($"/v1/staff/video-calls/{call}/join").Gives(OK);
        var mine = await citizen.PostAsync($"/v1/video-calls/{call}/join").Gives(OK);
        Assert.That(mine.String("provider"), Is.EqualTo("test"));
        foreach (var (who, path) in new[] { (zhang, "/v1/staff/video-calls"), (citizen, "/v1/video-calls") })
        {
            var seat = (await who.PostAsync($"{path}/{call}/join").Gives(OK)).String("seat");
            await who.PostAsync($"{path}/{call}/heartbeat", new { seat }).Gives(OK);
        }
        await api.DeliverAsync();
        Assert.That((await VideoLine.LookAsync(citizen, joined.String("id"))).String("state"), Is.EqualTo("inService"));
        await zhang.PostAsync($"/v1/staff/video-calls/{call}/notes", new { text = "手里有没有欠条？有结算清单" }).Gives(Created);

        api.Time.At("2026-03-02T09:21+08:00");
        await VideoLine.BeatAsync(zhang);
        await zhang.PostAsync($"/v1/staff/video-calls/{call}/end").Gives(OK);
        await api.DeliverAsync();
        Assert.That((await VideoLine.LookAsync(citizen, joined.String("id"))).String("state"), Is.EqualTo("finishing"));
        await VideoLine.NextAsync(zhang).Refuses(Conflict, "staff_serving");
        await zhang.PostAsync($"/v1/staff/video-calls/{call}/summary", new { text = "凭结算清单可直接起诉；已指引申请法律援助。" }).Gives(OK);
        await api.DeliverAsync();
        Assert.That((await VideoLine.LookAsync(citizen, joined.String("id"))).String("state"), Is.EqualTo("done"));
        await VideoLine.NextAsync(zhang).Refuses(Conflict, "nobody_waits");
        var matter = await citizen.GetAsync($"/v1/matters/{joined.String("matterId")}").Gives(OK);
        Assert.That(matter.String("status"), Is.EqualTo("closed"));
        await line.ExpectNobodyLostAsync();
    }
}
