using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Csv;
using MicroPlatform.Api.Http.Limits;
using MicroPlatform.Api.Identity;

namespace MicroPlatform.Api.Matters;

/// <summary>问题类别: the two-level table of legal matters.</summary>
public static class CategoryEndpoints
{
    public static void MapCategories(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/v1/admin/categories").For(Audience.Admin, "问题类别").RequireAuthorization(Policies.Administrator);

        admin.MapGet("", ReadCategories.ListAsync).Does("listCategories", "全部类别（含停用）").Answers<ReadCategories.Response>();
        admin.MapGet("/csv", CategoryCsv.ExportAsync).Does("exportCategories", "导出类别（CSV）").AnswersCsv();
        admin.MapPost("/csv", CategoryCsv.ImportAsync).TakesCsv().MayTake(TimeSpan.FromMinutes(1)).Does("importCategories", "导入类别（CSV，全部成功或全部不导入）").Answers<CsvImported>().Refuses(400, 413, 415, 422);
        admin.MapGet("/{code}", ReadCategories.GetAsync).Does("getCategory", "查看类别").Answers<CategoryView>().Refuses(404);
        admin.MapPost("", WriteCategory.AddAsync).Does("addCategory", "新增类别").Creates<CategoryView>().Refuses(400, 409);
        admin.MapPut("/{code}", WriteCategory.EditAsync).Does("editCategory", "修改类别（If-Match）").Answers<CategoryView>().Refuses(400, 404, 409, 412);
        admin.MapPost("/{code}/deactivation", WriteCategory.DeactivateAsync).Does("deactivateCategory", "停用类别（If-Match）").Answers<CategoryView>().Refuses(400, 404, 409, 412);
        admin.MapPost("/{code}/activation", WriteCategory.ActivateAsync).Does("activateCategory", "启用类别（If-Match）").Answers<CategoryView>().Refuses(400, 404, 412);
    }
}
