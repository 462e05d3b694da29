using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Materials;

/// <summary>A material on a matter: which version was handed in for which item of the checklist, and what the office says of it.</summary>
public sealed class MaterialUse
{
    /// <summary>Longest note to a rejection, in UTF-16 code units.</summary>
    public const int MaxNote = 200;

    private readonly List<IDomainEvent> _events = [];

    public required string Id { get; init; }
    public required string MatterId { get; init; }
    public required string MaterialId { get; init; }
    public string? AppointmentId { get; init; }
    public required DateTimeOffset AddedAt { get; init; }
    public string? ItemCode { get; set; }
    public int MaterialVersion { get; private set; }
    public UseState State { get; private set; }
    public RejectionReason? Reason { get; private set; }
    public string? Note { get; private set; }
    public string? ReviewedBy { get; private set; }
    public DateTimeOffset? ReviewedAt { get; private set; }

    /// <summary>Accepted without a look because the same version had been accepted for the same item on another matter.</summary>
    public bool Reused { get; private set; }

    /// <summary>Number of the stored row this was read from.</summary>
    public int Version { get; init; }

    public IReadOnlyList<IDomainEvent> Events => _events;

    public static MaterialUse Restore(MaterialUse bare, int materialVersion, UseState state, bool reused, UseReview review)
    {
        (bare.MaterialVersion, bare.State, bare.Reused) = (materialVersion, state, reused);
        (bare.Reason, bare.Note, bare.ReviewedBy, bare.ReviewedAt) = (review.Reason, review.Note, review.ReviewedBy, review.ReviewedAt);
        return bare;
    }

    /// <param name="acceptedBefore">When and by whom the same version was accepted for the same item, recently enough; null when it was not.</param>
    public static MaterialUse Submit(MaterialUse bare, int materialVersion, UseReview? acceptedBefore)
    {
        bare.MaterialVersion = materialVersion;
        if (acceptedBefore is null) return bare;
        (bare.State, bare.Reused, bare.ReviewedBy, bare.ReviewedAt) = (UseState.Accepted, true, acceptedBefore.ReviewedBy, acceptedBefore.ReviewedAt);
        return bare;
    }

    public Outcome<Done> Accept(string staffId, DateTimeOffset now) => Review(UseAction.Accept, null, null, staffId, now);

    /// <param name="note">Told to the citizen; required where the reason says nothing.</param>
    public Outcome<Done> Reject(RejectionReason reason, string? note, string staffId, DateTimeOffset now)
    {
        if (reason == RejectionReason.Other && note is null) return CommonRefusals.Invalid.At("note", "请说明原因");
        var rejected = Review(UseAction.Reject, reason, note, staffId, now);
        if (!rejected.IsRefused) _events.Add(new MaterialRejected(Id, MatterId));
        return rejected;
    }

    /// <summary>The material has a new version.</summary>
    public Outcome<Done> Resubmit(int materialVersion)
    {
        if (Move(UseAction.Resubmit) is { } refusal) return refusal;
        (MaterialVersion, Reason, Note, ReviewedBy, ReviewedAt, Reused) = (materialVersion, null, null, null, null, false);
        return Done.It;
    }

    private Outcome<Done> Review(UseAction action, RejectionReason? reason, string? note, string staffId, DateTimeOffset now)
    {
        if (Move(action) is { } refusal) return refusal;
        (Reason, Note, ReviewedBy, ReviewedAt, Reused) = (reason, note, staffId, now, false);
        return Done.It;
    }

    private Refusal? Move(UseAction action)
    {
        if (!MaterialTransitions.Uses.TryGetValue((State, action), out var to)) return MaterialRefusals.AlreadyReviewed;
        State = to;
        return null;
    }
}

/// <summary>What the office has said of a material.</summary>
public sealed record UseReview(RejectionReason? Reason, string? Note, string? ReviewedBy, DateTimeOffset? ReviewedAt);
