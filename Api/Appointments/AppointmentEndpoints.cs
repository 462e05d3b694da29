using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;

namespace MicroPlatform.Api.Appointments;

/// <summary>预约服务, the citizen's side.</summary>
public static class AppointmentEndpoints
{
    public static void MapAppointments(this IEndpointRouteBuilder routes)
    {
        var open = routes.MapGroup("/v1").For(Audience.Citizen, "号源").RequireAuthorization(Policies.Anyone);
        open.MapGet("/appointment-services", ListServices.Handle).Does("listAppointmentServices", "可预约的事项").Answers<ListServices.Response>();
        open.MapGet("/slots", FindSlots.Handle).Does("findSlots", "一天的可约时段：某人、某窗口，或任何人").Answers<FindSlots.Response>().Refuses(400, 503);
        open.MapGet("/slots/days", FindSlotDays.Handle).Does("findSlotDays", "哪些日子可约（日历上的点）").Answers<FindSlotDays.Response>().Refuses(400);
        open.MapGet("/slots/next", FindNextSlots.Handle).Does("findNextSlots", "最近可约的时段，每人一个").Answers<FindNextSlots.Response>().Refuses(400);
        open.MapPost("/slot-holds", HoldSlot.Handle).Does("holdSlot", "预占时段五分钟").Creates<HoldSlot.Response>().Refuses(400, 409, 422, 429, 503);
        open.MapDelete("/slot-holds/{id}", HoldSlot.ReleaseAsync).Does("releaseHold", "放弃预占").Answers<HoldSlot.Released>().Refuses(404, 503);

        var mine = routes.MapGroup("/v1/appointments").For(Audience.Citizen, "预约服务").RequireAuthorization(Policies.Citizen);
        mine.MapPost("", BookAppointment.Handle).Does("bookAppointment", "预约").Creates<AppointmentView>().Refuses(400, 403, 404, 409, 422, 503);
        mine.MapGet("", ListMyAppointments.Handle).Does("listMyAppointments", "我的预约").Answers<Page<AppointmentView>>().Refuses(400);
        mine.MapGet("/{id}", GetAppointment.Handle).Does("getAppointment", "查看预约").Answers<AppointmentView>().Conditional().Refuses(404);
        mine.MapPost("/{id}/cancellation", CancelAppointment.Handle).Does("cancelAppointment", "取消预约").Answers<AppointmentView>().Refuses(400, 404, 409);
        mine.MapPost("/{id}/reschedule", RescheduleAppointment.Handle).Does("rescheduleAppointment", "改期").Answers<AppointmentView>().Refuses(400, 404, 409, 422, 503);
        mine.MapPost("/{id}/check-in", CheckInMyself.Handle).Does("checkInMyself", "扫码签到").Answers<AppointmentView>().Refuses(400, 404, 409);
        mine.MapGet("/{id}/check-in-qr", CheckInCodes.AppointmentAsync).Does("getAppointmentQr", "预约签到码图片").Produces<string>(contentType: QrCode.SvgType).Refuses(404);
        mine.MapGet("/{id}/calendar.ics", DownloadCalendar.Handle).Does("downloadAppointmentCalendar", "下载日历文件").Produces<string>(contentType: "text/calendar").Refuses(404);
    }
}
