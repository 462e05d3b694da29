using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Domain.Notifications;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Notifications;

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
        On<AppointmentBooked, OfferFreedTime>("waitlist");

        // What citizens do themselves they are not told of.
        On<AppointmentBooked, NotifyCitizen>("notifications", when: e => e.Side != BookingSide.Citizen);
        On<AppointmentConfirmed, NotifyCitizen>("notifications");
        On<AppointmentMoved, NotifyCitizen>("notifications", when: e => e.ByOffice);
        On<AppointmentCancelled, NotifyCitizen>("notifications", when: e => e.ByOffice);
        On<AppointmentReminderDue, NotifyCitizen>("notifications");
        On<AppointmentMissed, NotifyCitizen>("notifications");
        On<MaterialsMissing, NotifyCitizen>("notifications");
        On<MaterialRejected, NotifyCitizen>("notifications");
        On<MessageDue, SendMessage>("subscribe-messages");
        On<WeChatPushed, ReconcilePush>("wechat-pushes");
    }
}
