using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Domain.Notifications;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Domain.VideoCalls;
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
      IHandle<AppointmentBooked>, IHandle<AppointmentConfirmed>, IHandle<AppointmentMoved>, IHandle<AppointmentCancelled>, IHandle<AppointmentReminderDue>, IHandle<AppointmentMissed>,
      IHandle<WaitlistOffered>, IHandle<TicketPassedOver>, IHandle<TicketMissed>, IHandle<TicketHeldOver>, IHandle<TicketClosed>,
      IHandle<CallRinging>, IHandle<CallMissed>, IHandle<CallEnded>,
      IHandle<HotlineTicketMoved>, IHandle<MaterialsMissing>, IHandle<MaterialRejected>
{
    public Task HandleAsync(ConsultationAssigned happened, OutboxDelivery delivery, CancellationToken cancel) =>
        TellAsync(NotificationKind.ConsultationAssigned, SubjectOf(happened), delivery, cancel);

    public Task HandleAsync(ConsultationAnswered happened, OutboxDelivery delivery, CancellationToken cancel) =>
        TellAsync(NotificationKind.ConsultationAnswered, SubjectOf(happened), delivery, cancel);

    public Task HandleAsync(ConsultationMoved happened, OutboxDelivery delivery, CancellationToken cancel) =>
        TellAsync(NotificationKind.ConsultationMoved, SubjectOf(happened), delivery, cancel);

    public Task HandleAsync(ConsultationClosed happened, OutboxDelivery delivery, CancellationToken cancel) =>
        TellAsync(NotificationKind.ConsultationClosed, SubjectOf(happened), delivery, cancel);

    public Task HandleAsync(ConsultationRejected happened, OutboxDelivery delivery, CancellationToken cancel) =>
        TellAsync(NotificationKind.ConsultationRejected, SubjectOf(happened), delivery, cancel);

    public Task HandleAsync(ConsultationMerged happened, OutboxDelivery delivery, CancellationToken cancel) =>
        TellAsync(NotificationKind.ConsultationMerged, SubjectOf(happened), delivery, cancel);

    public Task HandleAsync(AppointmentBooked happened, OutboxDelivery delivery, CancellationToken cancel) =>
        TellAsync(NotificationKind.AppointmentBooked, SubjectOf(happened), delivery, cancel);

    public Task HandleAsync(AppointmentConfirmed happened, OutboxDelivery delivery, CancellationToken cancel) =>
        TellAsync(NotificationKind.AppointmentConfirmed, SubjectOf(happened), delivery, cancel);

    public Task HandleAsync(AppointmentMoved happened, OutboxDelivery delivery, CancellationToken cancel) =>
        TellAsync(NotificationKind.AppointmentMoved, SubjectOf(happened), delivery, cancel);

    public Task HandleAsync(AppointmentCancelled happened, OutboxDelivery delivery, CancellationToken cancel) =>
        TellAsync(NotificationKind.AppointmentCancelled, SubjectOf(happened), delivery, cancel);

    public Task HandleAsync(AppointmentReminderDue happened, OutboxDelivery delivery, CancellationToken cancel) =>
        TellAsync(NotificationKind.AppointmentReminder, SubjectOf(happened), delivery, cancel, happened.StartsAt);

    public Task HandleAsync(AppointmentMissed happened, OutboxDelivery delivery, CancellationToken cancel) =>
        TellAsync(NotificationKind.AppointmentMissed, SubjectOf(happened), delivery, cancel);

    /// <summary>Worth sending only while the time is kept.</summary>
    public Task HandleAsync(WaitlistOffered happened, OutboxDelivery delivery, CancellationToken cancel) =>
        TellAsync(NotificationKind.WaitlistOffer, new NewsSubject(happened.MatterId), delivery, cancel, until: happened.ExpiresAt);

    /// <summary>Worth sending only while the place is kept.</summary>
    public Task HandleAsync(TicketPassedOver happened, OutboxDelivery delivery, CancellationToken cancel) =>
        TellAsync(NotificationKind.TicketPassedOver, SubjectOf(happened), delivery, cancel, until: happened.KeptUntil);

    public Task HandleAsync(TicketMissed happened, OutboxDelivery delivery, CancellationToken cancel) => TellAsync(NotificationKind.TicketMissed, SubjectOf(happened), delivery, cancel);

    public Task HandleAsync(TicketHeldOver happened, OutboxDelivery delivery, CancellationToken cancel) => TellAsync(NotificationKind.TicketHeldOver, SubjectOf(happened), delivery, cancel);

    public Task HandleAsync(TicketClosed happened, OutboxDelivery delivery, CancellationToken cancel) => TellAsync(NotificationKind.TicketClosed, SubjectOf(happened), delivery, cancel);

    private static NewsSubject SubjectOf(TicketEvent happened) => new(happened.MatterId!);

    /// <summary>Worth sending only while somebody waits.</summary>
    public Task HandleAsync(CallRinging happened, OutboxDelivery delivery, CancellationToken cancel) =>
        TellAsync(NotificationKind.CallRinging, SubjectOf(happened), delivery, cancel, until: delivery.OccurredAt + (happened.TicketId is null ? VideoCall.AbsentAfter : VideoCall.RingsFor));

    /// <summary>Where neither came nobody is to be sorry alone: as a call that was missed.</summary>
    public Task HandleAsync(CallMissed happened, OutboxDelivery delivery, CancellationToken cancel) =>
        TellAsync(happened.Absent == CallAbsence.Staff ? NotificationKind.CallMissedByOffice : NotificationKind.CallMissed, SubjectOf(happened), delivery, cancel);

    public Task HandleAsync(CallEnded happened, OutboxDelivery delivery, CancellationToken cancel) =>
        TellAsync(NotificationKind.CallFailed, SubjectOf(happened), delivery, cancel);

    private static NewsSubject SubjectOf(CallEvent happened) => new(happened.MatterId, CallId: happened.CallId);

    public Task HandleAsync(HotlineTicketMoved happened, OutboxDelivery delivery, CancellationToken cancel) =>
        TellAsync(NotificationKind.HotlineAnswered, new NewsSubject(happened.MatterId), delivery, cancel);

    public Task HandleAsync(MaterialsMissing happened, OutboxDelivery delivery, CancellationToken cancel) =>
        TellAsync(NotificationKind.MaterialsMissing, new NewsSubject(happened.MatterId), delivery, cancel);

    public Task HandleAsync(MaterialRejected happened, OutboxDelivery delivery, CancellationToken cancel) =>
        TellAsync(NotificationKind.MaterialRejected, new NewsSubject(happened.MatterId), delivery, cancel);

    private static NewsSubject SubjectOf(ConsultationEvent happened) => new(happened.MatterId, ConsultationId: happened.ConsultationId);

    private static NewsSubject SubjectOf(AppointmentEvent happened) => new(happened.MatterId, AppointmentId: happened.AppointmentId);

    /// <param name="before">What the news is about begins then: said later, or when it no longer begins then, it would be wrong.</param>
    /// <param name="until">A message later than this would be of no use.</param>
    private Task TellAsync(
        NotificationKind kind, NewsSubject subject, OutboxDelivery cause, CancellationToken cancel, DateTimeOffset? before = null, DateTimeOffset? until = null) => database.WriteAlwaysAsync(async tx =>
    {
        var news = await notifications.FindMatterAsync(tx, subject.MatterId, subject.AppointmentId) ?? throw new DeadLetterException($"Matter {subject.MatterId} is not there");
        if (before is not null && (tx.Now >= before || news.Facts.Appointment is not { State: AppointmentState.Booked } appointment || appointment.StartsAt != before)) return 0;
        var id = await notifications.TryInsertAsync(tx, cause.EventId, news.CitizenId, kind, subject, cause.OccurredAt);
        if (id is null) return 0;
        if (options.Value.For(kind, news.Preference) is { } template)
        {
            var useful = cause.OccurredAt + options.Value.UsefulFor;
            var delivery = new Delivery { Id = tx.NewId(), NotificationId = id, CitizenId = news.CitizenId, TemplateId = template.Id, UsefulUntil = until ?? (before < useful ? before.Value : useful) };
            await deliveries.InsertAsync(tx, delivery);
            await outbox.WriteAsync(tx, [new MessageDue(delivery.Id)]);
        }
        live.PublishAfter(tx, LiveTopics.Citizen(news.CitizenId));
        return 1;
    }, cancel);
}
