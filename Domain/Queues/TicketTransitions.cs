using static MicroPlatform.Domain.Queues.TicketAction;
using static MicroPlatform.Domain.Queues.TicketState;

namespace MicroPlatform.Domain.Queues;

/// <summary>Every permitted move of a place in a queue. What is not here is refused. Printed in <c>docs/states.md</c>; a test tries every pair.</summary>
public static class TicketTransitions
{
    public static readonly IReadOnlyDictionary<(TicketState From, TicketAction Action), TicketState> Table = new Dictionary<(TicketState, TicketAction), TicketState>
    {
        [(Waiting, Ring)] = Waiting,
        [(Waiting, Decline)] = Waiting,
        [(Waiting, TicketAction.Call)] = Called,
        [(Waiting, Pick)] = Called,
        [(Waiting, Park)] = Parked,
        [(Waiting, SwapForCallback)] = Waiting,
        [(Waiting, Prioritise)] = Waiting,
        [(Waiting, Transfer)] = Waiting,
        [(Waiting, Leave)] = Left,
        [(Waiting, Close)] = TicketState.Closed,
        [(Waiting, TellClosed)] = Waiting,

        [(Called, Recall)] = Called,
        [(Called, Start)] = InService,
        [(Called, PassOver)] = Parked,
        [(Called, Park)] = Parked,
        [(Called, Requeue)] = Waiting,
        [(Called, Transfer)] = Waiting,
        [(Called, Finish)] = Finishing,
        [(Called, Complete)] = Done,

        [(InService, Requeue)] = Waiting,
        [(InService, PassOver)] = Parked,
        [(InService, Park)] = Parked,
        [(InService, Transfer)] = Waiting,
        [(InService, Finish)] = Finishing,
        [(InService, Complete)] = Done,

        [(Parked, Return)] = Waiting,
        [(Parked, Pick)] = Called,
        [(Parked, SwapForCallback)] = Waiting,
        [(Parked, Prioritise)] = Parked,
        [(Parked, Transfer)] = Waiting,
        [(Parked, Leave)] = Left,
        [(Parked, Lapse)] = Missed,
        [(Parked, Close)] = TicketState.Closed,
        // Served, then cut off, then summarised by whoever served: nothing is left to wait for.
        [(Parked, Complete)] = Done,

        [(Finishing, Complete)] = Done,
    };
}
