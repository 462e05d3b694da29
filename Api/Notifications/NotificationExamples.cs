using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Notifications;

namespace MicroPlatform.Api.Notifications;

/// <summary>Examples of the inbox, following the story of the consultations' examples.</summary>
public sealed class NotificationExamples : OperationExamples
{
    private const string NotificationId = "01KAN8R4XHGV0T3ZQ5W7C9E2N1";
    private const string MatterId = "01KAN8R4XHGV0T3ZQ5W7C9E2MA";
    private const string ConsultationId = "01KAN8R4XHGV0T3ZQ5W7C9E2MB";

    private static readonly DateTimeOffset Answered = new(2026, 11, 22, 11, 15, 30, ChinaTime.Offset);

    public NotificationExamples()
    {
        var wording = Wording.Of(NotificationKind.ConsultationAnswered, ContactPreference.Visible, new MatterFacts(MatterId, "264830295719", "农民工工资", "东河镇公共法律服务工作站"));
        For("listMyNotifications", null, new Page<NotificationView>(
            [new NotificationView(NotificationId, NotificationKind.ConsultationAnswered, NotificationKind.ConsultationAnswered.Label(), wording.Title, wording.Text, MatterId, ConsultationId, null, null, Answered, false, null)],
            null, false), ("unread", "true"));
        For("markNotificationsRead", new MarkNotificationsRead.Request(NotificationId), new UnreadView(0, 30));
        For("countUnreadNotifications", null, new UnreadView(1, 30));
        var grants = new SubscriptionsView([new GrantView("demo-progress", GrantKind.OneOff, GrantKind.OneOff.Label(), 1, false, Answered)]);
        For("listMySubscriptions", null, grants);
        For("reportSubscriptions", new ReportSubscriptions.Request([new ReportSubscriptions.Result("demo-progress", SubscribeResult.Accept, false)]), grants);
        For("verifyWeChatPush", null, null,
            ("signature", "f464b24fc39322e44b38aa78f5edd27bd1441696"), ("timestamp", "1714036504"), ("nonce", "1514711492"), ("echostr", "4375120948345356249"));
    }
}
