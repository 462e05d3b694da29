using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Infrastructure.Notifications;

namespace MicroPlatform.Api.Notifications;

/// <summary>How many messages may still be sent to the caller, so that the mini-program asks for permission when it is short and not before.</summary>
public static class ListMySubscriptions
{
    public static async Task<IResult> Handle(CurrentUser user, HttpContext http, SubscriptionQueries queries) =>
        Results.Json(SubscriptionsView.Of(await queries.OfCitizenAsync(user.Id, http.RequestAborted)), WireJson.Options);
}
