using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.WeChat;

namespace MicroPlatform.Api.Tests.Identity;

/// <summary>What the platform relies on in WeChat. The real client against the wire and the fake both pass it; a fake that does not would teach us wrong things.</summary>
public abstract class WeChatContract
{
    protected abstract IWeChat WeChat { get; }

    /// <summary>From now on messages and text checks of this person are answered with the errcode.</summary>
    protected abstract void Answer(string openid, int errcode);

    /// <summary>The values of the last message taken, by field key; null when none was.</summary>
    protected abstract IReadOnlyDictionary<string, string>? LastTaken();

    [Test]
    public async Task CodeToSession_NewCode_GivesSession()
    {
        var session = await WeChat.CodeToSessionAsync("test:alice#1") as WeChatLogin.Session;

        Assert.That(session, Is.Not.Null);
        Assert.That(session!.OpenId, Is.EqualTo("alice"));
        Assert.That(session.UnionId, Is.Null);
        Assert.That(Convert.FromBase64String(session.SessionKey), Has.Length.EqualTo(16));
    }

    [Test]
    public async Task CodeToSession_CodeUsedBefore_IsInvalid()
    {
        await WeChat.CodeToSessionAsync("test:bob#same");

        Assert.That(await WeChat.CodeToSessionAsync("test:bob#same"), Is.EqualTo(new WeChatLogin.CodeInvalid()));
    }

    [TestCase("")]
    [TestCase("garbage")]
    [TestCase("test:")]
    [TestCase("test:a b")]
    [TestCase("code&secret=x#?")]
    public async Task CodeToSession_NoCodeAtAll_IsInvalid(string code) =>
        Assert.That(await WeChat.CodeToSessionAsync(code), Is.EqualTo(new WeChatLogin.CodeInvalid()));

    [Test]
    public async Task CodeToSession_EachTrouble_HasItsOwnAnswer()
    {
        Assert.That(await WeChat.CodeToSessionAsync("test-blocked:carol"), Is.EqualTo(new WeChatLogin.UserBlocked()));
        Assert.That(await WeChat.CodeToSessionAsync("test-busy"), Is.EqualTo(new WeChatLogin.Busy(TimeSpan.FromSeconds(60))));
        Assert.That(await WeChat.CodeToSessionAsync("test-unavailable"), Is.EqualTo(new WeChatLogin.Unavailable()));
        Assert.That(await WeChat.CodeToSessionAsync("test-misconfigured"), Is.EqualTo(new WeChatLogin.Misconfigured()));
    }

    [Test]
    public async Task GetPhoneNumber_NewCode_GivesNumberWithoutCountry() =>
        Assert.That(await WeChat.GetPhoneNumberAsync("test-phone:13800138000#1", "alice"), Is.EqualTo(new WeChatPhone.Found("86", "13800138000")));

    [Test]
    public async Task GetPhoneNumber_CodeUsedBefore_IsInvalid()
    {
        await WeChat.GetPhoneNumberAsync("test-phone:13800138000#same", "alice");

        Assert.That(await WeChat.GetPhoneNumberAsync("test-phone:13800138000#same", "alice"), Is.EqualTo(new WeChatPhone.CodeInvalid()));
    }

    [Test]
    public async Task GetPhoneNumber_EachTrouble_HasItsOwnAnswer()
    {
        Assert.That(await WeChat.GetPhoneNumberAsync("test:alice", "alice"), Is.EqualTo(new WeChatPhone.CodeInvalid()), "a sign-in code is no phone code");
        Assert.That(await WeChat.GetPhoneNumberAsync("test-busy", "alice"), Is.EqualTo(new WeChatPhone.Busy(TimeSpan.FromSeconds(60))));
        Assert.That(await WeChat.GetPhoneNumberAsync("test-unavailable", "alice"), Is.EqualTo(new WeChatPhone.Unavailable()));
        Assert.That(await WeChat.GetPhoneNumberAsync("test-misconfigured", "alice"), Is.EqualTo(new WeChatPhone.Misconfigured()));
    }

    [TestCase("邻居占用公共通道怎么办", TextSuggestion.Pass, 100)]
    [TestCase("[review]", TextSuggestion.Review, 21000)]
    [TestCase("他打了我 [risky]", TextSuggestion.Risky, 20006)]
    [TestCase("   ", TextSuggestion.Pass, 100)]
    public async Task CheckText_Texts_AreJudged(string text, TextSuggestion suggestion, int label) =>
        Assert.That(await WeChat.CheckTextAsync("alice", TextScene.Comment, text), Is.EqualTo(new TextVerdict.Judged(suggestion, label)));

    [Test]
    public async Task CheckText_PersonNotSeenForTwoHours_IsNotCheckable()
    {
        Answer("dave", 61010);

        Assert.That(await WeChat.CheckTextAsync("dave", TextScene.Comment, "你好"), Is.EqualTo(new TextVerdict.NotCheckable()));
    }

    [Test]
    public async Task CheckText_RiskAtTheVeryEndOfALongText_IsFound()
    {
        var text = string.Concat(Enumerable.Repeat("房东不退押金。", 900))[..4990] + "[risky]";

        Assert.That(await WeChat.CheckTextAsync("alice", TextScene.Comment, text), Is.EqualTo(new TextVerdict.Judged(TextSuggestion.Risky, 20006)));
    }

