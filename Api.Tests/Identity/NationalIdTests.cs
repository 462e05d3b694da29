using MicroPlatform.Domain.Identity;

namespace MicroPlatform.Api.Tests.Identity;

public class NationalIdTests
{
    private static readonly DateOnly Today = new(2026, 11, 22);

    [TestCase("11010519491231002X", "1949-12-31", Sex.Female)]
    [TestCase("341602198003159916", "1980-03-15", Sex.Male)]
    [TestCase("341602198406129922", "1984-06-12", Sex.Female)]
    [TestCase("341602202011099932", "2020-11-09", Sex.Male)]
    [TestCase("341602197604089947", "1976-04-08", Sex.Female)]
    [TestCase("510185199505209951", "1995-05-20", Sex.Male)]
    [TestCase("130725197009019960", "1970-09-01", Sex.Female)]
    public void Parse_ValidNumber_TellsBirthAndSex(string text, string birth, Sex sex)
    {
        Assert.That(NationalId.TryParse(text, Today, out var id), Is.True);
        Assert.That(id!.BirthDate, Is.EqualTo(DateOnly.Parse(birth, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.That(id.Sex, Is.EqualTo(sex));
        Assert.That(id.Reveal(), Is.EqualTo(text));
    }

    [TestCase("11010519491231002x")]
    [TestCase("１１０１０５１９４９１２３１００２Ｘ")]
    [TestCase("110105 19491231 002X")]
    public void Parse_AsPeopleTypeIt_IsTheSameNumber(string text) =>
        Assert.That(NationalId.TryParse(text, Today, out var id) && id.Reveal() == "11010519491231002X", Is.True);

    [TestCase("341602198003159917", Description = "check digit")]
    [TestCase("341602198003159961", Description = "two digits swapped")]
    [TestCase("34160219800315991")]
    [TestCase("3416021980031599160")]
    [TestCase("34160219800315991A")]
    [TestCase("")]
    [TestCase(null)]
    [TestCase("341602800315991", Description = "the old form of 15 digits is no longer valid (2013)")]
    public void Parse_NotANumber_IsRefused(string? text) => Assert.That(NationalId.TryParse(text, Today, out _), Is.False);

    [TestCase("34160219800230991", Description = "30 February")]
    [TestCase("34160219801301991", Description = "month 13")]
    [TestCase("34160218991231991", Description = "nobody is that old")]
    [TestCase("34160220261123991", Description = "tomorrow")]
    public void Parse_ImpossibleBirthWithRightCheckDigit_IsRefused(string seventeen) =>
        Assert.That(NationalId.TryParse(WithCheckDigit(seventeen), Today, out _), Is.False);

    [TestCase("2034-11-08", 13)]
    [TestCase("2034-11-09", 14)]
    public void Age_CompletesOnTheBirthday(string date, int age)
    {
        NationalId.TryParse("341602202011099932", Today, out var id);
        Assert.That(id!.AgeOn(DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture)), Is.EqualTo(age));
    }

    [TestCase("2021-02-27", 0)]
    [TestCase("2021-02-28", 1)]
    [TestCase("2024-02-28", 3)]
    [TestCase("2024-02-29", 4)]
    public void Age_BornOn29February_CompletesAtMonthEndInCommonYears(string date, int age)
    {
        Assert.That(NationalId.TryParse(WithCheckDigit("34160220200229991"), Today, out var id), Is.True);
        Assert.That(id!.AgeOn(DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture)), Is.EqualTo(age));
    }

    [Test]
    public void Print_IsMasked()
    {
        NationalId.TryParse("341602198003159916", Today, out var id);
        Assert.That($"{id}", Is.EqualTo("3416**********9916"));
        Assert.That(System.Text.Json.JsonSerializer.Serialize(id), Does.Not.Contain("9916"));
    }

    private static string WithCheckDigit(string seventeen)
    {
        int[] weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        return seventeen + "10X98765432"[seventeen.Select((c, i) => (c - '0') * weights[i]).Sum() % 11];
    }
}
