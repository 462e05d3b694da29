using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Hotline;

/// <summary>Something that happened to a hotline ticket, told by the hotline or done in our house.</summary>
/// <param name="EventId">Of the hotline: its own, at most 64 characters; ours begin with <c>mp-</c>. One id is one event.</param>
/// <param name="OccurredAt">When it happened, not when it was told.</param>
/// <param name="Operator">Who, as the hotline calls them.</param>
/// <param name="Data">JSON of the hotline's own, kept as it came; of our own a word, such as the unit dispatched to.</param>
public sealed record HotlineEvent(string EventId, HotlineEventType Type, DateTimeOffset OccurredAt, Actor By, string? Operator, string? Remark, string? Data)
{
    public const int MaxEventId = 64;
    public const int MaxOperator = 60;
    public const int MaxRemark = 1000;

    /// <summary>Whether it counts for the state: it could have happened where it stands.</summary>
    public bool Applied { get; set; } = true;

    /// <summary>Whether it says the same as another with its id.</summary>
    public bool Repeats(HotlineEvent other) => (Type, OccurredAt, Operator, Remark, Data) == (other.Type, other.OccurredAt, other.Operator, other.Remark, other.Data);
}
