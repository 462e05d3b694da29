using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Notifications;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Delivery = MicroPlatform.Domain.Notifications.Delivery;
using OutboxDelivery = MicroPlatform.Infrastructure.Outbox.Delivery;

namespace MicroPlatform.Infrastructure.Notifications;

/// <summary>
/// Sends one message at most once, in three steps: a transaction that claims it and pays from the balance, the call, a transaction that
/// writes the receipt. If the process dies between the first and the last, nobody knows whether WeChat has it: the next to find it calls it
/// uncertain and does not send again. What is lost then is a nudge, because the notification is in the inbox; WeChat's own report
/// (<see cref="ReconcilePush"/>) settles the receipt later where it can.
/// </summary>
public sealed class SendMessage(
    Database database, DeliveryRepository deliveries, NotificationRepository notifications, SubscriptionRepository subscriptions, WeChatPeople people,
    IWeChat weChat, IOptions<NotificationsOptions> options, TimeProvider time, ILogger<SendMessage> log) : IHandle<MessageDue>
{
    public async Task HandleAsync(MessageDue happened, OutboxDelivery delivery, CancellationToken cancel)
    {
        var senderId = Id.New(time);
        var begun = await database.WriteAlwaysAsync(tx => BeginAsync(tx, happened.DeliveryId, senderId), cancel);
        if (begun.HeldByOther) throw new NotYetException("Another node is sending it", Delivery.Lease);
        if (begun.Message is null) return;
        var verdict = await weChat.SendSubscribeMessageAsync(begun.Message, cancel);
        // What WeChat has answered is written down even when the process is being stopped.
        await database.WriteAlwaysAsync(tx => RecordAsync(tx, happened.DeliveryId, senderId, verdict), CancellationToken.None);
        switch (verdict)
        {
            case SendVerdict.Faulty faulty:
                log.LogError("Template {TemplateId} is wrong: errcode {ErrorCode} {Detail}", begun.Message.TemplateId, faulty.ErrorCode, faulty.Detail);
                throw new DeadLetterException($"WeChat refuses template {begun.Message.TemplateId}: errcode {faulty.ErrorCode} {faulty.Detail}");
            case SendVerdict.NotNow notNow:
                throw new NotYetException($"WeChat does not take it now: errcode {notNow.ErrorCode}", notNow.RetryAfter ?? TimeSpan.Zero);
        }
    }

    private async Task<Begun> BeginAsync(UnitOfWork tx, string id, string senderId)
    {
        var delivery = await deliveries.FindAsync(tx, id) ?? throw new DeadLetterException($"Delivery {id} is not there");
        if (delivery.State == DeliveryState.Sending && !delivery.IsHeldBy(senderId))
        {
            if (!delivery.IsAbandoned(tx.Now)) return new Begun(null, HeldByOther: true);
            delivery.LoseTrack(tx.Now);
            await deliveries.SaveAsync(tx, delivery);
            return default;
        }
        if (delivery.State != DeliveryState.Pending && !delivery.IsHeldBy(senderId)) return default;

        var message = await ComposeAsync(tx, delivery);
        if (delivery.IsHeldBy(senderId)) return new Begun(message, HeldByOther: false);
        if (message is not null)
        {
            if (await subscriptions.TryTakeAsync(tx, delivery.CitizenId, delivery.TemplateId)) delivery.Begin(senderId, tx.Now);
            else delivery.Refuse(null, tx.Now);
        }
        await deliveries.SaveAsync(tx, delivery);
        return new Begun(delivery.State == DeliveryState.Sending ? message : null, HeldByOther: false);
    }

    /// <summary>The message, worded by what the person wants now; null when it is not to be sent, and then the delivery says why.</summary>
    private async Task<SubscribeMessage?> ComposeAsync(UnitOfWork tx, Delivery delivery)
    {
        var notification = await notifications.FindAsync(tx, delivery.NotificationId);
        var news = notification is null ? null : await notifications.FindMatterAsync(tx, notification.MatterId, notification.AppointmentId);
        if (notification is null || news is null || options.Value.Find(delivery.TemplateId) is not { } template)
        {
            delivery.Fail(null, tx.Now);
            return null;
        }
        // A reminder of what has been called off or has begun says something that is not so.
        var untrue = notification.Kind == NotificationKind.AppointmentReminder && news.Facts.Appointment is not { State: AppointmentState.Booked };
        if (tx.Now >= delivery.UsefulUntil || untrue)
        {
            delivery.Expire(tx.Now);
            return null;
        }
        if (news.Preference == ContactPreference.Hidden || (news.Preference == ContactPreference.Neutral && !template.Neutral))
        {
            delivery.Withhold(tx.Now);
            return null;
        }
        if (await people.OpenIdOfAsync(tx, delivery.CitizenId) is not { } openid)
        {
            delivery.Refuse(null, tx.Now);
            return null;
        }
        var wording = Wording.Of(notification.Kind, template.Neutral ? ContactPreference.Neutral : news.Preference, news.Facts);
        var page = options.Value.Page.Replace("{matterId}", notification.MatterId, StringComparison.Ordinal);
        return new SubscribeMessage(openid, template.Id, page, template.Fill(wording, notification.At));
    }

    private async Task<bool> RecordAsync(UnitOfWork tx, string id, string senderId, SendVerdict verdict)
    {
        // Settled by WeChat's report or given up meanwhile: that stands.
        if (await deliveries.FindAsync(tx, id) is not { } delivery || !delivery.IsHeldBy(senderId)) return false;
        switch (verdict)
        {
            case SendVerdict.Sent sent:
                delivery.Accept(sent.MessageId, tx.Now);
                break;
            case SendVerdict.NoPermission refused:
                delivery.Refuse(refused.ErrorCode, tx.Now);
                await subscriptions.ExhaustAsync(tx, delivery.CitizenId, delivery.TemplateId);
                break;
            case SendVerdict.UnknownRecipient unknown:
                delivery.Refuse(unknown.ErrorCode, tx.Now);
                break;
            case SendVerdict.Faulty faulty:
                delivery.Fail(faulty.ErrorCode, tx.Now);
                await subscriptions.GiveBackAsync(tx, delivery.CitizenId, delivery.TemplateId);
                break;
            case SendVerdict.NotNow notNow:
                delivery.Postpone(notNow.ErrorCode, tx.Now);
                await subscriptions.GiveBackAsync(tx, delivery.CitizenId, delivery.TemplateId);
                break;
            case SendVerdict.Uncertain:
                delivery.LoseTrack(tx.Now);
                break;
        }
        await deliveries.SaveAsync(tx, delivery);
        return true;
    }

    /// <param name="Message">What this attempt has paid for and is to send; null when there is nothing to send.</param>
    /// <param name="HeldByOther">Another attempt is at it right now.</param>
    private readonly record struct Begun(SubscribeMessage? Message, bool HeldByOther);
}
