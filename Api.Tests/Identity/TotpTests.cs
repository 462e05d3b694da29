using System.Text;
using MicroPlatform.Domain.Identity;

namespace MicroPlatform.Api.Tests.Identity;

public class TotpTests
{
    /// <summary>The seed of RFC 6238 appendix B.</summary>
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");

    [TestCase(59, "94287082")]
    [TestCase(1111111109, "07081804")]
    [TestCase(1111111111, "14050471")]
    [TestCase(1234567890, "89005924")]
    [TestCase(2000000000, "69279037")]
    [TestCase(20000000000, "65353130")]
    public void Code_OfTheRfcVectors_IsTheirLastSixDigits(long seconds, string eight) =>
        Assert.That(Totp.CodeAt(Secret, Totp.StepAt(At(seconds))), Is.EqualTo(eight[2..]));

    [TestCase(-1, true)]
    [TestCase(0, true)]
    [TestCase(1, true)]
    [TestCase(-2, false)]
    [TestCase(2, false)]
    public void Match_OneStepAway_IsAccepted(int away, bool accepted)
    {
        var step = Totp.StepAt(At(1111111111));
        Assert.That(Totp.Match(Secret, Totp.CodeAt(Secret, step + away), At(1111111111), 0), Is.EqualTo(accepted ? step + away : null));
    }

    [Test]
    public void Match_SameCodeTwice_IsRefused()
    {
        var code = Totp.CodeAt(Secret, Totp.StepAt(At(1111111111)));
        var used = Totp.Match(Secret, code, At(1111111111), 0);
        Assert.That(used, Is.Not.Null);
        Assert.That(Totp.Match(Secret, code, At(1111111111), used!.Value), Is.Null);
        Assert.That(Totp.Match(Secret, Totp.CodeAt(Secret, used.Value - 1), At(1111111111), used.Value), Is.Null, "nor an older one");
    }

    [TestCase("050 471")]
    [TestCase("０５０４７１")]
    public void Match_AsPeopleTypeIt_IsAccepted(string code) => Assert.That(Totp.Match(Secret, code, At(1111111111), 0), Is.Not.Null);

    [TestCase(null)]
    [TestCase("")]
    [TestCase("05047")]
    [TestCase("0504711")]
    [TestCase("abcdef")]
    [TestCase("\0\0\0\0\0\0")]
    public void Match_NotACode_IsRefused(string? code) => Assert.That(Totp.Match(Secret, code, At(1111111111), 0), Is.Null);

    [TestCase("", "")]
    [TestCase("f", "MY")]
    [TestCase("fo", "MZXQ")]
    [TestCase("foo", "MZXW6")]
    [TestCase("foob", "MZXW6YQ")]
    [TestCase("fooba", "MZXW6YTB")]
    [TestCase("foobar", "MZXW6YTBOI")]
    public void Base32_OfTheRfc4648Vectors_IsTheirs(string text, string base32) =>
        Assert.That(Totp.ToBase32(Encoding.ASCII.GetBytes(text)), Is.EqualTo(base32));

    [Test]
    public void EnrolmentUri_OfChineseIssuer_IsEscaped() =>
        Assert.That(Totp.EnrolmentUri("公共法律服务", "zhang.lu", Secret), Is.EqualTo(
            "otpauth://totp/%E5%85%AC%E5%85%B1%E6%B3%95%E5%BE%8B%E6%9C%8D%E5%8A%A1:zhang.lu?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%E5%85%AC%E5%85%B1%E6%B3%95%E5%BE%8B%E6%9C%8D%E5%8A%A1&algorithm=SHA1&digits=6&period=30"));

    private static DateTimeOffset At(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds);
}
