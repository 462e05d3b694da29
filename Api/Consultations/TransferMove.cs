using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Consultations;

/// <summary>What an accepted transfer does to the consultation: the unit changes, and the person named has it; else the duty rule finds one.</summary>
internal static class TransferMove
{
    public static async Task<Refusal?> ApplyAsync(UnitOfWork tx, Transfer transfer, Consultation consultation, UnitRow to)
    {
        var moved = consultation.MoveTo(to.Id, to.Name, tx.Now);
        if (moved.IsRefused) return moved.Refusal!;
        if (transfer.ToStaffId is not { } staffId) return null;
        if (await RegistryQueries.HandlerAsync(tx, staffId, to.Path) is not { } handler) return null;
        return consultation.AssignTo(handler.Id, handler.Name, onlyIfFree: false, tx.Now).Refusal;
    }
}
