using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;

namespace MicroPlatform.Api.Materials;

/// <summary>材料审核: what is there, what is missing, and the one notice that says so.</summary>
public static class StaffMaterialEndpoints
{
    public static void MapStaffMaterials(this IEndpointRouteBuilder routes)
    {
        var staff = routes.MapGroup("/v1/staff").For(Audience.Staff, "材料审核").RequireAuthorization(Policies.Handler);

        staff.MapGet("/matters/{id}/materials", MatterMaterials.StaffAsync).Does("listMaterialsOfMatter", "事项的材料清单").Answers<MatterMaterialsView>().Refuses(404);
        staff.MapPost("/material-uses/{id}/acceptance", ReviewMaterial.AcceptAsync).Does("acceptMaterial", "材料通过").Answers<MatterMaterialsView>().Refuses(400, 404, 409);
        staff.MapPost("/material-uses/{id}/rejection", ReviewMaterial.RejectAsync).Does("rejectMaterial", "退回补正（附原因代码）").Answers<MatterMaterialsView>().Refuses(400, 404, 409);
        staff.MapPost("/matters/{id}/material-notices", SendNotice.Handle).Does("sendMaterialNotice", "一次性告知需补正的材料").Creates<NoticeView>().Refuses(400, 404, 409, 422);
        staff.MapPost("/material-notices/{id}/withdrawal", SendNotice.WithdrawAsync).Does("withdrawMaterialNotice", "撤回补正通知").Answers<NoticeView>().Refuses(404, 409);
        staff.MapPost("/materials/{id}/links", OpenMaterial.StaffAsync).Does("openMaterialAsStaff", "取得查看链接（留痕）").Creates<LinkView>().Refuses(400, 404, 409, 422);
    }
}
