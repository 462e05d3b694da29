using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MicroPlatform.Infrastructure.WeChat;

namespace MicroPlatform.Api.Tests.Identity;

/// <summary>The examples that WeChat publishes for its message push, and what must be refused.</summary>
[TestFixture]
public sealed class WeChatMessagePushTests
{
    private const string Encrypted =
        "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04=";

    private const string AppId = "wxba5fad812f8e6fb9";

    private static readonly MessagePush Push = new("AAAAA", new string('A', 43), AppId);

    [TestCase("1714036504", "1514711492", "f464b24fc39322e44b38aa78f5edd27bd1441696", TestName = "IsFromWeChat_PublishedAddressCheck_IsTrue")]
    [TestCase("1714037059", "486452656", "899cf89e464efb63f54ddac96b0a0a235f53aa78", TestName = "IsFromWeChat_PublishedPlainPost_IsTrue")]
    public void IsFromWeChat_PublishedExamples_AreTrue(string timestamp, string nonce, string signature) =>
        Assert.That(Push.IsFromWeChat(signature, timestamp, nonce), Is.True);

    [TestCase("f464b24fc39322e44b38aa78f5edd27bd1441697", "1714036504", "1514711492")]
    [TestCase("F464B24FC39322E44B38AA78F5EDD27BD1441696", "1714036504", "1514711492")]
    [TestCase("f464b24fc39322e44b38aa78f5edd27bd1441696", "1714036505", "1514711492")]
    [TestCase("", "", "")]
    [TestCase(null, null, null)]
    public void IsFromWeChat_AnythingElse_IsFalse(string? signature, string? timestamp, string? nonce) =>
        Assert.That(Push.IsFromWeChat(signature, timestamp, nonce), Is.False);

    [Test]
    public void Open_PublishedExample_GivesTheMessage()
    {
        var opened = Push.Open("046e02f8204d34f8ba5fa3b1db94908f3df2e9b3", "1714112445", "415670741", Encrypted);

        Assert.That(opened.Fault, Is.EqualTo(PushFault.None));
        Assert.That(Encoding.UTF8.GetString(opened.Message), Is.EqualTo(
            """{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","CreateTime":1714112445,"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}"""));
    }

    [Test]
    public void Seal_PublishedReply_IsTheSame()
    {
        var reply = JsonNode.Parse(Push.Seal("""{"demo_resp":"good luck"}""", 1713424427, "415670741", Encoding.ASCII.GetBytes("707722b803182950")))!;

        Assert.That((string?)reply["Encrypt"], Is.EqualTo("ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="));
        Assert.That((string?)reply["MsgSignature"], Is.EqualTo("1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"));
        Assert.That(reply["TimeStamp"]!.GetValueKind(), Is.EqualTo(JsonValueKind.Number));
        Assert.That(reply["Nonce"]!.GetValueKind(), Is.EqualTo(JsonValueKind.String));
    }

    /// <summary>Every length modulo 32, so that each padding from 1 to 32 is met.</summary>
    [Test]
    public void Open_WhatWasSealed_IsTheSameAtEveryLength()
    {
        for (var length = 0; length < 70; length++)
        {
            var message = new string('中', length / 3) + new string('x', length % 3);
            var sealedReply = JsonNode.Parse(Push.Seal(message, 1, "n"))!;

            var opened = Push.Open((string?)sealedReply["MsgSignature"], "1", "n", (string?)sealedReply["Encrypt"]);

            Assert.That(opened.Fault, Is.EqualTo(PushFault.None), $"{length}");
            Assert.That(Encoding.UTF8.GetString(opened.Message), Is.EqualTo(message));
        }
    }

    [Test]
    public void Open_PlainSignatureInsteadOfMessageSignature_IsRefused() =>
        Assert.That(Push.Open(MessagePush.Sign("AAAAA", "1714112445", "415670741"), "1714112445", "415670741", Encrypted).Fault, Is.EqualTo(PushFault.BadSignature));

    [Test]
    public void Open_ForAnotherApp_IsRefused()
    {
        var other = new MessagePush("AAAAA", new string('A', 43), "wx0000000000000000");

        Assert.That(other.Open("046e02f8204d34f8ba5fa3b1db94908f3df2e9b3", "1714112445", "415670741", Encrypted).Fault, Is.EqualTo(PushFault.OtherApp));
    }

    [TestCase("")]
    [TestCase("AAAA")]
    [TestCase("not base64")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAA==")]
    public void Open_SignedRubbish_IsRefusedWithoutThrowing(string encrypted) =>
        Assert.That(Push.Open(MessagePush.Sign("AAAAA", "1", "2", encrypted), "1", "2", encrypted).Fault, Is.EqualTo(PushFault.BadCipher));

    [Test]
    public void Open_SealedWithAnotherKey_IsRefused()
    {
        var other = JsonNode.Parse(new MessagePush("AAAAA", new string('B', 43), AppId).Seal("""{"a":1}""", 1, "n"))!;

        Assert.That(Push.Open((string?)other["MsgSignature"], "1", "n", (string?)other["Encrypt"]).Fault, Is.Not.EqualTo(PushFault.None));
    }

    [Test]
    public void Sign_CapitalsAndSmallLetters_AreSortedByCodeNotByCulture() =>
        Assert.That(MessagePush.Sign("b", "A", "a", "B"), Is.EqualTo("4cf88ce142afe906ce4444ea98fddf229bf2392b"), "SHA-1 of ABab");

    [TestCase("AAAAA", true)]
    [TestCase("AAAA", false)]
    public void IsKey_Length_Matters(string part, bool ok) =>
        Assert.That(MessagePush.IsKey(string.Concat(Enumerable.Repeat("A", 38)) + part), Is.EqualTo(ok));
}
