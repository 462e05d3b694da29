using MicroPlatform.Domain.Identity;

namespace MicroPlatform.Api.Tests.Identity;

public class PhoneNumberTests
{
    [TestCase("13800138000", "13800138000")]
    [TestCase("+8613800138000", "13800138000")]
    [TestCase("+86 138-0013-8000", "13800138000")]
    [TestCase("008613800138000", "13800138000")]
    [TestCase("8613800138000", "13800138000")]
    [TestCase(" 138 0013 8000 ", "13800138000")]
    [TestCase("１３８００１３８０００", "13800138000")]
    [TestCase("＋８６　１３８００１３８０００", "13800138000")]
    [TestCase("‭138 0013 8000‬", "13800138000", Description = "as copied from the contacts of an iPhone")]
    [TestCase("0558-5512348", "05585512348")]
    [TestCase("(0558)5512348", "05585512348")]
    [TestCase("（0558）5512348", "05585512348")]
    [TestCase("010-82341234", "01082341234")]
    [TestCase("+86 558 5512348", "05585512348")]
    [TestCase("+86 10 82341234", "01082341234")]
    [TestCase("021 62341234", "02162341234")]
    public void Parse_AsPeopleWriteIt_GivesNationalDigits(string text, string digits)
    {
        Assert.That(PhoneNumber.TryParse(text, out var number), Is.True);
        Assert.That(number!.Reveal(), Is.EqualTo(digits));
    }

    [TestCase("")]
    [TestCase(null)]
    [TestCase("12800138000")]
    [TestCase("1380013800")]
    [TestCase("138001380001")]
    [TestCase("+8513800138000")]
    [TestCase("5512348")]
    [TestCase("0558-1512348")]
    [TestCase("138001380a0")]
    [TestCase("138+00138000")]
    [TestCase("13800138000;drop table citizens")]
    [TestCase("12348")]
    [TestCase("٠١٣٨٠٠١٣٨٠٠٠", Description = "digits of another script")]
    public void Parse_NotANumber_IsRefused(string? text) => Assert.That(PhoneNumber.TryParse(text, out _), Is.False);

    [TestCase("13800138000", "138****8000")]
    [TestCase("0558-5512348", "0558****348")]
    [TestCase("010-82341234", "010****234")]
    public void Print_IsMasked(string text, string masked)
    {
        Assert.That(PhoneNumber.TryParse(text, out var number), Is.True);
        Assert.That($"{number}", Is.EqualTo(masked));
    }

    [Test]
    public void Serialise_ByMistake_LeaksNothing()
    {
        Assert.That(PhoneNumber.TryParse("13800138000", out var number), Is.True);
        Assert.That(System.Text.Json.JsonSerializer.Serialize(number), Does.Not.Contain("0138"));
    }

    [Test]
    public void Equal_BySameDigits() =>
        Assert.That(PhoneNumber.TryParse("+86 13800138000", out var a) && PhoneNumber.TryParse("138-0013-8000", out var b) && a == b, Is.True);
}
