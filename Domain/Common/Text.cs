namespace MicroPlatform.Domain.Common;

/// <summary>Rules for texts that people write. Lengths count UTF-16 code units, which is what <c>string.length</c> counts in the mini-program (R22).</summary>
public static class Text
{
    /// <summary>
    /// The text as it is stored: line ends made <c>\n</c>, outer white space cut. Refused when it holds NUL, other control characters
    /// (tab and line feed are allowed) or half of a surrogate pair, when nothing is left, or when it is longer than <paramref name="max"/>.
    /// </summary>
    /// <param name="field">The JSON name, for the <c>errors</c> of the problem.</param>
    public static Outcome<string> Clean(string? text, string field, int max, int min = 1)
    {
        var clean = (text ?? "").Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        if (!IsStorable(clean)) return CommonRefusals.BadCharacters.At(field, "含有无法保存的字符");
        clean = TrimInvisible(clean);
        if (clean.Length < min) return CommonRefusals.Invalid.At(field, min <= 1 ? "不能为空" : $"至少{min}个字");
        if (clean.Length > max) return CommonRefusals.Invalid.At(field, $"最多{max}个字");
        return clean;
    }

    /// <summary>Same as <see cref="Clean"/>, with null and empty both meaning "not given".</summary>
    public static Outcome<string?> CleanOptional(string? text, string field, int max)
    {
        if (string.IsNullOrWhiteSpace(text)) return (string?)null;
        var clean = Clean(text, field, max);
        return clean.IsRefused ? clean.Refusal! : clean.Value;
    }

    private static bool IsStorable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsControl(c) && c is not ('\n' or '\t')) return false;
            if (char.IsLowSurrogate(c)) return false;
            if (char.IsHighSurrogate(c))
            {
                if (i + 1 >= text.Length || !char.IsLowSurrogate(text[i + 1])) return false;
                i++;
            }
        }
        return true;
    }

    /// <summary>White space and the zero-width characters that make an empty message look like one with content.</summary>
    private static string TrimInvisible(string text)
    {
        static bool Invisible(char c) => char.IsWhiteSpace(c) || c is '\u200B' or '\u200C' or '\u2060' or '\uFEFF' or '\u3164';
        var (start, end) = (0, text.Length);
        while (start < end && Invisible(text[start])) start++;
        while (end > start && Invisible(text[end - 1])) end--;
        return text[start..end];
    }
}
