using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;

namespace MicroPlatform.Api.Queues;

/// <summary>窗口叫号: numbers of people who have come to a service point, with and without an appointment.</summary>
public static class WindowEndpoints
{
    private const string Tag = "窗口叫号";

    public static void MapWindows(this IEndpointRouteBuilder routes)
    {
        var queues = routes.MapGroup("/v1/staff/window-queues").For(Audience.Staff, Tag).RequireAuthorization(Policies.Handler);
        queues.MapGet("/{id}", ReadCallingList.Handle).Does("readCallingList", "叫号列表：在办、等候、挂起、未到的预约").Answers<ReadCallingList.Response>().Refuses(400, 404);
        queues.MapPost("/{id}/tickets", IssueTicket.Handle).Does("issueTicket", "窗口取号").Creates<WindowTicketView>().Refuses(400, 403, 404, 409, 422);
        queues.MapPost("/{id}/next", CallAtWindow.NextAsync).Does("callNextTicket", "叫下一位").Answers<WindowTicketView>().Refuses(400, 404, 409);

        var tickets = routes.MapGroup("/v1/staff/window-tickets").For(Audience.Staff, Tag).RequireAuthorization(Policies.Handler);
        tickets.MapPost("/{id}/call", CallAtWindow.OneAsync).Does("callTicket", "叫指定的号").Answers<WindowTicketView>().Refuses(400, 403, 404, 409);
        tickets.MapPost("/{id}/recall", CallAtWindow.RecallAsync).Does("recallTicket", "再次叫号").Answers<WindowTicketView>().Refuses(400, 404, 409);
        tickets.MapPost("/{id}/start", ServeAtWindow.StartAsync).Does("startTicket", "开始服务").Answers<WindowTicketView>().Refuses(400, 403, 404, 409);
        tickets.MapPost("/{id}/completion", ServeAtWindow.CompleteAsync).Does("completeTicket", "完成服务").Answers<WindowTicketView>().Refuses(400, 403, 404, 409);
        tickets.MapPost("/{id}/pass-over", CallAtWindow.PassOverAsync).Does("passOverTicket", "过号").Answers<WindowTicketView>().Refuses(400, 404, 409);
        tickets.MapPost("/{id}/parking", CallAtWindow.ParkAsync).Does("parkTicket", "挂起").Answers<WindowTicketView>().Refuses(400, 404, 409);
        tickets.MapPost("/{id}/return", CallAtWindow.ReturnAsync).Does("returnTicket", "回到队列").Answers<WindowTicketView>().Refuses(400, 404, 409);
        tickets.MapPost("/{id}/priority", ServeAtWindow.PrioritiseAsync).Does("prioritiseTicket", "调整优先级").Answers<WindowTicketView>().Refuses(400, 404, 409);
        tickets.MapPost("/{id}/transfer", ServeAtWindow.TransferAsync).Does("transferTicket", "转到其他窗口队列").Answers<WindowTicketView>().Refuses(400, 404, 409);
        tickets.MapPost("/{id}/departure", ServeAtWindow.LeaveAsync).Does("endTicket", "登记已离开").Answers<WindowTicketView>().Refuses(400, 404, 409);

        var devices = routes.MapGroup("/v1/staff/hall-devices").For(Audience.Staff, Tag).RequireAuthorization(Policies.Dispatcher);
        devices.MapGet("", HallDevices.ListAsync).Does("listHallDevices", "叫号屏和取号机").Answers<HallDevices.Listed>().Refuses(400, 404);
        devices.MapPost("", HallDevices.AddAsync).Does("addHallDevice", "登记叫号屏或取号机").Creates<HallDevices.Added>().Refuses(400, 404);
        devices.MapDelete("/{id}", HallDevices.RemoveAsync).Does("removeHallDevice", "停用叫号屏或取号机").Answers<HallDevices.Removed>().Refuses(404);

        routes.MapGroup("/v1/window-tickets").For(Audience.Citizen, Tag).RequireAuthorization(Policies.Citizen)
            .MapPost("", TakeWindowTicket.Handle).Does("takeWindowTicket", "在服务点扫码取号").Creates<TakeWindowTicket.Response>().Refuses(400, 403, 409, 422);

        var open = routes.MapGroup("/v1").For(Audience.Citizen, Tag).RequireAuthorization(Policies.Anyone);
        open.MapGet("/ticket-slips/{code}", ReadSlip.Handle).Does("readSlip", "按号条查询排队情况").Answers<SlipView>().Conditional().Refuses(400, 404);
        open.MapGet("/ticket-slips/{code}/qr", ReadSlip.DrawQr).Does("drawSlipQr", "号条二维码").Produces<string>(StatusCodes.Status200OK, QrCode.SvgType).Refuses(404);
        open.MapGet("/call-displays/{secret}", ReadCallDisplay.Handle).Does("readCallDisplay", "叫号屏内容").Answers<ReadCallDisplay.Response>().Refuses(400, 404);
        open.MapPost("/ticket-printers/{secret}/tickets", HallDevices.PrintAsync).Does("printTicket", "取号机出号").Creates<HallDevices.Printed>().Refuses(400, 404, 409, 422);
    }
}
