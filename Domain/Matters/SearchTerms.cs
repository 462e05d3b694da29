namespace MicroPlatform.Domain.Matters;

/// <summary>
/// Pairs of neighbouring characters of a text: a search finds whatever has all pairs of what is looked for, in Chinese, figures or Latin letters alike, on any engine.
/// Full width counts as half width, capitals as small; what is neither letter nor figure parts pairs.
/// </summary>
public static class SearchTerms
{
    /// <summary>UTF-16 units of a text that are looked at: what a matter is about stands at its beginning.</summary>
    public const int MaxText = 300;

    /// <summary>The mark of a matter that has been looked at; no pair has this number.</summary>
    public const long Seen = 0;

    /// <summary>Each pair once, in the order of the text.</summary>
    public static IReadOnlyList<long> Of(string text)
    {
        var cut = text.Length <= MaxText ? text : text[..MaxText];
        // Full width is folded by hand: the program runs without culture data, in which normal forms leave it as it is.
        var plain = string.Concat(cut.Select(c => c is >= '\uFF01' and <= '\uFF5E' ? (char)(c - 0xFEE0) : c)).ToLowerInvariant();
        var (terms, seen) = (new List<long>(), new HashSet<long>());
        for (var i = 1; i < plain.Length; i++)
        {
            if (!Counts(plain, i - 1) || !Counts(plain, i)) continue;
            var term = ((long)plain[i - 1] << 16) | plain[i];
            if (seen.Add(term)) terms.Add(term);
        }
        return terms;
    }

    private static bool Counts(string text, int i) => char.IsLetterOrDigit(text[i]) || char.IsSurrogate(text[i]);
}
