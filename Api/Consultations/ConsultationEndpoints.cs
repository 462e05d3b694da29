using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;

namespace MicroPlatform.Api.Consultations;

/// <summary>留言咨询, the citizen's side.</summary>
public static class ConsultationEndpoints
{
    public static void MapConsultations(this IEndpointRouteBuilder routes)
    {
        var mine = routes.MapGroup("/v1/consultations").For(Audience.Citizen, "留言咨询").RequireAuthorization(Policies.Citizen);

        mine.MapPost("", AskQuestion.Handle).Does("askQuestion", "发起留言咨询").Creates<ConsultationView>().Refuses(400, 409, 422);
        mine.MapGet("/{id}", GetConsultation.Handle).Does("getConsultation", "查看咨询").Answers<ConsultationView>().Conditional().Refuses(404);
        mine.MapGet("/{id}/messages", ReadThread.Handle).Does("readThread", "读取留言（支持长轮询）").Answers<ReadThread.Response>().Conditional().Refuses(400, 404);
        mine.MapPost("/{id}/messages", PostMessage.Handle).Does("postMessage", "补充或追问").Creates<MessageView>().Refuses(400, 404, 409, 422);
        mine.MapPost("/{id}/closure", CloseConsultation.Handle).Does("closeConsultation", "结束咨询").Answers<ConsultationView>().Refuses(404, 409);
        mine.MapPost("/{id}/withdrawal", WithdrawConsultation.Handle).Does("withdrawConsultation", "撤回咨询").Answers<ConsultationView>().Refuses(404, 409);
    }
}
