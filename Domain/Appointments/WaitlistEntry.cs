using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Appointments;

/// <summary>
/// 候补: somebody waits for time with a person, at a desk or at a unit. With an appointment they want something earlier, and keep what they have
/// until they accept; without one they want anything. First come, first offered.
/// </summary>
public sealed class WaitlistEntry
{
    public required string Id { get; init; }
    public required string CitizenId { get; init; }

    /// <summary>Of the appointment that is to be earlier, or opened for the waiting: what the time will be booked on.</summary>
    public required string MatterId { get; init; }

    /// <summary>The appointment that is to be earlier; null for who has none yet.</summary>
    public string? AppointmentId { get; init; }
    public required string ServiceCode { get; init; }
    public required MeetingMode Mode { get; init; }

    /// <summary>Whom or which desk; exactly one of this and <see cref="OrganisationId"/>.</summary>
    public string? ResourceId { get; init; }

    /// <summary>Anybody of this unit.</summary>
    public string? OrganisationId { get; init; }
    public required DateOnly FromDate { get; init; }
    public required DateOnly UntilDate { get; init; }

    /// <summary>What it is about, for the appointment to come.</summary>
    public string? Reason { get; init; }
    public required DateTimeOffset JoinedAt { get; init; }
    public WaitlistState State { get; private set; }
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Number of the stored version this was read from.</summary>
    public int Version { get; init; }

    /// <summary>Whether the matter was opened for the waiting and ends with it.</summary>
    public bool OwnsMatter => AppointmentId is null;

    public static WaitlistEntry Restore(WaitlistEntry bare, WaitlistState state, DateTimeOffset? endedAt)
    {
        (bare.State, bare.EndedAt) = (state, endedAt);
        return bare;
    }

    /// <summary>Whether a free start is what they wait for.</summary>
    /// <param name="current">When the appointment begins that is to be earlier.</param>
    public bool Wants(Slot slot, DateTimeOffset? current)
    {
        var day = slot.StartsAt.DateInChina();
        return day >= FromDate && day <= UntilDate && (ResourceId is null || ResourceId == slot.ResourceId) && (OrganisationId is null || OrganisationId == slot.OrganisationId)
            && (current is null || slot.StartsAt < current);
    }

    public Outcome<Done> Offer() => Move(WaitlistAction.Offer, null);

    public Outcome<Done> Decline() => Move(WaitlistAction.Decline, null);

    public Outcome<Done> Book(DateTimeOffset now) => Move(WaitlistAction.Book, now);

    public Outcome<Done> Leave(DateTimeOffset now) => Move(WaitlistAction.Leave, now);

    public Outcome<Done> End(DateTimeOffset now) => Move(WaitlistAction.End, now);

    private Outcome<Done> Move(WaitlistAction action, DateTimeOffset? ended)
    {
        if (!WaitlistTransitions.Table.TryGetValue((State, action), out var to)) return AppointmentRefusals.WaitingOver;
        (State, EndedAt) = (to, ended);
        return Done.It;
    }
}

/// <summary>Time that has become free, kept for somebody on the waiting list until they answer or it runs out.</summary>
public sealed class WaitlistOffer
{
    public required string Id { get; init; }
    public required string EntryId { get; init; }
    public required string CitizenId { get; init; }
    public required AppointmentTime Time { get; init; }
    public required DateTimeOffset OfferedAt { get; init; }

    /// <summary>The last instant at which it can be accepted.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
    public WaitlistOfferState State { get; private set; }
    public DateTimeOffset? DecidedAt { get; private set; }

    /// <summary>Number of the stored version this was read from.</summary>
    public int Version { get; init; }

    public static WaitlistOffer Restore(WaitlistOffer bare, WaitlistOfferState state, DateTimeOffset? decidedAt)
    {
        (bare.State, bare.DecidedAt) = (state, decidedAt);
        return bare;
    }

    public Outcome<Done> Accept(DateTimeOffset now) => now > ExpiresAt ? AppointmentRefusals.OfferGone : Move(WaitlistOfferAction.Accept, now);

    public Outcome<Done> Reject(DateTimeOffset now) => Move(WaitlistOfferAction.Reject, now);

    /// <summary>Not before its time is over: who accepts in the last instant is in time.</summary>
    public Outcome<Done> Expire(DateTimeOffset now) => now <= ExpiresAt ? AppointmentRefusals.OfferGone : Move(WaitlistOfferAction.Expire, now);

    public Outcome<Done> Withdraw(DateTimeOffset now) => Move(WaitlistOfferAction.Withdraw, now);

    private Outcome<Done> Move(WaitlistOfferAction action, DateTimeOffset now)
    {
        if (!WaitlistTransitions.Offers.TryGetValue((State, action), out var to)) return AppointmentRefusals.OfferGone;
        (State, DecidedAt) = (to, now);
        return Done.It;
    }
}
