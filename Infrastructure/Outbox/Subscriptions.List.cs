using MicroPlatform.Domain.Consultations;
using MicroPlatform.Infrastructure.Consultations;

namespace MicroPlatform.Infrastructure.Outbox;

public sealed partial class Subscriptions
{
    private void Define()
    {
        On<ConsultationClosed, LapseTransfers>("lapse-transfers");
        On<ConsultationWithdrawn, LapseTransfers>("lapse-transfers");
        On<ConsultationRejected, LapseTransfers>("lapse-transfers");
        On<ConsultationMerged, LapseTransfers>("lapse-transfers");
    }
}
