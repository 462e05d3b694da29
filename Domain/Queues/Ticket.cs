using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Queues;

/// <summary>
/// 排队号: a place in a queue, for people who have no appointment, or who have come to the window with one. Verbs change it; each consults
/// <see cref="TicketTransitions"/> through <see cref="Move"/>, the one door to its state, and adds a line to its <see cref="History"/>. The matter it is about
/// goes its own way: the use cases and the call end it.
/// </summary>
public sealed class Ticket
{
    /// <summary>Longest words on what it is about, in UTF-16 code units.</summary>
    public const int MaxReason = 500;

    /// <summary>Somebody who wants to be rung back is rung so often before the place is lost.</summary>
    public const int MostCallbacks = 3;

    private readonly List<IDomainEvent> _events = [];
    private readonly List<TicketEntry> _history = [];

    public required string Id { get; init; }
    public required QueueKind Kind { get; init; }

    /// <summary>Null for somebody at the window who is not known to the platform.</summary>
    public string? CitizenId { get; init; }
    public string? MatterId { get; init; }

    /// <summary>The appointment with which somebody has come to the window.</summary>
    public string? AppointmentId { get; init; }
    public string? CategoryCode { get; init; }
    public string? RegionCode { get; init; }
    public string? Reason { get; init; }

    /// <summary>Keyed hash of the other side's name, for the conflict check; the name is not kept.</summary>
    public string? OpposingHash { get; init; }
    public required DateTimeOffset JoinedAt { get; init; }

    /// <summary>What was said of the waiting time when joining; null where nothing was.</summary>
    public WaitEstimate? Promise { get; init; }

    public TicketPlace Place { get; private set; } = null!;
    public PriorityClass Priority { get; private set; }

    /// <summary>The order: lower is earlier. See <see cref="QueueSettings.RankOf"/>.</summary>
    public DateTimeOffset RankAt { get; private set; }
    public TicketState State { get; private set; }
    public TicketWish Wants { get; private set; }

    /// <summary>Who has it in hand, or had it last.</summary>
    public string? StaffId { get; private set; }

    /// <summary>The desk it was called to; null for video.</summary>
    public string? Desk { get; private set; }

    /// <summary>The video call that it led to last.</summary>
    public string? CallId { get; private set; }

    /// <summary>Times it was called.</summary>
    public int Calls { get; private set; }

    /// <summary>Which ring is ringing, from 1; 0 before the first. The people rung stand in <c>ticket_rings</c>.</summary>
    public int Rings { get; private set; }
    public DateTimeOffset? RingUntil { get; private set; }
    public TicketTimes Times { get; private set; } = new();

    /// <summary>Number of the stored version this was read from; every save demands it and raises it by one.</summary>
    public int Version { get; init; }

    public IReadOnlyList<IDomainEvent> Events => _events;

    /// <summary>Lines made since loading.</summary>
    public IReadOnlyList<TicketEntry> History => _history;

    public static Ticket Restore(Ticket bare, TicketState state, TicketWish wants, TicketPlace place, TicketRank rank, TicketHands hands, TicketTimes times)
    {
        (bare.State, bare.Wants, bare.Place, bare.Priority, bare.RankAt, bare.Times) = (state, wants, place, rank.Priority, rank.At, times);
        (bare.StaffId, bare.Desk, bare.CallId, bare.Calls, bare.Rings, bare.RingUntil) = (hands.StaffId, hands.Desk, hands.CallId, hands.Calls, hands.Rings, hands.RingUntil);
        return bare;
    }

    /// <param name="bare">What does not change.</param>
    public static Ticket Join(Ticket bare, TicketPlace place, TicketRank rank, TicketWish wants)
    {
        (bare.Place, bare.Priority, bare.RankAt, bare.Wants) = (place, rank.Priority, rank.At, wants);
        bare.Note(TicketAction.Join, bare.JoinedAt);
        return bare;
    }

    /// <summary>People of the office are rung, or more of them.</summary>
    public Outcome<Done> Ring(IReadOnlyList<string> staffIds, DateTimeOffset until, DateTimeOffset now)
    {
        if (Move(TicketAction.Ring) is { } refusal) return refusal;
        (Rings, RingUntil) = (Rings + 1, until);
        Note(TicketAction.Ring, now, rung: staffIds);
        return Done.It;
    }