    [Test]
    public async Task Send_LongValues_ArriveWithinTheLimits()
    {
        var verdict = await WeChat.SendSubscribeMessageAsync(Message("erin", ("thing1", "\n关于某某小区物业公司长期占用公共收益拒不公示账目的投诉咨询"), ("time2", "2026-11-22T07:00:00Z"), ("phrase3", "已答复！")));

        Assert.That(verdict, Is.InstanceOf<SendVerdict.Sent>());
        Assert.That(LastTaken(), Is.EquivalentTo(new Dictionary<string, string>
        {
            ["thing1"] = "关于某某小区物业公司长期占用公共收益拒…",
            ["time2"] = "2026年11月22日 15:00",
            ["phrase3"] = "已答复",
        }));
    }

    [Test]
    public async Task Send_ValueThatIsNoTime_IsFaultyAndNamesTheField()
    {
        var verdict = await WeChat.SendSubscribeMessageAsync(Message("frank", ("time2", "soon")));

        Assert.That(verdict, Is.EqualTo(new SendVerdict.Faulty(47003, "time2")));
        Assert.That(LastTaken(), Is.Null);
    }

    [Test]
    public async Task Send_EachErrcode_HasItsOwnAnswer()
    {
        Assert.That(await SentWith(43101), Is.EqualTo(new SendVerdict.NoPermission(43101)));
        Assert.That(await SentWith(40003), Is.EqualTo(new SendVerdict.UnknownRecipient(40003)));
        foreach (var fault in new[] { 47003, 40037, 41030, 45168 }) Assert.That(await SentWith(fault), Is.InstanceOf<SendVerdict.Faulty>(), $"{fault}");
        Assert.That(await SentWith(-1), Is.EqualTo(new SendVerdict.NotNow(-1, TimeSpan.FromSeconds(2))));
        Assert.That(await SentWith(45009), Is.EqualTo(new SendVerdict.NotNow(45009, TimeSpan.FromHours(1))));
        Assert.That(await SentWith(43108), Is.EqualTo(new SendVerdict.NotNow(43108, TimeSpan.FromMinutes(1))));
        Assert.That(await SentWith(99999), Is.InstanceOf<SendVerdict.NotNow>());
        Assert.That(LastTaken(), Is.Null);

        Task<SendVerdict> SentWith(int errcode)
        {
            Answer("grace", errcode);
            return WeChat.SendSubscribeMessageAsync(Message("grace", ("thing1", "咨询")));
        }
    }

    [Test]
    public async Task Results_Printed_HoldNothingSecret()
    {
        var session = (WeChatLogin.Session)await WeChat.CodeToSessionAsync("test:heidi#print");
        var phone = await WeChat.GetPhoneNumberAsync("test-phone:13900139000#print", "heidi");

        Assert.That($"{session}{phone}{Message("heidi", ("thing1", "家暴"))}", Does.Not.Contain("heidi").And.Not.Contain(session.SessionKey).And.Not.Contain("139").And.Not.Contain("家暴"));
    }

    protected static SubscribeMessage Message(string openid, params (string Key, string Value)[] data) =>
        new(openid, "template-1", "pages/matter/detail?id=1", data.ToDictionary(pair => pair.Key, pair => pair.Value));
}

[TestFixture]
public sealed class FakeWeChatContractTests : WeChatContract
{
    private FakeWeChat _fake = null!;

    protected override IWeChat WeChat => _fake;

    [SetUp]
    public void Start() => _fake = new FakeWeChat(TimeProvider.System);

    protected override void Answer(string openid, int errcode) => _fake.AnswerMessagesTo(openid, errcode);

    protected override IReadOnlyDictionary<string, string>? LastTaken() => _fake.Sent is [.., var last] ? last.Message.Data : null;

    [Test]
    public async Task CodeToSession_CodeWithoutNonce_IsGoodAgainAndAgain()
    {
        var first = await _fake.CodeToSessionAsync("test:demo");

        Assert.That(first, Is.InstanceOf<WeChatLogin.Session>());
        Assert.That(await _fake.CodeToSessionAsync("test:demo"), Is.EqualTo(first));
    }

    [Test]
    public async Task Sent_ManyMessages_KeepsTheLastThousand()
    {
        for (var i = 0; i < 1003; i++) await _fake.SendSubscribeMessageAsync(Message("p", ("number1", $"{i}")));

        Assert.That(_fake.Sent, Has.Count.EqualTo(1000));
        Assert.That(_fake.Sent[^1].Message.Data["number1"], Is.EqualTo("1002"));
    }
}

[TestFixture]
public sealed class RealWeChatContractTests : WeChatContract
{
    private WeChatStubServer _server = null!;
    private RealWeChat _real = null!;

    protected override IWeChat WeChat => _real.WeChat;

    [SetUp]
    public async Task Start()
    {
        _server = await WeChatStubServer.StartAsync();
        _real = new RealWeChat(_server);
    }

    [TearDown]
    public async Task Stop()
    {
        await _real.DisposeAsync();
        await _server.DisposeAsync();
    }

    protected override void Answer(string openid, int errcode) => _server.Answers[openid] = errcode;

    protected override IReadOnlyDictionary<string, string>? LastTaken() =>
        _server.Sent.LastOrDefault()?["data"]!.AsObject().ToDictionary(pair => pair.Key, pair => (string)pair.Value!["value"]!);
}
