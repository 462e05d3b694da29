using static MicroPlatform.Domain.VideoCalls.CallAction;
using static MicroPlatform.Domain.VideoCalls.CallState;

namespace MicroPlatform.Domain.VideoCalls;

/// <summary>Every permitted move of a video call. What is not here is refused. Printed in <c>docs/states.md</c>; a test tries every pair.</summary>
public static class CallTransitions
{
    public static readonly IReadOnlyDictionary<(CallState From, CallAction Action), CallState> Table =
        new Dictionary<(CallState, CallAction), CallState>
        {
            [(Scheduled, Move)] = Scheduled,
            [(Scheduled, Ring)] = Ringing,
            [(Scheduled, ChangeMedium)] = Scheduled,
            [(Scheduled, Miss)] = Missed,
            [(Scheduled, Cancel)] = Cancelled,
            [(Scheduled, Divert)] = Ended,

            [(Ringing, Connect)] = Connected,
            [(Ringing, ChangeMedium)] = Ringing,
            [(Ringing, Miss)] = Missed,
            [(Ringing, Cancel)] = Cancelled,
            [(Ringing, Divert)] = Ended,

            [(Connected, Drop)] = Reconnecting,
            [(Connected, ChangeMedium)] = Connected,
            [(Connected, End)] = Ended,
            [(Connected, Divert)] = Ended,

            [(Reconnecting, Connect)] = Connected,
            [(Reconnecting, ChangeMedium)] = Reconnecting,
            [(Reconnecting, End)] = Ended,
            [(Reconnecting, Divert)] = Ended,

            [(Ended, Summarise)] = Ended,
        };
}
