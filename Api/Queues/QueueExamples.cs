using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Api.Matters;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Queues;

namespace MicroPlatform.Api.Queues;

/// <summary>Examples of seeing a lawyer now: unpaid wages, from the place in the queue to the call.</summary>
public sealed class QueueExamples : OperationExamples
{
    private const string TicketId = "01KAN8R4XHT1CKET0000000021";
    private const string CallId = "01KAN8R4XHCA110000000000A1";
    private const string Words = "我在一家食品厂干过活，2020年厂里给我打了结算清单，一万八千六百元工资一直拖欠，想申请法律援助。";

    private static readonly DateTimeOffset At = new(2026, 12, 8, 9, 5, 0, ChinaTime.Offset);
    private static readonly WaitEstimate Wait = new(2, 240, 660, 90, 1140);

    public QueueExamples()
    {
        var waiting = View(TicketState.Waiting);
        For("joinQueue", new JoinQueue.Request("0201", "341602101", Words, "某食品有限公司", null, TicketWish.Video, PriorityClass.Ordinary), waiting);
        For("listMyTickets", null, new Http.Page<TicketView>([waiting], null, false));
        For("getMyTicket", null, waiting, ("id", TicketId), ("waitSeconds", "25"));
        For("leaveQueue", new MyTickets.LeaveRequest(null), View(TicketState.Left), ("id", TicketId));
        For("returnToQueue", null, waiting, ("id", TicketId));
        For("swapForCallback", null, waiting with { Wants = TicketWish.Callback, WantsText = TicketWish.Callback.Label() }, ("id", TicketId));
        For("readEstimateQuality", null, new OverseeQueues.Quality(DemoQueues.AidVideo, 200, 0.515, 0.905, 95, 412), ("id", DemoQueues.AidVideo));

        var ringing = Staff(TicketState.Waiting);
        var taken = Staff(TicketState.Called) with { RingUntil = null, StaffId = DemoDistrict.Lawyer, StaffName = "张敏", CallId = CallId, Calls = 1 };
        For("setPresence", new StaffPresence.Request(PresenceState.On), new StaffPresence.Response(PresenceState.On, PresenceState.On.Label(), 15, 0));
        For("beatPresence", null, new StaffPresence.Response(PresenceState.On, PresenceState.On.Label(), 15, 1));
        For("readStaffQueue", null, new ReadStaffQueue.Response(PresenceState.On, PresenceState.On.Label(), null, [ringing],
            [new(DemoQueues.AidVideo, "法律援助视频咨询", "示范区法律援助中心", 3, true)], 3), ("waitSeconds", "25"));
        For("takeNext", new TakeTicket.NextRequest(DemoQueues.TownAVideo), taken);
        For("acceptTicket", null, taken, ("id", TicketId));
        For("declineTicket", null, new TakeTicket.Declined(TicketId), ("id", TicketId));

        var settings = new WriteQueue.Request("法律援助视频咨询", "V", [1, 3], 20, 10, new(10, 10, 10, 60), 200, 15, true);
        var queue = new AdminQueueView(DemoQueues.AidVideo, DemoDistrict.AidCentre, QueueKind.Video, QueueKind.Video.Label(), "法律援助视频咨询", "V", [1, 3], 20, 10, new(10, 10, 10, 60), 200, 15, true, 1);
        For("listQueues", null, new WriteQueue.ListResponse([queue]));
        For("addQueue", new WriteQueue.AddRequest(DemoDistrict.AidCentre, QueueKind.Video, settings with { Prefix = "X" }), queue with { Prefix = "X" });
        For("editQueue", settings, queue with { Version = 2 }, ("id", DemoQueues.AidVideo));
        For("checkQueues", null, new QueueInvariantsFound(18_204, 0, 0, 0, 0, 0, 0, 0, 310));
        For("rebuildQueues", null, new OverseeQueues.Rebuilt(3));
    }

    private static TicketView View(TicketState state) => new(
        TicketId, DemoQueues.TownAVideo, "东河镇视频咨询", DemoDistrict.TownA, "东河镇公共法律服务工作站", "V021", state, state.Label(), TicketWish.Video, TicketWish.Video.Label(), PriorityClass.Ordinary,
        PriorityClass.Ordinary.Label(), MatterExamples.MatterId, MatterNumber.Display("264830295719"), At, state == TicketState.Waiting ? 2 : null, state == TicketState.Waiting ? WaitView.Of(Wait) : null,
        WaitView.Of(Wait), true, [new("张敏", "执业律师", PresenceState.Busy, PresenceState.Busy.Label())], null, null, null, state == TicketState.Left ? At.AddMinutes(4) : null,
        state == TicketState.Waiting ? [TicketOption.Leave, TicketOption.SwapForCallback, TicketOption.BookSlot] : [], 5, 1);

    private static StaffTicketView Staff(TicketState state) => new(
        TicketId, DemoQueues.TownAVideo, "东河镇视频咨询", "V021", state, state.Label(), TicketWish.Video, TicketWish.Video.Label(), PriorityClass.Ordinary, PriorityClass.Ordinary.Label(),
        MatterExamples.MatterId, MatterNumber.Display("264830295719"), "我在一家食品厂干过活，2020年厂里给我打了结算清单…", "0201", "拖欠工资", "东河镇", Words, At, 120, 0, At.AddMinutes(2), null, null, null,
        null, 2);
}
