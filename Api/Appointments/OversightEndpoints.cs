using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Infrastructure.Appointments;

namespace MicroPlatform.Api.Appointments;

/// <summary>Looking after appointments: what nobody can hold any more, and whether all is as it must be.</summary>
public static class OversightEndpoints
{
    public static void MapAppointmentOversight(this IEndpointRouteBuilder routes)
    {
        var staff = routes.MapGroup("/v1/staff/appointments").For(Audience.Staff, "预约管理").RequireAuthorization(Policies.Dispatcher);
        staff.MapGet("/stranded", ListStranded.Handle).Does("listStrandedAppointments", "人员已离岗、待改派的预约").Answers<Page<ListStranded.Item>>().Refuses(400);

        var admin = routes.MapGroup("/v1/admin/appointments").For(Audience.Admin, "预约管理").RequireAuthorization(Policies.Administrator);
        admin.MapGet("/invariants", CheckAppointments.Handle).Does("checkAppointments", "预约数据自检（应全部为零）").Answers<InvariantsFound>();
    }
}
