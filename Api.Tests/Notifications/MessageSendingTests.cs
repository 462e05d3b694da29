using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Notifications;
using MicroPlatform.Infrastructure.Notifications;
using MicroPlatform.Infrastructure.Outbox;
using Microsoft.Extensions.DependencyInjection;
using static System.Net.HttpStatusCode;
using static MicroPlatform.Api.Tests.Notifications.NotificationsHarness;
using OutboxDelivery = MicroPlatform.Infrastructure.Outbox.Delivery;

namespace MicroPlatform.Api.Tests.Notifications;

/// <summary>Subscribe messages: at most once, only with permission, never to somebody who asked for silence.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class MessageSendingTests(Engine engine)
{
    private NotificationsHarness _harness = null!;

    [OneTimeSetUp]
    public async Task Start() => _harness = await NotificationsHarness.StartAsync(engine);

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_harness is not null) await _harness.DisposeAsync();
    }

    [Test]
    public async Task Send_WithPermission_ArrivesWithFieldsAndLeavesAReceipt()
    {
        using var citizen = await _harness.NewCitizenAsync();
        await AllowAsync(citizen);
        await _harness.AnswerAsync(await AskAsync(citizen));
        await _harness.Api.DeliverAsync();

        var message = _harness.SentTo(citizen).Single().Message;
        Assert.Multiple(async () =>
        {
            Assert.That(message.TemplateId, Is.EqualTo(AnswerTemplate));
            Assert.That(message.Page, Does.Match("^pages/matter/detail\\?id=[0-9A-Z]{26}$"));
            Assert.That(message.Data["thing1"], Is.EqualTo("您的咨询有新的答复"));
            Assert.That(message.Data["thing2"], Is.EqualTo("农民工工资"));
            Assert.That(message.Data["time3"], Does.Match(@"^\d{4}年\d{1,2}月\d{1,2}日 \d\d:\d\d$"));
            Assert.That(message.Data["phrase4"], Is.EqualTo("已答复"));
            Assert.That(message.Data["character_string5"], Does.Match(@"^\d{4}-\d{4}-\d{4}$"));
            Assert.That(message.Data["thing6"], Is.EqualTo("点击查看详情"));
            Assert.That(await _harness.StateOfOnlyDeliveryAsync(citizen), Is.EqualTo("Sent"));
            Assert.That(await _harness.BalanceAsync(citizen), Is.Zero);
        });
    }

    [Test]
    public async Task Send_CategoryRenamedVeryLong_StaysWithinTheLimit()
    {
        using var citizen = await _harness.NewCitizenAsync();
        await AllowAsync(citizen);
        var id = await AskAsync(citizen);
        await _harness.Api.ExecuteAsync("UPDATE categories SET name = @name WHERE code = '0201'", new { name = "\n建设领域农民工工资拖欠及劳动报酬追索纠纷👨‍👩‍👧👨‍👩‍👧" });
        await _harness.AnswerAsync(id);
        await _harness.Api.DeliverAsync();
        await _harness.Api.ExecuteAsync("UPDATE categories SET name = '农民工工资' WHERE code = '0201'");

        Assert.That(_harness.SentTo(citizen).Single().Message.Data["thing2"], Is.EqualTo("建设领域农民工工资拖欠及劳动报酬追索纠…"));
    }

    [Test]
    public async Task Send_WithoutPermission_IsUndeliverableAndInTheInbox()
    {
        using var citizen = await _harness.NewCitizenAsync();
        await _harness.AnswerAsync(await AskAsync(citizen));
        await _harness.Api.DeliverAsync();

        Assert.That(_harness.SentTo(citizen), Is.Empty);
        Assert.That(await _harness.StateOfOnlyDeliveryAsync(citizen), Is.EqualTo("Undeliverable"));
        Assert.That((await citizen.GetAsync("/v1/me/notifications").Gives(OK))["items"].GetArrayLength(), Is.EqualTo(2));
    }

    [Test]
    public async Task Send_SixteenAtOnce_HappensOnce()
    {
        using var citizen = await _harness.NewCitizenAsync();
        for (var i = 0; i < 5; i++) await AllowAsync(citizen);
        _harness.WeChat.Sends[OpenId(citizen)] = async message =>
        {
            await Task.Delay(50);
            return await _harness.WeChat.Fake.SendSubscribeMessageAsync(message);
        };
        var delivery = await QueueAsync(citizen);

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => SendAsync(delivery))));

        Assert.That(_harness.SentTo(citizen), Has.Count.EqualTo(1));
        Assert.That(await _harness.BalanceAsync(citizen), Is.EqualTo(4));
        Assert.That(await _harness.StateOfOnlyDeliveryAsync(citizen), Is.EqualTo("Sent"));
    }

    [Test]
    public async Task Send_TwoDispatchersAtOnce_HappensOnce()
    {
        using var citizen = await _harness.NewCitizenAsync();
        for (var i = 0; i < 3; i++) await AllowAsync(citizen);
        for (var i = 0; i < 3; i++) await _harness.AnswerAsync(await AskAsync(citizen));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(_harness.Api.DeliverAsync)));
        await _harness.Api.DeliverAsync();

        Assert.That(_harness.SentTo(citizen), Has.Count.EqualTo(3));
        Assert.That(await _harness.BalanceAsync(citizen), Is.Zero);
    }

    [Test]
    public async Task Send_ManyMessagesOnePermission_SendsOne()
    {
        using var citizen = await _harness.NewCitizenAsync();
        await AllowAsync(citizen);
        var deliveries = new List<string>();
        for (var i = 0; i < 6; i++) deliveries.Add(await QueueAsync(citizen));

        await Task.WhenAll(deliveries.Select(id => Task.Run(() => SendAsync(id))));

        Assert.That(_harness.SentTo(citizen), Has.Count.EqualTo(1));
        Assert.That(await _harness.BalanceAsync(citizen), Is.Zero);
        Assert.That(await _harness.Api.ScalarAsync<long>("SELECT COUNT(*) FROM deliveries WHERE citizen_id = @Id AND state = 'Undeliverable'", new { citizen.Id }), Is.EqualTo(5));
    }

    [Test]
    public async Task Send_LongTermPermission_IsNotUsedUp()
    {
        using var citizen = await _harness.NewCitizenAsync();
        await AllowAsync(citizen, LongTermTemplate);
        await AllowAsync(citizen, LongTermTemplate);
        for (var i = 0; i < 2; i++)
            await _harness.ActAsync(await AskAsync(citizen), (c, now) => c.MoveTo(MicroPlatform.Api.Hosting.DemoDistrict.AidCentre, "示范区法律援助中心", now));
        await _harness.Api.DeliverAsync();

        Assert.That(_harness.SentTo(citizen), Has.Count.EqualTo(2));
        Assert.That(await _harness.BalanceAsync(citizen, LongTermTemplate), Is.EqualTo(1));
    }

    [TestCase(ContactPreference.Visible, "hidden")]
    [TestCase(ContactPreference.Hidden, "visible")]
    [TestCase(ContactPreference.Hidden, "neutral")]
    public async Task Send_HiddenByMatterOrPerson_SendsNothing(ContactPreference own, string ofMatter)
    {
        using var citizen = await _harness.NewCitizenAsync(own);
        await AllowAsync(citizen);
        await AllowAsync(citizen, NeutralTemplate);
        await _harness.AnswerAsync(await AskAsync(citizen, ofMatter));
        await _harness.Api.DeliverAsync();

        Assert.That(_harness.SentTo(citizen), Is.Empty);
        Assert.That(await _harness.CountAsync("deliveries", citizen), Is.Zero);
        var inbox = await citizen.GetAsync("/v1/me/notifications").Gives(OK);
        Assert.That(inbox["items"][0].GetProperty("title").GetString(), Is.EqualTo("您有一条新消息"));
    }

    [TestCase(ContactPreference.Visible, "neutral")]
    [TestCase(ContactPreference.Neutral, "visible")]
    public async Task Send_Neutral_NamesNothing(ContactPreference own, string ofMatter)
    {
        using var citizen = await _harness.NewCitizenAsync(own);
        await AllowAsync(citizen);
        await AllowAsync(citizen, NeutralTemplate);
        await _harness.AnswerAsync(await AskAsync(citizen, ofMatter));
        await _harness.Api.DeliverAsync();

        var message = _harness.SentTo(citizen).Single().Message;
        Assert.That(message.TemplateId, Is.EqualTo(NeutralTemplate));
        Assert.That(message.Data, Is.EquivalentTo(new Dictionary<string, string> { ["thing1"] = "您有一条新消息", ["thing2"] = "-", ["character_string3"] = "-", ["thing4"] = "-" }));
        Assert.That(await _harness.BalanceAsync(citizen), Is.EqualTo(1), "the naming template is not used");
    }

    [TestCase("hidden")]
    [TestCase("neutral")]
    public async Task Send_PreferenceChangedWhileItWaits_IsWithheld(string preference)
    {
        using var citizen = await _harness.NewCitizenAsync();
        await AllowAsync(citizen);
        var delivery = await QueueAsync(citizen);
        await _harness.Api.ExecuteAsync("UPDATE matters SET contact_preference = @preference WHERE citizen_id = @Id",
            new { preference = preference == "hidden" ? "Hidden" : "Neutral", citizen.Id });

        await SendAsync(delivery);

        Assert.That(_harness.SentTo(citizen), Is.Empty);
        Assert.That(await _harness.StateOfOnlyDeliveryAsync(citizen), Is.EqualTo("Withheld"));
        Assert.That(await _harness.BalanceAsync(citizen), Is.EqualTo(1));
    }

    [Test]
    public async Task Send_RefusedByThePerson_EmptiesTheBalanceAndIsNotTriedAgain()
    {
        using var citizen = await _harness.NewCitizenAsync();
        for (var i = 0; i < 3; i++) await AllowAsync(citizen);
        _harness.WeChat.Fake.AnswerMessagesTo(OpenId(citizen), 43101);
        await _harness.AnswerAsync(await AskAsync(citizen));
        await _harness.Api.DeliverAsync();
        _harness.WeChat.Fake.AnswerMessagesTo(OpenId(citizen), 0);
        _harness.Api.Time.Advance(TimeSpan.FromHours(5));
        await _harness.Api.DeliverAsync();

        Assert.That(_harness.SentTo(citizen), Is.Empty);
        Assert.That(await _harness.StateOfOnlyDeliveryAsync(citizen), Is.EqualTo("Undeliverable"));
        Assert.That(await _harness.Api.ScalarAsync<int>("SELECT error_code FROM deliveries WHERE citizen_id = @Id", new { citizen.Id }), Is.EqualTo(43101));
        Assert.That(await _harness.BalanceAsync(citizen), Is.Zero);
    }

    [TestCase(47003)]
    [TestCase(40037)]
    [TestCase(41030)]
    public async Task Send_OurMistake_IsADeadLetterAndAnErrorInTheLog(int errcode)
    {
        using var citizen = await _harness.NewCitizenAsync();
        await AllowAsync(citizen);
        _harness.WeChat.Fake.AnswerMessagesTo(OpenId(citizen), errcode);
        await _harness.AnswerAsync(await AskAsync(citizen));
        await _harness.Api.DeliverAsync();

        var delivery = await _harness.Api.ScalarAsync<string>("SELECT id FROM deliveries WHERE citizen_id = @Id", new { citizen.Id });
        Assert.That(await _harness.StateOfOnlyDeliveryAsync(citizen), Is.EqualTo("Failed"));
        Assert.That(await _harness.Api.ScalarAsync<string>("SELECT state FROM outbox WHERE subscriber = 'subscribe-messages' AND event_key = @delivery", new { delivery }), Is.EqualTo("dead"));
        Assert.That(await _harness.BalanceAsync(citizen), Is.EqualTo(1), "WeChat did not use the permission");
        Assert.That(_harness.Api.Logged, Has.Some.StartsWith("Error").And.Contains($"{errcode}"));
    }

    [TestCase(-1)]
    [TestCase(45009)]
    public async Task Send_WeChatBusy_IsTriedAgainLater(int errcode)
    {
        using var citizen = await _harness.NewCitizenAsync();
        await AllowAsync(citizen);
        _harness.WeChat.Fake.AnswerMessagesTo(OpenId(citizen), errcode);
        await _harness.AnswerAsync(await AskAsync(citizen));
        await _harness.Api.DeliverAsync();
        Assert.That(await _harness.StateOfOnlyDeliveryAsync(citizen), Is.EqualTo("Pending"));
        Assert.That(await _harness.BalanceAsync(citizen), Is.EqualTo(1));

        _harness.WeChat.Fake.AnswerMessagesTo(OpenId(citizen), 0);
        _harness.Api.Time.Advance(TimeSpan.FromHours(2));
        await _harness.Api.DeliverAsync();

        Assert.That(_harness.SentTo(citizen), Has.Count.EqualTo(1));
        Assert.That(await _harness.Api.ScalarAsync<int>("SELECT attempts FROM deliveries WHERE citizen_id = @Id", new { citizen.Id }), Is.EqualTo(2));
        Assert.That(await _harness.BalanceAsync(citizen), Is.Zero);
    }

    [Test]
    public async Task Send_WeChatAwayForADay_ExpiresAndIsNeverADeadLetter()
    {
        using var citizen = await _harness.NewCitizenAsync();
        await AllowAsync(citizen);
        _harness.WeChat.Sends[OpenId(citizen)] = _ => Task.FromResult<SendVerdict>(new SendVerdict.NotNow(null, null));
        await _harness.AnswerAsync(await AskAsync(citizen));
        for (var hour = 0; hour < 30; hour++)
        {
            await _harness.Api.DeliverAsync();
            _harness.Api.Time.Advance(TimeSpan.FromHours(1));
        }
        await _harness.Api.DeliverAsync();

        var delivery = await _harness.Api.ScalarAsync<string>("SELECT id FROM deliveries WHERE citizen_id = @Id", new { citizen.Id });
        Assert.That(await _harness.StateOfOnlyDeliveryAsync(citizen), Is.EqualTo("Expired"));
        Assert.That(await _harness.Api.ScalarAsync<string>("SELECT state FROM outbox WHERE subscriber = 'subscribe-messages' AND event_key = @delivery", new { delivery }), Is.EqualTo("done"));
        Assert.That(await _harness.BalanceAsync(citizen), Is.EqualTo(1));
    }

    [Test]
    public async Task Send_ProcessDiesInBetween_IsUncertainAndNotSentAgain()
    {
        using var citizen = await _harness.NewCitizenAsync();
        await AllowAsync(citizen);
        await AllowAsync(citizen);
        var calls = 0;
        _harness.WeChat.Sends[OpenId(citizen)] = _ => ++calls == 1 ? throw new InvalidOperationException("the process dies here") : Task.FromResult<SendVerdict>(new SendVerdict.Sent(null));
        var delivery = await QueueAsync(citizen);

        Assert.That(() => SendAsync(delivery), Throws.InvalidOperationException);
        Assert.That(await _harness.StateOfOnlyDeliveryAsync(citizen), Is.EqualTo("Sending"));
        await SendAsync(delivery);
        Assert.That(await _harness.StateOfOnlyDeliveryAsync(citizen), Is.EqualTo("Sending"), "somebody may still be at it");
        _harness.Api.Time.Advance(TimeSpan.FromMinutes(2));
        await SendAsync(delivery);

        Assert.That(await _harness.StateOfOnlyDeliveryAsync(citizen), Is.EqualTo("Uncertain"));
        Assert.That(calls, Is.EqualTo(1));
        Assert.That(await _harness.BalanceAsync(citizen), Is.EqualTo(1));
    }

    [Test]
    public async Task Send_AnswerLost_IsUncertainAndNotSentAgain()
    {
        using var citizen = await _harness.NewCitizenAsync();
        await AllowAsync(citizen);
        var calls = 0;
        _harness.WeChat.Sends[OpenId(citizen)] = _ =>
        {
            calls++;
            return Task.FromResult<SendVerdict>(new SendVerdict.Uncertain());
        };
        await _harness.AnswerAsync(await AskAsync(citizen));
        await _harness.Api.DeliverAsync();
        _harness.Api.Time.Advance(TimeSpan.FromHours(1));
        await _harness.Api.DeliverAsync();

        Assert.That(calls, Is.EqualTo(1));
        Assert.That(await _harness.StateOfOnlyDeliveryAsync(citizen), Is.EqualTo("Uncertain"));
    }

    [Test]
    public async Task Send_NothingPersonal_IsInTheLog()
    {
        using var citizen = await _harness.NewCitizenAsync();
        await AllowAsync(citizen);
        await _harness.AnswerAsync(await AskAsync(citizen));
        await _harness.Api.DeliverAsync();

        Assert.That(_harness.Api.Logged, Has.None.Contains(OpenId(citizen)));
        Assert.That(_harness.Api.Logged, Has.None.Contains("农民工工资"));
    }

    /// <summary>A message that waits, its notification made, nobody sending it yet.</summary>
    private async Task<string> QueueAsync(ApiClient citizen)
    {
        await _harness.ActAsync(await AskAsync(citizen), (c, now) => c.Reject("不属于本中心受理范围", now));
        await _harness.Api.ExecuteAsync("UPDATE outbox SET next_at = @later WHERE subscriber = 'subscribe-messages' AND state = 'pending'", new { later = DateTimeOffset.MaxValue.AddYears(-1) });
        // The dispatcher would go on to the message at once: hand over the first step by hand.
        var row = await EventOfAsync(citizen);
        await using var scope = _harness.Api.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<NotifyCitizen>().HandleAsync(row.Event, new OutboxDelivery(row.Id, 1, _harness.Api.Time.GetUtcNow()), CancellationToken.None);
        await _harness.Api.ExecuteAsync("UPDATE outbox SET state = 'done' WHERE state = 'pending'");
        return (await _harness.Api.ScalarAsync<string>("SELECT id FROM deliveries WHERE citizen_id = @Id ORDER BY id DESC LIMIT 1", new { citizen.Id }))!;
    }

    private async Task<(string Id, MicroPlatform.Domain.Consultations.ConsultationRejected Event)> EventOfAsync(ApiClient citizen)
    {
        var payload = await _harness.Api.ScalarAsync<string>("SELECT payload FROM outbox WHERE event_type = 'ConsultationRejected' AND state = 'pending' ORDER BY position DESC LIMIT 1");
        var id = await _harness.Api.ScalarAsync<string>("SELECT id FROM outbox WHERE event_type = 'ConsultationRejected' AND state = 'pending' ORDER BY position DESC LIMIT 1");
        Assert.That(citizen.Id, Is.Not.Empty);
        return (id!, System.Text.Json.JsonSerializer.Deserialize<MicroPlatform.Domain.Consultations.ConsultationRejected>(payload!)!);
    }

    /// <summary>What one node does; "not yet" is an answer.</summary>
    private async Task SendAsync(string deliveryId)
    {
        await using var scope = _harness.Api.Services.CreateAsyncScope();
        try
        {
            await scope.ServiceProvider.GetRequiredService<SendMessage>().HandleAsync(new MessageDue(deliveryId), new OutboxDelivery(Id.New(_harness.Api.Time), 1, _harness.Api.Time.GetUtcNow()), CancellationToken.None);
        }
        catch (NotYetException)
        {
            // Another attempt is at it.
        }
    }
}
