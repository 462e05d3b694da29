using System.Text;
using System.Text.Json;
using MicroPlatform.Domain.Notifications;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.WeChat;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OutboxDelivery = MicroPlatform.Infrastructure.Outbox.Delivery;

namespace MicroPlatform.Infrastructure.Notifications;

/// <summary>
/// Brings our counts and receipts to what WeChat says: taps on the permission window, permissions taken back in the settings, and what
/// became of each message. Events of other kinds are kept and passed over.
/// </summary>
public sealed class ReconcilePush(
    Database database, PushInbox inbox, SubscriptionRepository subscriptions, DeliveryRepository deliveries, WeChatPeople people,
    IOptions<NotificationsOptions> options, ILogger<ReconcilePush> log) : IHandle<WeChatPushed>
{
    public async Task HandleAsync(WeChatPushed happened, OutboxDelivery delivery, CancellationToken cancel)
    {
        var outcome = await database.WriteAlwaysAsync(async tx =>
        {
            if (await inbox.FindWaitingAsync(tx, happened.PushId) is not { } body) return "done-before";
            var result = await ApplyAsync(tx, WeChatJson.Parse(Encoding.UTF8.GetBytes(body)) ?? default);
            await inbox.SettleAsync(tx, happened.PushId, result);
            return result;
        }, cancel);
        log.LogDebug("WeChat push {PushId}: {Outcome}", happened.PushId, outcome);
    }

    private async Task<string> ApplyAsync(UnitOfWork tx, JsonElement push)
    {
        if (push.Text("MsgType") != "event" || push.Text("Event") is not { } name || !name.StartsWith("subscribe_msg_", StringComparison.Ordinal)) return "passed-over";
        if (await people.FindCitizenAsync(tx, push.Text("FromUserName") ?? "") is not { } citizenId) return "unknown-person";
        foreach (var item in push.Items("List"))
        {
            if (item.Text("TemplateId") is not { } templateId || options.Value.Find(templateId) is not { } template) continue;
            switch (name)
            {
                case "subscribe_msg_popup_event" when Enum.TryParse<SubscribeResult>(item.Text("SubscribeStatusString"), ignoreCase: true, out var result):
                    await subscriptions.ReportAsync(tx, citizenId, templateId, template.GrantKind, result, GrantSource.Push, always: null);
                    break;
                case "subscribe_msg_change_event" when item.Text("SubscribeStatusString") == "reject":
                    await subscriptions.ExhaustAsync(tx, citizenId, templateId);
                    break;
                case "subscribe_msg_sent_event":
                    await SettleAsync(tx, citizenId, templateId, item);
                    break;
            }
        }
        return "applied";
    }

    private async Task SettleAsync(UnitOfWork tx, string citizenId, string templateId, JsonElement report)
    {
        if (await deliveries.FindReportedAsync(tx, citizenId, templateId, report.Text("MsgID")) is not { } delivery) return;
        var errcode = (int)Math.Clamp(report.Number("ErrorCode") ?? 0, int.MinValue, int.MaxValue);
        if (errcode == 0 ? delivery.Confirm(tx.Now) : delivery.Refuse(errcode, tx.Now)) await deliveries.SaveAsync(tx, delivery);
    }
}
