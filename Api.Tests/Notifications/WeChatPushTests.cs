using MicroPlatform.Api.Notifications;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;
using static MicroPlatform.Api.Tests.Notifications.NotificationsHarness;

namespace MicroPlatform.Api.Tests.Notifications;

/// <summary>What WeChat pushes and what the client reports come to one count.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class WeChatPushTests(Engine engine)
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
    public async Task Verify_PublishedExample_GivesTheEchoBackExactly()
    {
        using var wechat = _harness.Api.Anonymous();
        var echo = await wechat.GetAsync("/v1/wechat/push?signature=f464b24fc39322e44b38aa78f5edd27bd1441696&timestamp=1714036504&nonce=1514711492&echostr=4375120948345356249").Gives(OK);

        Assert.That(echo.Text, Is.EqualTo("4375120948345356249"));
        Assert.That(echo.ContentHeaders.ContentType?.MediaType, Is.EqualTo("text/plain"));
        await wechat.GetAsync("/v1/wechat/push?signature=0464b24fc39322e44b38aa78f5edd27bd1441696&timestamp=1714036504&nonce=1514711492&echostr=1").Refuses(Forbidden, "push_signature_invalid");
        await wechat.GetAsync("/v1/wechat/push").Refuses(Forbidden, "push_signature_invalid");
    }

    [Test]
    public async Task Receive_PublishedExample_IsStoredOnceHoweverOftenItComes()
    {
        using var wechat = _harness.Api.Anonymous();
        const string Body = """{"ToUserName":"gh_97417a04a28d","Encrypt":"+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="}""";
        var before = await PushesAsync();
        for (var i = 0; i < 3; i++)
        {
            var answer = await wechat.PostAsync("/v1/wechat/push?signature=899cf89e&timestamp=1714112445&nonce=415670741&openid=o9AgO5Kd5ggOC-bXrbNODIiE3bGY&encrypt_type=aes&msg_signature=046e02f8204d34f8ba5fa3b1db94908f3df2e9b3", Body, key: "").Gives(OK);
            Assert.That(answer.Text, Is.EqualTo("success"));
        }
        await _harness.Api.DeliverAsync();

        Assert.That(await PushesAsync(), Is.EqualTo(before + 1));
        Assert.That(await _harness.Api.ScalarAsync<long>("SELECT COUNT(*) FROM wechat_pushes WHERE body_sealed LIKE '%o9AgO5Kd5ggOC%'"), Is.Zero, "it names a person, so it is sealed");
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("<xml></xml>")]
    [TestCase("{\"Encrypt\":5}")]
    public async Task Receive_WhatIsNoPush_IsRefused(string body)
    {
        using var wechat = _harness.Api.Anonymous();
        await wechat.PostAsync("/v1/wechat/push?msg_signature=x&timestamp=1&nonce=2", body, key: "").Refuses(BadRequest, "push_malformed");
    }

    [Test]
    public async Task Receive_ForgedOrAltered_IsRefusedAndNotStored()
    {
        var before = await PushesAsync();

        (await _harness.PushAsync("""{"MsgType":"event"}""", signature: "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3")).Refuses(Forbidden, "push_signature_invalid");

        Assert.That(await PushesAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task Receive_SealedRubbish_IsRefused() => (await _harness.PushAsync("not json")).Refuses(BadRequest, "push_malformed");

    [Test]
    public async Task Popup_OnlyPushed_AddsToTheBalance()
    {
        using var citizen = await _harness.NewCitizenAsync();
        await _harness.PushEventAsync(citizen, "subscribe_msg_popup_event",
            $$"""[{"TemplateId":"{{AnswerTemplate}}","SubscribeStatusString":"accept","PopupScene":"0"},{"TemplateId":"{{NeutralTemplate}}","SubscribeStatusString":"reject","PopupScene":"0"}]""").Gives(OK);
        await _harness.Api.DeliverAsync();

        Assert.That(await _harness.BalanceAsync(citizen), Is.EqualTo(1));
        Assert.That(await _harness.BalanceAsync(citizen, NeutralTemplate), Is.Zero);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Popup_ReportedAndPushed_CountsOnce(bool clientFirst)
    {
        using var citizen = await _harness.NewCitizenAsync();
        for (var tap = 1; tap <= 2; tap++)
        {
            if (clientFirst) await AllowAsync(citizen);
            await PopupAsync(citizen);
            if (!clientFirst) await AllowAsync(citizen);
            Assert.That(await _harness.BalanceAsync(citizen), Is.EqualTo(tap));
        }
    }

    [Test]
    public async Task Popup_ReportedAndPushedAtOnce_CountsOnce()
    {
        for (var round = 0; round < 10; round++)
        {
            using var citizen = await _harness.NewCitizenAsync();
            await _harness.PushEventAsync(citizen, "subscribe_msg_popup_event", $$"""{"TemplateId":"{{AnswerTemplate}}","SubscribeStatusString":"accept","PopupScene":"0"}""").Gives(OK);

            await Task.WhenAll(Task.Run(() => AllowAsync(citizen)), Task.Run(_harness.Api.DeliverAsync));
            await _harness.Api.DeliverAsync();

            Assert.That(await _harness.BalanceAsync(citizen), Is.EqualTo(1));
        }
    }

    [Test]
    public async Task Popup_PushedLongAfterTheReport_IsAnotherTap()
    {
        using var citizen = await _harness.NewCitizenAsync();
        await AllowAsync(citizen);
        _harness.Api.Time.Advance(TimeSpan.FromMinutes(11));
        await PopupAsync(citizen);

        Assert.That(await _harness.BalanceAsync(citizen), Is.EqualTo(2));
    }

    [Test]
    public async Task Change_TakenBackInTheSettings_EmptiesTheBalance()
    {
        using var citizen = await _harness.NewCitizenAsync();
        await AllowAsync(citizen);
        await _harness.PushEventAsync(citizen, "subscribe_msg_change_event", $$"""[{"TemplateId":"{{AnswerTemplate}}","SubscribeStatusString":"reject"}]""").Gives(OK);
        await _harness.Api.DeliverAsync();

        Assert.That(await _harness.BalanceAsync(citizen), Is.Zero);
    }

    [TestCase("0", "Delivered")]
    [TestCase("43101", "Undeliverable")]
    public async Task Sent_ReportOfWeChat_SettlesTheReceipt(string errcode, string state)
    {
        using var citizen = await _harness.NewCitizenAsync();
        await AllowAsync(citizen);
        _harness.WeChat.Sends[OpenId(citizen)] = _ => Task.FromResult<SendVerdict>(new SendVerdict.Sent("1864323726461255680"));
        await _harness.AnswerAsync(await AskAsync(citizen));
        await _harness.Api.DeliverAsync();

        await _harness.PushEventAsync(citizen, "subscribe_msg_sent_event",
            $$"""{"TemplateId":"{{AnswerTemplate}}","MsgID":"1864323726461255680","ErrorCode":"{{errcode}}","ErrorStatus":"success"}""").Gives(OK);
        await _harness.Api.DeliverAsync();

        Assert.That(await _harness.StateOfOnlyDeliveryAsync(citizen), Is.EqualTo(state));
    }

    [Test]
    public async Task Sent_ReportAboutAnUncertainOne_SettlesIt()
    {
        using var citizen = await _harness.NewCitizenAsync();
        await AllowAsync(citizen);
        _harness.WeChat.Sends[OpenId(citizen)] = _ => Task.FromResult<SendVerdict>(new SendVerdict.Uncertain());
        await _harness.AnswerAsync(await AskAsync(citizen));
        await _harness.Api.DeliverAsync();
        Assert.That(await _harness.StateOfOnlyDeliveryAsync(citizen), Is.EqualTo("Uncertain"));

        await _harness.PushEventAsync(citizen, "subscribe_msg_sent_event", $$"""{"TemplateId":"{{AnswerTemplate}}","MsgID":1864323726461255681,"ErrorCode":0}""").Gives(OK);
        await _harness.Api.DeliverAsync();

        Assert.That(await _harness.StateOfOnlyDeliveryAsync(citizen), Is.EqualTo("Delivered"));
    }

    [TestCase("subscribe_msg_popup_event", "[]")]
    [TestCase("subscribe_msg_popup_event", "null")]
    [TestCase("subscribe_msg_popup_event", "[1,\"x\",null,{}]")]
    [TestCase("subscribe_msg_popup_event", "[{\"TemplateId\":\"tpl-answer\",\"SubscribeStatusString\":\"perhaps\"}]")]
    [TestCase("subscribe_msg_popup_event", "[{\"TemplateId\":\"unknown\",\"SubscribeStatusString\":\"accept\"}]")]
    [TestCase("subscribe_msg_sent_event", "{\"TemplateId\":\"tpl-answer\",\"MsgID\":\"nobody knows\",\"ErrorCode\":\"99999999999999999999\"}")]
    [TestCase("wxa_media_check", "{}")]
    public async Task Receive_OddContent_IsWorkedOffWithoutHarm(string name, string list)
    {
        using var citizen = await _harness.NewCitizenAsync();
        await _harness.PushEventAsync(citizen, name, list).Gives(OK);
        await _harness.Api.DeliverAsync();

        Assert.That(await _harness.Api.ScalarAsync<long>("SELECT COUNT(*) FROM wechat_pushes WHERE processed_at IS NULL"), Is.Zero);
        Assert.That(await _harness.BalanceAsync(citizen), Is.Zero);
    }

    [Test]
    public async Task Receive_AboutSomebodyUnknown_IsWorkedOffWithoutHarm()
    {
        using var citizen = await _harness.NewCitizenAsync();
        await _harness.PushEventAsync(citizen, "subscribe_msg_popup_event", $$"""[{"TemplateId":"{{AnswerTemplate}}","SubscribeStatusString":"accept"}]""", openid: "o-stranger").Gives(OK);
        await _harness.Api.DeliverAsync();

        Assert.That(await _harness.Api.ScalarAsync<long>("SELECT COUNT(*) FROM wechat_pushes WHERE processed_at IS NULL"), Is.Zero);
    }

    [Test]
    public async Task Receive_NoTokenConfigured_IsNotThere()
    {
        await using var api = await TestApi.StartAsync(engine);
        using var wechat = api.Anonymous();
        await wechat.GetAsync("/v1/wechat/push?signature=a&timestamp=1&nonce=2&echostr=3").Refuses(NotFound, "not_found");
        await wechat.PostAsync("/v1/wechat/push", new { Encrypt = "x" }, key: "").Refuses(NotFound, "not_found");
    }

    [Test]
    public async Task Report_TheSameRequestTwice_CountsOnce()
    {
        using var citizen = await _harness.NewCitizenAsync();
        var body = new { results = new[] { new { templateId = AnswerTemplate, outcome = "acceptWithAudio", always = true } } };
        var first = await citizen.PostAsync("/v1/me/subscriptions", body, key: "tap-1").Gives(OK);
        var second = await citizen.PostAsync("/v1/me/subscriptions", body, key: "tap-1").Gives(OK);

        Assert.That(second.Text, Is.EqualTo(first.Text));
        Assert.That(first["items"][0].GetProperty("balance").GetInt32(), Is.EqualTo(1));
        Assert.That(first["items"][0].GetProperty("always").GetBoolean(), Is.True);
        Assert.That(first["items"][0].GetProperty("kind").GetString(), Is.EqualTo("oneOff"));
        Assert.That((await citizen.GetAsync("/v1/me/subscriptions").Gives(OK)).Text, Is.EqualTo(first.Text));
        Assert.That(await _harness.BalanceAsync(citizen), Is.EqualTo(1));
    }

    [Test]
    public async Task Report_ManyTimes_IsBelievedToALimit()
    {
        using var citizen = await _harness.NewCitizenAsync();
        var ten = new { results = Enumerable.Repeat(new { templateId = AnswerTemplate, outcome = "accept" }, 10) };
        for (var i = 0; i < 6; i++) await citizen.PostAsync("/v1/me/subscriptions", ten).Gives(OK);

        Assert.That(await _harness.BalanceAsync(citizen), Is.EqualTo(50));
    }

    [TestCase("""{"results":[{"templateId":"nobody","outcome":"accept"}]}""", "template_unknown")]
    [TestCase("""{"results":[{"templateId":"tpl-answer","outcome":"perhaps"}]}""", "validation_failed")]
    [TestCase("""{"results":[{"templateId":"tpl-answer","outcome":1}]}""", "validation_failed")]
    [TestCase("""{"results":[{"templateId":"tpl-answer"}]}""", "validation_failed")]
    [TestCase("""{"results":[{"outcome":"accept"}]}""", "validation_failed")]
    [TestCase("""{"results":[]}""", "validation_failed")]
    [TestCase("""{}""", "validation_failed")]
    [TestCase("""{"results":[null]}""", "template_unknown")]
    [TestCase("""[]""", "json_malformed")]
    public async Task Report_BadInput_IsRefused(string body, string code)
    {
        using var citizen = await _harness.NewCitizenAsync();
        await citizen.PostAsync("/v1/me/subscriptions", body).Refuses(BadRequest, code);
    }

    [Test]
    public async Task Sweep_AfterAWeek_ForgetsWhatWasWorkedOnAndNothingElse()
    {
        await using var harness = await NotificationsHarness.StartAsync(engine);
        using var citizen = await harness.NewCitizenAsync();
        await AllowAsync(citizen);
        await harness.PushEventAsync(citizen, "subscribe_msg_popup_event", "[]").Gives(OK);
        await harness.Api.DeliverAsync();
        await harness.PushEventAsync(citizen, "subscribe_msg_popup_event", "[]").Gives(OK);
        Assert.That(await harness.Api.RunAsync<SweepPushesJob>(), Is.Zero);

        harness.Api.Time.Advance(TimeSpan.FromDays(8));

        Assert.That(await harness.Api.RunAsync<SweepPushesJob>(), Is.EqualTo(2), "one push and one report of a tap");
        Assert.That(await harness.Api.ScalarAsync<long>("SELECT COUNT(*) FROM wechat_pushes"), Is.EqualTo(1));
        Assert.That(await harness.BalanceAsync(citizen), Is.EqualTo(1));
    }

    [Test]
    public async Task Report_DemoTemplateInDevelopment_IsTaken()
    {
        await using var api = await TestApi.StartAsync(engine);
        using var citizen = await api.NewCitizenAsync();
        await citizen.PostAsync("/v1/me/subscriptions", new { results = new[] { new { templateId = "demo-progress", outcome = "accept" }, new { templateId = "demo-neutral", outcome = "reject" } } }).Gives(OK);
    }

    private async Task PopupAsync(ApiClient citizen)
    {
        await _harness.PushEventAsync(citizen, "subscribe_msg_popup_event", $$"""{"TemplateId":"{{AnswerTemplate}}","SubscribeStatusString":"accept","PopupScene":"0"}""").Gives(OK);
        await _harness.Api.DeliverAsync();
    }

    private Task<long> PushesAsync() => _harness.Api.ScalarAsync<long>("SELECT COUNT(*) FROM wechat_pushes")!;
}
