using MicroPlatform.Domain.Consultations;
using MicroPlatform.Infrastructure.Consultations;

namespace MicroPlatform.Infrastructure.Outbox;

public sealed partial class Subscriptions
{
    private void Define()
    {
        On<ConsultationSubmitted, AssignOnDuty>("assign-on-duty");
        On<ConsultationReleased, AssignOnDuty>("assign-on-duty");
        On<ConsultationMoved, AssignOnDuty>("assign-on-duty");
        On<ConsultationAsked, AssignOnDuty>("assign-on-duty");
        On<ConsultationClosed, LapseTransfers>("lapse-transfers");
        On<ConsultationWithdrawn, LapseTransfers>("lapse-transfers");
        On<ConsultationRejected, LapseTransfers>("lapse-transfers");
        On<ConsultationMerged, LapseTransfers>("lapse-transfers");
    }
}
