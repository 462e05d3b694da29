using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Consultations;

/// <summary>When a consultation ends, a transfer of it that still waits for its answer has nothing left to hand over.</summary>
public sealed class LapseTransfers(Database database, TransferRepository transfers)
    : IHandle<ConsultationClosed>, IHandle<ConsultationWithdrawn>, IHandle<ConsultationRejected>, IHandle<ConsultationMerged>
{
    public Task HandleAsync(ConsultationClosed happened, Delivery delivery, CancellationToken cancel) => LapseAsync(happened, cancel);

    public Task HandleAsync(ConsultationWithdrawn happened, Delivery delivery, CancellationToken cancel) => LapseAsync(happened, cancel);

    public Task HandleAsync(ConsultationRejected happened, Delivery delivery, CancellationToken cancel) => LapseAsync(happened, cancel);

    public Task HandleAsync(ConsultationMerged happened, Delivery delivery, CancellationToken cancel) => LapseAsync(happened, cancel);

    private Task<bool> LapseAsync(ConsultationEvent happened, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        if (await transfers.FindOpenOfAsync(tx, happened.MatterId) is not { } open || open.Lapse(tx.Now).IsRefused) return false;
        await transfers.SaveAsync(tx, open);
        await tx.AuditAsync(Actor.System, "transfers.lapse", "matter", happened.MatterId, open.Id);
        return true;
    }, cancel);
}
