using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;

namespace MicroPlatform.Api.Appointments;

/// <summary>预约服务, the office's side: from the day's plan to the end of each appointment.</summary>
public static class StaffAppointmentEndpoints
{
    public static void MapStaffAppointments(this IEndpointRouteBuilder routes)
    {
        var staff = routes.MapGroup("/v1/staff/appointments").For(Audience.Staff, "预约办理").RequireAuthorization(Policies.Handler);
        staff.MapGet("", ListAgenda.Handle).Does("listAgenda", "预约日程：本人或本单位").Answers<Page<StaffAppointmentView>>().Refuses(400, 404);
        staff.MapPost("", BookAtWindow.Handle).Does("bookAtWindow", "窗口代约").Creates<StaffAppointmentView>().Refuses(400, 403, 404, 409, 422, 503);
        staff.MapGet("/{id}", GetStaffAppointment.Handle).Does("getStaffAppointment", "查看预约（工作人员）").Answers<StaffAppointmentView>().Conditional().Refuses(404);
        staff.MapPost("/{id}/confirmation", ConfirmAppointment.Handle).Does("confirmAppointment", "确认预约").Answers<StaffAppointmentView>().Refuses(400, 403, 404, 409);
        staff.MapPost("/{id}/check-in", CheckInVisitor.Handle).Does("checkInAppointment", "登记到场（或上门到达）").Answers<StaffAppointmentView>().Refuses(400, 403, 404, 409);
        staff.MapPost("/{id}/start", StartAppointment.Handle).Does("startAppointment", "叫号并开始服务").Answers<StaffAppointmentView>().Refuses(400, 403, 404, 409);
        staff.MapPost("/{id}/completion", CompleteAppointment.Handle).Does("completeAppointment", "完成服务").Answers<StaffAppointmentView>().Refuses(400, 403, 404, 409);
        staff.MapPost("/{id}/no-show", MarkNoShow.Handle).Does("markNoShow", "标记未到").Answers<StaffAppointmentView>().Refuses(400, 403, 404, 409);
        staff.MapPost("/{id}/reinstatement", MarkNoShow.ReinstateAsync).Does("reinstateAppointment", "撤销未到").Answers<StaffAppointmentView>().Refuses(400, 403, 404, 409, 422);
        staff.MapPost("/{id}/reschedule", RescheduleByOffice.Handle).Does("rescheduleByOffice", "由单位改期").Answers<StaffAppointmentView>().Refuses(400, 403, 404, 409, 422, 503);
        staff.MapPost("/{id}/cancellation", CancelByOffice.Handle).Does("cancelByOffice", "由单位取消").Answers<StaffAppointmentView>().Refuses(400, 403, 404, 409);
        staff.MapPost("/{id}/contact-readings", ReadAppointmentContact.Handle).Does("readAppointmentContact", "查看预约人信息（留痕）").Answers<ReadAppointmentContact.Response>().Refuses(400, 403, 404);

        var desk = routes.MapGroup("/v1/staff").For(Audience.Staff, "预约办理").RequireAuthorization(Policies.Handler);
        desk.MapPost("/check-ins", CheckInVisitor.ByCodeAsync).Does("checkInByCode", "按签到码登记到场").Answers<StaffAppointmentView>().Refuses(400, 403, 404, 409);
        desk.MapGet("/service-points/{id}/check-in-qr", CheckInCodes.PointAsync).Does("getPointCheckInQr", "服务点签到二维码")
            .Produces<string>(StatusCodes.Status200OK, QrCode.SvgType, QrCode.PngType).Refuses(400, 404);
        desk.MapGet("/me/known-parties", KnownParties.ListAsync).Does("listKnownParties", "我的回避名单").Answers<KnownParties.Response>();
        desk.MapPost("/me/known-parties", KnownParties.AddAsync).Does("addKnownParty", "加入回避名单").Creates<KnownParties.Item>().Refuses(400, 409);
        desk.MapDelete("/me/known-parties/{id}", KnownParties.RemoveAsync).Does("removeKnownParty", "移出回避名单").Answers<KnownParties.Removed>().Refuses(404);
    }
}
