using static MicroPlatform.Domain.Administration.ApprovalAction;
using static MicroPlatform.Domain.Administration.ApprovalState;

namespace MicroPlatform.Domain.Administration;

/// <summary>Every permitted move of a request for a second administrator's word. What is not here is refused. Printed in <c>docs/states.md</c>; a test tries every pair.</summary>
public static class ApprovalTransitions
{
    public static readonly IReadOnlyDictionary<(ApprovalState From, ApprovalAction Action), ApprovalState> Table =
        new Dictionary<(ApprovalState, ApprovalAction), ApprovalState>
        {
            [(Pending, Approve)] = CarriedOut,
            [(Pending, Refuse)] = Refused,
            [(Pending, Withdraw)] = Withdrawn,
            [(Pending, Expire)] = Expired,
            [(CarriedOut, Undo)] = Undone,
        };
}
