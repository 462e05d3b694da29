using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Infrastructure.WeChat;

/// <summary>
/// Brings the values of a subscribe message within WeChat's limits, by the letters of the field key (<c>thing1</c> is a <c>thing</c>).
/// A value over its limit would be refused whole (47003), so text is cut; a time or an amount that is none is our own
/// mistake and throws <see cref="FormatException"/>, because no other value could stand in for it.
/// </summary>
internal static partial class SubscribeMessageFields
{
    private static readonly SearchValues<char> CurrencySigns = SearchValues.Create("¥￥$€£");

    /// <summary>Whether a key is one that can be normalised: checked at start for the templates in the settings.</summary>
    public static bool IsKnown(string key) => key.Length > 0 && char.IsAsciiDigit(key[^1]) && Kind(key) is
        "thing" or "number" or "letter" or "symbol" or "character_string" or "time" or "date" or "amount" or "phone_number" or "car_number"
        or "name" or "phrase" or "const" or "enum";

    public static string Normalise(string key, string value)
    {
        var text = Plain(value);
        return Kind(key) switch
        {
            "thing" => Thing(text),
            "number" => Number(text),
            "letter" => Keep(text, char.IsAsciiLetter, 32, "NA"),
            "symbol" => Keep(text, c => char.IsPunctuation(c) || char.IsSymbol(c), 5, "-"),
            "character_string" => Keep(Narrow(text), c => c is > ' ' and < '\u007f', 32, "-"),
            "time" => Moment(text, needsTime: true),
            "date" => Moment(text, needsTime: false),
            "amount" => Amount(text),
            "phone_number" => Keep(Narrow(text), c => char.IsAsciiDigit(c) || c is '+' or '-' or '*' or '(' or ')', 17, "-"),
            "car_number" => CarNumber(text),
            "name" => Name(text),
            "phrase" => Keep(text, IsHan, 5, "其他"),
            "const" or "enum" => text,
            _ => throw new FormatException("WeChat has no such kind of field."),
        };
    }

    /// <param name="wrong">The first key whose value cannot be brought into form.</param>
    public static bool TryNormalise(IReadOnlyDictionary<string, string> data, out IReadOnlyDictionary<string, string> normal, [NotNullWhen(false)] out string? wrong)
    {
        var result = new Dictionary<string, string>(data.Count);
        (normal, wrong) = (result, null);
        foreach (var (key, value) in data)
        {
            try
            {
                result[key] = Normalise(key, value);
            }
            catch (FormatException)
            {
                wrong = key;
                return false;
            }
        }
        return true;
    }

    /// <summary>The form of <c>time</c> and of a <c>date</c> with a time: <c>2026年11月22日 15:00</c>, in China.</summary>
    public static string Time(DateTimeOffset at) => at.InChina().ToString("yyyy年M月d日 HH:mm", CultureInfo.InvariantCulture);

    /// <summary>The form of <c>amount</c>: <c>¥12.50</c>.</summary>
    public static string Amount(long fen) => string.Create(CultureInfo.InvariantCulture, $"¥{fen / 100}.{fen % 100:00}");

    /// <summary>The field key that WeChat names in a 47003, or nothing. Never the rest of the message, which may quote the value.</summary>
    public static string FieldNamedIn(string? errmsg) =>
        FieldKey().Match(errmsg ?? "") is { Success: true } match ? match.Value : "";

    private static string Kind(string key) => key.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');

    private static string Thing(string text)
    {
        if (text.Length == 0) return "无";
        return text.Length <= 20 ? text : TextParts.Head(text, 19).TrimEnd() + "…";
    }

    /// <summary>Sign, digits, one point. Decimals are given up before digits are.</summary>
    private static string Number(string text)
    {
        var result = new StringBuilder();
        var (digits, point) = (0, false);
        foreach (var c in Narrow(text))
        {
            if (char.IsAsciiDigit(c) && digits < 32)
            {
                result.Append(c);
                digits++;
            }
            else if (c == '-' && result.Length == 0) result.Append(c);
            else if (c == '.' && !point)
            {
                result.Append(digits == 0 ? "0." : ".");
                (digits, point) = (Math.Max(digits, 1), true);
            }
        }
        var number = result.ToString().TrimEnd('.');
        return digits == 0 ? "0" : number;
    }

