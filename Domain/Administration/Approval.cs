using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Administration;

/// <summary>One administrator asks for a destructive act, another approves it, and only then it is carried out.</summary>
/// <param name="SubjectName">As it was called when it was asked.</param>
/// <param name="SubjectVersion">The version that was seen when it was asked: a thing changed since is asked about anew. Null where it has none.</param>
public sealed record Approval(
    string Id, ApprovableAct Act, string SubjectId, string SubjectName, int? SubjectVersion, string Reason, string RequestedBy, DateTimeOffset RequestedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>Over a long weekend.</summary>
    public static readonly TimeSpan ValidFor = TimeSpan.FromDays(4);

    /// <summary>A mistake shows on the next working day, or is lived with.</summary>
    public static readonly TimeSpan UndoFor = TimeSpan.FromDays(1);

    public const int MaxReason = 200;

    public ApprovalState State { get; private init; } = ApprovalState.Pending;
    public string? DecidedBy { get; private init; }
    public DateTimeOffset? DecidedAt { get; private init; }
    public string? DecisionReason { get; private init; }

    /// <summary>Set when it was carried out and can be taken back.</summary>
    public DateTimeOffset? UndoUntil { get; private init; }
    public string? UndoneBy { get; private init; }
    public DateTimeOffset? UndoneAt { get; private init; }

    /// <summary>Number of the stored version this was read from.</summary>
    public int Version { get; private init; }

    public static Approval Request(string id, ApprovableAct act, string subjectId, string subjectName, int? subjectVersion, string reason, string by, DateTimeOffset now) =>
        new(id, act, subjectId, subjectName, subjectVersion, reason, by, now, now + ValidFor);

    public static Approval Restore(Approval bare, ApprovalFacts facts) => bare with
    {
        State = facts.State, DecidedBy = facts.DecidedBy, DecidedAt = facts.DecidedAt, DecisionReason = facts.DecisionReason, UndoUntil = facts.UndoUntil, UndoneBy = facts.UndoneBy,
        UndoneAt = facts.UndoneAt, Version = facts.Version,
    };

    /// <param name="undoable">Whether the act can be taken back.</param>
    public Outcome<Approval> Approve(string by, bool undoable, DateTimeOffset now)
    {
        if (by == RequestedBy) return AdministrationRefusals.OwnApproval;
        var moved = Move(ApprovalAction.Approve, now);
        return moved.IsRefused ? moved : moved.Value with { DecidedBy = by, DecidedAt = now, UndoUntil = undoable ? now + UndoFor : null };
    }

    public Outcome<Approval> Refuse(string by, string reason, DateTimeOffset now)
    {
        var moved = Move(ApprovalAction.Refuse, now);
        return moved.IsRefused ? moved : moved.Value with { DecidedBy = by, DecidedAt = now, DecisionReason = reason };
    }

    /// <summary>Only by who asked.</summary>
    public Outcome<Approval> Withdraw(string by, DateTimeOffset now)
    {
        if (by != RequestedBy) return AdministrationRefusals.NotYourApproval;
        var moved = Move(ApprovalAction.Withdraw, now);
        return moved.IsRefused ? moved : moved.Value with { DecidedBy = by, DecidedAt = now };
    }

    public Outcome<Approval> Expire(DateTimeOffset now) => now < ExpiresAt ? AdministrationRefusals.ApprovalDecided : Move(ApprovalAction.Expire, now);

    /// <summary>One administrator is enough: it gives back what was taken away.</summary>
    public Outcome<Approval> Undo(string by, DateTimeOffset now)
    {
        if (State == ApprovalState.CarriedOut && UndoUntil is null) return AdministrationRefusals.UndoNotPossible;
        if (UndoUntil < now) return AdministrationRefusals.UndoOver;
        var moved = Move(ApprovalAction.Undo, now);
        return moved.IsRefused ? moved : moved.Value with { UndoneBy = by, UndoneAt = now };
    }

    private Outcome<Approval> Move(ApprovalAction action, DateTimeOffset now)
    {
        if (State == ApprovalState.Pending && action is not ApprovalAction.Expire && now >= ExpiresAt) return AdministrationRefusals.ApprovalExpired;
        return ApprovalTransitions.Table.TryGetValue((State, action), out var to) ? this with { State = to } : AdministrationRefusals.ApprovalDecided;
    }
}

/// <summary>The parts of a request that change, as stored.</summary>
public sealed record ApprovalFacts(
    ApprovalState State, string? DecidedBy, DateTimeOffset? DecidedAt, string? DecisionReason, DateTimeOffset? UndoUntil, string? UndoneBy, DateTimeOffset? UndoneAt, int Version);
