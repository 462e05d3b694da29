using MicroPlatform.Domain.Identity;

namespace MicroPlatform.Api.Tests.Identity;

public class PasswordRulesTests
{
    [TestCase("correct horse battery")]
    [TestCase("Tr4ctor-Qi")]
    [TestCase("谯城区的梨花开了又谢了吧")]
    [TestCase("kd83hs92jd74")]
    public void Problem_GoodPassword_IsNone(string password) => Assert.That(PasswordRules.Problem(password, "zhang.lu"), Is.Null);

    [TestCase("", "请输入")]
    [TestCase(null, "请输入")]
    [TestCase("Ab1!Ab1!x", "至少", Description = "9 characters of four kinds")]
    [TestCase("abcdkjhgfd9", "至少", Description = "11 characters of two kinds")]
    [TestCase("my-Zhang.Lu-2026", "用户名")]
    [TestCase("aaaaaaaaaaaaaaaa", "重复")]
    [TestCase("abcdefghijklmno", "连续")]
    [TestCase("567890123456", "连续")]
    [TestCase("987654321098", "连续")]
    [TestCase("P@ssw0rd2026!", "常见")]
    [TestCase("Admin@123456", "常见")]
    [TestCase("1qaz2wsx3edc", "常见")]
    [TestCase("Woaini5201314", "常见")]
    [TestCase("abcdefg\0hijkz", "控制")]
    public void Problem_BadPassword_SaysWhy(string? password, string word) => Assert.That(PasswordRules.Problem(password, "zhang.lu"), Does.Contain(word));

    [Test]
    public void Problem_OverlongPassword_IsRefusedBeforeItCostsWork() =>
        Assert.That(PasswordRules.Problem(string.Concat(Enumerable.Repeat("aB3$", 33)), "zhang.lu"), Does.Contain("最多"));
}
