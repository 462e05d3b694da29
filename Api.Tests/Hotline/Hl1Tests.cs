using System.Security.Cryptography;
using System.Text;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.HotlineSample;

namespace MicroPlatform.Api.Tests.Hotline;

/// <summary>The signature and SM3 by themselves: vectors of the contract and of GB/T 32905-2016.</summary>
public sealed class Hl1Tests
{
    private const string App = "hl_test_01";
    private const string Secret = "9f3c6a0e5d7b41c2a8e4f6b09d1c3e57";
    private const string Stamp = "1763771234";
    private const string Ticket = """{"ticketNo":"12348-20261122-000123","callerPhone":"13800138000","content":"咨询劳动仲裁"}""";

    /// <summary>GB/T 32905-2016, annex A: the two examples of the standard.</summary>
    [TestCase("abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")]
    [TestCase("abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd", "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732")]
    [TestCase("", "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b")]
    public void Sm3_OfTheStandardsExamples_IsTheirs(string text, string hash) => Assert.That(Convert.ToHexStringLower(Sm3.Hash(Encoding.ASCII.GetBytes(text))), Is.EqualTo(hash));

    [Test]
    public void Sm3_OfEveryLengthAroundABlock_DependsOnEveryByte()
    {
        var seen = new HashSet<string>();
        for (var length = 0; length < 200; length++)
        {
            var data = new byte[length];
            Assert.That(seen.Add(Convert.ToHexStringLower(Sm3.Hash(data))), Is.True, $"{length} zeros");
            if (length == 0) continue;
            data[^1] = 1;
            Assert.That(seen.Add(Convert.ToHexStringLower(Sm3.Hash(data))), Is.True, $"{length - 1} zeros and a one");
        }
    }

    [Test]
    public void HmacSm3_OfTheContractsVector_IsTheirs() => Assert.That(
        Convert.ToHexStringLower(Sm3.Hmac(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"HL1-HMAC-SM3\n{App}\n{Stamp}\nc2f1e0d9b8a74c63\nPOST\n/partner/v1/tickets\n\nabc"))),
        Is.EqualTo("620c60a1234824332c8ba7de8840c7af125828c7ef9dbf834f520119983b5d1e"));

    [Test]
    public void Sign_OfThePostVector_IsTheirs()
    {
        var hash = Hl1.BodyHash(Hl1.Sha256, Encoding.UTF8.GetBytes(Ticket));
        Assert.That(hash, Is.EqualTo("cd3c083d78114d65414043706e1364ecb0c7b2c79cac40f679323fc6175df877"));
        Assert.That(Hl1.Sign(Hl1.Sha256, Secret, Hl1.StringToSign(Hl1.Sha256, App, Stamp, "c2f1e0d9b8a74c63", "POST", "/partner/v1/tickets", hash)),
            Is.EqualTo("ac8f8765ee0fe1ff840c4c754dac47d267e579e359539822de853515dfddd9e9"));
    }

    [Test]
    public void Sign_OfTheGetVector_IsTheirs()
    {
        const string Target = "/partner/v1/tickets?updatedSince=2026-11-22T00%3A00%3A00%2B08%3A00&cursor=&pageSize=50";
        var hash = Hl1.BodyHash(Hl1.Sha256, []);
        Assert.That(hash, Is.EqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        Assert.That(Hl1.Sign(Hl1.Sha256, Secret, Hl1.StringToSign(Hl1.Sha256, App, Stamp, "c2f1e0d9b8a74c64", "GET", Target, hash)),
            Is.EqualTo("70c4c51d088a2a9dd3d95383fedbb255bebe31e74a14b285668d7079a42702c2"));
    }

    [TestCase("/gateway/a/partner/v1/ping", "/partner/v1/ping")]
    [TestCase("/partner/v1/tickets/%E5%8F%B7", "/partner/v1/tickets/%E5%8F%B7")]
    public void CanonicalPath_DropsWhatAGatewayPutBefore_AndDecodesNothing(string path, string canonical) => Assert.That(Hl1.CanonicalPath(path), Is.EqualTo(canonical));

    [TestCase("b=2&a=10&a=1&A=3", "A=3&a=1&a=10&b=2")]
    [TestCase("a-b=1&a=2", "a=2&a-b=1")]
    [TestCase("flag&a=%2F", "a=%2F&flag")]
    [TestCase("", "")]
    public void CanonicalQuery_IsSortedByKeyThenValue(string query, string canonical) => Assert.That(Hl1.CanonicalQuery(query), Is.EqualTo(canonical));

    [Test]
    public void SampleClient_MakesTheSameText()
    {
        const string Target = "/partner/v1/tickets?b=2&a=10&a=1&a-b=3&A=3";
        var body = Encoding.UTF8.GetBytes(Ticket);
        Assert.That(HotlineClient.StringToSign(App, Stamp, "c2f1e0d9b8a74c63", "POST", Target, body),
            Is.EqualTo(Hl1.StringToSign(Hl1.Sha256, App, Stamp, "c2f1e0d9b8a74c63", "POST", Target, Convert.ToHexStringLower(SHA256.HashData(body)))));
    }
}
