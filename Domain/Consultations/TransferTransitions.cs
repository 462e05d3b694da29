using static MicroPlatform.Domain.Consultations.TransferAction;
using static MicroPlatform.Domain.Consultations.TransferState;

namespace MicroPlatform.Domain.Consultations;

/// <summary>Every permitted move of a transfer. What is not here is refused. Printed in <c>docs/states.md</c>; a test tries every pair.</summary>
public static class TransferTransitions
{
    public static readonly IReadOnlyDictionary<(TransferState From, TransferAction Action), TransferState> Table =
        new Dictionary<(TransferState, TransferAction), TransferState>
        {
            [(Pending, Accept)] = Accepted,
            [(Pending, Refuse)] = Refused,
            [(Pending, Withdraw)] = Withdrawn,
            [(Pending, Lapse)] = Lapsed,
        };
}