    /// <summary>Takes RFC 3339 (shown in China's time) and WeChat's own forms, alone or as a range with <c>~</c>.</summary>
    private static string Moment(string text, bool needsTime)
    {
        var parts = text.Split('~', '～');
        if (parts.Length > 2) throw new FormatException("More than one range.");
        return string.Join('~', parts.Select(part => One(part.Trim())));

        string One(string part)
        {
            if (part.Contains('T', StringComparison.Ordinal) &&
                DateTimeOffset.TryParse(part, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)) return Time(instant);
            if ((needsTime ? TimeForm() : DateForm()).IsMatch(part)) return part;
            throw new FormatException("Not a time.");
        }
    }

    private static string Amount(string text)
    {
        var amount = Narrow(text).Replace(",", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        if (!AmountForm().IsMatch(amount)) throw new FormatException("Not an amount.");
        // Narrow leaves ￥ alone; WeChat takes either sign.
        return amount[0] == '￥' ? '¥' + amount[1..] : amount;
    }

    /// <summary>Letters and digits; a Chinese character only first and last.</summary>
    private static string CarNumber(string text)
    {
        var kept = Keep(Narrow(text), c => char.IsAsciiLetterOrDigit(c) || IsHan(c), 8, "无").ToUpperInvariant();
        return new string([.. kept.Where((c, i) => i == 0 || i == kept.Length - 1 || !IsHan(c))]);
    }

    /// <summary>Ten when any of it is Chinese, twenty when none is; no digits.</summary>
    private static string Name(string text)
    {
        // Plain again: with the digits gone, only invisible characters may be left.
        var kept = Plain(new string([.. text.Where(c => !char.IsDigit(c))]));
        if (kept.Length == 0) return "无";
        // And once more: the cut may leave nothing but a joiner.
        return Plain(TextParts.Head(kept, kept.All(char.IsAscii) ? 20 : 10)) is { Length: > 0 } cut ? cut : "无";
    }

    private static string Keep(string text, Func<char, bool> allowed, int max, string empty)
    {
        var kept = new string([.. text.Where(allowed).Take(max)]);
        return kept.Length == 0 ? empty : kept;
    }

    /// <summary>White space of any kind made one space; control characters, lone surrogates and direction marks gone; empty when nothing visible is left.</summary>
    private static string Plain(string value)
    {
        var result = new StringBuilder(value.Length);
        var visible = false;
        foreach (var rune in value.EnumerateRunes())
        {
            // EnumerateRunes turns half a surrogate pair into U+FFFD.
            if (rune.Value == 0xFFFD) continue;
            if (Rune.IsWhiteSpace(rune))
            {
                if (result.Length > 0 && result[^1] != ' ') result.Append(' ');
                continue;
            }
            if (Rune.IsControl(rune) || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200B or 0x200E or 0x200F or 0x2060 or 0xFEFF) continue;
            visible |= Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark);
            result.Append(rune.ToString());
        }
        return visible ? result.ToString().Trim() : "";
    }

    /// <summary>Full-width letters, digits and signs as their ASCII twins.</summary>
    private static string Narrow(string text) => new([.. text.Select(c => c is >= '！' and <= '～' ? (char)(c - 0xFEE0) : c)]);

    /// <summary>The basic block only: WeChat's own check knows no more.</summary>
    private static bool IsHan(char c) => c is >= '\u4e00' and <= '\u9fa5';

    [GeneratedRegex(@"^(\d{4}年\d{1,2}月\d{1,2}日 |\d{4}-\d{2}-\d{2} )?([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?$", RegexOptions.CultureInvariant)]
    private static partial Regex TimeForm();

    [GeneratedRegex(@"^(\d{4}年\d{1,2}月\d{1,2}日|\d{4}-\d{2}-\d{2})( ([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?)?$", RegexOptions.CultureInvariant)]
    private static partial Regex DateForm();

    [GeneratedRegex(@"^[¥￥$€£]?\d{1,10}(\.\d{1,2})?元?$", RegexOptions.CultureInvariant)]
    private static partial Regex AmountForm();

    [GeneratedRegex(@"(thing|number|letter|symbol|character_string|time|date|amount|phone_number|car_number|name|phrase|const|enum)\d{1,2}", RegexOptions.CultureInvariant)]
    private static partial Regex FieldKey();
}
