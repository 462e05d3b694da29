using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Api.Tests.VideoCalls;

/// <summary>The providers' formulas against values that others have computed: what differs in one bit is refused by servers that say no more than "wrong".</summary>
[TestFixture]
public sealed class VideoVectorsTests
{
    private const long SdkAppId = 1400000000;
    private const string TrtcKey = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";

    private static readonly DateTimeOffset Then = DateTimeOffset.FromUnixTimeSeconds(1700000000);
    private static readonly DateTimeOffset Later = DateTimeOffset.FromUnixTimeSeconds(1700003600);
    private static readonly TimeSpan TwoHours = TimeSpan.FromSeconds(7200);

    [Test]
    public void UserSig_Published_InflatesToTheSame()
    {
        var json = Inflated(UserSig.Mint(SdkAppId, TrtcKey, "user_1", Then, TwoHours));

        Assert.That(JsonNode.DeepEquals(json, JsonNode.Parse("""
            {"TLS.ver":"2.0","TLS.identifier":"user_1","TLS.sdkappid":1400000000,"TLS.expire":7200,"TLS.time":1700000000,"TLS.sig":"YjkEzX+Y0gTKGrIetXvC01gfucJSuEku5TzDlke887I="}
            """)), json.ToJsonString());
    }

    [Test]
    public void RoomKey_WithANamedRoom_InflatesToTheSame()
    {
        var json = Inflated(UserSig.MintRoomKey(SdkAppId, TrtcKey, "user_1", "appt-01HF", UserSig.Everything, Then, TwoHours));

        Assert.Multiple(() =>
        {
            Assert.That((string?)json["TLS.sig"], Is.EqualTo("PxMmIiNOrz1OwO0cbt51bPJ8oA0+qtIbUAJFZ65NJsU="));
            Assert.That(Convert.ToHexStringLower(Convert.FromBase64String((string)json["TLS.userbuf"]!)), Is.EqualTo("010006757365725f3153724e000000000065540d20000000ff000000000009617070742d30314846"));
        });
    }

    [Test]
    public void RoomKey_WithANumberedRoom_InflatesToTheSame()
    {
        var buffer = UserSig.UserBuffer(SdkAppId, "user_1", null, 10001, UserSig.Everything, Then + TwoHours);

        Assert.That(Convert.ToHexStringLower(buffer), Is.EqualTo("000006757365725f3153724e000000271165540d20000000ff00000000"));
        Assert.That((string?)Inflated(UserSig.Mint(SdkAppId, TrtcKey, "user_1", Then, TwoHours, buffer))["TLS.sig"], Is.EqualTo("YRRB5eGw6sibw/uvuyZkvHqJqxYR3nCjNU8HDTRGhzM="));
    }

    [Test]
    public void CloudApiSignature_Published_IsTheSame()
    {
        // As printed, with the escapes in it: the published hash is of these bytes.
        var body = Encoding.UTF8.GetBytes("""{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}""");

        var header = CloudApiSignature.Authorize("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE", "cvm", "cvm.tencentcloudapi.com", body, DateTimeOffset.FromUnixTimeSeconds(1551113065));

        Assert.That(header, Is.EqualTo(
            "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"));
    }

    [Test]
    public void LiveKitToken_Published_IsTheSameInEveryCharacter()
    {
        const string Secret = "secret-at-least-32-characters-long!!";
        var token = LiveKitToken.Mint(
            "APIkey123", Secret, "user_1", "张先生", Then, Later, new VideoRights { RoomJoin = true, Room = "appt-01HF", CanPublish = true, CanSubscribe = true, CanPublishData = true });

        Assert.Multiple(() =>
        {
            Assert.That(token.Split('.')[2], Is.EqualTo("lEFmXu2GJDSGQ8Zyxk5d62cCv4oNpRsjZCbRk4JgzdQ"));
            Assert.That((string?)LiveKitToken.Open(token, "APIkey123", Secret)?["name"], Is.EqualTo("张先生"));
            Assert.That(LiveKitToken.Open(token, "APIkey124", Secret), Is.Null, "another installation's");
            Assert.That(LiveKitToken.Open(token, "APIkey123", Secret + "!"), Is.Null);
            Assert.That(LiveKitToken.Open(token.Replace("eyJhbGciOiJIUzI1NiIs", "eyJhbGciOiJub25lIiIs", StringComparison.Ordinal), "APIkey123", Secret), Is.Null, "another algorithm in the header");
        });
    }

