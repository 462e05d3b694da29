using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Consultations;

/// <summary>
/// 转办: a unit asks another to take a matter over. Until the other accepts, the first stays responsible (首问负责). Nobody tosses a citizen
/// between units for long: after <see cref="FreeDecisions"/> answered transfers of a matter only the head over both units sends it on, and
/// that decides it at once.
/// </summary>
public sealed class Transfer
{
    /// <summary>Transfers of one matter that units may settle among themselves; the third is the head's.</summary>
    public const int FreeDecisions = 2;

    private readonly List<IDomainEvent> _events = [];

    public required string Id { get; init; }
    public required string MatterId { get; init; }
    public required string ConsultationId { get; init; }
    public required string FromOrganisationId { get; init; }

    /// <summary>Who asked.</summary>
    public required string FromStaffId { get; init; }
    public required string ToOrganisationId { get; init; }

    /// <summary>Who is to have it; null leaves that to the unit.</summary>
    public string? ToStaffId { get; init; }
    public required string Reason { get; init; }
    public required DateTimeOffset RequestedAt { get; init; }
    public TransferState State { get; private set; }
    public DateTimeOffset? DecidedAt { get; private set; }

    /// <summary>Who accepted, refused or withdrew; null when it lapsed.</summary>
    public string? DecidedBy { get; private set; }
    public string? RefusalReason { get; private set; }

    /// <summary>Number of the stored version this was read from.</summary>
    public int Version { get; init; }

    public IReadOnlyList<IDomainEvent> Events => _events;

    public static Transfer Restore(Transfer bare, TransferState state, DateTimeOffset? decidedAt, string? decidedBy, string? refusalReason)
    {
        (bare.State, bare.DecidedAt, bare.DecidedBy, bare.RefusalReason) = (state, decidedAt, decidedBy, refusalReason);
        return bare;
    }

    /// <summary>Asks. By the head, when it is the head's to decide, it is accepted at once.</summary>
    /// <param name="bare">As it is to be, still without a state.</param>
    /// <param name="decidedBefore">Transfers of this matter that were accepted or refused.</param>
    /// <param name="byHead">The one who asks is the head over both units.</param>
    public static Outcome<Transfer> Request(Transfer bare, int decidedBefore, bool byHead)
    {
        if (bare.ToOrganisationId == bare.FromOrganisationId) return ConsultationRefusals.TransferToSameUnit.At("toOrganisationId", "已由该单位负责");
        var heads = decidedBefore >= FreeDecisions;
        if (heads && !byHead) return ConsultationRefusals.TransferNeedsHead;
        bare.State = TransferState.Pending;
        if (heads) return bare.Accept(bare.FromStaffId, bare.RequestedAt) is { IsRefused: true } no ? no.Refusal! : bare;
        bare._events.Add(new TransferRequested(bare.Id, bare.ConsultationId, bare.MatterId, bare.ToOrganisationId, bare.ToStaffId));
        return bare;
    }

    /// <summary>The consultation moves in the same transaction.</summary>
    public Outcome<Done> Accept(string staffId, DateTimeOffset now) =>
        Decide(TransferAction.Accept, staffId, now, new TransferAccepted(Id, ConsultationId, MatterId, FromStaffId, ToOrganisationId));

    /// <param name="reason">Told to the unit that asked.</param>
    public Outcome<Done> Refuse(string staffId, string reason, DateTimeOffset now)
    {
        var refused = Decide(TransferAction.Refuse, staffId, now, new TransferRefused(Id, ConsultationId, MatterId, FromStaffId, reason));
        if (!refused.IsRefused) RefusalReason = reason;
        return refused;
    }

    public Outcome<Done> Withdraw(string staffId, DateTimeOffset now) => Decide(TransferAction.Withdraw, staffId, now, null);

    /// <summary>The matter has ended; there is nothing left to take over.</summary>
    public Outcome<Done> Lapse(DateTimeOffset now) => Decide(TransferAction.Lapse, null, now, null);

    private Outcome<Done> Decide(TransferAction action, string? staffId, DateTimeOffset now, IDomainEvent? happened)
    {
        if (Move(action) is { } refusal) return refusal;
        (DecidedAt, DecidedBy) = (now, staffId);
        if (happened is not null) _events.Add(happened);
        return Done.It;
    }

    private Refusal? Move(TransferAction action)
    {
        if (!TransferTransitions.Table.TryGetValue((State, action), out var to)) return ConsultationRefusals.TransferDecided;
        State = to;
        return null;
    }
}
