using MicroPlatform.Domain.Consultations;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Consultations;

/// <summary>A transfer of a matter from unit to unit.</summary>
/// <param name="ToStaffId">Who is to have it; null leaves that to the unit.</param>
/// <param name="RefusalReason">Why the other unit did not take it.</param>
public sealed record TransferView(
    string Id, TransferState State, string StateText, string ConsultationId, string MatterId, string Number, string NumberText, string Title, string Reason,
    string FromOrganisationId, string FromUnitName, string FromStaffId, string? FromStaffName,
    string ToOrganisationId, string ToUnitName, string? ToStaffId, string? ToStaffName,
    DateTimeOffset RequestedAt, DateTimeOffset? DecidedAt, string? RefusalReason)
{
    public static TransferView Of(TransferRow t) => new(
        t.Id, t.State, t.State.Label(), t.ConsultationId, t.MatterId, t.Number, MatterNumber.Display(t.Number), t.Title, t.Reason,
        t.FromOrganisationId, t.FromUnitName, t.FromStaffId, t.FromStaffName, t.ToOrganisationId, t.ToUnitName, t.ToStaffId, t.ToStaffName,
        t.RequestedAt, t.DecidedAt, t.RefusalReason);

    /// <summary>After a write the whole resource comes back (R27), read in the same transaction.</summary>
    internal static async Task<TransferView> ReadAsync(UnitOfWork tx, string id) => Of(await TransferQueries.FindAsync(tx, id));
}
