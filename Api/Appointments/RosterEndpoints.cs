using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;

namespace MicroPlatform.Api.Appointments;

/// <summary>坐班: what lawyers, clerks and administrators do to rosters and to what can be booked.</summary>
public static class RosterEndpoints
{
    public static void MapRosters(this IEndpointRouteBuilder routes)
    {
        var services = routes.MapGroup("/v1/admin/appointment-services").For(Audience.Admin, "预约事项").RequireAuthorization(Policies.Administrator).RefreshesDirectory();
        services.MapGet("", WriteServiceKind.ListAsync).Does("listAllAppointmentServices", "全部预约事项（含停用）").Answers<WriteServiceKind.ListResponse>();
        services.MapPost("", WriteServiceKind.AddAsync).Does("addAppointmentService", "新增预约事项").Creates<AdminServiceView>().Refuses(400, 409);
        services.MapPut("/{code}", WriteServiceKind.EditAsync).Does("editAppointmentService", "修改预约事项（If-Match）").Answers<AdminServiceView>().Refuses(400, 404, 412);
        services.MapPost("/{code}/deactivation", WriteServiceKind.DeactivateAsync).Does("deactivateAppointmentService", "停用预约事项（If-Match）").Answers<AdminServiceView>().Refuses(400, 404, 412);
        services.MapPost("/{code}/activation", WriteServiceKind.ActivateAsync).Does("activateAppointmentService", "启用预约事项（If-Match）").Answers<AdminServiceView>().Refuses(400, 404, 412);

        var resources = routes.MapGroup("/v1/staff/booking-resources").For(Audience.Staff, "坐班").RequireAuthorization(Policies.Dispatcher).RefreshesDirectory();
        resources.MapGet("", ListBookingResources.Handle).Does("listBookingResources", "单位可预约的人员和窗口").Answers<Page<BookingResourceView>>().Refuses(400, 404);
        resources.MapPost("", WriteBookingResource.AddAsync).Does("addBookingResource", "开放人员或窗口预约").Creates<BookingResourceView>().Refuses(400, 404, 409, 422);
        resources.MapPut("/{id}", WriteBookingResource.RenameAsync).Does("renameBookingResource", "修改窗口名称").Answers<BookingResourceView>().Refuses(400, 404);
        resources.MapPost("/{id}/deactivation", WriteBookingResource.DeactivateAsync).Does("deactivateBookingResource", "停止预约（可先预览影响）").Answers<RosterChangeView>().Refuses(400, 404, 409);
        resources.MapPost("/{id}/activation", WriteBookingResource.ActivateAsync).Does("activateBookingResource", "恢复预约").Answers<BookingResourceView>().Refuses(404, 422);

        var hours = routes.MapGroup("/v1/staff/office-hours").For(Audience.Staff, "坐班").RequireAuthorization(Policies.Dispatcher);
        hours.MapPost("", WriteOfficeHours.AddAsync).Does("addOfficeHours", "排坐班（If-Match，可先预览影响）").Answers<RosterChangeView>().Refuses(400, 404, 409, 412, 422);
        hours.MapPut("/{id}", WriteOfficeHours.EditAsync).Does("editOfficeHours", "修改坐班（If-Match，可先预览影响）").Answers<RosterChangeView>().Refuses(400, 404, 409, 412, 422);
        hours.MapPost("/{id}/end", WriteOfficeHours.EndAsync).Does("endOfficeHours", "到某日为止（If-Match，可先预览影响）").Answers<RosterChangeView>().Refuses(400, 404, 409, 412);
        hours.MapPost("/{id}/removal", WriteOfficeHours.RemoveAsync).Does("removeOfficeHours", "取消坐班（If-Match，可先预览影响）").Answers<RosterChangeView>().Refuses(400, 404, 409, 412);

        var staff = routes.MapGroup("/v1/staff").For(Audience.Staff, "坐班").RequireAuthorization(Policies.Handler);
        staff.MapGet("/office-hours", ListOfficeHours.Handle).Does("listOfficeHours", "某人或某窗口的坐班").Answers<ListOfficeHours.Response>().Refuses(400, 404);
        staff.MapGet("/rosters", GetRoster.Handle).Does("getRoster", "单位坐班表").Answers<GetRoster.Response>().Refuses(400, 404);
        staff.MapGet("/leaves", ListLeaves.Handle).Does("listLeaves", "请假").Answers<Page<LeaveView>>().Refuses(400, 404);
        staff.MapPost("/leaves", WriteLeave.AddAsync).Does("addLeave", "请假（可先预览影响）").Answers<RosterChangeView>().Refuses(400, 404, 409);
        staff.MapDelete("/leaves/{id}", WriteLeave.RemoveAsync).Does("removeLeave", "销假").Answers<LeaveView>().Refuses(404, 409);
        staff.MapGet("/office-swaps", ListSwaps.Handle).Does("listSwaps", "我的换班申请").Answers<Page<SwapView>>().Refuses(400);
        staff.MapPost("/office-swaps", AskSwap.Handle).Does("askSwap", "申请换班").Creates<SwapView>().Refuses(400, 404, 409);
        staff.MapPost("/office-swaps/{id}/acceptance", DecideSwap.AcceptAsync).Does("acceptSwap", "同意换班").Answers<SwapView>().Refuses(404, 409);
        staff.MapPost("/office-swaps/{id}/refusal", DecideSwap.DeclineAsync).Does("declineSwap", "拒绝换班").Answers<SwapView>().Refuses(404, 409);
        staff.MapPost("/office-swaps/{id}/withdrawal", DecideSwap.WithdrawAsync).Does("withdrawSwap", "撤回换班").Answers<SwapView>().Refuses(404, 409);
        staff.MapPost("/me/calendar-feed", CalendarFeed.MakeAsync).Does("makeCalendarFeed", "生成日历订阅地址").Creates<CalendarFeed.Made>();
        staff.MapDelete("/me/calendar-feed", CalendarFeed.EndAsync).Does("endCalendarFeed", "停用日历订阅").Answers<CalendarFeed.Ended>();

        var feeds = routes.MapGroup("/v1/calendar-feeds").For(Audience.Staff, "坐班").RequireAuthorization(Policies.Anyone);
        feeds.MapGet("/{secret}.ics", CalendarFeed.ReadAsync).Does("readCalendarFeed", "日历订阅（iCalendar）").Produces<string>(contentType: "text/calendar").Conditional().Refuses(404);
    }
}
