using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;

namespace MicroPlatform.Api.Notifications;

/// <summary>消息通知: the inbox, the permissions for subscribe messages, and WeChat's push.</summary>
public static class NotificationEndpoints
{
    public static void MapNotifications(this IEndpointRouteBuilder routes)
    {
        var mine = routes.MapGroup("/v1/me").For(Audience.Citizen, "消息通知").RequireAuthorization(Policies.Citizen);
        mine.MapGet("/notifications", ListMyNotifications.Handle).Does("listMyNotifications", "我的消息列表").Answers<Page<NotificationView>>().Refuses(400);
        mine.MapPost("/notifications/read", MarkNotificationsRead.Handle).Does("markNotificationsRead", "标记消息为已读").Answers<UnreadView>().Refuses(400, 404, 409, 422);
        mine.MapGet("/notifications/unread-count", CountUnread.Handle).Does("countUnreadNotifications", "未读消息数").Answers<UnreadView>().Conditional();
        mine.MapGet("/subscriptions", ListMySubscriptions.Handle).Does("listMySubscriptions", "我的订阅消息授权").Answers<SubscriptionsView>();
        mine.MapPost("/subscriptions", ReportSubscriptions.Handle).Does("reportSubscriptions", "上报订阅消息授权结果").Answers<SubscriptionsView>().Refuses(400, 409, 422);

        var push = routes.MapGroup("/v1/wechat/push").For(Audience.Partner, "微信消息推送").RequireAuthorization(Policies.Anyone)
            // WeChat pushes for everybody from a few addresses and gives up after three tries; what is not signed by it is refused anyway.
            .DisableRateLimiting();
        push.MapGet("", ReceiveWeChatPush.Verify).Does("verifyWeChatPush", "微信服务器地址校验").Produces<string>(contentType: "text/plain").Refuses(403, 404);
        push.MapPost("", ReceiveWeChatPush.Handle).Does("receiveWeChatPush", "接收微信消息推送").Produces<string>(contentType: "text/plain").Refuses(400, 403, 404);
    }
}
