using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;

namespace MicroPlatform.Api.Appointments;

/// <summary>号源副本: what an administrator does about the copy that searches read.</summary>
public static class AvailabilityEndpoints
{
    public static void MapAvailability(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/v1/admin/availability").For(Audience.Admin, "号源").RequireAuthorization(Policies.Administrator);

        admin.MapPost("/rebuild", RebuildAvailability.Handle).Does("rebuildAvailability", "重建号源副本：全部、某人，或某人某天").Answers<RebuildAvailability.Response>().Refuses(400, 422, 503);
        admin.MapGet("/check", ReadAvailabilityCheck.Handle).Does("readAvailabilityCheck", "号源副本最近一次核对").Answers<ReadAvailabilityCheck.Response>();
    }
}
