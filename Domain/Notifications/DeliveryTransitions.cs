using static MicroPlatform.Domain.Notifications.DeliveryAction;
using static MicroPlatform.Domain.Notifications.DeliveryState;

namespace MicroPlatform.Domain.Notifications;

/// <summary>Every permitted move of a delivery. What is not here does not happen.</summary>
public static class DeliveryTransitions
{
    public static readonly IReadOnlyDictionary<(DeliveryState From, DeliveryAction Action), DeliveryState> Table =
        new Dictionary<(DeliveryState, DeliveryAction), DeliveryState>
        {
            [(Pending, Begin)] = Sending,
            [(Pending, Refuse)] = Undeliverable,
            [(Pending, Fail)] = Failed,
            [(Pending, Expire)] = Expired,
            [(Pending, Withhold)] = Withheld,

            [(Sending, Accept)] = Sent,
            [(Sending, Refuse)] = Undeliverable,
            [(Sending, Fail)] = Failed,
            [(Sending, Postpone)] = Pending,
            [(Sending, LoseTrack)] = Uncertain,

            // WeChat's own report may come before our record of the answer, and settles what was lost.
            [(Sending, Confirm)] = Delivered,
            [(Sent, Confirm)] = Delivered,
            [(Uncertain, Confirm)] = Delivered,
            [(Sent, Refuse)] = Undeliverable,
            [(Uncertain, Refuse)] = Undeliverable,
        };
}
