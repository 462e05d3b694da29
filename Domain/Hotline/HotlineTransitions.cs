using static MicroPlatform.Domain.Hotline.HotlineEventType;
using static MicroPlatform.Domain.Hotline.HotlineTicketState;

namespace MicroPlatform.Domain.Hotline;

/// <summary>
/// Every permitted move of a hotline ticket. Printed in <c>docs/states.md</c>; a test tries every pair. Two systems move one ticket, and the news of
/// one reaches the other late and in any order: what came in is kept with the time at which it happened, and the state is worked out anew from
/// all of it (<see cref="Fold"/>).
/// </summary>
public static class HotlineTransitions
{
    public static readonly IReadOnlyDictionary<(HotlineTicketState From, HotlineEventType Event), HotlineTicketState> Table = Build();

    /// <summary>Steps that may have been taken though nobody has told of them (yet). Nothing that undoes is ever assumed.</summary>
    private static readonly HotlineEventType[] Assumed = [HotlineEventType.Dispatched, HotlineEventType.Accepted, Started, HotlineEventType.Suspended, InfoRequested, HotlineEventType.Resolved, HotlineEventType.FollowedUp];

    private static readonly IReadOnlyDictionary<(HotlineTicketState, HotlineEventType), HotlineTicketState> WithGaps = CloseGaps();

    /// <summary>Where an event leads, also when steps in between have not been told of; null when it cannot have happened.</summary>
    public static HotlineTicketState? After(HotlineTicketState from, HotlineEventType type) => WithGaps.TryGetValue((from, type), out var to) ? to : null;

    /// <summary>What could happen to a ticket in this state.</summary>
    public static IReadOnlyList<HotlineEventType> Allowed(HotlineTicketState from) => [.. Enum.GetValues<HotlineEventType>().Where(e => WithGaps.ContainsKey((from, e)))];

    /// <summary>The state after all that happened, in the order in which it happened, whatever the order in which it was told. An event that cannot have happened where it stands is passed over.</summary>
    /// <param name="applied">Called for each event with the state it met and whether it counted.</param>
    public static HotlineTicketState Fold(IEnumerable<HotlineEvent> events, Action<HotlineEvent, HotlineTicketState, bool>? applied = null)
    {
        var state = Received;
        foreach (var e in InOrder(events))
        {
            var next = After(state, e.Type);
            applied?.Invoke(e, state, next is not null);
            state = next ?? state;
        }
        return state;
    }

    /// <summary>By when they happened; at one instant by the usual order of steps, and then by their ids, so that there is one order only.</summary>
    public static IOrderedEnumerable<HotlineEvent> InOrder(IEnumerable<HotlineEvent> events) =>
        events.OrderBy(e => e.OccurredAt).ThenBy(e => e.Type).ThenBy(e => e.EventId, StringComparer.Ordinal);

    private static Dictionary<(HotlineTicketState, HotlineEventType), HotlineTicketState> Build()
    {
        var table = new Dictionary<(HotlineTicketState, HotlineEventType), HotlineTicketState>
        {
            [(Received, HotlineEventType.Dispatched)] = HotlineTicketState.Dispatched,
            [(Received, HotlineEventType.Accepted)] = HotlineTicketState.Accepted,
            [(HotlineTicketState.Returned, HotlineEventType.Dispatched)] = HotlineTicketState.Dispatched,
            [(HotlineTicketState.Returned, HotlineEventType.Reassigned)] = HotlineTicketState.Reassigned,
            [(HotlineTicketState.Returned, HotlineEventType.Accepted)] = HotlineTicketState.Accepted,
            [(HotlineTicketState.Suspended, Resumed)] = Processing,
            [(AwaitingInfo, Resumed)] = Processing,
            [(HotlineTicketState.Suspended, HotlineEventType.Resolved)] = HotlineTicketState.Resolved,
            [(AwaitingInfo, HotlineEventType.Resolved)] = HotlineTicketState.Resolved,
            [(HotlineTicketState.Accepted, Started)] = Processing,
            [(HotlineTicketState.Resolved, HotlineEventType.FollowedUp)] = HotlineTicketState.FollowedUp,
            [(HotlineTicketState.Resolved, HotlineEventType.Closed)] = HotlineTicketState.Closed,
            [(HotlineTicketState.FollowedUp, HotlineEventType.Closed)] = HotlineTicketState.Closed,
        };
        foreach (var with in (HotlineTicketState[])[HotlineTicketState.Dispatched, HotlineTicketState.Reassigned])
        {
            table[(with, HotlineEventType.Dispatched)] = HotlineTicketState.Dispatched;
            table[(with, HotlineEventType.Accepted)] = HotlineTicketState.Accepted;
            table[(with, HotlineEventType.Returned)] = HotlineTicketState.Returned;
            table[(with, HotlineEventType.Reassigned)] = HotlineTicketState.Reassigned;
        }
        foreach (var at in (HotlineTicketState[])[HotlineTicketState.Accepted, Processing])
        {
            table[(at, HotlineEventType.Suspended)] = HotlineTicketState.Suspended;
            table[(at, InfoRequested)] = AwaitingInfo;
            table[(at, HotlineEventType.Resolved)] = HotlineTicketState.Resolved;
            table[(at, HotlineEventType.Returned)] = HotlineTicketState.Returned;
            table[(at, HotlineEventType.Reassigned)] = HotlineTicketState.Reassigned;
        }
        foreach (var done in (HotlineTicketState[])[HotlineTicketState.Resolved, HotlineTicketState.FollowedUp, HotlineTicketState.Closed]) table[(done, Reopened)] = Processing;
        foreach (var open in Enum.GetValues<HotlineTicketState>().Where(s => !s.IsOver()))
        {
            foreach (var remark in (HotlineEventType[])[ExtensionRequested, ExtensionApproved, Urged, Supervised]) table[(open, remark)] = open;
            if (open is HotlineTicketState.Resolved or HotlineTicketState.FollowedUp) continue;
            table[(open, HotlineEventType.Withdrawn)] = HotlineTicketState.Withdrawn;
            table[(open, HotlineEventType.Merged)] = HotlineTicketState.Merged;
        }
        return table;
    }

    private static Dictionary<(HotlineTicketState, HotlineEventType), HotlineTicketState> CloseGaps()
    {
        var closed = new Dictionary<(HotlineTicketState, HotlineEventType), HotlineTicketState>();
        foreach (var from in Enum.GetValues<HotlineTicketState>())
        {
            // The nearest state first, so that what is possible without a gap means what the table says.
            var (seen, next) = (new HashSet<HotlineTicketState> { from }, new Queue<HotlineTicketState>([from]));
            while (next.TryDequeue(out var state))
                foreach (var type in Enum.GetValues<HotlineEventType>())
                {
                    if (!Table.TryGetValue((state, type), out var to)) continue;
                    closed.TryAdd((from, type), to);
                    if (Assumed.Contains(type) && seen.Add(to)) next.Enqueue(to);
                }
        }
        return closed;
    }
}
