using System.Text;

namespace MicroPlatform.Domain.Appointments;

/// <summary>
/// Name of a person or firm that somebody must not act against. Two spellings of one name compare equal: full and half width, brackets, the five
/// middle dots of input methods, blanks and letter case say nothing.
/// </summary>
public static class PartyName
{
    /// <summary>UTF-16 code units.</summary>
    public const int MaxLength = 100;

    /// <summary>Names one person may keep.</summary>
    public const int MostPerPerson = 500;

    /// <summary>The form that is compared; never shown. Empty when nothing but blanks and signs is left.</summary>
    public static string Normalise(string name)
    {
        var form = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            // Full-width ASCII (U+FF01..FF5E). Not by Unicode normalisation, which depends on whether the machine has ICU.
            var plain = rune.Value is >= 0xFF01 and <= 0xFF5E ? new Rune(rune.Value - 0xFEE0) : rune;
            if (Rune.IsLetterOrDigit(plain)) form.Append(Rune.ToUpperInvariant(plain).ToString());
        }
        return form.ToString();
    }
}
