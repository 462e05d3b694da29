using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Domain.Hotline;

namespace MicroPlatform.Api.Hotline;

/// <summary>Examples of the administrator's side of the hotline.</summary>
public sealed class HotlineAdminExamples : OperationExamples
{
    private const string AppId = PartnerExamples.AppId;
    private const string Secret = "（64位十六进制，只显示这一次）";
    private static readonly DateTimeOffset At = PartnerExamples.At;

    public HotlineAdminExamples()
    {
        For("listPartners", null, new ReadPartners.Response([Partner()]));
        For("getPartner", null, Partner(), ("appId", AppId));
        For("addPartner", new WritePartner.AddRequest(AppId, true, "市12348热线", DemoDistrict.AidCentre, Enum.GetValues<PartnerScope>(), ["10.20.0.0/16"], ["rec.example.cn"], 300, 600),
            new PartnerWithSecret(Partner(), Secret));
        For("editPartner", new WritePartner.Request("市12348热线", DemoDistrict.AidCentre, [PartnerScope.Tickets, PartnerScope.Calls], ["10.20.0.0/16"], ["rec.example.cn"], 300, 1200), Partner(), ("appId", AppId));
        For("rotatePartnerSecret", new WritePartner.RotateRequest(24), new PartnerWithSecret(Partner(), Secret), ("appId", AppId));
        For("suspendPartner", null, Partner(), ("appId", AppId));
        var mapping = new WriteMapping.Entry("LD-01", "0201");
        For("getPartnerMapping", null, new WriteMapping.Response(AppId, "categories", [mapping]), ("appId", AppId), ("dictionary", "categories"));
        For("putPartnerMapping", new WriteMapping.Request([mapping]), new WriteMapping.Response(AppId, "categories", [mapping]), ("appId", AppId), ("dictionary", "categories"));
        var duty = new WriteDutyPhones.Response([new(DemoDistrict.Lawyer, "张敏", "138****8001")]);
        For("getDutyPhones", null, duty);
        For("putDutyPhones", new WriteDutyPhones.Request([new(DemoDistrict.Lawyer, "13800138001")]), duty);
        Pushes();
        For("activatePartner", null, Partner(), ("appId", AppId));
    }

    private void Pushes()
    {
        var hook = new WebhookView(AppId, "https://hotline.example.cn/hook", true, false, false, ["0", "200"], [], null, null, null, 1);
        var item = new ReadDeliveries.Item("evt_01KAN8R4XHGV0T3ZQ5W7C9E2AP", AppId, PartnerExamples.TicketNo, "ticket.resolved", DeliveryState.Delivered, "已送达", 1, At, null, 200, null, At.AddSeconds(1));
        For("getPartnerWebhook", null, hook, ("appId", AppId));
        For("putPartnerWebhook", new WriteWebhook.Request("https://hotline.example.cn/hook", true, false, false, ["0", "200"], []), new WriteWebhook.Response(hook, "whsec_（只显示这一次）"), ("appId", AppId));
        For("rotatePartnerWebhookSecret", new WritePartner.RotateRequest(24), new WriteWebhook.Response(hook, "whsec_（只显示这一次）"), ("appId", AppId));
        For("pingPartnerWebhook", null, new WriteWebhook.Pinged(item.Id), ("appId", AppId));
        For("listHotlineDeliveries", null, new Page<ReadDeliveries.Item>([item], null, false), ("appId", AppId), ("limit", "20"));
        For("getHotlineDelivery", null, new ReadDeliveries.Whole(item, "{\"type\":\"ticket.resolved\",\"timestamp\":\"2026-11-22T10:00:00+08:00\",\"data\":{\"ticketNo\":\"12348-20261122-000123\",\"status\":\"resolved\"}}"), ("id", item.Id));
        For("replayHotlineDeliveries", new ReadDeliveries.ReplayRequest(AppId, null), new ReadDeliveries.Replayed(3));
        For("readHotlineFigures", null, new ReadFigures.Response(new DateOnly(2026, 11, 1), new DateOnly(2026, 11, 30), null, [new("接通率", 958, 1000, 0.958, 0.95, true), new("满意率", 88, 100, 0.88, 0.9, false)]),
            ("from", "2026-11-01"), ("to", "2026-11-30"));
    }

    private static PartnerView Partner() => new(
        AppId, "市12348热线", DemoDistrict.AidCentre, Enum.GetValues<PartnerScope>(), [.. Enum.GetValues<PartnerScope>().Select(s => s.Label())], ["10.20.0.0/16"], ["rec.example.cn"], 300, 600, true, true, null, At, 1);
}
