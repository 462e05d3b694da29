using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;

namespace MicroPlatform.Api.Consultations;

/// <summary>转办: from unit to unit; the first stays responsible until the other accepts.</summary>
public static class TransferEndpoints
{
    public static void MapTransfers(this IEndpointRouteBuilder routes)
    {
        var staff = routes.MapGroup("/v1/staff").For(Audience.Staff, "转办").RequireAuthorization(Policies.Handler);

        staff.MapPost("/consultations/{id}/transfers", RequestTransfer.Handle).Does("requestTransfer", "申请转办到其他单位").Creates<TransferView>().Refuses(400, 404, 409, 422);
        staff.MapGet("/transfers", ListTransfers.Handle).Does("listTransfers", "转入、转出列表").Answers<Page<TransferView>>().Refuses(400);
        staff.MapPost("/transfers/{id}/acceptance", AnswerTransfer.AcceptAsync).Does("acceptTransfer", "接收转办").Answers<TransferView>().Refuses(404, 409);
        staff.MapPost("/transfers/{id}/refusal", AnswerTransfer.RefuseAsync).Does("refuseTransfer", "退回转办并说明理由").Answers<TransferView>().Refuses(400, 404, 409);
        staff.MapPost("/transfers/{id}/withdrawal", AnswerTransfer.WithdrawAsync).Does("withdrawTransfer", "撤回转办申请").Answers<TransferView>().Refuses(404, 409);
    }
}
