using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Notifications;

namespace MicroPlatform.Api.Notifications;

/// <summary>The citizen has seen the inbox down from one entry. What came later stays unread.</summary>
public static class MarkNotificationsRead
{
    /// <param name="UpToId">The newest entry that was shown; it and everything older is read.</param>
    public sealed record Request([property: Required, MaxLength(Id.Length)] string? UpToId);

    public static Task<IResult> Handle(Request request, CurrentUser user, HttpContext http, Idempotency idempotency, NotificationRepository notifications) =>
        idempotency.RunAsync<UnreadView>(http, StatusCodes.Status200OK, async tx =>
        {
            if (!Id.IsWellFormed(request.UpToId) || !await notifications.IsOwnAsync(tx, request.UpToId!, user.Id)) return CommonRefusals.NotFound;
            await notifications.MarkReadAsync(tx, user.Id, request.UpToId!);
            return UnreadView.Of(await NotificationQueries.UnreadAsync(tx, user.Id));
        });
}
