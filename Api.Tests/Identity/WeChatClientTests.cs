using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.WeChat;

namespace MicroPlatform.Api.Tests.Identity;

/// <summary>What only the real client can get wrong: tokens, retries, odd JSON, silence, and what it writes to the log.</summary>
[TestFixture]
public sealed class WeChatClientTests
{
    private const string TokenPath = "/cgi-bin/stable_token";
    private const string SendPath = "/cgi-bin/message/subscribe/send";
    private const string LoginPath = "/sns/jscode2session";
    private const string PhonePath = "/wxa/business/getuserphonenumber";

    private WeChatStubServer _server = null!;
    private RealWeChat _real = null!;

    [SetUp]
    public async Task Start()
    {
        _server = await WeChatStubServer.StartAsync();
        _real = new RealWeChat(_server, settings: ("WeChat:Timeout", "00:00:00.4"));
    }

    [TearDown]
    public async Task Stop()
    {
        await _real.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task Token_FiftyCallsAtOnce_IsAskedForOnce()
    {
        _server.TokenDelay = TimeSpan.FromMilliseconds(150);

        var verdicts = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Send($"p{i}")));

        Assert.That(verdicts, Is.All.InstanceOf<SendVerdict.Sent>());
        Assert.That(_server.Calls(TokenPath), Is.EqualTo(1));
    }

    [Test]
    public async Task Token_OneWaiterGoesAway_OthersStillGetIt()
    {
        _server.TokenDelay = TimeSpan.FromMilliseconds(150);
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(30));

        var gone = _real.WeChat.SendSubscribeMessageAsync(Message("p1"), impatient.Token);
        var stays = Send("p2");

        Assert.That(async () => await gone, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await stays, Is.InstanceOf<SendVerdict.Sent>());
        Assert.That(_server.Calls(TokenPath), Is.EqualTo(1));
    }

    [Test]
    public async Task Token_ReplacedElsewhere_IsFetchedAgainAndTheCallReplayedOnce()
    {
        await Send("p1");
        _server.ReplaceToken();

        Assert.That(await Send("p2"), Is.EqualTo(new SendVerdict.Sent("1234567890123456789")));
        Assert.That(_server.Calls(TokenPath), Is.EqualTo(2));
        Assert.That(_server.Calls(SendPath), Is.EqualTo(3));
        Assert.That(_server.RawBodies.Where(body => body.Contains("grant_type", StringComparison.Ordinal)), Is.All.Contains("\"force_refresh\":false"));
    }

    [TestCase(40001)]
    [TestCase(40014)]
    [TestCase(42001)]
    public async Task Token_NeverAccepted_GivesUpAfterOneReplay(int errcode)
    {
        _server.Answer(SendPath, WeChatStubServer.Error(errcode), WeChatStubServer.Error(errcode), WeChatStubServer.Error(errcode));

        Assert.That(await Send("p"), Is.InstanceOf<SendVerdict.NotNow>());
        Assert.That(_server.Calls(SendPath), Is.EqualTo(2));
    }

    [Test]
    public async Task Token_CannotBeHad_NothingIsSent()
    {
        _server.Answer(TokenPath, WeChatStubServer.Error(40164, "invalid ip 203.0.113.9, not in whitelist"));

        Assert.That(await Send("p"), Is.EqualTo(new SendVerdict.NotNow(40164, TimeSpan.FromMinutes(5))));
        Assert.That(_server.Calls(SendPath), Is.Zero);
        Assert.That(_real.Log, Does.Contain("203.0.113.9"), "the operator needs the address to put on the list");
    }

    [Test]
    public async Task Token_NumbersAsText_AreRead()
    {
        _server.ExpiresIn = "7200";

        await Send("p1");
        await Send("p2");

        Assert.That(_server.Calls(TokenPath), Is.EqualTo(1));
    }

    [Test]
    public async Task Token_NearItsEnd_IsRenewedInTheBackgroundWhileTheOldOneServes()
    {
        var time = new ManualTime();
        await using var real = new RealWeChat(_server, time);
        await real.WeChat.SendSubscribeMessageAsync(Message("p"));
        time.Now += TimeSpan.FromSeconds(6935);
        _server.TokenDelay = TimeSpan.FromMilliseconds(100);

        await real.WeChat.SendSubscribeMessageAsync(Message("p"));
        Assert.That(_server.Calls(TokenPath), Is.LessThanOrEqualTo(2));
        Assert.That(() => _server.Calls(TokenPath), Is.EqualTo(2).After(2000, 20));

        time.Now += TimeSpan.FromSeconds(6000);
        await Task.Delay(200);
        await real.WeChat.SendSubscribeMessageAsync(Message("p"));
        Assert.That(_server.Calls(TokenPath), Is.EqualTo(2), "the renewed one has its own two hours");
    }

    [Test]
    public async Task Token_RenewalFails_OldOneServesToItsEnd()
    {
        var time = new ManualTime();
        await using var real = new RealWeChat(_server, time);
        await real.WeChat.SendSubscribeMessageAsync(Message("p"));
        time.Now += TimeSpan.FromSeconds(7000);
        _server.Answer(TokenPath, WeChatStubServer.Error(45009));

        Assert.That(await real.WeChat.SendSubscribeMessageAsync(Message("p")), Is.InstanceOf<SendVerdict.Sent>());
        Assert.That(() => _server.Calls(TokenPath), Is.EqualTo(2).After(2000, 20));
        Assert.That(await real.WeChat.SendSubscribeMessageAsync(Message("p")), Is.InstanceOf<SendVerdict.Sent>());
        Assert.That(_server.Calls(TokenPath), Is.EqualTo(2), "not asked again at once");
    }

    [TestCase(7200, 0.5, 6900)]
    [TestCase(7200, 0, 6870)]
    [TestCase(7200, 1, 6930)]
    [TestCase(345, 0.5, 45)]
    [TestCase(60, 0.5, 30)]
    [TestCase(60, 0, 0)]
    [TestCase(100000, 0.5, 6900)]
    public void RefreshIn_AnyLife_IsFiveMinutesBeforeTheEndWithinBounds(long expiresIn, double chance, double seconds) =>
        Assert.That(StableToken.RefreshIn(expiresIn, chance).TotalSeconds, Is.EqualTo(seconds).Within(0.001));

    [Test]
    public async Task CodeToSession_BusyOnce_IsTriedOnceMore()
    {
        _server.Answer(LoginPath, WeChatStubServer.Error(-1, "system error"));

        Assert.That(await _real.WeChat.CodeToSessionAsync("test:alice#1"), Is.InstanceOf<WeChatLogin.Session>());
        Assert.That(_server.Calls(LoginPath), Is.EqualTo(2));
    }

    [Test]
    public async Task CodeToSession_BusyTwice_SaysBusy()
    {
        _server.Answer(LoginPath, WeChatStubServer.Error(-1), WeChatStubServer.Error(-1), WeChatStubServer.Error(-1));

        Assert.That(await _real.WeChat.CodeToSessionAsync("test:alice#1"), Is.EqualTo(new WeChatLogin.Busy(TimeSpan.FromSeconds(2))));
        Assert.That(_server.Calls(LoginPath), Is.EqualTo(2));
    }

    [Test]
    public async Task CodeToSession_NoAnswer_IsNotTriedAgain()
    {
        _server.Answer(LoginPath, [null]);

        Assert.That(await _real.WeChat.CodeToSessionAsync("test:alice#1"), Is.EqualTo(new WeChatLogin.Unavailable()));
        Assert.That(_server.Calls(LoginPath), Is.EqualTo(1));
    }

    [TestCase("<html>busy</html>")]
    [TestCase("")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("{\"openid\":\"x\"}")]
    [TestCase("{\"openid\":{\"a\":1},\"session_key\":[]}")]
    [TestCase("{\"errcode\":99999999999999999999}")]
    public async Task CodeToSession_AnswerThatMakesNoSense_IsUnavailable(string body)
    {
        _server.Answer(LoginPath, body);

        Assert.That(await _real.WeChat.CodeToSessionAsync("test:alice#1"), Is.EqualTo(new WeChatLogin.Unavailable()));
    }

    [Test]
    public async Task CodeToSession_NumbersAsText_AreRead()
    {
        _server.Answer(LoginPath, """{"errcode":"40029","errmsg":"invalid code"}""", """{"errcode":"0","openid":"o1","session_key":"o0q0otL8aEzpcZL/FT9WsQ==","unionid":"u1"}""");

        Assert.That(await _real.WeChat.CodeToSessionAsync("a"), Is.EqualTo(new WeChatLogin.CodeInvalid()));
        Assert.That(await _real.WeChat.CodeToSessionAsync("b"), Is.EqualTo(new WeChatLogin.Session("o1", "u1", "o0q0otL8aEzpcZL/FT9WsQ==")));
    }

    [TestCase("86")]
    [TestCase("\"86\"")]
    public async Task GetPhoneNumber_CountryAsNumberOrText_IsRead(string country)
    {
        _server.Answer(PhonePath, Phone(country, WeChatStubServer.AppId));

        Assert.That(await _real.WeChat.GetPhoneNumberAsync("c", "o"), Is.EqualTo(new WeChatPhone.Found("86", "13800138000")));
    }

    [Test]
    public async Task GetPhoneNumber_OfAnotherMiniProgram_IsNotBelieved()
    {
        _server.Answer(PhonePath, Phone("86", "wx0000000000000000"));

        Assert.That(await _real.WeChat.GetPhoneNumberAsync("c", "o"), Is.EqualTo(new WeChatPhone.CodeInvalid()));
    }

    [Test]
    public async Task Send_FieldRefused_NamesTheFieldOnly()
    {
        _server.Answers["p"] = 47003;

        Assert.That(await Send("p"), Is.EqualTo(new SendVerdict.Faulty(47003, "thing1")));
    }

    [Test]
    public async Task Send_Busy_IsLeftToTheCallersPatience()
    {
        _server.Answers["p"] = -1;

        await Send("p");

        Assert.That(_server.Calls(SendPath), Is.EqualTo(1));
    }

    [Test]
    public async Task Send_NoAnswer_IsUncertain()
    {
        _server.Answer(SendPath, [null]);

        Assert.That(await Send("p"), Is.EqualTo(new SendVerdict.Uncertain()));
        Assert.That(_server.Calls(SendPath), Is.EqualTo(1));
    }

    [Test]
    public async Task Send_Chinese_GoesOutReadable()
    {
        await Send("p");

        Assert.That(_server.RawBodies.Last(), Does.Contain("劳动争议").And.Contain("\"miniprogram_state\":\"formal\"").And.Contain("\"page\":\"pages/a?id=1\""));
    }

    [Test]
    public async Task Send_NobodyListens_IsNotSentAndSoonRefusedAtOnce()
    {
        await using var real = new RealWeChat(_server, settings: ("WeChat:BaseUrl", "http://127.0.0.1:1/"));

        for (var i = 0; i < 12; i++) Assert.That(await real.WeChat.SendSubscribeMessageAsync(Message("p")), Is.EqualTo(new SendVerdict.NotNow(null, null)));

        Assert.That(real.Log, Does.Contain("calls are refused for"));
    }

    [Test]
    public async Task CheckText_LongText_GoesInPartsThatOverlapAndNeverSplitACharacter()
    {
        var text = new string('甲', 2499) + "👨‍👩‍👧" + new string('乙', 2490);

        await _real.WeChat.CheckTextAsync("o", TextScene.Comment, text);

        var parts = _server.Checked.Select(body => (string)body["content"]!).ToList();
        Assert.That(parts, Has.Count.EqualTo(3));
        Assert.That(parts[0], Is.EqualTo(new string('甲', 2499)));
        Assert.That(parts[1], Does.Contain("甲👨‍👩‍👧乙"));
        Assert.That(parts, Is.All.Length.LessThanOrEqualTo(2500));
        Assert.That((int)_server.Checked.First()["version"]!, Is.EqualTo(2));
    }

    [Test]
    public async Task Log_AfterEveryKindOfTrouble_HoldsTheRidAndNoSecret()
    {
        _server.Answer(LoginPath, WeChatStubServer.Error(40125, $"invalid appsecret {WeChatStubServer.Secret}"), null!, """{"errcode":0,"openid":"openid-of-eve","session_key":"o0q0otL8aEzpcZL/FT9WsQ=="}""");
        _server.Answer(PhonePath, Phone("86", WeChatStubServer.AppId));
        await _real.WeChat.CodeToSessionAsync("code-of-eve-1");
        await _real.WeChat.CodeToSessionAsync("code-of-eve-2");
        await _real.WeChat.CodeToSessionAsync("code-of-eve-3");
        await _real.WeChat.GetPhoneNumberAsync("phone-code-of-eve", "openid-of-eve");
        _server.Answers["openid-of-eve"] = 43101;
        await Send("openid-of-eve");
        _server.ReplaceToken();
        await Send("openid-of-eve");

        Assert.That(_real.Log, Does.Contain(WeChatStubServer.Rid).And.Contain("40125").And.Contain("43101"));
        foreach (var secret in new[] { WeChatStubServer.Secret, "of-eve", "o0q0ot", "TOKEN-", "13800138000", "劳动争议" })
            Assert.That(_real.Log, Does.Not.Contain(secret));
    }

    private Task<SendVerdict> Send(string openid) => _real.WeChat.SendSubscribeMessageAsync(Message(openid));

    private static SubscribeMessage Message(string openid) => new(openid, "t1", "pages/a?id=1", new Dictionary<string, string> { ["thing1"] = "劳动争议" });

    private static string Phone(string country, string appid) =>
        $$$$"""{"errcode":0,"errmsg":"ok","phone_info":{"phoneNumber":"+8613800138000","purePhoneNumber":"13800138000","countryCode":{{{{country}}}},"watermark":{"timestamp":1637744274,"appid":"{{{{appid}}}}"}}}""";

    /// <summary>The clock stands where it is put; delays run on the real one.</summary>
    private sealed class ManualTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
