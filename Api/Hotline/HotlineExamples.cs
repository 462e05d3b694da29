using MicroPlatform.Api.Appointments;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Api.Matters;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;

namespace MicroPlatform.Api.Hotline;

/// <summary>Examples of the office's side of the hotline.</summary>
public sealed class HotlineExamples : OperationExamples
{
    internal const string TicketId = "01KAN8R4XHGV0T3ZQ5W7C9E2TK";
    private static readonly DateTimeOffset At = PartnerExamples.At;

    public HotlineExamples()
    {
        Tasks();
        For("findHotlineTicket", null, Ticket(HotlineTicketState.Dispatched), ("appId", PartnerExamples.AppId), ("ticketNo", PartnerExamples.TicketNo));
        For("getHotlineTicket", null, new ReadTickets.Response(Ticket(HotlineTicketState.Dispatched),
            [new TicketEventView("mp-opened", HotlineEventType.Dispatched, "派单", At, ActorKind.Partner, "合作系统", null, null, true)]), ("id", TicketId));
        For("acceptHotlineTicket", null, Ticket(HotlineTicketState.Accepted), ("id", TicketId));
        For("returnHotlineTicket", new SendBackTicket.Request("不属本镇管辖，建议派西山镇工作站"), Ticket(HotlineTicketState.Returned), ("id", TicketId));
        For("dispatchHotlineTicket", new DispatchTicket.Request(DemoDistrict.TownB, "请西山镇工作站办理"), Ticket(HotlineTicketState.Dispatched), ("id", TicketId));
        For("answerHotlineTicket", new AnswerTicket.Request(HotlineResult.Solved, "结算清单可以作为工资欠条直接起诉，也可以向劳动监察投诉；农民工追索工资申请法律援助不审查经济困难。"), Ticket(HotlineTicketState.Resolved), ("id", TicketId));
        For("stepHotlineTicket", new StepTicket.Request(HotlineEventType.Started, "已联系来电人"), Ticket(HotlineTicketState.Processing), ("id", TicketId));
        For("mergeHotlineTicket", new MergeTicket.Request("12348-20261101-000077"), Ticket(HotlineTicketState.Merged), ("id", TicketId));
        For("bookForHotlineCaller", new BookForCaller.Request("lawyer", MeetingMode.InPerson, DemoDistrict.Lawyer, null, AppointmentExamples.Start, null, "来电咨询拖欠工资，约律师面谈", null),
            AppointmentExamples.View(AppointmentState.Booked, AppointmentExamples.Start), ("id", TicketId));
    }

    private void Tasks()
    {
        const string TaskId = "01KAN8R4XHGV0T3ZQ5W7C9E2TS";
        var open = new HotlineTaskView(TaskId, HotlineTaskKind.CallBack, "漏接回拨", HotlineTaskState.Open, "待办", 1, 3, At.AddHours(2), false, null, null, "CALL-20261122-0457", At);
        For("listHotlineTasks", null, new Page<HotlineTaskView>([open], null, false), ("limit", "20"));
        For("readHotlineTaskPhone", null, new ReadTaskPhone.Response("13800138000"), ("id", TaskId));
        For("recordHotlineAttempt", new RecordAttempt.Request(false, "无人接听"), open with { Attempts = 2 }, ("id", TaskId));
        For("listHotlineAlarms", null, new Page<ListAlarms.Item>([new(TaskId, TicketId, "E-CALL-20261122-0458", "紧急来电", "东河镇公共法律服务工作站", 1, At, At.AddMinutes(10), EmergencyAlarm.Advice)], null, false), ("limit", "20"));
        For("acknowledgeHotlineAlarm", null, new AnswerAlarm.Response(TaskId, TicketId, At.AddMinutes(2), EmergencyAlarm.Advice), ("id", TaskId));
        For("openHotlinePop", new OpenPop.Request("q7Xk2P-abcdefghijklmnopqrstuv"), new OpenPop.Response("CALL-20261122-0456", "138****8000", [Ticket(HotlineTicketState.Dispatched)]));
    }

    private static StaffHotlineTicketView Ticket(HotlineTicketState state) => new(
        TicketId, PartnerExamples.AppId, PartnerExamples.TicketNo, MatterExamples.MatterId, "264830295719", "2648-3029-5719", "12348", HotlineDemand.Consult, "咨询拖欠工资",
        "来电人称在食品厂干活，厂里打了结算清单，一万八千六百元工资一直拖欠，咨询如何讨要", "李*运", "138****8000", HotlineUrgency.Normal, "一般", false, At.AddMinutes(-2), At.AddDays(3), state, state.Label(),
        state == HotlineTicketState.Resolved ? HotlineResult.Solved : null, null, DemoDistrict.TownA, "东河镇公共法律服务工作站", null, null, false, 0, false, new DateOnly(2026, 11, 23), null, null, [], At, At, 1);
}