    /// <summary>One of those rung does not take it; the citizen keeps the place.</summary>
    public Outcome<Done> Decline(string staffId, DateTimeOffset now)
    {
        if (Move(TicketAction.Decline) is { } refusal) return refusal;
        Note(TicketAction.Decline, now, staffId);
        return Done.It;
    }

    /// <summary>Somebody takes it. That it is their turn, and theirs alone, the caller has seen to: by the order, and by the key of who serves.</summary>
    /// <param name="callId">The call that is opened for it; null at a window.</param>
    public Outcome<Done> Call(string staffId, string? callId, string? desk, DateTimeOffset now) => Take(TicketAction.Call, staffId, callId, desk, now);

    /// <summary>Out of the order, or whoever was set aside and is there now: somebody of the office has chosen so, and the history says it.</summary>
    public Outcome<Done> Pick(string staffId, string? desk, DateTimeOffset now) => Take(TicketAction.Pick, staffId, null, desk, now);

    /// <summary>Called once more, as it was not heard.</summary>
    public Outcome<Done> Recall(DateTimeOffset now) => Go(TicketAction.Recall, now);

    /// <summary>The citizen has answered or has come. Twice is once.</summary>
    public Outcome<Done> Start(DateTimeOffset now)
    {
        if (State == TicketState.InService) return Done.It;
        if (Move(TicketAction.Start) is { } refusal) return refusal;
        Times = Times with { StartedAt = now };
        Note(TicketAction.Start, now, StaffId);
        return Done.It;
    }

    /// <summary>Nobody answered, or the network broke on the citizen's side: the place is kept until then.</summary>
    public Outcome<Done> PassOver(DateTimeOffset keptUntil, DateTimeOffset now)
    {
        if (Move(TicketAction.PassOver) is { } refusal) return refusal;
        SetAside(keptUntil, now);
        Note(TicketAction.PassOver, now, StaffId);
        _events.Add(new TicketPassedOver(Id, MatterId, CitizenId, keptUntil));
        return Done.It;
    }

    /// <summary>Set aside by the office, for as long as it likes.</summary>
    public Outcome<Done> Park(DateTimeOffset now)
    {
        if (Move(TicketAction.Park) is { } refusal) return refusal;
        SetAside(null, now);
        Note(TicketAction.Park, now, StaffId);
        return Done.It;
    }

    /// <summary>Back in the order, where it was. Twice is once.</summary>
    public Outcome<Done> Return(DateTimeOffset now)
    {
        if (State == TicketState.Waiting) return Done.It;
        return BackInLine(TicketAction.Return, now);
    }

    /// <summary>Broken off, and not by the citizen: comes back where it was, which is the head.</summary>
    public Outcome<Done> Requeue(DateTimeOffset now) => BackInLine(TicketAction.Requeue, now);

    /// <summary>The office will ring the telephone instead; the place stays.</summary>
    public Outcome<Done> SwapForCallback(DateTimeOffset now)
    {
        if (Wants == TicketWish.Callback && State == TicketState.Waiting) return Done.It;
        // Whoever is in the hall is called there.
        if (Kind == QueueKind.Window) return QueueRefusals.WrongState;
        if (Move(TicketAction.SwapForCallback) is { } refusal) return refusal;
        Wants = TicketWish.Callback;
        Times = Times with { ParkedAt = null, KeptUntil = null };
        Note(TicketAction.SwapForCallback, now);
        return Done.It;
    }

    /// <summary>Another class. A rank that is earlier already stays: nobody falls back.</summary>
    public Outcome<Done> Prioritise(PriorityClass priority, DateTimeOffset rankAt, DateTimeOffset now)
    {
        if (Move(TicketAction.Prioritise) is { } refusal) return refusal;
        (Priority, RankAt) = (priority, rankAt < RankAt ? rankAt : RankAt);
        Note(TicketAction.Prioritise, now);
        return Done.It;
    }

    /// <summary>To another queue, under a new number; the time waited counts there, too.</summary>
    public Outcome<Done> Transfer(TicketPlace to, DateTimeOffset now)
    {
        if (Move(TicketAction.Transfer) is { } refusal) return refusal;
        Place = to;
        LetGo();
        Note(TicketAction.Transfer, now);
        return Done.It;
    }

    /// <summary>The citizen has been served; the summary is still owed.</summary>
    public Outcome<Done> Finish(DateTimeOffset now)
    {
        if (State == TicketState.Finishing) return Done.It;
        if (Move(TicketAction.Finish) is { } refusal) return refusal;
        Times = Times with { ServedAt = now };
        Note(TicketAction.Finish, now, StaffId);
        return Done.It;
    }

