namespace MicroPlatform.Domain.Materials;

/// <summary>One thing that is asked for. What is asked for on every matter has no category.</summary>
/// <param name="Code">Stable; materials carry it.</param>
/// <param name="CategoryCode">A group of two digits or a kind of four; null for every matter.</param>
/// <param name="ChoiceGroup">Items of one group stand for each other: any one of them is enough. Null: it stands alone.</param>
/// <param name="Hint">What it looks like, where to get it.</param>
public sealed record ChecklistItem(
    string Code, string? CategoryCode, string Name, bool Required, string? ChoiceGroup, string? Hint, int Position, bool Active, int Version)
{
    public const string CodePattern = "^[a-z0-9]+(-[a-z0-9]+)*$";
    public const int MaxName = 40;
    public const int MaxHint = 120;

    /// <summary>Whether it is asked for on a matter of this category.</summary>
    public bool AppliesTo(string categoryCode) => CategoryCode is null || categoryCode == CategoryCode || (CategoryCode.Length == 2 && categoryCode.StartsWith(CategoryCode, StringComparison.Ordinal));
}

/// <summary>How an item of a checklist stands on one matter.</summary>
public enum ItemStanding
{
    /// <summary>缺少</summary>
    Missing,
    /// <summary>待审核</summary>
    Submitted,
    /// <summary>已通过</summary>
    Accepted,
    /// <summary>需补正: everything handed in for it was sent back.</summary>
    Rejected,
    /// <summary>可不提交: optional, or another of its group is there.</summary>
    NotNeeded,
}

public static class Checklists
{
    public static string Label(this ItemStanding standing) => standing switch
    {
        ItemStanding.Missing => "缺少",
        ItemStanding.Submitted => "待审核",
        ItemStanding.Accepted => "已通过",
        ItemStanding.Rejected => "需补正",
        ItemStanding.NotNeeded => "可不提交",
        _ => throw new ArgumentOutOfRangeException(nameof(standing)),
    };

    /// <summary>How each item stands. Of a group of which one counts, the others are not needed.</summary>
    /// <param name="uses">Item code and state of everything on the matter.</param>
    public static IReadOnlyList<(ChecklistItem Item, ItemStanding Standing)> Stand(IReadOnlyList<ChecklistItem> items, IReadOnlyList<(string? ItemCode, UseState State)> uses)
    {
        var own = items.ToDictionary(i => i.Code, i => OwnStanding(i.Code, uses), StringComparer.Ordinal);
        var met = items.Where(i => i.ChoiceGroup is not null && own[i.Code] is ItemStanding.Accepted or ItemStanding.Submitted).Select(i => i.ChoiceGroup).ToHashSet(StringComparer.Ordinal);
        return [.. items.Select(i => (i, own[i.Code] is ItemStanding.Missing && (!i.Required || met.Contains(i.ChoiceGroup)) ? ItemStanding.NotNeeded : own[i.Code]))];
    }

    /// <summary>What a notice has to list: required items that are missing, and whatever was sent back and is not made up for.</summary>
    public static IReadOnlyList<ChecklistItem> Missing(IReadOnlyList<ChecklistItem> items, IReadOnlyList<(string? ItemCode, UseState State)> uses) =>
        [.. Stand(items, uses).Where(s => s.Standing is ItemStanding.Missing or ItemStanding.Rejected).Select(s => s.Item)];

    private static ItemStanding OwnStanding(string code, IReadOnlyList<(string? ItemCode, UseState State)> uses)
    {
        var states = uses.Where(u => u.ItemCode == code).Select(u => u.State).ToList();
        return states.Count == 0 ? ItemStanding.Missing
            : states.Contains(UseState.Accepted) ? ItemStanding.Accepted
            : states.Contains(UseState.Submitted) ? ItemStanding.Submitted : ItemStanding.Rejected;
    }
}
