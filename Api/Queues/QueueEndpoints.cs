using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Infrastructure.Queues;

namespace MicroPlatform.Api.Queues;

/// <summary>视频排队: see a lawyer now.</summary>
public static class QueueEndpoints
{
    public static void MapQueues(this IEndpointRouteBuilder routes)
    {
        var mine = routes.MapGroup("/v1/queue-tickets").For(Audience.Citizen, "视频排队").RequireAuthorization(Policies.Citizen);
        mine.MapPost("", JoinQueue.Handle).Does("joinQueue", "排队视频咨询").Creates<TicketView>().Refuses(400, 403, 404, 409, 422);
        mine.MapGet("", MyTickets.ListAsync).Does("listMyTickets", "我的排队").Answers<Page<TicketView>>().Refuses(400);
        mine.MapGet("/{id}", MyTickets.GetAsync).Does("getMyTicket", "排队进度（可长轮询）").Answers<TicketView>().Conditional().Refuses(400, 404);
        mine.MapPost("/{id}/leaving", MyTickets.LeaveAsync).Does("leaveQueue", "离开排队").Answers<TicketView>().Refuses(400, 404, 409);
        mine.MapPost("/{id}/return", MyTickets.ComeBackAsync).Does("returnToQueue", "我回来了").Answers<TicketView>().Refuses(400, 404, 409);
        mine.MapPost("/{id}/callback", MyTickets.SwapForCallbackAsync).Does("swapForCallback", "改为回电，位置不变").Answers<TicketView>().Refuses(400, 404, 409, 422);

        var open = routes.MapGroup("/v1/queues").For(Audience.Citizen, "视频排队").RequireAuthorization(Policies.Anyone);
        open.MapGet("/{id}/estimate-quality", OverseeQueues.QualityAsync).Does("readEstimateQuality", "等候时间预估的准确度").Answers<OverseeQueues.Quality>().Refuses(404);

        var staff = routes.MapGroup("/v1/staff").For(Audience.Staff, "视频接待").RequireAuthorization(Policies.Handler);
        staff.MapPut("/me/presence", StaffPresence.SetAsync).Does("setPresence", "上线、离开、离线").Answers<StaffPresence.Response>().Refuses(400);
        staff.MapPost("/me/presence/heartbeat", StaffPresence.BeatAsync).Does("beatPresence", "在线心跳").Answers<StaffPresence.Response>();
        staff.MapGet("/queue", ReadStaffQueue.Handle).Does("readStaffQueue", "接待台：在办、呼入、各队人数（可长轮询）").Answers<ReadStaffQueue.Response>().Conditional().Refuses(400);
        staff.MapPost("/queue/next", TakeTicket.NextAsync).Does("takeNext", "接待下一位").Answers<StaffTicketView>().Refuses(400, 404, 409);
        staff.MapPost("/queue-tickets/{id}/acceptance", TakeTicket.AcceptAsync).Does("acceptTicket", "接待呼入").Answers<StaffTicketView>().Refuses(400, 404, 409);
        staff.MapPost("/queue-tickets/{id}/refusal", TakeTicket.DeclineAsync).Does("declineTicket", "婉拒呼入").Answers<TakeTicket.Declined>().Refuses(400, 404, 409);

        var admin = routes.MapGroup("/v1/admin/queues").For(Audience.Admin, "排队管理").RequireAuthorization(Policies.Administrator);
        admin.MapGet("", WriteQueue.ListAsync).Does("listQueues", "全部队列").Answers<WriteQueue.ListResponse>();
        admin.MapPost("", WriteQueue.AddAsync).Does("addQueue", "新增队列").Creates<AdminQueueView>().Refuses(400, 404, 409);
        admin.MapPut("/{id}", WriteQueue.EditAsync).Does("editQueue", "修改队列").Answers<AdminQueueView>().Refuses(400, 404, 409, 412);
        admin.MapGet("/invariants", OverseeQueues.CheckAsync).Does("checkQueues", "排队数据自检（应全部为零）").Answers<QueueInvariantsFound>();
        admin.MapPost("/rebuild", OverseeQueues.RebuildAsync).Does("rebuildQueues", "重建排队副本").Answers<OverseeQueues.Rebuilt>().Refuses(400, 503);
    }
}
