using System.Net;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Hotline;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Domain.Identity;
using MicroPlatform.HotlineSample;
using MicroPlatform.Infrastructure.Hotline;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Hotline;

/// <summary>What hotlines are told: signed, in order per ticket, tried again by the table, never into our own networks.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class WebhookTests(Engine engine)
{
    private TestApi _api = null!;
    private ApiClient _admin = null!;
    private ApiClient _lawyer = null!;

    [SetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine, ["Hotline:AllowLoopback=true"]);
        _api.Time.At("2026-11-23T10:00+08:00");
        _admin = await _api.NewStaffAsync(Role.Administrator, DemoDistrict.Bureau);
        _lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
    }

    [TearDown]
    public async Task Stop()
    {
        _admin?.Dispose();
        _lawyer?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public void Sign_OfBothVectors_IsTheirs() => Assert.Multiple(() =>
    {
        Assert.That(Webhook.Sign("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}"""), Is.EqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
        Assert.That(Webhook.Sign("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", "evt_01JCZ8", 1763771234,
            """{"type":"ticket.updated","timestamp":"2026-11-22T10:00:00+08:00","data":{"ticketNo":"12348-20261122-000123","status":"resolved"}}"""), Is.EqualTo("v1,D0CR70RfFTvoEhlTebowq9imWCAoKC5CLCArZ/55Rcs="));
    });

    [Test]
    public void Schedule_IsTheTable_WithinItsJitter_AndThenDead() => Assert.Multiple(() =>
    {
        TimeSpan[] table = [TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24)];
        for (var n = 1; n <= 9; n++)
        {
            Assert.That(Webhook.PauseAfter(n, 0.5, null), Is.EqualTo(table[n - 1]));
            Assert.That(Webhook.PauseAfter(n, 0, null), Is.EqualTo(table[n - 1] * 0.8));
            Assert.That(Webhook.PauseAfter(n, 1, null), Is.EqualTo(table[n - 1] * 1.2));
        }
        Assert.That(Webhook.PauseAfter(1, 0.5, TimeSpan.FromMinutes(1)), Is.EqualTo(TimeSpan.FromMinutes(1)), "what the receiver asks for");
        Assert.That(Webhook.PauseAfter(10, 0.5, null), Is.Null);
    });

    [Test]
    public async Task Event_IsPushedSigned_WithBothSecretsWhileTheyOverlap_AndWithHl1WhereWanted()
    {
        await using var receiver = await Receiver.StartAsync();
        using var partner = await _api.NewPartnerAsync();
        var secret = await HookAsync(partner, receiver, withHl1: true);
        var (no, id) = await TicketAsync(partner, "13900000101");
        await AnswerAsync(id);
        await PushAsync();
        Assert.That(receiver.Got.Select(p => p.Type), Is.EqualTo(["ticket.updated", "ticket.resolved"]));
        var push = receiver.Got.Last();
        Assert.Multiple(() =>
        {
            Assert.That(push.Id, Does.StartWith("evt_"));
            Assert.That(IsGenuine(push, secret), Is.True);
            Assert.That(push.Headers.Keys, Does.Contain("X-Hl-Signature"));
            Assert.That(push.Data.GetProperty("ticketNo").GetString(), Is.EqualTo(no));
            Assert.That(push.Data.GetProperty("status").GetString(), Is.EqualTo("resolved"));
            Assert.That(push.Data.GetProperty("sequence").GetInt32(), Is.GreaterThan(receiver.Got.First().Data.GetProperty("sequence").GetInt32()));
            Assert.That(System.Text.Encoding.UTF8.GetString(push.Body), Does.Contain("可以直接向法院起诉").And.Not.Contain("13900000101"));
        });
        var fresh = (await _admin.PostAsync($"/v1/admin/hotline/partners/{partner.Id}/webhook/secret", new { overlapHours = 1 }).Gives(OK)).String("secret");
        await _admin.PostAsync($"/v1/admin/hotline/partners/{partner.Id}/webhook/ping").Gives(Accepted);
        await PushAsync();
        var ping = receiver.Got.Last();
        Assert.That(ping.Type, Is.EqualTo("test.ping"));
        Assert.That(IsGenuine(ping, secret) && IsGenuine(ping, fresh), Is.True);
        Assert.That(IsGenuine(ping with { Body = [.. ping.Body, (byte)' '] }, fresh), Is.False);
    }

    [Test]
    public async Task Receiver_DownForAnHour_GetsEverythingOnceItIsBack_InOrderPerTicket()
    {
        await using var receiver = await Receiver.StartAsync();
        using var partner = await _api.NewPartnerAsync();
        await HookAsync(partner, receiver);
        receiver.Answer = _ => (503, "", null);
        var tickets = new List<(string No, string Id)>();
        for (var i = 0; i < 5; i++) tickets.Add(await TicketAsync(partner, $"1390000020{i}"));
        for (var minute = 0; minute < 60; minute += 6)
        {
            var (_, id) = tickets[minute / 6 % 5];
            if (minute < 30) await AnswerAsync(id);
            else await CloseAsync(id);
            await PushAsync();
            _api.Time.Advance(TimeSpan.FromMinutes(6));
        }
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM hotline_deliveries WHERE state = 'Delivered'"), Is.Zero);
        receiver.Got.Clear();
        receiver.Answer = _ => (200, """{"code":"200"}""", null);
        _api.Time.Advance(TimeSpan.FromHours(3)); // the next try of the table
        await PushAsync();
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM hotline_deliveries WHERE state <> 'Delivered'"), Is.Zero);
        Assert.That(receiver.Got.Select(p => p.Id), Is.Unique);
        foreach (var (no, _) in tickets)
        {
            var told = receiver.Got.Where(p => p.Data.GetProperty("ticketNo").GetString() == no).ToList();
            Assert.That(told.Select(p => p.Type), Is.EqualTo(["ticket.updated", "ticket.resolved", "ticket.closed"]), no);
            Assert.That(told.Select(p => p.Data.GetProperty("sequence").GetInt32()), Is.Ordered, no);
        }
    }

    [Test]
    public async Task Event_ThatIsRefused_HoldsUpItsTicketForFiveMinutes_AndNoOther()
    {
        await using var receiver = await Receiver.StartAsync();
        using var partner = await _api.NewPartnerAsync();
        await HookAsync(partner, receiver);
        var (no, id) = await TicketAsync(partner, "13900000301");
        var (other, otherId) = await TicketAsync(partner, "13900000302");
        receiver.Answer = p => p.Type == "ticket.updated" && p.Data.GetProperty("ticketNo").GetString() == no ? (200, """{"code":500,"msg":"库满"}""", null) : (200, "", null);
        await AnswerAsync(id);
        await AnswerAsync(otherId);
        await PushAsync();
        string[] Of(string ticket) => [.. receiver.Got.Where(p => p.Data.GetProperty("ticketNo").GetString() == ticket).Select(p => p.Type)];
        Assert.That(Of(other), Is.EqualTo(["ticket.updated", "ticket.resolved"]));
        Assert.That(Of(no), Has.None.EqualTo("ticket.resolved"), "waits for the one before");
        _api.Time.Advance(TimeSpan.FromMinutes(6));
        await PushAsync();
        Assert.That(Of(no), Has.Some.EqualTo("ticket.resolved"), "and then passes it");
    }

    [Test]
    public async Task Event_RefusedToTheEnd_IsDead_AndReplayedByAnAdministrator()
    {
        await using var receiver = await Receiver.StartAsync();
        using var partner = await _api.NewPartnerAsync();
        await HookAsync(partner, receiver);
        receiver.Answer = _ => (400, "", null);
        await _admin.PostAsync($"/v1/admin/hotline/partners/{partner.Id}/webhook/ping").Gives(Accepted);
        for (var n = 0; n < 10; n++)
        {
            await PushAsync();
            _api.Time.Advance(TimeSpan.FromHours(30));
        }
        Assert.That(receiver.Got, Has.Count.EqualTo(10));
        using var admin = await _api.NewStaffAsync(Role.Administrator, DemoDistrict.Bureau);
        var dead = (await admin.GetAsync($"/v1/admin/hotline/deliveries?appId={partner.Id}&state=dead").Gives(OK))["items"];
        Assert.That(dead.GetArrayLength(), Is.EqualTo(1));
        Assert.That(dead[0].GetProperty("lastStatus").GetInt32(), Is.EqualTo(400));
        receiver.Answer = _ => (204, "", null);
        Assert.That((await admin.PostAsync("/v1/admin/hotline/deliveries/replays", new { appId = partner.Id }).Gives(OK))["count"].GetInt32(), Is.EqualTo(1));
        await PushAsync();
        Assert.That((await admin.GetAsync($"/v1/admin/hotline/deliveries?appId={partner.Id}&state=delivered").Gives(OK))["items"].GetArrayLength(), Is.EqualTo(1));
        Assert.That(receiver.Got.Select(p => p.Id).Distinct().Count(), Is.EqualTo(1), "the same id on every try");
    }

    [Test]
    public async Task Gone_SwitchesThePushesOff_AndTooManyIsHeeded()
    {
        await using var receiver = await Receiver.StartAsync();
        using var partner = await _api.NewPartnerAsync();
        await HookAsync(partner, receiver);
        receiver.Answer = _ => (429, "", "600");
        await _admin.PostAsync($"/v1/admin/hotline/partners/{partner.Id}/webhook/ping").Gives(Accepted);
        await PushAsync();
        _api.Time.Advance(TimeSpan.FromMinutes(9));
        await PushAsync();
        Assert.That(receiver.Got, Has.Count.EqualTo(1));
        _api.Time.Advance(TimeSpan.FromMinutes(2));
        receiver.Answer = _ => (410, "", null);
        await PushAsync();
        using var admin = await _api.NewStaffAsync(Role.Administrator, DemoDistrict.Bureau);
        var hook = await admin.GetAsync($"/v1/admin/hotline/partners/{partner.Id}/webhook").Gives(OK);
        Assert.That(hook["enabled"].GetBoolean(), Is.False);
        Assert.That(hook.String("disabledReason"), Does.Contain("410"));
        (await admin.PostAsync($"/v1/admin/hotline/partners/{partner.Id}/webhook/ping")).Refuses(Conflict, "webhook_not_set");
    }

    [TestCase("http://127.0.0.1:9/hook", Description = "this machine")]
    [TestCase("https://[::1]/hook")]
    [TestCase("https://localhost/hook")]
    [TestCase("https://10.1.2.3/hook")]
    [TestCase("https://169.254.169.254/latest/meta-data")]
    [TestCase("https://[::ffff:192.168.1.1]/hook")]
    [TestCase("https://0x7f000001/hook")]
    public async Task Address_InsideOurNetworks_IsNeverCalled(string url)
    {
        await using var strict = await TestApi.StartAsync(engine);
        using var admin = await strict.NewStaffAsync(Role.Administrator, DemoDistrict.Bureau);
        using var partner = await strict.NewPartnerAsync();
        await admin.PutAsync($"/v1/admin/hotline/partners/{partner.Id}/webhook", new { url, enabled = true }).Gives(OK);
        await admin.PostAsync($"/v1/admin/hotline/partners/{partner.Id}/webhook/ping").Gives(Accepted);
        await strict.RunAsync<DeliverWebhooksJob>();
        var seen = (await admin.GetAsync($"/v1/admin/hotline/deliveries?appId={partner.Id}").Gives(OK))["items"][0];
        Assert.That(seen.GetProperty("lastError").GetString(), Is.EqualTo("地址指向不允许访问的网络"));
    }

    [TestCase("ftp://example.cn/x")]
    [TestCase("https://user:pass@example.cn/x")]
    [TestCase("/hook")]
    [TestCase("javascript:alert(1)")]
    public async Task Address_OfNoUse_IsRefusedAtOnce(string url)
    {
        using var partner = await _api.NewPartnerAsync();
        (await _admin.PutAsync($"/v1/admin/hotline/partners/{partner.Id}/webhook", new { url, enabled = true })).Refuses(UnprocessableEntity, "address_not_allowed");
    }

    [TestCase("8.8.8.8", true, "", true)]
    [TestCase("8.8.8.8", false, "", false, Description = "http only into named networks")]
    [TestCase("10.1.2.3", true, "", false)]
    [TestCase("10.1.2.3", false, "10.1.0.0/16", true)]
    [TestCase("10.2.2.3", false, "10.1.0.0/16", false)]
    [TestCase("127.0.0.1", true, "127.0.0.0/8", false, Description = "this machine is no network of a partner's")]
    [TestCase("::ffff:10.1.2.3", true, "", false)]
    [TestCase("64:ff9b::a01:203", true, "", false)]
    [TestCase("fe80::1", true, "", false)]
    [TestCase("2606:4700::1111", true, "", true)]
    public void Guard_JudgesAddresses(string address, bool tls, string networks, bool allowed) =>
        Assert.That(OutboundGuard.Allows(IPAddress.Parse(address), tls, networks.Split(',', StringSplitOptions.RemoveEmptyEntries), loopback: false), Is.EqualTo(allowed));

    private async Task<string> HookAsync(ApiClient partner, Receiver receiver, bool withHl1 = false) =>
        (await _admin.PutAsync($"/v1/admin/hotline/partners/{partner.Id}/webhook", new { url = new Uri(receiver.Address, "/hook").AbsoluteUri, enabled = true, withHl1 }).Gives(OK)).String("secret");

    private async Task<(string No, string Id)> TicketAsync(ApiClient partner, string phone)
    {
        var no = TicketTests.NewNo();
        await partner.PutAsync($"/partner/v1/tickets/{no}", TicketTests.Ticket(phone: phone)).Gives(OK);
        return (no, (await _lawyer.GetAsync($"/v1/staff/hotline/tickets?appId={partner.Id}&ticketNo={no}").Gives(OK)).String("id"));
    }

    private async Task AnswerAsync(string id)
    {
        // Somebody new: a session lasts a quarter of an hour.
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        await clerk.PostAsync($"/v1/staff/hotline/tickets/{id}/acceptance").Gives(OK);
        await clerk.PostAsync($"/v1/staff/hotline/tickets/{id}/answer", new { result = "solved", reply = "可以直接向法院起诉，也可以向劳动监察投诉，请带上结算清单。" }).Gives(OK);
    }

    private async Task CloseAsync(string id)
    {
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        await clerk.PostAsync($"/v1/staff/hotline/tickets/{id}/steps", new { type = "closed" }).Gives(OK);
    }

    private async Task PushAsync()
    {
        await _api.DeliverAsync();
        await _api.RunAsync<DeliverWebhooksJob>();
    }

    private bool IsGenuine(Push push, string secret) =>
        HotlineWebhook.IsGenuine(secret, push.Id, push.Headers["webhook-timestamp"], push.Headers["webhook-signature"], push.Body, _api.Time.GetUtcNow());
}
