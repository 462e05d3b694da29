using MicroPlatform.Domain.Notifications;
using MicroPlatform.Infrastructure.Notifications;

namespace MicroPlatform.Api.Notifications;

/// <summary>One entry of the inbox.</summary>
/// <param name="Kind">Unknown values are to be shown by title and text alone.</param>
/// <param name="KindText">Chinese name of the kind; the neutral one where the person asked for that.</param>
/// <param name="Title">One line, worded as the person's contact preference asks.</param>
/// <param name="MatterId">Where a tap leads.</param>
/// <param name="AppointmentId">The appointment it is about; null where it is about none.</param>
/// <param name="CallId">The video call it is about; null where it is about none.</param>
public sealed record NotificationView(
    string Id, NotificationKind Kind, string KindText, string Title, string Text, string MatterId, string? ConsultationId, string? AppointmentId, string? CallId, DateTimeOffset At, bool Read, DateTimeOffset? ReadAt)
{
    public static NotificationView Of(NotificationRow row)
    {
        var wording = row.Wording();
        return new NotificationView(row.Id, row.Kind, wording == Wording.Neutral ? Wording.Neutral.Status : row.Kind.Label(), wording.Title, wording.Text, row.MatterId, row.ConsultationId, row.AppointmentId, row.CallId, row.At, row.ReadAt is not null, row.ReadAt);
    }
}

/// <summary>The number on the red dot.</summary>
/// <param name="PollAfterSeconds">How long to pause before asking again.</param>
public sealed record UnreadView(int Unread, int PollAfterSeconds)
{
    public static UnreadView Of(Unread unread) => new(unread.Count, 30);
}

/// <summary>The caller's permissions for subscribe messages; empty for who has never been asked.</summary>
public sealed record SubscriptionsView(IReadOnlyList<GrantView> Items)
{
    public static SubscriptionsView Of(IReadOnlyList<GrantRow> rows) =>
        new([.. rows.Select(g => new GrantView(g.TemplateId, g.Kind, g.Kind.Label(), g.Balance, g.Always, g.UpdatedAt))]);
}

/// <param name="Balance">For a one-off template the number of messages left; for a long-term one 1 while it is allowed.</param>
/// <param name="Always">Whether 总是保持以上选择 was ticked, as far as known.</param>
public sealed record GrantView(string TemplateId, GrantKind Kind, string KindText, int Balance, bool Always, DateTimeOffset UpdatedAt);
