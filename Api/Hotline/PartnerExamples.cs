using System.Text.Json;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Domain.Matters;

namespace MicroPlatform.Api.Hotline;

/// <summary>Examples of what partners call: the wages of a food factory, told over the telephone.</summary>
public sealed class PartnerExamples : OperationExamples
{
    internal const string AppId = "hl_demo";
    internal const string TicketNo = "12348-20261122-000123";
    internal const string Hash = "cd3c083d78114d65414043706e1364ecb0c7b2c79cac40f679323fc6175df877";
    internal static readonly DateTimeOffset At = new(2026, 11, 22, 10, 0, 0, ChinaTime.Offset);

    public PartnerExamples()
    {
        Others();
        For("pingPartner", null, Ok(new PingPartner.Response(At, AppId, "市12348热线", "10.20.1.5", Enum.GetValues<PartnerScope>(), true, 300, 600, "current", null)));
        For("debugSignature", null, Ok(new DebugSignature.Response(
            $"HL1-HMAC-SHA256\n{AppId}\n1763771234\nc2f1e0d9b8a74c63\nPOST\n/partner/v1/debug/signature\n\n{Hash}", Hash, 94, false, "bad_signature", "签名错误")));
        For("pullPartnerTickets", null, Ok(new Page<PartnerTicketView>([Ticket()], null, false)), ("updatedSince", "2026-11-22T00:00:00+08:00"), ("pageSize", "50"));
        For("postPartnerTicket", Request(TicketNo), Ok(Receipt("created")));
        For("putPartnerTicket", Request(null), Ok(Receipt("updated")), ("ticketNo", TicketNo));
        For("getPartnerTicket", null, Ok(new PartnerTicketWhole(Ticket(), [Event()])), ("ticketNo", TicketNo));
        For("tellPartnerTicketEvent", new TellTicketEvent.Request("ev-20261122-0001", HotlineEventType.Urged, "2026-11-22 15:30:00", "坐席8012", "来电人再次来电催办", null),
            Ok(new TellTicketEvent.Response(TicketNo, "ev-20261122-0001", "recorded", HotlineTicketState.Dispatched, "已派单", 2)), ("ticketNo", TicketNo));
    }

    private void Others()
    {
        For("tellPartnerSatisfaction", new TellSatisfaction.Request(5, "非常满意", true, null, "2026-11-24 10:00:00", "ivr"), Ok(new TellSatisfaction.Response(TicketNo, "recorded", 5)), ("ticketNo", TicketNo));
        For("readPartnerDictionary", null, Ok(new ReadDictionary.Response("categories", [new("02", null, "劳动争议", []), new("0201", "02", "农民工工资", ["LD-01"])])), ("name", "categories"));
        For("filePartnerCalls",
            new FileCalls.Request("CALL-20261122-0456", "inbound", "13800138000", "8012", true, CallResult.Answered, "2026-11-22 09:55:00", "2026-11-22 09:55:08", "2026-11-22 10:01:30", null, null, TicketNo, false, null, null, null),
            Ok(new FileCalls.Response([new("CALL-20261122-0456", "created", TicketNo, null, null, null)], 0)));
        For("tellPartnerRecording", new TellRecording.Request("https://rec.example.cn/2026/11/22/0456.mp3", "mp3", 382, 1_528_000, null, "2026-11-29T10:00:00+08:00"),
            Ok(new TellRecording.Response("CALL-20261122-0456", "created")), ("callId", "CALL-20261122-0456"));
        For("getPartnerReconciliation", null, Ok(new Reconcile.Response(new DateOnly(2026, 11, 22), At.AddHours(16), new Reconcile.Counts(1, 20, 3, 1), Hash,
            [new(TicketNo, HotlineTicketState.Resolved, HotlineResult.Solved, 3, At.AddHours(5), Hash)], null)), ("date", "2026-11-22"));
        For("comparePartnerReconciliation", new Reconcile.Request([new(TicketNo, HotlineTicketState.Closed, HotlineResult.Solved, null, null)]),
            Ok(new Reconcile.DiffResponse(new DateOnly(2026, 11, 22), false, [], [], [new(TicketNo, "status", "resolved", "closed")])), ("date", "2026-11-22"));
        For("popPartnerScreen", new PopScreen.Request("13800138000"), Ok(new PopScreen.Response(
            "CALL-20261122-0456", new PopScreen.Profile(true, "李*运", "138****8000"), [new(TicketNo, HotlineTicketState.Dispatched, "已派单", At)],
            [new(MatterKind.Consultation, "留言咨询", MatterStatus.Closed, "已办结", "农民工工资", At.AddDays(-20))], "https://fuwu.example.cn/swagger#pop=q7Xk2P…", At.AddMinutes(5))), ("callId", "CALL-20261122-0456"));
    }

    internal static PartnerAnswer<T> Ok<T>(T data) => new(0, "OK", data, "4bf92f3577b34da6a3ce929d0e0e4736");

    private static TicketRequest Request(string? ticketNo) => new(
        ticketNo, "12348", HotlineDoor.Phone, HotlineDemand.Consult, "0201", "咨询拖欠工资", "来电人称在食品厂干活，厂里打了结算清单，一万八千六百元工资一直拖欠，咨询如何讨要", "李来运", "13800138000", CallerGender.Male, null,
        "341602101", "东河镇柳树村", null, null, HotlineUrgency.Normal, false, "2026-11-22 09:58:00", "2026-11-25 18:00:00", "8012", "CALL-20261122-0456", null, null, null, null, null,
        new Dictionary<string, JsonElement> { ["队列"] = JsonSerializer.SerializeToElement("劳动争议") }, 1, "2026-11-22T10:00:00+08:00");

    private static FileTicket.Receipt Receipt(string outcome) => new(TicketNo, outcome, "264830295719", HotlineTicketState.Dispatched, "已派单", 1, At, [], []);

    private static PartnerTicketView Ticket() => new(
        TicketNo, "264830295719", "12348", HotlineDoor.Phone, HotlineDemand.Consult, "0201", "咨询拖欠工资", "来电人称在食品厂干活，厂里打了结算清单，一万八千六百元工资一直拖欠，咨询如何讨要", "李*运", "138****8000", CallerGender.Male,
        "341602101", "东河镇柳树村****", HotlineUrgency.Normal, false, At.AddMinutes(-2), At.AddDays(3), "8012", "CALL-20261122-0456", null, [], [], HotlineTicketState.Dispatched, "已派单", null, null,
        "东河镇公共法律服务工作站", null, null, null, At, At, 1, Hash);

    private static TicketEventView Event() => new("mp-opened", HotlineEventType.Dispatched, "派单", At, ActorKind.Partner, "合作系统", null, null, true);
}
