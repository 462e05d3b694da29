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
        foreach (var rune in name.Normalize(NormalizationForm.FormKC).EnumerateRunes())
            if (Rune.IsLetterOrDigit(rune)) form.Append(Rune.ToUpperInvariant(rune).ToString());
        return form.ToString();
    }
}
