using static MicroPlatform.Domain.Consultations.ConsultationAction;
using static MicroPlatform.Domain.Consultations.ConsultationState;

namespace MicroPlatform.Domain.Consultations;

/// <summary>Every permitted move of a consultation. What is not here is refused. Printed in <c>docs/states.md</c>; a test tries every pair.</summary>
public static class ConsultationTransitions
{
    public static readonly IReadOnlyDictionary<(ConsultationState From, ConsultationAction Action), ConsultationState> Table =
        new Dictionary<(ConsultationState, ConsultationAction), ConsultationState>
        {
            [(Submitted, Assign)] = Assigned,
            [(Submitted, MoveUnit)] = Submitted,
            [(Submitted, Ask)] = Submitted,
            [(Submitted, Note)] = Submitted,
            [(Submitted, Withdraw)] = Withdrawn,
            [(Submitted, Reject)] = Rejected,
            [(Submitted, Merge)] = Merged,

            [(Assigned, Assign)] = Assigned,
            [(Assigned, Release)] = Submitted,
            [(Assigned, MoveUnit)] = Submitted,
            [(Assigned, Answer)] = Answered,
            [(Assigned, Ask)] = Assigned,
            [(Assigned, Note)] = Assigned,
            [(Assigned, Withdraw)] = Withdrawn,
            [(Assigned, Reject)] = Rejected,
            [(Assigned, Merge)] = Merged,

            [(Answered, Assign)] = Answered,
            [(Answered, MoveUnit)] = Answered,
            [(Answered, Answer)] = Answered,
            [(Answered, Ask)] = FollowUp,
            [(Answered, Note)] = Answered,
            [(Answered, Close)] = Closed,
            [(Answered, Merge)] = Merged,

            [(FollowUp, Assign)] = FollowUp,
            [(FollowUp, Release)] = FollowUp,
            [(FollowUp, MoveUnit)] = FollowUp,
            [(FollowUp, Answer)] = Answered,
            [(FollowUp, Ask)] = FollowUp,
            [(FollowUp, Note)] = FollowUp,
            [(FollowUp, Close)] = Closed,
            [(FollowUp, Merge)] = Merged,

            [(Closed, Note)] = Closed,
        };
}
