using MicroPlatform.Domain.Materials;
using MicroPlatform.Infrastructure.Materials;

namespace MicroPlatform.Api.Materials;

/// <summary>What is asked for on a matter, what is there, and what the office says of it.</summary>
/// <param name="Checklist">In the order it is shown. Items with the same <c>choiceGroup</c> stand for each other.</param>
/// <param name="Others">Handed in for no item.</param>
/// <param name="Complete">Whether every required item is there and none was sent back.</param>
/// <param name="OpenNotice">The notice to be answered; null when there is none.</param>
public sealed record MatterMaterialsView(string MatterId, IReadOnlyList<ChecklistLineView> Checklist, IReadOnlyList<UseView> Others, bool Complete, NoticeView? OpenNotice)
{
    public static MatterMaterialsView Of(string matterId, IReadOnlyList<ChecklistItem> items, IReadOnlyList<UsedMaterialRow> uses, SupplementNotice? open)
    {
        var codes = items.Select(i => i.Code).ToHashSet(StringComparer.Ordinal);
        var standings = Checklists.Stand(items, [.. uses.Select(u => (u.ItemCode, u.UseState))]);
        return new MatterMaterialsView(
            matterId, [.. standings.Select(s => ChecklistLineView.Of(s.Item, s.Standing, uses))], [.. uses.Where(u => u.ItemCode is null || !codes.Contains(u.ItemCode)).Select(UseView.Of)],
            standings.All(s => s.Standing is not (ItemStanding.Missing or ItemStanding.Rejected)), open is null ? null : NoticeView.Of(open, items));
    }
}

public sealed record ChecklistLineView(string Code, string Name, bool Required, string? ChoiceGroup, string? Hint, ItemStanding Standing, string StandingText, IReadOnlyList<UseView> Materials)
{
    public static ChecklistLineView Of(ChecklistItem i, ItemStanding standing, IReadOnlyList<UsedMaterialRow> uses) => new(
        i.Code, i.Name, i.Required, i.ChoiceGroup, i.Hint, standing, standing.Label(), [.. uses.Where(u => u.ItemCode == i.Code).Select(UseView.Of)]);
}

/// <summary>A material on a matter.</summary>
/// <param name="UseId">For acceptance and rejection.</param>
/// <param name="Reused">Accepted because it had been accepted for the same item before; nobody has to look again.</param>
public sealed record UseView(
    string UseId, string MaterialId, int VersionNumber, string Name, MaterialState MaterialState, MaterialType Type, string TypeText, long Bytes, int? Width, int? Height, int? Pages,
    IReadOnlyList<WarningView> Warnings, ScanResult Scan, string ScanText, bool HasThumbnail, bool ConcernsMinor, UseState State, string StateText, bool Reused, RejectionReason? Reason, string? ReasonText,
    string? Note, string? ReviewedByName, DateTimeOffset? ReviewedAt, string? AppointmentId, DateTimeOffset AddedAt)
{
    public static UseView Of(UsedMaterialRow u) => new(
        u.UseId, u.MaterialId, u.MaterialVersion, u.Name, u.State, u.Type, u.Type.Label(), u.Bytes, u.Width, u.Height, u.Pages, WarningView.Of(u.Warnings), u.Scan, u.Scan.Label(),
        u.Thumbnail == ThumbnailState.Done && u.State == MaterialState.Ready, u.ConcernsMinor, u.UseState, u.UseState.Label(), u.Reused, u.Reason, u.Reason?.Label(), u.Note, u.ReviewedByName, u.ReviewedAt,
        u.AppointmentId, u.AddedAt);
}

/// <summary>补正通知: everything that is missing, in one.</summary>
/// <param name="Items">From the checklist.</param>
/// <param name="Extra">What is in no checklist.</param>
public sealed record NoticeView(
    string Id, string MatterId, NoticeState State, string StateText, IReadOnlyList<NoticeItemView> Items, IReadOnlyList<string> Extra, string? Note, DateOnly DueOn, DateTimeOffset SentAt, DateTimeOffset? EndedAt)
{
    public static NoticeView Of(SupplementNotice n, IReadOnlyList<ChecklistItem> items) => new(
        n.Id, n.MatterId, n.State, n.State.Label(), [.. n.ItemCodes.Select(code => new NoticeItemView(code, items.FirstOrDefault(i => i.Code == code)?.Name ?? code, items.FirstOrDefault(i => i.Code == code)?.Hint))],
        n.Extra, n.Note, n.DueOn, n.SentAt, n.EndedAt);
}

public sealed record NoticeItemView(string Code, string Name, string? Hint);

/// <summary>An item of a checklist, as the administrator edits it.</summary>
/// <param name="Version">For <c>If-Match</c>.</param>
public sealed record ChecklistItemView(string Code, string? CategoryCode, string Name, bool Required, string? ChoiceGroup, string? Hint, int Position, bool Active, int Version)
{
    public static ChecklistItemView Of(ChecklistItem i) => new(i.Code, i.CategoryCode, i.Name, i.Required, i.ChoiceGroup, i.Hint, i.Position, i.Active, i.Version);
}
