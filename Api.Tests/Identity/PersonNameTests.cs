using MicroPlatform.Domain.Identity;

namespace MicroPlatform.Api.Tests.Identity;

public class PersonNameTests
{
    [TestCase("李来运", "李*运")]
    [TestCase("孙某", "孙*")]
    [TestCase("李", "*")]
    [TestCase("欧阳娜娜", "欧**娜")]
    [TestCase("买买提·艾力", "买****力")]
    [TestCase("𬱖𬱖𬱖", "𬱖*𬱖")]
    public void Print_IsMasked(string text, string masked)
    {
        Assert.That(PersonName.TryParse(text, out var name), Is.True);
        Assert.That($"{name}", Is.EqualTo(masked));
    }

    [TestCase("  李 来运 ", "李 来运")]
    [TestCase("买买提•艾力", "买买提·艾力")]
    [TestCase("O'Neil  Anne-Marie", "O'Neil Anne-Marie")]
    public void Parse_CleansWhatInputMethodsDo(string text, string clean) =>
        Assert.That(PersonName.TryParse(text, out var name) && name.Reveal() == clean, Is.True);

    [TestCase("")]
    [TestCase(null)]
    [TestCase("   ")]
    [TestCase("···")]
    [TestCase("13800138000")]
    [TestCase("李\0运")]
    [TestCase("李<b>运</b>")]
    [TestCase("李\uD800运")]
    public void Parse_NotAName_IsRefused(string? text) => Assert.That(PersonName.TryParse(text, out _), Is.False);

    [Test]
    public void Parse_TooLong_IsRefused() => Assert.That(PersonName.TryParse(new string('李', PersonName.MaxLength + 1), out _), Is.False);
}
