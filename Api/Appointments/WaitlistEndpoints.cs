using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;

namespace MicroPlatform.Api.Appointments;

/// <summary>候补: waiting for time that becomes free.</summary>
public static class WaitlistEndpoints
{
    public static void MapWaitlist(this IEndpointRouteBuilder routes)
    {
        var mine = routes.MapGroup("/v1/waitlist").For(Audience.Citizen, "候补").RequireAuthorization(Policies.Citizen);
        mine.MapPost("", JoinWaitlist.Handle).Does("joinWaitlist", "加入候补").Creates<WaitlistView>().Refuses(400, 404, 409, 422);
        mine.MapGet("", ListMyWaitlist.Handle).Does("listMyWaitlist", "我的候补").Answers<Page<WaitlistView>>().Refuses(400);
        mine.MapDelete("/{id}", LeaveWaitlist.Handle).Does("leaveWaitlist", "退出候补").Answers<WaitlistView>().Refuses(404, 409);
        mine.MapPost("/offers/{id}/acceptance", AcceptOffer.Handle).Does("acceptOffer", "接受候补时段").Answers<AppointmentView>().Refuses(400, 404, 409, 422, 503);
        mine.MapPost("/offers/{id}/rejection", RejectOffer.Handle).Does("rejectOffer", "放弃候补时段").Answers<WaitlistView>().Refuses(404, 409);
    }
}
