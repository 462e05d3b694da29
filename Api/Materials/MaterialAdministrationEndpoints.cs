using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;

namespace MicroPlatform.Api.Materials;

/// <summary>材料管理: figures and limits, quarantine, checklists.</summary>
public static class MaterialAdministrationEndpoints
{
    public static void MapMaterialAdministration(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/v1/admin/materials").For(Audience.Admin, "材料管理").RequireAuthorization(Policies.Administrator);
        admin.MapGet("/figures", ReadMaterialFigures.Handle).Does("readMaterialFigures", "存储用量、限制和保存期限").Answers<ReadMaterialFigures.Response>();
        admin.MapGet("/quarantine", Quarantine.ListAsync).Does("listQuarantine", "被隔离的材料").Answers<Page<Quarantine.Item>>().Refuses(400);
        admin.MapPost("/{id}/release", Quarantine.ReleaseAsync).Does("releaseMaterial", "解除隔离（误报）").Answers<Quarantine.Item>().Refuses(400, 404, 409);
        admin.MapPost("/{id}/destruction", Quarantine.DestroyAsync).Does("destroyMaterial", "销毁被隔离的材料").Answers<ErasureView>().Refuses(404, 409);

        var lists = routes.MapGroup("/v1/admin/checklist-items").For(Audience.Admin, "材料管理").RequireAuthorization(Policies.Administrator);
        lists.MapGet("", WriteChecklist.ListAsync).Does("listChecklistItems", "全部材料项目（含停用）").Answers<WriteChecklist.Response>();
        lists.MapPost("", WriteChecklist.AddAsync).Does("addChecklistItem", "新增材料项目").Creates<ChecklistItemView>().Refuses(400, 409);
        lists.MapPut("/{code}", WriteChecklist.EditAsync).Does("editChecklistItem", "修改材料项目（If-Match）").Answers<ChecklistItemView>().Refuses(400, 404, 412);
        lists.MapPost("/{code}/deactivation", WriteChecklist.DeactivateAsync).Does("deactivateChecklistItem", "停用材料项目（If-Match）").Answers<ChecklistItemView>().Refuses(400, 404, 412);
        lists.MapPost("/{code}/activation", WriteChecklist.ActivateAsync).Does("activateChecklistItem", "启用材料项目（If-Match）").Answers<ChecklistItemView>().Refuses(400, 404, 412);
    }
}
