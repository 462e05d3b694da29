using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Infrastructure.Notifications;

namespace MicroPlatform.Api.Notifications;

/// <summary>The caller's inbox, newest first; <c>unread=true</c> for what has not been read.</summary>
public static class ListMyNotifications
{
    public static async Task<IResult> Handle(
        string? cursor, int? limit, bool? unread, CurrentUser user, HttpContext http, NotificationQueries queries, Cursors cursors)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        // A cursor of the one list would silently skip in the other.
        var list = unread == true ? "my-notifications-unread" : "my-notifications";
        var before = cursors.Read(list, cursor);
        if (before.IsRefused) return before.Refusal!.ToResult();
        var rows = await queries.PageAsync(user.Id, unread == true, before.Value, count.Value + 1, http.RequestAborted);
        return Results.Json(Paging.Of(rows, count.Value, NotificationView.Of, n => cursors.Write(list, n.Id)), WireJson.Options);
    }
}
