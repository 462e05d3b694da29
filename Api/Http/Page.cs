using MicroPlatform.Domain.Common;

namespace MicroPlatform.Api.Http;

/// <summary>A page of a list (R13).</summary>
/// <param name="Items">Never null.</param>
/// <param name="NextCursor">Give it back as <c>cursor</c> for the next page; null on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor, bool HasMore);

/// <summary>The query of every list: <c>?limit=20&amp;cursor=…</c>.</summary>
public static class Paging
{
    public const int DefaultLimit = 20;
    public const int MaxLimit = 100;

    public static Outcome<int> Limit(int? limit) => limit switch
    {
        null => DefaultLimit,
        >= 1 and <= MaxLimit => limit.Value,
        _ => CommonRefusals.Invalid.At("limit", $"应为1到{MaxLimit}"),
    };

    /// <summary>A page from rows read with one more than the limit.</summary>
    public static Page<TItem> Of<TRow, TItem>(List<TRow> rows, int limit, Func<TRow, TItem> item, Func<TRow, string> cursor)
    {
        var more = rows.Count > limit;
        if (more) rows.RemoveRange(limit, rows.Count - limit);
        return new Page<TItem>([.. rows.Select(item)], more ? cursor(rows[^1]) : null, more);
    }
}
