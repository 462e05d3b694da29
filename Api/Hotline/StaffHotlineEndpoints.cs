using MicroPlatform.Api.Appointments;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;

namespace MicroPlatform.Api.Hotline;

/// <summary>Hotline tickets and tasks, the office's side.</summary>
public static class StaffHotlineEndpoints
{
    public static void MapStaffHotline(this IEndpointRouteBuilder routes)
    {
        var tickets = routes.MapGroup("/v1/staff/hotline/tickets").For(Audience.Staff, "热线工单").RequireAuthorization(Policies.Handler);
        tickets.MapGet("", ReadTickets.FindAsync).Does("findHotlineTicket", "按工单号查找热线工单").Answers<StaffHotlineTicketView>().Refuses(400, 404);
        tickets.MapGet("/{id}", ReadTickets.GetAsync).Does("getHotlineTicket", "查看热线工单").Answers<ReadTickets.Response>().Refuses(404);
        tickets.MapPost("/{id}/acceptance", AcceptTicket.Handle).Does("acceptHotlineTicket", "签收").Answers<StaffHotlineTicketView>().Refuses(404, 409);
        tickets.MapPost("/{id}/return", SendBackTicket.Handle).Does("returnHotlineTicket", "退单并说明理由").Answers<StaffHotlineTicketView>().Refuses(400, 404, 409);
        tickets.MapPost("/{id}/dispatch", DispatchTicket.Handle).Does("dispatchHotlineTicket", "派单或改派").Answers<StaffHotlineTicketView>().Refuses(400, 404, 409, 422);
        tickets.MapPost("/{id}/answer", AnswerTicket.Handle).Does("answerHotlineTicket", "办结答复").Answers<StaffHotlineTicketView>().Refuses(400, 404, 409, 422);
        tickets.MapPost("/{id}/steps", StepTicket.Handle).Does("stepHotlineTicket", "开始、挂起、恢复、补充、延期、回访、重办、归档").Answers<StaffHotlineTicketView>().Refuses(400, 404, 409);
        tickets.MapPost("/{id}/merger", MergeTicket.Handle).Does("mergeHotlineTicket", "并入同一来电人的另一工单").Answers<StaffHotlineTicketView>().Refuses(400, 404, 409, 422);
        tickets.MapPost("/{id}/appointments", BookForCaller.Handle).Does("bookForHotlineCaller", "为来电人预约").Creates<AppointmentView>().Refuses(400, 404, 409, 422, 503);

        var tasks = routes.MapGroup("/v1/staff/hotline").For(Audience.Staff, "热线任务").RequireAuthorization(Policies.Handler);
        tasks.MapGet("/tasks", ListTasks.Handle).Does("listHotlineTasks", "待办的回拨与回访").Answers<Page<HotlineTaskView>>().Refuses(400);
        tasks.MapPost("/tasks/{id}/phone-readings", ReadTaskPhone.Handle).Does("readHotlineTaskPhone", "查看要拨打的号码（留痕）").Answers<ReadTaskPhone.Response>().Refuses(404, 422);
        tasks.MapPost("/tasks/{id}/attempts", RecordAttempt.Handle).Does("recordHotlineAttempt", "登记一次拨打").Answers<HotlineTaskView>().Refuses(400, 404, 409);
        tasks.MapGet("/alarms", ListAlarms.Handle).Does("listHotlineAlarms", "无人响应的警情").Answers<Page<ListAlarms.Item>>().Refuses(400);
        tasks.MapPost("/alarms/{id}/acknowledgement", AnswerAlarm.Handle).Does("acknowledgeHotlineAlarm", "响应警情").Answers<AnswerAlarm.Response>().Refuses(404, 409);
        tasks.MapPost("/pops", OpenPop.Handle).Does("openHotlinePop", "打开来电弹屏").Answers<OpenPop.Response>().Refuses(400, 404);
    }
}
