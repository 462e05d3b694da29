using System.Globalization;

namespace MicroPlatform.Infrastructure.WeChat;

/// <summary>Cuts texts where a reader sees a border: between grapheme clusters (👨‍👩‍👧 is one of 8 code units), never inside a surrogate pair.</summary>
internal static class TextParts
{
    /// <summary>WeChat's limit for one text check.</summary>
    public const int MaxChecked = 2500;

    /// <summary>Parts share this much, so that a word on the border is seen whole in one of them.</summary>
    private const int Overlap = 20;

    /// <summary>The longest beginning of at most <paramref name="max"/> UTF-16 code units that ends between graphemes.</summary>
    public static string Head(string text, int max)
    {
        if (text.Length <= max) return text;
        var end = 0;
        while (end < text.Length)
        {
            var length = StringInfo.GetNextTextElementLength(text, end);
            if (end + length > max) break;
            end += length;
        }
        return text[..end];
    }

    /// <summary>A text as parts that WeChat takes; nothing for a text of white space.</summary>
    public static IEnumerable<string> Split(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) yield break;
        for (var start = 0; start < text.Length;)
        {
            var rest = text[start..];
            var part = Head(rest, MaxChecked);
            if (part.Length == 0)
            {
                // One "character" longer than the whole limit is an attack, not writing: cut it, but not inside a surrogate pair.
                part = rest[..(char.IsHighSurrogate(rest[MaxChecked - 1]) ? MaxChecked - 1 : MaxChecked)];
            }
            yield return part;
            if (part.Length == rest.Length) yield break;
            var back = part.Length > Overlap ? Overlap : 0;
            start += part.Length - back;
            if (char.IsLowSurrogate(text[start])) start++;
        }
    }
}
