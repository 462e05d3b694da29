using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MicroPlatform.Domain.Identity;

/// <summary>
/// A mainland telephone number: a mobile, or a landline with its area code (the hotline takes calls from both). Kept as bare national
/// digits. It masks itself wherever it is printed; the digits leave only through <see cref="Reveal"/>.
/// </summary>
public sealed partial record PhoneNumber
{
    private readonly string _digits;

    private PhoneNumber(string digits) => _digits = digits;

    /// <summary>Only a mobile can receive a text message.</summary>
    public bool IsMobile => _digits[0] == '1';

    /// <summary>
    /// Reads a number as people write it: <c>+86</c>, <c>0086</c> or <c>86</c> in front, spaces, dashes, brackets, full-width digits.
    /// </summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PhoneNumber? number)
    {
        number = null;
        // Longer than any way of writing a number; also keeps normalising cheap for hostile input.
        if (text is null || text.Length > 40 || !TryNormalise(text, out var digits)) return false;
        if (!Mobile().IsMatch(digits) && !Landline().IsMatch(digits)) return false;
        number = new PhoneNumber(digits);
        return true;
    }

    /// <summary>The digits themselves, national form (<c>13800138000</c>, <c>05581234567</c>). Whoever calls this on behalf of staff writes a read-audit row.</summary>
    public string Reveal() => _digits;

    /// <summary><c>138****8000</c>, or for a landline the area code and the last three digits.</summary>
    public override string ToString() => IsMobile
        ? $"{_digits[..3]}****{_digits[7..]}"
        : $"{_digits[..AreaCodeLength]}****{_digits[^3..]}";

    private int AreaCodeLength => _digits[1] is '1' or '2' ? 3 : 4;

    private static bool TryNormalise(string text, out string digits)
    {
        digits = "";
        var kept = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            // Full-width ASCII (U+FF01..FF5E) is what a Chinese keyboard types when left in full-width mode.
            var plain = c is >= '\uFF01' and <= '\uFF5E' ? (char)(c - 0xFEE0) : c;
            if (char.IsAsciiDigit(plain)) kept.Append(plain);
            else if (plain == '+' && kept.Length == 0) kept.Append('+');
            else if (!IsSeparator(plain)) return false;
        }

        digits = kept.ToString();
        var international = true;
        if (digits.StartsWith("+86", StringComparison.Ordinal)) digits = digits[3..];
        else if (digits.StartsWith("0086", StringComparison.Ordinal)) digits = digits[4..];
        else if (digits.Length == 13 && digits.StartsWith("86", StringComparison.Ordinal)) digits = digits[2..];
        else international = false;

        // Abroad the trunk zero of the area code is left out.
        if (international && digits.Length is > 8 and < 12 && digits[0] is >= '2' and <= '9' || international && digits.StartsWith("10", StringComparison.Ordinal))
            digits = string.Create(CultureInfo.InvariantCulture, $"0{digits}");
        return true;
    }

    private static bool IsSeparator(char c) =>
        char.IsWhiteSpace(c) || c is '-' or '(' or ')' or '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2014' or '\u2212' or '\u200B' or '\u202C' or '\u202D';

    [GeneratedRegex("^1[3-9][0-9]{9}$", RegexOptions.CultureInvariant)]
    private static partial Regex Mobile();

    /// <summary>Area codes: 010 and 02x have three digits, 03xx to 09xx four; subscriber numbers have seven or eight and start with 2 to 8.</summary>
    [GeneratedRegex("^(?:010|02[0-9]|0[3-9][0-9]{2})[2-8][0-9]{6,7}$", RegexOptions.CultureInvariant)]
    private static partial Regex Landline();
}
