using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Registry;

/// <summary>What the public may read of a staff member besides name and title.</summary>
/// <param name="Languages">As people call them: 普通话, 皖北方言, 手语, English.</param>
/// <param name="PractisingSince">Year.</param>
/// <param name="Version">Of the profile, not of the account.</param>
public sealed record StaffProfile(string StaffId, string Name, string? Title, IReadOnlyList<string> Specialities, IReadOnlyList<string> Languages, string? Introduction, int? PractisingSince, int Version)
{
    public const int MaxLanguages = 10;
    public const int MaxLanguage = 20;
    public const int MaxIntroduction = 1000;
    public const int MaxTitle = 30;
    public const int MaxSpecialities = 10;
    public const int FirstYear = 1949;

    /// <summary>What people may say of themselves.</summary>
    /// <param name="thisYear">Nobody has practised since a later one.</param>
    public Outcome<StaffProfile> Introduce(IReadOnlyList<string> languages, string? introduction, int? practisingSince, int thisYear)
    {
        var clean = new List<string>();
        foreach (var language in languages)
        {
            var word = Text.Clean(language, "languages", MaxLanguage);
            if (word.IsRefused) return word.Refusal!;
            if (word.Value.AsSpan().IndexOfAny(",，\n\t") >= 0) return CommonRefusals.Invalid.At("languages", "每项填写一种语言");
            if (!clean.Contains(word.Value)) clean.Add(word.Value);
        }
        if (clean.Count > MaxLanguages) return CommonRefusals.Invalid.At("languages", $"最多{MaxLanguages}种语言");
        var text = Text.CleanOptional(introduction, "introduction", MaxIntroduction);
        if (text.IsRefused) return text.Refusal!;
        if (practisingSince < FirstYear || practisingSince > thisYear) return CommonRefusals.Invalid.At("practisingSince", $"应为{FirstYear}到{thisYear}年");
        return this with { Languages = clean, Introduction = text.Value, PractisingSince = practisingSince };
    }
}
