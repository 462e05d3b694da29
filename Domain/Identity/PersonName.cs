using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace MicroPlatform.Domain.Identity;

/// <summary>A person's name. It masks itself wherever it is printed (李*运); the name leaves only through <see cref="Reveal"/>.</summary>
public sealed record PersonName
{
    /// <summary>UTF-16 code units. The longest names in use (transcribed Uyghur, Kazakh and foreign ones) stay well below.</summary>
    public const int MaxLength = 50;

    private readonly string _name;

    private PersonName(string name) => _name = name;

    /// <summary>Letters of any script, the middle dot of transcribed names, blanks, hyphen and apostrophe. Outer blanks are cut, inner ones made one.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PersonName? name)
    {
        name = null;
        if (text is null || text.Length > MaxLength * 4) return false;
        var clean = new StringBuilder(text.Length);
        var letters = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                if (clean.Length > 0 && clean[^1] != ' ') clean.Append(' ');
                continue;
            }
            if (IsMiddleDot(rune)) clean.Append('·');
            else if (Rune.IsLetter(rune)) { clean.Append(rune.ToString()); letters++; }
            else if (rune.Value is '-' or '\'' or 0x2019 || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark) clean.Append(rune.ToString());
            else return false;
        }
        var result = clean.ToString().TrimEnd();
        if (letters == 0 || result.Length > MaxLength) return false;
        name = new PersonName(result);
        return true;
    }

    /// <summary>The name itself. Whoever calls this on behalf of staff writes a read-audit row.</summary>
    public string Reveal() => _name;

    /// <summary>First and last character, the rest starred; of two characters only the first is shown.</summary>
    public override string ToString()
    {
        // By rune: rare characters of names (𬱖, 㛃) may take two UTF-16 units and must not be cut in half.
        var runes = _name.EnumerateRunes().ToArray();
        return runes.Length switch
        {
            1 => "*",
            2 => $"{runes[0]}*",
            _ => $"{runes[0]}{new string('*', runes.Length - 2)}{runes[^1]}",
        };
    }

    /// <summary>Input methods give five different dots for the same sign.</summary>
    private static bool IsMiddleDot(Rune rune) => rune.Value is 0x00B7 or 0x2022 or 0x2027 or 0x30FB or 0xFF0E or '.';
}