    public Outcome<Done> Complete(DateTimeOffset now)
    {
        if (State == TicketState.Done) return Done.It;
        if (Move(TicketAction.Complete) is { } refusal) return refusal;
        Times = Times with { ServedAt = Times.ServedAt ?? now, EndedAt = now };
        Note(TicketAction.Complete, now, StaffId);
        return Done.It;
    }

    /// <summary>The citizen does not want to wait any longer. Twice is once.</summary>
    public Outcome<Done> Leave(DateTimeOffset now)
    {
        if (State == TicketState.Left) return Done.It;
        return End(TicketAction.Leave, now);
    }

    /// <summary>
    /// The time in which the place was kept is over: lost. Whoever wants to be rung back need not come back by themselves, and is rung again some times.
    /// </summary>
    public Outcome<Done> Lapse(DateTimeOffset now)
    {
        if (State == TicketState.Parked && (Times.KeptUntil is not { } kept || now < kept)) return QueueRefusals.WrongState;
        if (State == TicketState.Parked && Wants == TicketWish.Callback && Calls < MostCallbacks) return BackInLine(TicketAction.Return, now);
        var refusal = End(TicketAction.Lapse, now);
        if (!refusal.IsRefused) _events.Add(new TicketMissed(Id, MatterId, CitizenId));
        return refusal;
    }

    public Outcome<Done> Close(DateTimeOffset now)
    {
        var refusal = End(TicketAction.Close, now);
        if (!refusal.IsRefused) _events.Add(new TicketClosed(Id, MatterId, CitizenId));
        return refusal;
    }

    /// <summary>The duty has ended: told once per evening, and rung no longer. The place stays.</summary>
    public Outcome<Done> TellClosed(DateTimeOffset now)
    {
        if (Move(TicketAction.TellClosed) is { } refusal) return refusal;
        RingUntil = null;
        Times = Times with { ToldClosedAt = now };
        Note(TicketAction.TellClosed, now);
        _events.Add(new TicketHeldOver(Id, MatterId, CitizenId));
        return Done.It;
    }

    private Outcome<Done> Take(TicketAction action, string staffId, string? callId, string? desk, DateTimeOffset now)
    {
        if (State.BindsStaff()) return QueueRefusals.Taken;
        if (Move(action) is { } refusal) return refusal;
        (StaffId, CallId, Desk, RingUntil, Rings) = (staffId, callId, desk, null, 0);
        Calls++;
        Times = Times with { CalledAt = now, FirstCalledAt = Times.FirstCalledAt ?? now, ParkedAt = null, KeptUntil = null };
        Note(action, now, staffId);
        return Done.It;
    }

    private Outcome<Done> Go(TicketAction action, DateTimeOffset now)
    {
        if (Move(action) is { } refusal) return refusal;
        Note(action, now, StaffId);
        return Done.It;
    }

    private Outcome<Done> BackInLine(TicketAction action, DateTimeOffset now)
    {
        if (Move(action) is { } refusal) return refusal;
        LetGo();
        Note(action, now, StaffId);
        return Done.It;
    }

    private Outcome<Done> End(TicketAction action, DateTimeOffset now)
    {
        if (Move(action) is { } refusal) return refusal;
        RingUntil = null;
        Times = Times with { EndedAt = now, KeptUntil = null };
        Note(action, now);
        return Done.It;
    }

    private void LetGo()
    {
        (Desk, Rings, RingUntil) = (null, 0, null);
        Times = Times with { ParkedAt = null, KeptUntil = null };
    }

    private void SetAside(DateTimeOffset? keptUntil, DateTimeOffset now)
    {
        (Rings, RingUntil) = (0, null);
        Times = Times with { ParkedAt = now, KeptUntil = keptUntil };
    }

    private void Note(TicketAction action, DateTimeOffset now, string? staffId = null, IReadOnlyList<string>? rung = null) =>
        _history.Add(new TicketEntry(action, State, Place.QueueId, RankAt, staffId, action == TicketAction.Ring ? Rings : null, RingUntil, rung ?? [], now));

    private Refusal? Move(TicketAction action)
    {
        if (!TicketTransitions.Table.TryGetValue((State, action), out var to)) return State.IsOver() ? QueueRefusals.Over : QueueRefusals.WrongState;
        State = to;
        return null;
    }
}
