using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace MicroPlatform.Domain.Identity;

/// <summary>Sex as the number of an identity card tells it (GB/T 2261.1 codes 1 and 2).</summary>
public enum Sex
{
    Male = 1,
    Female = 2,
}

/// <summary>
/// A citizen identification number (公民身份号码, GB 11643-1999), or a residence permit of Hong Kong, Macao and Taiwan residents, which has
/// the same form. It masks itself wherever it is printed; the number leaves only through <see cref="Reveal"/>.
/// </summary>
public sealed record NationalId
{
    private const string CheckDigits = "10X98765432";

    private static readonly int[] Weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

    private readonly string _number;

    private NationalId(string number, DateOnly birth) => (_number, BirthDate) = (number, birth);

    public DateOnly BirthDate { get; }

    /// <summary>The 17th digit: odd is male.</summary>
    public Sex Sex => (_number[16] - '0') % 2 == 1 ? Sex.Male : Sex.Female;

    /// <summary>Six digits of GB/T 2260: where the number was first given, not where the person lives.</summary>
    public string RegionCode => _number[..6];

    /// <summary>Reads a number; full-width digits and a lower-case <c>x</c> are taken as meant.</summary>
    /// <param name="today">The date in China. A birth after it is refused.</param>
    public static bool TryParse(string? text, DateOnly today, [NotNullWhen(true)] out NationalId? id)
    {
        id = null;
        if (text is null || text.Length > 40) return false;
        var number = string.Concat(text.Where(c => !char.IsWhiteSpace(c)).Select(Plain));
        if (number.Length != 18 || number[0] == '0' || !number[..17].All(char.IsAsciiDigit)) return false;
        if (CheckDigits[Sum(number) % 11] != number[17]) return false;
        if (!DateOnly.TryParseExact(number.AsSpan(6, 8), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var birth)) return false;
        if (birth > today || birth.Year < 1900) return false;
        id = new NationalId(number, birth);
        return true;
    }

    /// <summary>
    /// Full years on a date. The year is complete on the birthday; who was born on 29 February completes it on 28 February of a
    /// common year (民法典 art. 202: where the corresponding day is missing, the last day of the month).
    /// </summary>
    public int AgeOn(DateOnly date)
    {
        var age = date.Year - BirthDate.Year;
        return BirthDate.AddYears(age) > date ? age - 1 : age;
    }

    /// <summary>The number itself. Whoever calls this on behalf of staff writes a read-audit row.</summary>
    public string Reveal() => _number;

    /// <summary><c>3416**********9916</c></summary>
    public override string ToString() => $"{_number[..4]}**********{_number[14..]}";

    private static char Plain(char c)
    {
        var plain = c is >= '\uFF01' and <= '\uFF5E' ? (char)(c - 0xFEE0) : c;
        return plain == 'x' ? 'X' : plain;
    }

    private static int Sum(string number)
    {
        var sum = 0;
        for (var i = 0; i < Weights.Length; i++) sum += (number[i] - '0') * Weights[i];
        return sum;
    }
}
