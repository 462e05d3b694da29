using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Domain.Notifications;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Hotline;
using MicroPlatform.Infrastructure.Notifications;
using MicroPlatform.Infrastructure.Queues;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Infrastructure.Outbox;

public sealed partial class Subscriptions
{
    private void Define()
    {
        On<ConsultationSubmitted, AssignOnDuty>("assign-on-duty");
        On<ConsultationReleased, AssignOnDuty>("assign-on-duty");
        On<ConsultationMoved, AssignOnDuty>("assign-on-duty");
        On<ConsultationAsked, AssignOnDuty>("assign-on-duty");
        On<ConsultationSubmitted, CheckTexts>("text-checks");
        On<ConsultationAsked, CheckTexts>("text-checks");
        On<ConsultationClosed, LapseTransfers>("lapse-transfers");
        On<ConsultationWithdrawn, LapseTransfers>("lapse-transfers");
        On<ConsultationRejected, LapseTransfers>("lapse-transfers");
        On<ConsultationMerged, LapseTransfers>("lapse-transfers");

        On<ConsultationAssigned, NotifyCitizen>("notifications");
        On<ConsultationAnswered, NotifyCitizen>("notifications");
        On<ConsultationMoved, NotifyCitizen>("notifications");
        On<ConsultationClosed, NotifyCitizen>("notifications", when: e => e.BySilence);
        On<ConsultationRejected, NotifyCitizen>("notifications");
        On<ConsultationMerged, NotifyCitizen>("notifications");
        On<WaitlistOffered, NotifyCitizen>("notifications");

        On<SlotFreed, OfferFreedTime>("waitlist");
        On<AppointmentBooked, OfferFreedTime>("waitlist", when: e => e.Waited);

        // What citizens do themselves they are not told of.
        On<AppointmentBooked, NotifyCitizen>("notifications", when: e => e.Side != BookingSide.Citizen);
        On<AppointmentConfirmed, NotifyCitizen>("notifications");
        On<AppointmentMoved, NotifyCitizen>("notifications", when: e => e.ByOffice);
        On<AppointmentCancelled, NotifyCitizen>("notifications", when: e => e.ByOffice);
        On<AppointmentReminderDue, NotifyCitizen>("notifications");
        On<AppointmentMissed, NotifyCitizen>("notifications");
        On<CallConnected, FollowCalls>("queue-tickets", when: e => e.TicketId is not null);
        On<CallMissed, FollowCalls>("queue-tickets", when: e => e.TicketId is not null);
        On<CallEnded, FollowCalls>("queue-tickets", when: e => e.TicketId is not null);
        On<CallCancelled, FollowCalls>("queue-tickets", when: e => e.TicketId is not null);
        On<CallSummarised, FollowCalls>("queue-tickets", when: e => e.TicketId is not null);
        // Who is not known to the platform is told in the hall.
        On<TicketPassedOver, NotifyCitizen>("notifications", when: e => e is { CitizenId: not null, MatterId: not null });
        On<TicketMissed, NotifyCitizen>("notifications", when: e => e is { CitizenId: not null, MatterId: not null });
        On<TicketHeldOver, NotifyCitizen>("notifications", when: e => e is { CitizenId: not null, MatterId: not null });
        On<TicketClosed, NotifyCitizen>("notifications", when: e => e is { CitizenId: not null, MatterId: not null });
        On<AppointmentCheckedIn, FollowAppointments>("hall-tickets");
        On<AppointmentCompleted, FollowAppointments>("hall-tickets");
        On<AppointmentMissed, FollowAppointments>("hall-tickets");
        On<AppointmentCancelled, FollowAppointments>("hall-tickets");

        On<CallConnected, KeepAppointment>("appointments-of-calls");
        On<CallMissed, KeepAppointment>("appointments-of-calls");
        On<CallEnded, KeepAppointment>("appointments-of-calls", when: e => e.How is CallEnd.WentToMessages or CallEnd.PlatformFailed);
        On<CallSummarised, KeepAppointment>("appointments-of-calls");
        On<ProviderEventReceived, NoticeFromProvider>("video-presence");
        On<CallEnded, CloseRooms>("video-rooms");
        On<CallMissed, CloseRooms>("video-rooms");
        On<CallCancelled, CloseRooms>("video-rooms");
        On<RecordingAsked, RecordCalls>("video-recordings");
        On<RecordingStopDue, RecordCalls>("video-recordings");
        On<CallEnded, RecordCalls>("video-recordings");
        // An appointment missed by the citizen is told as such; of a call that rings, who is in it knows.
        On<CallRinging, NotifyCitizen>("notifications", when: e => e.Waits == CallSide.Staff);
        // Who came from a queue is told of the place there, which is kept; it would be wrong to send them elsewhere.
        On<CallMissed, NotifyCitizen>("notifications", when: e => e.Absent != CallAbsence.Citizen && e.TicketId is null);
        On<CallEnded, NotifyCitizen>("notifications", when: e => e.How == CallEnd.PlatformFailed && e.TicketId is null);
        On<HotlineTicketMoved, NotifyCitizen>("notifications", when: e => e.Type == HotlineEventType.Resolved);
        On<MaterialsMissing, NotifyCitizen>("notifications");
        On<MaterialRejected, NotifyCitizen>("notifications");

        On<HotlineTicketOpened, FollowUpTicket>("hotline-follow-up", when: e => e.Urgency == HotlineUrgency.Critical);
        On<HotlineTicketMoved, FollowUpTicket>("hotline-follow-up", when: e => e.Type is HotlineEventType.Resolved or HotlineEventType.FollowedUp);
        On<HotlineRated, FollowUpTicket>("hotline-follow-up", when: e => e.Score <= FollowUpTicket.Dissatisfied);
        On<MatterRated, FollowUpTicket>("hotline-follow-up", when: e => e.Kind == MatterKind.HotlineTicket);

        // What the hotline did itself it is not told of.
        On<HotlineTicketMoved, QueueWebhook>("hotline-webhooks", when: e => !e.ByPartner);
        On<HotlineRated, QueueWebhook>("hotline-webhooks");
        On<HotlineCallRequested, QueueWebhook>("hotline-webhooks");
        On<AppointmentBooked, QueueWebhook>("hotline-webhooks", when: e => e.Side == BookingSide.Hotline);
        On<AppointmentMoved, QueueWebhook>("hotline-webhooks");
        On<AppointmentCancelled, QueueWebhook>("hotline-webhooks");
        On<AppointmentCompleted, QueueWebhook>("hotline-webhooks");
        On<CallEnded, QueueWebhook>("hotline-webhooks");

        On<MessageDue, SendMessage>("subscribe-messages");
        On<WeChatPushed, ReconcilePush>("wechat-pushes");
    }
}
