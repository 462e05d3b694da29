using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Infrastructure.Notifications;

namespace MicroPlatform.Api.Notifications;

/// <summary>How many entries of the inbox are unread. Answers 304 to a matching <c>If-None-Match</c>.</summary>
public static class CountUnread
{
    public static async Task<IResult> Handle(CurrentUser user, HttpContext http, NotificationQueries queries)
    {
        var unread = await queries.UnreadAsync(user.Id, http.RequestAborted);
        return Etags.Conditional(http, $"{unread.Count}-{unread.Newest}", UnreadView.Of(unread));
    }
}
