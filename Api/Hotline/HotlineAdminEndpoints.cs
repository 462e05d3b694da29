using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;

namespace MicroPlatform.Api.Hotline;

/// <summary>Partners and what they may do, for administrators.</summary>
public static class HotlineAdminEndpoints
{
    public static void MapHotlineAdministration(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/v1/admin/hotline/partners").For(Audience.Admin, "热线接入").RequireAuthorization(Policies.Administrator);
        admin.MapGet("", ReadPartners.ListAsync).Does("listPartners", "全部合作系统").Answers<ReadPartners.Response>();
        admin.MapGet("/{appId}", ReadPartners.GetAsync).Does("getPartner", "查看合作系统").Answers<PartnerView>().Refuses(404);
        admin.MapPost("", WritePartner.AddAsync).Does("addPartner", "新增合作系统，密钥只显示一次").Creates<PartnerWithSecret>().Refuses(400, 409);
        admin.MapPut("/{appId}", WritePartner.EditAsync).Does("editPartner", "修改合作系统（If-Match）").Answers<PartnerView>().Refuses(400, 404, 412);
        admin.MapPost("/{appId}/secret", WritePartner.RotateAsync).Does("rotatePartnerSecret", "更换密钥，新密钥只显示一次").Answers<PartnerWithSecret>().Refuses(400, 404);
        admin.MapPost("/{appId}/suspension", WritePartner.SuspendAsync).Does("suspendPartner", "停用合作系统（If-Match）").Answers<PartnerView>().Refuses(400, 404, 412);
        admin.MapPost("/{appId}/activation", WritePartner.ActivateAsync).Does("activatePartner", "启用合作系统（If-Match）").Answers<PartnerView>().Refuses(400, 404, 412);
        admin.MapGet("/{appId}/mappings/{dictionary}", WriteMapping.GetAsync).Does("getPartnerMapping", "查看代码对照").Answers<WriteMapping.Response>().Refuses(404);
        admin.MapPut("/{appId}/mappings/{dictionary}", WriteMapping.PutAsync).Does("putPartnerMapping", "整表替换代码对照").Answers<WriteMapping.Response>().Refuses(400, 404);

        admin.MapGet("/{appId}/webhook", WriteWebhook.GetAsync).Does("getPartnerWebhook", "查看推送地址").Answers<WebhookView>().Refuses(404);
        admin.MapPut("/{appId}/webhook", WriteWebhook.PutAsync).Does("putPartnerWebhook", "设置推送地址，首次返回推送密钥").Answers<WriteWebhook.Response>().Refuses(400, 404, 422);
        admin.MapPost("/{appId}/webhook/secret", WriteWebhook.RotateAsync).Does("rotatePartnerWebhookSecret", "更换推送密钥，新密钥只显示一次").Answers<WriteWebhook.Response>().Refuses(400, 404);
        admin.MapPost("/{appId}/webhook/ping", WriteWebhook.PingAsync).Does("pingPartnerWebhook", "推送一条测试事件").Produces<WriteWebhook.Pinged>(StatusCodes.Status202Accepted).Refuses(409);

        var deliveries = routes.MapGroup("/v1/admin/hotline/deliveries").For(Audience.Admin, "热线推送").RequireAuthorization(Policies.Administrator);
        deliveries.MapGet("", ReadDeliveries.ListAsync).Does("listHotlineDeliveries", "推送记录").Answers<Page<ReadDeliveries.Item>>().Refuses(400);
        deliveries.MapGet("/{id}", ReadDeliveries.GetAsync).Does("getHotlineDelivery", "查看一次推送").Answers<ReadDeliveries.Whole>().Refuses(404);
        deliveries.MapPost("/replays", ReadDeliveries.ReplayAsync).Does("replayHotlineDeliveries", "重新推送一条，或全部已放弃的").Answers<ReadDeliveries.Replayed>().Refuses(400, 404);

        routes.MapGroup("/v1/admin/hotline/figures").For([Audience.Staff, Audience.Admin], "热线指标").RequireAuthorization(Policies.Overseer)
            .MapGet("", ReadFigures.Handle).Does("readHotlineFigures", "接通率、满意率、回访率").Answers<ReadFigures.Response>().Refuses(400);

        var duty = routes.MapGroup("/v1/admin/hotline/duty-phones").For(Audience.Admin, "热线接入").RequireAuthorization(Policies.Administrator);
        duty.MapGet("", WriteDutyPhones.GetAsync).Does("getDutyPhones", "紧急值班电话").Answers<WriteDutyPhones.Response>();
        duty.MapPut("", WriteDutyPhones.PutAsync).Does("putDutyPhones", "整表替换紧急值班电话").Answers<WriteDutyPhones.Response>().Refuses(400);
    }
}
