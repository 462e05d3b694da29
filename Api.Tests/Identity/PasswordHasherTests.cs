using MicroPlatform.Infrastructure.Identity;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Tests.Identity;

public class PasswordHasherTests
{
    private static PasswordHasher With(int iterations) => new(Options.Create(new PasswordOptions { Iterations = iterations }));

    [Test]
    public void Verify_OwnHash_IsRight()
    {
        var hasher = With(1000);
        var stored = hasher.Hash("correct horse battery");
        Assert.That(stored, Does.StartWith("pbkdf2-sha512.v1.1000.").And.Length.LessThan(128));
        Assert.That(hasher.Verify("correct horse battery", stored), Is.EqualTo(PasswordCheck.Right));
        Assert.That(hasher.Verify("correct horse batterz", stored), Is.EqualTo(PasswordCheck.Wrong));
        Assert.That(hasher.Hash("correct horse battery"), Is.Not.EqualTo(stored), "the salt is new each time");
    }

    [Test]
    public void Verify_HashWithFewerRounds_AsksForRehash() =>
        Assert.That(With(2000).Verify("correct horse battery", With(1000).Hash("correct horse battery")), Is.EqualTo(PasswordCheck.RightNeedsRehash));

    [Test]
    public void Verify_NoAccount_IsWrongForAnyPassword() => Assert.That(With(1000).Verify("", null), Is.EqualTo(PasswordCheck.Wrong));

    [TestCase("")]
    [TestCase("plain")]
    [TestCase("pbkdf2-sha512.v1.0.AAAA.AAAA")]
    [TestCase("pbkdf2-sha512.v2.1000.AAAAAAAAAAAAAAAAAAAAAA.AAAA")]
    public void Verify_StoredFormUnknown_IsAnErrorAndNotARightPassword(string stored) =>
        Assert.That(() => With(1000).Verify("", stored), Throws.InvalidOperationException);

    /// <summary>The published vector of PBKDF2-HMAC-SHA-512 (RFC 6070's inputs), which shows that the primitive is the one it is called.</summary>
    [Test]
    public void Pbkdf2_PublishedVector_IsTheSame() => Assert.That(
        Convert.ToHexStringLower(System.Security.Cryptography.Rfc2898DeriveBytes.Pbkdf2("password"u8, "salt"u8, 4096, System.Security.Cryptography.HashAlgorithmName.SHA512, 64)),
        Is.EqualTo("d197b1b33db0143e018b12f3d1d1479e6cdebdcc97c5c0f87f6902e072f457b5143f30602641b3d55cd335988cb36b84376060ecd532e039b742a239434af2d5"));
}
