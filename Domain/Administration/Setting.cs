using System.Globalization;
using System.Text.RegularExpressions;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Administration;

/// <summary>What sort of value a setting has.</summary>
public enum SettingKind
{
    /// <summary>整数</summary>
    Whole,
    /// <summary>文字</summary>
    Words,
}

public static class SettingLabels
{
    public static string Label(this SettingKind kind) => kind switch
    {
        SettingKind.Whole => "整数",
        SettingKind.Words => "文字",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}

/// <summary>Something that an administrator may set while the platform runs.</summary>
/// <param name="Name">Stable, <c>feature.what</c>.</param>
/// <param name="Title">Chinese, with the unit.</param>
/// <param name="Pattern">What words must look like; null for numbers.</param>
public sealed record Setting(string Name, string Title, SettingKind Kind, int? Least, int? Most, string? Pattern)
{
    public const int MaxLength = 100;

    /// <summary>The value as it is kept, or why it cannot be one.</summary>
    public Outcome<string> Read(string text)
    {
        var clean = text.Trim();
        if (Kind == SettingKind.Words)
            return clean.Length <= MaxLength && Regex.IsMatch(clean, Pattern!, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)) ? clean : CommonRefusals.Invalid.At("value", "格式不正确");
        return int.TryParse(clean, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= Least && number <= Most
            ? number.ToString(CultureInfo.InvariantCulture)
            : CommonRefusals.Invalid.At("value", $"应为{Least}到{Most}的整数");
    }
}
