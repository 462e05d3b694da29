using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Domain.Notifications;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;
using Delivery = MicroPlatform.Domain.Notifications.Delivery;
using OutboxDelivery = MicroPlatform.Infrastructure.Outbox.Delivery;

namespace MicroPlatform.Infrastructure.Notifications;

/// <summary>
/// Tells a citizen what the office has done: always in the inbox, and as a message where the person's contact preference and the
/// templates allow. The message is an outbox row of its own, so WeChat being away holds up no inbox.
/// </summary>
public sealed class NotifyCitizen(
    Database database, NotificationRepository notifications, DeliveryRepository deliveries, OutboxWriter outbox, LiveHub live, IOptions<NotificationsOptions> options)
    : IHandle<ConsultationAssigned>, IHandle<ConsultationAnswered>, IHandle<ConsultationMoved>, IHandle<ConsultationClosed>, IHandle<ConsultationRejected>, IHandle<ConsultationMerged>,
      IHandle<WaitlistOffered>
{
    public Task HandleAsync(ConsultationAssigned happened, OutboxDelivery delivery, CancellationToken cancel) =>
        TellAsync(NotificationKind.ConsultationAssigned, happened, delivery, cancel);

    public Task HandleAsync(ConsultationAnswered happened, OutboxDelivery delivery, CancellationToken cancel) =>
        TellAsync(NotificationKind.ConsultationAnswered, happened, delivery, cancel);

    public Task HandleAsync(ConsultationMoved happened, OutboxDelivery delivery, CancellationToken cancel) =>
        TellAsync(NotificationKind.ConsultationMoved, happened, delivery, cancel);

    public Task HandleAsync(ConsultationClosed happened, OutboxDelivery delivery, CancellationToken cancel) =>
        happened.BySilence ? TellAsync(NotificationKind.ConsultationClosed, happened, delivery, cancel) : Task.CompletedTask;

    public Task HandleAsync(ConsultationRejected happened, OutboxDelivery delivery, CancellationToken cancel) =>
        TellAsync(NotificationKind.ConsultationRejected, happened, delivery, cancel);

    public Task HandleAsync(ConsultationMerged happened, OutboxDelivery delivery, CancellationToken cancel) =>
        TellAsync(NotificationKind.ConsultationMerged, happened, delivery, cancel);

    /// <summary>Worth sending only while the time is kept.</summary>
    public Task HandleAsync(WaitlistOffered happened, OutboxDelivery delivery, CancellationToken cancel) =>
        TellAsync(NotificationKind.WaitlistOffer, happened.MatterId, null, happened.ExpiresAt, delivery, cancel);

    private Task TellAsync(NotificationKind kind, ConsultationEvent happened, OutboxDelivery cause, CancellationToken cancel) =>
        TellAsync(kind, happened.MatterId, happened.ConsultationId, cause.OccurredAt + options.Value.UsefulFor, cause, cancel);

    private Task TellAsync(NotificationKind kind, string matterId, string? consultationId, DateTimeOffset usefulUntil, OutboxDelivery cause, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        var news = await notifications.FindMatterAsync(tx, matterId) ?? throw new DeadLetterException($"Matter {matterId} is not there");
        var id = await notifications.TryInsertAsync(tx, cause.EventId, news.CitizenId, kind, matterId, consultationId, cause.OccurredAt);
        if (id is null) return 0;
        if (options.Value.For(kind, news.Preference) is { } template)
        {
            var delivery = new Delivery
            {
                Id = tx.NewId(), NotificationId = id, CitizenId = news.CitizenId, TemplateId = template.Id, UsefulUntil = usefulUntil,
            };
            await deliveries.InsertAsync(tx, delivery);
            await outbox.WriteAsync(tx, [new MessageDue(delivery.Id)]);
        }
        tx.AfterCommit(() => live.PublishAsync(LiveTopics.Citizen(news.CitizenId)));
        return 1;
    }, cancel);
}