    [Test]
    public void JanusTokens_Published_AreTheSame() => Assert.Multiple(() =>
    {
        Assert.That(JanusToken.Api("janus-secret", Later), Is.EqualTo("1700003600,janus,janus.plugin.videoroom:shhtA9TC8sRd19jfrO2SWgXlVxk="));
        Assert.That(JanusToken.Room("janus-secret", "1234", Later), Is.EqualTo("1700003600,janus.plugin.videoroom,room=1234:4Rd2T9if1CU4ivdLabLHAmEoEao="));
        Assert.That(JanusToken.Room("janus-secret", "appt-01HF", Later), Does.EndWith(",room=appt-01HF:pPYymD0lDUx0aF/IF3NNHdku1EQ="));
    });

    [Test]
    public void TurnCredentials_Published_AreTheSame() =>
        Assert.That(TurnCredentials.Mint("north-secret", "user_1", Later), Is.EqualTo(("1700003600:user_1", "Z1L5QS+KrlHbJwGqRKC+NAWvIKs=")));

    [Test]
    public void VoipSignature_Published_TakesTheKeyAsText() => Assert.That(
        VoipSignature.Sign("wx20afc706a711eefc", "1559129713_672975982", "8AP6DT9ybtniUJfb", 1559129714, "gDyVgzwa0mFz9uUP7M6GQQ=="),
        Is.EqualTo("b002b824688dd8593a6079e11d8c5e8734fbcb39a6d5906eb347bfbcad79c617"));

    [Test]
    public void FeedId_OfAnotherRoomPersonOrMaking_IsNobody()
    {
        var id = JanusFeedId.Mint("k", "room", "anna");
        var (who, number, tag) = (id.Split('.')[0], id.Split('.')[1], id.Split('.')[2]);

        Assert.Multiple(() =>
        {
            Assert.That(JanusFeedId.Open("k", "room", id), Is.EqualTo("anna"));
            Assert.That(JanusFeedId.Mint("k", "room", "anna"), Is.Not.EqualTo(id), "each coming in is another");
            foreach (var other in new[] { null, "", "anna", "anna..", $"bert.{number}.{tag}", $"{who}.00000000.{tag}", $"{who}.{number}.{tag}x", $"{id}.x" })
                Assert.That(JanusFeedId.Open("k", "room", other), Is.Null, other);
            Assert.That(JanusFeedId.Open("k", "other", id), Is.Null);
        });
    }

    [TestCase("00:10:00", "00:10:00", TestName = "Until_WithinEverything_IsAsWanted")]
    [TestCase("05:00:00", "02:00:00", TestName = "Until_MoreThanTwoHours_IsTwoHours")]
    public void Until_OfALongCall_IsBounded(string wanted, string given) =>
        Assert.That(new VideoRoom("r", Then.AddHours(9)).Until(Then, TimeSpan.Parse(wanted, null)), Is.EqualTo(Then + TimeSpan.Parse(given, null)));

    [Test]
    public void Until_NearTheEnd_IsTheEndWithItsGrace() =>
        Assert.That(new VideoRoom("r", Then.AddMinutes(1)).Until(Then, TwoHours), Is.EqualTo(Then.AddMinutes(1) + VideoRoom.Grace));

    private static JsonNode Inflated(string userSig)
    {
        var packed = Convert.FromBase64String(userSig.Replace('*', '+').Replace('-', '/').Replace('_', '='));
        using var zlib = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress);
        return JsonNode.Parse(zlib)!;
    }
}
