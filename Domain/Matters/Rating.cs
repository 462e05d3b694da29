using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Matters;

/// <summary>评价: the citizen's own, once per matter (一事一评, GB/T 39735).</summary>
public sealed record Rating(string MatterId, int Score, IReadOnlyList<string> Tags, string? Text, DateTimeOffset At)
{
    /// <summary>Characters of one tag.</summary>
    public const int MaxTag = 12;

    public string ScoreText => Score switch { 5 => "非常满意", 4 => "满意", 3 => "基本满意", 2 => "不满意", _ => "非常不满意" };

    public static Outcome<Rating> Of(Matter matter, int score, IReadOnlyList<string> tags, string? text, DateTimeOffset now) =>
        matter.Status == MatterStatus.Closed ? new Rating(matter.Id, score, tags, text, now) : MatterRefusals.NotRatable;

    public static Outcome<IReadOnlyList<string>> CleanTags(IReadOnlyList<string> tags)
    {
        var clean = new List<string>();
        foreach (var tag in tags)
        {
            var text = Common.Text.Clean(tag, "tags", MaxTag);
            if (text.IsRefused) return text.Refusal!;
            if (text.Value.Contains(',', StringComparison.Ordinal)) return CommonRefusals.Invalid.At("tags", "不能含有逗号");
            if (!clean.Contains(text.Value)) clean.Add(text.Value);
        }
        return clean;
    }
}
