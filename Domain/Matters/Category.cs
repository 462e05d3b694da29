using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Matters;

/// <summary>A category of legal matters: a group of two digits, or a kind of four under its group. The code never changes, as matters carry it.</summary>
/// <param name="LegalAidItem">Item of 法律援助法 art. 31 under which aid may be granted; null: none.</param>
/// <param name="HardshipExempt">Aid without a hardship test (art. 32).</param>
/// <param name="Mediable">人民调解 may take it.</param>
/// <param name="Confirmable">An agreement on it may be confirmed by the court (司法确认).</param>
/// <param name="ExternalCode">Code of the same category in the system reported to; unique.</param>
public sealed record Category(
    string Code, string? ParentCode, string Name, int? LegalAidItem, bool HardshipExempt, bool Mediable, bool Confirmable, string? ExternalCode, bool Active, int Version)
{
    public const int MaxName = 30;

    /// <summary>Two digits, or four of which the first two are the group's.</summary>
    public const string CodePattern = "^[0-9]{2}([0-9]{2})?$";

    public static string? ParentOf(string code) => code.Length > 2 ? code[..2] : null;

    /// <summary>Takes it out of choice; matters that carry it keep it. A group goes only when nothing active stands under it.</summary>
    public Outcome<Category> Deactivate(bool hasActiveChildren) =>
        hasActiveChildren ? MatterRefusals.CategoryHasChildren : this with { Active = false };

    /// <summary>Back into choice, under an active group.</summary>
    public Outcome<Category> Activate(bool parentActive) =>
        ParentCode is not null && !parentActive ? MatterRefusals.CategoryParentUnknown : this with { Active = true };
}
