using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Hotline;

namespace MicroPlatform.Api.Hotline;

/// <summary>What partners call: HL1 signed, under an address of its own that never changes (the signature covers it).</summary>
public static class PartnerEndpoints
{
    /// <summary>Bytes of one body: two hundred calls with room.</summary>
    private const int MaxBody = 2 * 1024 * 1024;

    public static void MapPartners(this IEndpointRouteBuilder routes)
    {
        var open = routes.Partners("接入");
        open.MapGet("/ping", PingPartner.Handle).Does("pingPartner", "检查签名与接入情况").Tells<PingPartner.Response>();
        open.MapPost("/debug/signature", DebugSignature.Handle).WithMetadata(new ForDebugging()).Does("debugSignature", "（沙箱）查看服务端的待签名串").Tells<DebugSignature.Response>();

        var tickets = routes.Partners("工单");
        tickets.MapGet("/tickets", PullTickets.Handle).Needs(PartnerScope.Tickets).Does("pullPartnerTickets", "按更新时间拉取本方工单").Tells<Page<PartnerTicketView>>().Declines(400);
        tickets.MapPost("/tickets", FileTicket.PostAsync).Needs(PartnerScope.Tickets).Does("postPartnerTicket", "转来或更新工单（工单号在正文内）").Tells<FileTicket.Receipt>().Declines(400, 409, 413, 415, 422);
        tickets.MapPut("/tickets/{ticketNo}", FileTicket.PutAsync).Needs(PartnerScope.Tickets).Does("putPartnerTicket", "转来或更新工单").Tells<FileTicket.Receipt>().Declines(400, 409, 413, 415, 422);
        tickets.MapGet("/tickets/{ticketNo}", PullTickets.OneAsync).Needs(PartnerScope.Tickets).Does("getPartnerTicket", "查看本方工单及其经过").Tells<PartnerTicketWhole>().Declines(404);
        tickets.MapPost("/tickets/{ticketNo}/events", TellTicketEvent.Handle).Needs(PartnerScope.Tickets).Does("tellPartnerTicketEvent", "报送工单事件（可乱序）").Tells<TellTicketEvent.Response>().Declines(400, 404, 409, 413, 415);
        tickets.MapPut("/tickets/{ticketNo}/satisfaction", TellSatisfaction.Handle).Needs(PartnerScope.Satisfaction).Does("tellPartnerSatisfaction", "报送满意度（一事一评）").Tells<TellSatisfaction.Response>().Declines(400, 404, 409, 413, 415);
        tickets.MapGet("/dictionaries/{name}", ReadDictionary.Handle).Does("readPartnerDictionary", "字典：categories、areas、departments、statuses").Tells<ReadDictionary.Response>().Declines(404);

        var calls = routes.Partners("话单与弹屏");
        calls.MapPost("/calls", FileCalls.Handle).Needs(PartnerScope.Calls).Accepts<FileCalls.Request>("application/json").Does("filePartnerCalls", "报送话单，单条或数组（至多200条）").Tells<FileCalls.Response>().Declines(400, 409, 413, 415, 422);
        calls.MapPost("/calls/{callId}/screen-pop", PopScreen.Handle).Needs(PartnerScope.ScreenPop).Does("popPartnerScreen", "来电弹屏").Tells<PopScreen.Response>().Declines(400, 413, 415);
        calls.MapPost("/calls/{callId}/recording", TellRecording.Handle).Needs(PartnerScope.Recordings).Does("tellPartnerRecording", "报送录音地址，平台取回并留存").Produces<PartnerAnswer<TellRecording.Response>>(StatusCodes.Status202Accepted).Declines(400, 404, 413, 415, 422);

        var books = routes.Partners("对账");
        books.MapGet("/reconciliation/{date}", Reconcile.GetAsync).Needs(PartnerScope.Reconciliation).Does("getPartnerReconciliation", "每日对账（次日2时后，JSON或CSV）").Tells<Reconcile.Response>().Declines(400, 404);
        books.MapPost("/reconciliation/{date}", Reconcile.CompareAsync).Needs(PartnerScope.Reconciliation).Does("comparePartnerReconciliation", "提交本方清单，比对差异").Tells<Reconcile.DiffResponse>().Declines(400, 404, 413, 415);
    }

    internal static RouteGroupBuilder Partners(this IEndpointRouteBuilder routes, string tag)
    {
        var group = routes.MapGroup(Hl1.PathStart + "v1").For(Audience.Partner, tag).RequireAuthorization(Policies.Partner);
        group.WithMetadata(new BodyLimit(MaxBody));
        return group;
    }

    /// <summary>Answers in the partners' envelope.</summary>
    internal static RouteHandlerBuilder Tells<T>(this RouteHandlerBuilder route) => route.Produces<PartnerAnswer<T>>();

    /// <summary>Statuses of refusals, in the partners' shape.</summary>
    internal static RouteHandlerBuilder Declines(this RouteHandlerBuilder route, params int[] statuses)
    {
        foreach (var status in statuses) route.Produces<PartnerProblem>(status, Problems.ContentType);
        return route;
    }

    internal static RouteHandlerBuilder Needs(this RouteHandlerBuilder route, PartnerScope scope) => route.WithMetadata(new NeedsScope(scope));
}
