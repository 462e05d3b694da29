using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Infrastructure.Materials;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Materials;

/// <summary>材料, the citizen's side, and the links by which bytes are read.</summary>
public static class MaterialEndpoints
{
    /// <summary>A phone on a village network sends 20 MB in some minutes.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromMinutes(5);

    public static void MapMaterials(this IEndpointRouteBuilder routes)
    {
        // No more is read, whatever the limit of a type is meanwhile. Boundaries and text fields come on top of the file.
        var most = Math.Max(routes.ServiceProvider.GetRequiredService<IOptions<MaterialsOptions>>().Value.MaxBytes, (long)MaterialsOptions.MostMegabytes << 20) + 64 * 1024;
        var mine = routes.MapGroup("/v1/materials").For(Audience.Citizen, "材料").RequireAuthorization(Policies.Citizen);
        mine.MapPost("", UploadMaterial.Handle).Does("uploadMaterial", "上传一份材料").Accepts<UploadForm.Fields>("multipart/form-data").Streams(most, Slow).Creates<MaterialView>().Refuses(400, 413, 415, 422);
        mine.MapGet("", ListMyMaterials.Handle).Does("listMyMaterials", "我的材料").Answers<Page<MaterialView>>().Refuses(400);
        mine.MapGet("/{id}", GetMaterial.Handle).Does("getMaterial", "查看材料及各版本").Answers<MaterialDetailView>().Conditional().Refuses(404);
        mine.MapPost("/{id}/versions", ReplaceMaterial.Handle).Does("replaceMaterial", "更换为新版本").Accepts<UploadForm.Fields>("multipart/form-data").Streams(most, Slow).Creates<MaterialView>().Refuses(400, 404, 409, 413, 415, 422);
        mine.MapDelete("/{id}", EraseMaterial.Handle).Does("eraseMaterial", "删除材料（未被使用的）").Answers<ErasureView>().Refuses(404, 409);
        mine.MapGet("/{id}/erasure", EraseMaterial.ProofAsync).Does("readErasureProof", "查看销毁证明").Answers<ErasureView>().Refuses(404);
        mine.MapGet("/{id}/readings", ListReadings.Handle).Does("listMaterialReadings", "谁看过这份材料").Answers<Page<ListReadings.Reading>>().Refuses(400, 404);
        mine.MapPost("/{id}/links", OpenMaterial.MineAsync).Does("openMaterial", "取得查看链接").Creates<LinkView>().Refuses(400, 404, 409, 422);

        var uploads = routes.MapGroup("/v1/material-uploads").For(Audience.Citizen, "材料").RequireAuthorization(Policies.Citizen);
        uploads.MapPost("", BeginUpload.Handle).Does("beginUpload", "开始分片上传").Creates<UploadView>().Refuses(400, 404, 409, 413, 422);
        uploads.MapGet("/{id}", BeginUpload.GetAsync).Does("getUpload", "查看上传进度").Answers<UploadView>().Refuses(404);
        uploads.MapPut("/{id}/parts/{number}", PutPart.Handle).Does("putUploadPart", "上传一个分片（可重传）").Accepts<Stream>("application/octet-stream").Streams(2 << 20, Slow).Answers<UploadView>().Refuses(400, 404, 409, 413, 415);
        uploads.MapPost("/{id}/completion", CompleteUpload.Handle).Does("completeUpload", "完成分片上传").Streams(1 << 20, Slow).Creates<MaterialView>().Refuses(404, 409, 422);
        uploads.MapDelete("/{id}", BeginUpload.CancelAsync).Does("cancelUpload", "取消上传").Answers<UploadView>().Refuses(404, 409);

        var matters = routes.MapGroup("/v1/matters").For(Audience.Citizen, "材料").RequireAuthorization(Policies.Citizen);
        matters.MapGet("/{id}/materials", MatterMaterials.MineAsync).Does("listMatterMaterials", "事项的材料清单和已交材料").Answers<MatterMaterialsView>().Refuses(404);
        matters.MapPost("/{id}/materials", AttachMaterials.Handle).Does("attachMaterials", "向事项或预约提交材料").Creates<MatterMaterialsView>().Refuses(400, 404, 409, 422);

        var links = routes.MapGroup("/v1/material-links").For([Audience.Citizen, Audience.Staff], "材料").RequireAuthorization(Policies.SignedIn);
        links.MapDelete("/{id}", OpenMaterial.RevokeAsync).Does("revokeMaterialLink", "作废查看链接").Answers<OpenMaterial.Revoked>().Refuses(404);

        var files = routes.MapGroup("/v1/material-files").For([Audience.Citizen, Audience.Staff], "材料").RequireAuthorization(Policies.Anyone);
        files.MapGet("/{token}", ReadMaterialFile.Handle).Does("readMaterialFile", "按链接读取材料").Streams(1024, Slow).Refuses(404).Produces(StatusCodes.Status416RangeNotSatisfiable).Produces(StatusCodes.Status200OK, contentType: "application/octet-stream").Produces(StatusCodes.Status206PartialContent);
    }
}
