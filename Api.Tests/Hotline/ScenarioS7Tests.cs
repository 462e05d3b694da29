using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Hotline;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Hotline;

/// <summary>S7 of the domain report over HTTP: a night at the hotline, from the emergency to the figures.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ScenarioS7Tests(Engine engine)
{
    [Test]
    public async Task S7_TheHotlinePartner()
    {
        await using var api = await TestApi.StartAsync(engine, ["Hotline:AllowLoopback=true"]);
        await using var receiver = await Receiver.StartAsync();
        api.Time.At("2026-06-19T22:10+08:00"); // 端午, a holiday
        using var partner = await api.NewPartnerAsync(p => p with { Scopes = [.. Partners.AllScopes.Where(s => s != PartnerScope.Pii)] });
        using var other = await api.NewPartnerAsync();
        using var admin = await api.NewStaffAsync(Role.Administrator, DemoDistrict.Bureau);
        using var duty1 = await api.NewStaffAsync(Role.Lawyer, DemoDistrict.AidCentre);
        using var duty2 = await api.NewStaffAsync(Role.Lawyer, DemoDistrict.AidCentre);
        await admin.PutAsync("/v1/admin/hotline/duty-phones", new { items = new[] { new { staffId = duty1.Id, phone = "13800000001" }, new { staffId = duty2.Id, phone = "13800000002" } } }).Gives(OK);
        await admin.PutAsync($"/v1/admin/hotline/partners/{partner.Id}/webhook", new { url = receiver.Address.AbsoluteUri, enabled = true }).Gives(OK);

        // 1, 2: the call of an emergency; again it is the same ticket; its replay is refused; nobody answers, so the next is rung.
        object emergency = new { callId = "S7-1", callerPhone = "13800000001", agentNo = "8012", result = "answered", startedAt = "2026-06-19 22:10:00", categoryCode = "01", emergency = true, content = "家暴，正在发生" };
        string? played = null;
        var first = (await partner.PostAsync("/partner/v1/calls", emergency).Gives(OK))["data.items"][0];
        using (var replayer = new ApiClient(api.Address, null, partner.Id) { Sign = (request, target, body) => { if (played is null) { partner.Sign!(request, target, body); played = string.Join('\n', request.Headers.SelectMany(h => h.Value.Select(v => $"{h.Key}: {v}"))); } else { foreach (var line in played.Split('\n')) request.Headers.TryAddWithoutValidation(line.Split(": ")[0], line.Split(": ")[1]); } } })
        {
            Assert.That((await replayer.PostAsync("/partner/v1/calls", emergency, key: "").Gives(OK))["data.items"][0].GetProperty("matterNumber").GetString(), Is.EqualTo(first.GetProperty("matterNumber").GetString()));
            (await replayer.PostAsync("/partner/v1/calls", emergency, key: "")).Refuses(Conflict, "replayed");
        }
        await api.DeliverAsync();
        api.Time.Advance(TimeSpan.FromMinutes(10));
        await api.RunAsync<RingAlarmsJob>();
        await PushAsync(api);
        Assert.That(receiver.Got.Where(p => p.Type == "callback.requested").Select(p => p.Data.GetProperty("phone").GetString()), Is.EqualTo(["13800000001", "13800000002"]), "the exchange is asked to ring them one after another");
        var alarm = (await duty2.GetAsync("/v1/staff/hotline/alarms").Gives(OK))["items"][0];
        await duty2.PostAsync($"/v1/staff/hotline/alarms/{alarm.GetProperty("id").GetString()}/acknowledgement").Gives(OK);

        // 3: an ordinary ticket goes to a unit, comes back with reasons, and the third time the head of the centre decides.
        api.Time.At("2026-06-22T09:00+08:00"); // the Monday
        using var clerk = await api.NewStaffAsync(Role.Clerk, DemoDistrict.AidCentre);
        using var town = await api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        using var head = await api.NewStaffAsync(Role.CentreHead, DemoDistrict.AidCentre);
        object Ticket(string content) => new { categoryCode = "0201", content, callerPhone = "13800000009", callerName = "李来运", areaCode = "341602101", acceptedAt = "2026-06-22 08:50:00" };
        await partner.PutAsync("/partner/v1/tickets/S7-A", Ticket("工资被拖欠")).Gives(OK);
        var id = (await clerk.GetAsync($"/v1/staff/hotline/tickets?appId={partner.Id}&ticketNo=S7-A").Gives(OK)).String("id");
        for (var n = 1; n <= 3; n++)
        {
            await town.PostAsync($"/v1/staff/hotline/tickets/{id}/return", new { reason = "不属本镇管辖" }).Gives(OK);
            await (n < 3 ? clerk : head).PostAsync($"/v1/staff/hotline/tickets/{id}/dispatch", new { organisationId = DemoDistrict.TownA }).Gives(OK);
        }
        await town.PostAsync($"/v1/staff/hotline/tickets/{id}/acceptance").Gives(OK);

        // 4: the same caller on the same sort of thing is suggested for merging; the caller sees one.
        Assert.That((await partner.PutAsync("/partner/v1/tickets/S7-B", Ticket("又来问工资")).Gives(OK))["data.similar"][0].GetString(), Is.EqualTo("S7-A"));
        var second = (await clerk.GetAsync($"/v1/staff/hotline/tickets?appId={partner.Id}&ticketNo=S7-B").Gives(OK)).String("id");
        await clerk.PostAsync($"/v1/staff/hotline/tickets/{second}/merger", new { intoTicketNo = "S7-A" }).Gives(OK);
        using var citizen = await api.NewCitizenAsync();
        await citizen.PostAsync("/v1/me/phone", new { code = "test-phone:13800000009" }).Gives(OK);
        Assert.That((await citizen.GetAsync("/v1/matters").Gives(OK))["items"].GetArrayLength(), Is.EqualTo(1));

        // 5: a missed call is called back three times, and then closed as 未接通.
        await partner.PostAsync("/partner/v1/calls", new { callId = "S7-2", callerPhone = "13800000010", result = "missed", startedAt = "2026-06-22 08:59:00", endedAt = "2026-06-22 08:59:40" }).Gives(OK);
        var task = (await clerk.GetAsync("/v1/staff/hotline/tasks").Gives(OK))["items"].EnumerateArray().Single(t => t.GetProperty("kind").GetString() == "callBack").GetProperty("id").GetString();
        Answer? tried = null;
        for (var n = 0; n < 3; n++) tried = await clerk.PostAsync($"/v1/staff/hotline/tasks/{task}/attempts", new { reached = false }).Gives(OK);
        Assert.That(tried!.String("stateText"), Is.EqualTo("未接通"));

        // 6: answered and closed; the hotline hears of it although its server was away, and sees its own only, masked.
        receiver.Answer = _ => (500, "", null);
        await town.PostAsync($"/v1/staff/hotline/tickets/{id}/answer", new { result = "partiallySolved", reply = "已帮助申请劳动监察，厂方答应分两次付清，不付可以起诉。" }).Gives(OK);
        await town.PostAsync($"/v1/staff/hotline/tickets/{id}/steps", new { type = "closed" }).Gives(OK);
        await PushAsync(api);
        receiver.Answer = _ => (200, "", null);
        api.Time.Advance(TimeSpan.FromSeconds(7));
        await PushAsync(api);
        Assert.That(receiver.Got.Where(p => p.Data.TryGetProperty("ticketNo", out var no) && no.GetString() == "S7-A").Select(p => p.Type).TakeLast(2), Is.EqualTo(["ticket.resolved", "ticket.closed"]));
        var pulled = await partner.GetAsync("/partner/v1/tickets/S7-A").Gives(OK);
        Assert.That((pulled.String("data.ticket.status"), pulled.String("data.ticket.callerPhone"), pulled.String("data.ticket.callerName")), Is.EqualTo(("closed", "138****0009", "李*运")));
        (await other.GetAsync("/partner/v1/tickets/S7-A")).Refuses(NotFound, "not_found");

        // 7: not satisfied: visited without exception; and the figures.
        await partner.PutAsync("/partner/v1/tickets/S7-A/satisfaction", new { score = 2, solved = false, dissatisfiedReason = "还没有拿到钱", surveyedAt = "2026-06-22 09:00:30" }).Gives(OK);
        await api.DeliverAsync();
        using var again = await api.NewStaffAsync(Role.Clerk, DemoDistrict.AidCentre);
        Assert.That((await again.GetAsync("/v1/staff/hotline/tasks").Gives(OK))["items"].EnumerateArray().Select(t => t.GetProperty("kind").GetString()), Does.Contain("dissatisfiedVisit"));
        var figures = (await head.GetAsync($"/v1/admin/hotline/figures?from=2026-06-01&to=2026-07-31&appId={partner.Id}").Gives(OK))["figures"].EnumerateArray().ToDictionary(f => f.GetProperty("name").GetString()!, f => (f.GetProperty("part").GetInt32(), f.GetProperty("whole").GetInt32()));
        Assert.That((figures["接通率"], figures["满意率"], figures["不满意回访率"]), Is.EqualTo(((1, 2), (0, 1), (0, 1))));
        using var leader = await api.NewStaffAsync(Role.Administrator, DemoDistrict.Bureau);
        var board = (await leader.GetAsync("/v1/staff/dashboard").Gives(OK))["groups"].EnumerateArray().Single(g => g.GetProperty("name").GetString() == "hotline").GetProperty("figures").EnumerateArray()
            .ToDictionary(f => f.GetProperty("name").GetString()!);
        Assert.That(
            board.ToDictionary(f => f.Key, f => (f.Value.GetProperty("value").GetRawText(), f.Value.GetProperty("count").GetInt32())),
            Is.EquivalentTo(new Dictionary<string, (string, int)>
            {
                ["hotlineAlarms"] = ("0", 0), ["hotlineWaiting"] = ("1", 1), ["hotlineOverdue"] = ("0", 0), ["hotlineTickets"] = ("3", 3), ["hotlineSatisfied"] = ("0", 1), ["hotlineAnswered"] = ("50", 2),
                ["hotlineCallBacks"] = ("0", 0), ["hotlineVisited"] = ("null", 0),
            }));
        foreach (var figure in board.Values)
            Assert.That((await leader.GetAsync(figure.GetProperty("itemsPath").GetString()!).Gives(OK))["items"].GetArrayLength(), Is.EqualTo(figure.GetProperty("count").GetInt32()));
    }

    private static async Task PushAsync(TestApi api)
    {
        await api.DeliverAsync();
        await api.RunAsync<DeliverWebhooksJob>();
    }
}
