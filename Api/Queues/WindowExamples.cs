using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Api.Matters;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Queues;

namespace MicroPlatform.Api.Queues;

/// <summary>Examples of the hall, about one number from the printer to the goodbye.</summary>
public sealed class WindowExamples : OperationExamples
{
    private const string TicketId = "01KAN8R4XHT1CKET0000000012";
    private const string QueueId = "01DEM0QVEVE000000000000W01";
    private const string OtherQueueId = "01DEM0QVEVE000000000000W02";
    private const string SlipCode = TicketId + "k3Jx0aQe";
    private const string Secret = "5f0c1d9a7be24c61830e6f4a2d7b9c0e51a3f8d2";

    private static readonly DateTimeOffset At = new(2026, 12, 8, 9, 12, 0, ChinaTime.Offset);

    public WindowExamples()
    {
        var waiting = View(TicketState.Waiting);
        For("readCallingList", null, new ReadCallingList.Response(QueueId, "综合窗口", View(TicketState.InService) with { Id = "01KAN8R4XHT1CKET0000000011", Number = "A011" }, [waiting], [],
            [new("01KAN8R4XHB00KED0000000001", "2648-3029-5719", "律师咨询", "张敏", At.AddMinutes(48), At.AddMinutes(78))], 57), ("id", QueueId), ("waitSeconds", "25"), ("after", "56"));
        For("issueTicket", new IssueTicket.Request(PriorityClass.Elderly, null, "13900005678", "李来运", true, "0201", "工资拖欠"), waiting, ("id", QueueId));
        For("callNextTicket", new CallAtWindow.Request("3号窗口"), View(TicketState.Called), ("id", QueueId));
        For("callTicket", new CallAtWindow.Request("3号窗口"), View(TicketState.Called), ("id", TicketId));
        For("recallTicket", null, View(TicketState.Called), ("id", TicketId));
        For("startTicket", null, View(TicketState.InService), ("id", TicketId));
        For("completeTicket", new ServeAtWindow.CompleteRequest("已告知劳动仲裁途径，代写申请书"), View(TicketState.Done), ("id", TicketId));
        For("passOverTicket", null, View(TicketState.Parked) with { KeptUntil = At.AddMinutes(20) }, ("id", TicketId));
        For("parkTicket", null, View(TicketState.Parked), ("id", TicketId));
        For("returnTicket", null, waiting, ("id", TicketId));
        For("prioritiseTicket", new ServeAtWindow.PriorityRequest(PriorityClass.Emergency), waiting with { Priority = PriorityClass.Emergency, PriorityText = PriorityClass.Emergency.Label() }, ("id", TicketId));
        For("transferTicket", new ServeAtWindow.TransferRequest(OtherQueueId), waiting with { QueueId = OtherQueueId, QueueName = "法律援助窗口", Number = "B004" }, ("id", TicketId));
        For("endTicket", null, View(TicketState.Left), ("id", TicketId));

        For("listHallDevices", null, new HallDevices.Listed([new("01KAN8R4XHDEV1CE0000000001", HallDeviceKind.Display, HallDeviceKind.Display.Label(), "大厅东侧屏", At.AddDays(-30))]), ("organisationId", DemoDistrict.TownA));
        For("addHallDevice", new HallDevices.AddRequest(DemoDistrict.TownA, HallDeviceKind.Display, "大厅东侧屏"),
            new HallDevices.Added("01KAN8R4XHDEV1CE0000000001", HallDeviceKind.Display, HallDeviceKind.Display.Label(), "大厅东侧屏", Secret, $"/display#{Secret}"));
        For("removeHallDevice", null, new HallDevices.Removed("01KAN8R4XHDEV1CE0000000001"), ("id", "01KAN8R4XHDEV1CE0000000001"));

        For("takeWindowTicket", new TakeWindowTicket.Request("01DEMZ0RG00000000000000003x7Yk2a", PriorityClass.Ordinary, "0201", "工资拖欠"),
            new TakeWindowTicket.Response(TicketId, MatterExamples.MatterId, "A012", SlipCode));
        For("readSlip", null, new SlipView("A012", TicketState.Waiting, TicketState.Waiting.Label(), "综合窗口", "东河镇公共法律服务工作站", 2, 12, 25, null, At, null, null, null), ("code", SlipCode));
        For("drawSlipQr", null, null, ("code", SlipCode));
        For("readCallDisplay", null, new ReadCallDisplay.Response("东河镇公共法律服务工作站", At.AddMinutes(3), [new("综合窗口", 1)],
            [new("A012", "3号窗口", TicketState.Called, TicketState.Called.Label())], [new("A013", null, TicketState.Waiting, TicketState.Waiting.Label())],
            [new($"{QueueId}-58", "A012", "3号窗口", WindowOrder.Speech("A012", "3号窗口"))], "58"), ("secret", Secret), ("after", "57"), ("waitSeconds", "25"));
        For("printTicket", new HallDevices.PrintRequest(PriorityClass.Ordinary), new HallDevices.Printed("A012", "东河镇公共法律服务工作站", At, SlipCode), ("secret", Secret));
    }

    private static WindowTicketView View(TicketState state)
    {
        var taken = state is TicketState.Called or TicketState.InService or TicketState.Done;
        return new WindowTicketView(
            TicketId, QueueId, "综合窗口", DemoDistrict.TownA, "东河镇公共法律服务工作站", "A012", state, state.Label(), PriorityClass.Elderly, PriorityClass.Elderly.Label(), MatterExamples.MatterId,
            "2648-3029-5719", null, "0201", "拖欠工资", "工资拖欠", At, taken ? DemoDistrict.Lawyer : null, taken ? "张敏" : null, taken ? "3号窗口" : null, taken ? 1 : 0, taken ? At.AddMinutes(3) : null,
            state is TicketState.InService or TicketState.Done ? At.AddMinutes(4) : null, null, state is TicketState.Done or TicketState.Left ? At.AddMinutes(24) : null, SlipCode,
            [.. TicketTransitions.Table.Keys.Where(k => k.From == state && k.Action is TicketAction.Pick or TicketAction.Park or TicketAction.Leave).Select(k => k.Action)], 1);
    }
}
