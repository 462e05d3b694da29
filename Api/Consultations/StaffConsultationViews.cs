using MicroPlatform.Api.Matters;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Consultations;

/// <summary>A consultation as the office sees it.</summary>
/// <param name="OrganisationId">The unit responsible; until a transfer is accepted, the first one (首问负责).</param>
/// <param name="HandlerId">The person responsible; null while it lies in the unit's inbox.</param>
/// <param name="Mine">The caller is responsible.</param>
/// <param name="WaitingSince">Since when the office has owed something; null where it is the citizen's turn or all is over.</param>
/// <param name="Overdue">The promised time is over without an answer.</param>
/// <param name="OpenTransferId">A transfer of it waits for its answer.</param>
/// <param name="Actions">What the office may do next in this state. Unknown values are to be ignored.</param>
public sealed record StaffConsultationView(
    string Id, ConsultationState State, string StateText, DateTimeOffset AnswerDueAt, DateTimeOffset? FirstAnsweredAt, bool Overdue, int LastSeq,
    string OrganisationId, string? HandlerId, bool Mine, DateTimeOffset? WaitingSince, string? OpenTransferId, IReadOnlyList<ConsultationAction> Actions, MatterHead Matter)
{
    private static readonly ConsultationAction[] OfficesActions =
    [
        ConsultationAction.Assign, ConsultationAction.Release, ConsultationAction.MoveUnit, ConsultationAction.Answer, ConsultationAction.Note,
        ConsultationAction.Reject, ConsultationAction.Merge,
    ];

    public static StaffConsultationView Of(ConsultationHead h, string? openTransferId, string callerId, DateTimeOffset now) => new(
        h.Id, h.State, h.State.Label(), h.AnswerDueAt, h.FirstAnsweredAt, h.FirstAnsweredAt is null && h.WaitingSince is not null && h.AnswerDueAt <= now, h.LastSeq,
        h.OrganisationId, h.HandlerId, h.HandlerId == callerId, h.WaitingSince, openTransferId,
        [.. OfficesActions.Where(a => ConsultationTransitions.Table.ContainsKey((h.State, a)))], MatterHead.Of(h));

    /// <summary>After a write the whole resource comes back (R27), read in the same transaction.</summary>
    internal static async Task<StaffConsultationView> ReadAsync(UnitOfWork tx, string id, string callerId)
    {
        var head = await ConsultationQueries.HeadAsync(tx, id) ?? throw new InvalidOperationException($"Consultation {id} was just written.");
        return Of(head, await TransferQueries.OpenOfAsync(tx, head.MatterId), callerId, tx.Now);
    }
}
