using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Consultations;

/// <summary>Loads and saves transfers. The unique <c>open_key</c> holds a matter to one open transfer; the version guards every decision.</summary>
public sealed class TransferRepository(OutboxWriter outbox, LiveHub live)
{
    private const string Select = """
        SELECT id, matter_id, consultation_id, from_organisation_id, from_staff_id, to_organisation_id, to_staff_id, reason, state, requested_at, decided_at,
               decided_by, refusal_reason, version
        FROM transfers
        """;

    public async Task<Transfer?> FindAsync(UnitOfWork tx, string id) =>
        Id.IsWellFormed(id) ? (await tx.FirstOrDefaultAsync<Row>($"{Select} WHERE id = @id", new { id }))?.ToTransfer() : null;

    /// <summary>The one that waits for its answer.</summary>
    public async Task<Transfer?> FindOpenOfAsync(UnitOfWork tx, string matterId) =>
        (await tx.FirstOrDefaultAsync<Row>($"{Select} WHERE open_key = @matterId", new { matterId }))?.ToTransfer();

    /// <summary>Transfers of a matter that units have accepted or refused.</summary>
    public Task<int> CountDecidedAsync(UnitOfWork tx, string matterId) =>
        tx.ScalarAsync<int>("SELECT COUNT(*) FROM transfers WHERE matter_id = @matterId AND state IN ('Accepted', 'Refused')", new { matterId });

    /// <returns>False when the matter has an open one already.</returns>
    public async Task<bool> TryInsertAsync(UnitOfWork tx, Transfer transfer)
    {
        var inserted = await tx.ExecuteAsync($"""
            {tx.Dialect.InsertIgnore} transfers (id, matter_id, consultation_id, open_key, from_organisation_id, from_staff_id, to_organisation_id, to_staff_id, reason, state,
                                                 requested_at, decided_at, decided_by, refusal_reason, version)
            VALUES (@Id, @MatterId, @ConsultationId, @OpenKey, @FromOrganisationId, @FromStaffId, @ToOrganisationId, @ToStaffId, @Reason, @State,
                    @RequestedAt, @DecidedAt, @DecidedBy, @RefusalReason, 1)
            """, Args(transfer));
        if (inserted != 1) return false;
        await TellAsync(tx, transfer);
        return true;
    }

    /// <exception cref="ConcurrencyConflictException">Somebody else decided in between; the transaction runs again.</exception>
    public async Task SaveAsync(UnitOfWork tx, Transfer transfer)
    {
        await tx.ExecuteExpectingOneAsync("""
            UPDATE transfers SET state = @State, open_key = @OpenKey, decided_at = @DecidedAt, decided_by = @DecidedBy, refusal_reason = @RefusalReason, version = version + 1
            WHERE id = @Id AND version = @Version
            """, Args(transfer));
        await TellAsync(tx, transfer);
    }

    private async Task TellAsync(UnitOfWork tx, Transfer transfer)
    {
        await outbox.WriteAsync(tx, transfer.Events);
        live.PublishAfter(tx, LiveTopics.Unit(transfer.FromOrganisationId), LiveTopics.Unit(transfer.ToOrganisationId), LiveTopics.Staff(transfer.FromStaffId));
    }

    private static object Args(Transfer t) => new
    {
        t.Id, t.MatterId, t.ConsultationId, OpenKey = t.State == TransferState.Pending ? t.MatterId : null, t.FromOrganisationId, t.FromStaffId, t.ToOrganisationId,
        t.ToStaffId, t.Reason, State = t.State.ToString(), t.RequestedAt, t.DecidedAt, t.DecidedBy, t.RefusalReason, t.Version,
    };

    private sealed record Row
    {
        public required string Id { get; init; }
        public required string MatterId { get; init; }
        public required string ConsultationId { get; init; }
        public required string FromOrganisationId { get; init; }
        public required string FromStaffId { get; init; }
        public required string ToOrganisationId { get; init; }
        public string? ToStaffId { get; init; }
        public required string Reason { get; init; }
        public required string State { get; init; }
        public DateTimeOffset RequestedAt { get; init; }
        public DateTimeOffset? DecidedAt { get; init; }
        public string? DecidedBy { get; init; }
        public string? RefusalReason { get; init; }
        public int Version { get; init; }

        public Transfer ToTransfer() => Transfer.Restore(
            new Transfer
            {
                Id = Id, MatterId = MatterId, ConsultationId = ConsultationId, FromOrganisationId = FromOrganisationId, FromStaffId = FromStaffId,
                ToOrganisationId = ToOrganisationId, ToStaffId = ToStaffId, Reason = Reason, RequestedAt = RequestedAt, Version = Version,
            },
            Enum.Parse<TransferState>(State), DecidedAt, DecidedBy, RefusalReason);
    }
}
