using MicroPlatform.Api.Appointments;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Csv;
using MicroPlatform.Api.Http.Limits;
using MicroPlatform.Api.Identity;

namespace MicroPlatform.Api.Registry;

/// <summary>机构与人员: what the public reads, what staff say of themselves, what the administrator keeps.</summary>
public static class RegistryEndpoints
{
    public static void MapRegistry(this IEndpointRouteBuilder routes)
    {
        var open = routes.MapGroup("/v1").For(Audience.Citizen, "服务点与人员").RequireAuthorization(Policies.Anyone);
        open.MapGet("/registry/service-points", FindServicePoints.Handle).Does("findServicePoints", "查找服务点").Answers<Page<FindServicePoints.ServicePointView>>().Refuses(400);
        open.MapGet("/registry/service-points/{id}", GetServicePoint.Handle).Does("getServicePoint", "服务点详情").Answers<GetServicePoint.Response>().Refuses(404, 503);
        open.MapGet("/registry/phone-book", ReadPhoneBook.Handle).Does("readPhoneBook", "服务电话簿").Answers<Page<ReadPhoneBook.Entry>>().Conditional().Refuses(400);
        open.MapGet("/registry/regions", ReadPhoneBook.RegionsAsync).Does("listRegions", "行政区划").Answers<ReadPhoneBook.RegionsResponse>().Conditional();
        open.MapGet("/lawyers", FindPeople.Handle).Does("findPeople", "查找律师等服务人员").Answers<Page<PersonView>>().Refuses(400);
        open.MapGet("/lawyers/{id}", FindPeople.GetAsync).Does("getPerson", "服务人员详情").Answers<PersonView>().Refuses(404);

        var mine = routes.MapGroup("/v1/staff/me/profile").For(Audience.Staff, "个人简介").RequireAuthorization(Policies.Staff).RefreshesDirectory();
        mine.MapGet("", WriteProfile.GetMineAsync).Does("getMyProfile", "我的公开简介").Answers<WriteProfile.Response>().Conditional().Refuses(404);
        mine.MapPut("", WriteProfile.PutMineAsync).Does("putMyProfile", "修改我的公开简介（If-Match）").Answers<WriteProfile.Response>().Refuses(400, 404, 412);
        routes.MapGroup("/v1/staff/registry").For([Audience.Staff, Audience.Admin], "机构").RequireAuthorization(Policies.Overseer)
            .MapGet("/coverage", ReportCoverage.Handle).Does("reportCoverage", "服务覆盖情况").Answers<ReportCoverage.Response>().Refuses(503);

        var admin = routes.MapGroup("/v1/admin/organisations").For(Audience.Admin, "机构").RequireAuthorization(Policies.Administrator).RefreshesDirectory();
        admin.MapGet("", ListOrganisations.Handle).Does("listOrganisations", "机构列表（含停用）").Answers<Page<OrganisationView>>().Refuses(400);
        admin.MapGet("/csv", OrganisationCsv.ExportAsync).Does("exportOrganisations", "导出机构（CSV）").AnswersCsv();
        admin.MapPost("/csv", OrganisationCsv.ImportAsync).TakesCsv().MayTake(TimeSpan.FromMinutes(1)).Does("importOrganisations", "导入机构（CSV，全部成功或全部不导入）").Answers<CsvImported>().Refuses(400, 413, 415, 422);
        admin.MapGet("/{id}", ListOrganisations.GetAsync).Does("getOrganisation", "查看机构").Answers<OrganisationView>().Conditional().Refuses(404);
        admin.MapPost("", WriteOrganisation.AddAsync).Does("addOrganisation", "新增机构").Creates<OrganisationChange>().Refuses(400, 409, 422);
        admin.MapPut("/{id}", WriteOrganisation.EditAsync).Does("editOrganisation", "修改机构（If-Match）").Answers<OrganisationChange>().Refuses(400, 404, 412, 422);
        admin.MapPost("/{id}/move", MoveOrganisation.Handle).Does("moveOrganisation", "移动到其他上级机构之下（If-Match）").Answers<OrganisationChange>().Refuses(400, 404, 409, 412, 422);
        admin.MapPost("/{id}/closure", CloseOrganisation.Handle).Does("closeOrganisation", "停用机构（If-Match）").Answers<OrganisationChange>().Refuses(400, 404, 409, 412);
        admin.MapPost("/{id}/reopening", CloseOrganisation.ReopenAsync).Does("reopenOrganisation", "重新启用机构（If-Match）").Answers<OrganisationChange>().Refuses(400, 404, 409, 412);

        var profiles = routes.MapGroup("/v1/admin/staff-profiles").For(Audience.Admin, "个人简介").RequireAuthorization(Policies.Administrator).RefreshesDirectory();
        profiles.MapGet("/{id}", WriteProfile.GetAsync).Does("getStaffProfile", "查看人员公开简介").Answers<WriteProfile.Response>().Conditional().Refuses(404);
        profiles.MapPut("/{id}", WriteProfile.PutAsync).Does("putStaffProfile", "修改人员公开简介（If-Match）").Answers<WriteProfile.Response>().Refuses(400, 404, 412);
    }
}
