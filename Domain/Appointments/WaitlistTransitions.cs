namespace MicroPlatform.Domain.Appointments;

/// <summary>Every permitted move of a place on the waiting list and of an offer. What is not here is refused. Printed in <c>docs/states.md</c>; a test tries every pair.</summary>
public static class WaitlistTransitions
{
    public static readonly IReadOnlyDictionary<(WaitlistState From, WaitlistAction Action), WaitlistState> Table =
        new Dictionary<(WaitlistState, WaitlistAction), WaitlistState>
        {
            [(WaitlistState.Waiting, WaitlistAction.Offer)] = WaitlistState.Offered,
            [(WaitlistState.Waiting, WaitlistAction.Book)] = WaitlistState.Booked,
            [(WaitlistState.Waiting, WaitlistAction.Leave)] = WaitlistState.Left,
            [(WaitlistState.Waiting, WaitlistAction.End)] = WaitlistState.Over,

            [(WaitlistState.Offered, WaitlistAction.Decline)] = WaitlistState.Waiting,
            [(WaitlistState.Offered, WaitlistAction.Book)] = WaitlistState.Booked,
            [(WaitlistState.Offered, WaitlistAction.Leave)] = WaitlistState.Left,
        };

    public static readonly IReadOnlyDictionary<(WaitlistOfferState From, WaitlistOfferAction Action), WaitlistOfferState> Offers =
        new Dictionary<(WaitlistOfferState, WaitlistOfferAction), WaitlistOfferState>
        {
            [(WaitlistOfferState.Open, WaitlistOfferAction.Accept)] = WaitlistOfferState.Accepted,
            [(WaitlistOfferState.Open, WaitlistOfferAction.Reject)] = WaitlistOfferState.Rejected,
            [(WaitlistOfferState.Open, WaitlistOfferAction.Expire)] = WaitlistOfferState.Expired,
            [(WaitlistOfferState.Open, WaitlistOfferAction.Withdraw)] = WaitlistOfferState.Withdrawn,
        };
}
