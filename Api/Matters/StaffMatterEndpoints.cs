using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;

namespace MicroPlatform.Api.Matters;

/// <summary>收件箱: what waits for the office, whatever service works on it.</summary>
public static class StaffMatterEndpoints
{
    public static void MapStaffMatters(this IEndpointRouteBuilder routes)
    {
        var staff = routes.MapGroup("/v1/staff").For(Audience.Staff, "收件箱").RequireAuthorization(Policies.Handler);

        staff.MapGet("/inbox", ReadInbox.Handle).Does("readInbox", "收件箱：等待最久的在前（支持长轮询）").Answers<Page<ReadInbox.Item>>().Refuses(400);
        staff.MapPost("/matters/search", SearchMatters.Handle).Does("searchMatters", "查找事项：编号、电话、姓名、文字、状态、单位、日期").Answers<Page<SearchMatters.Item>>().Refuses(400);
        staff.MapPost("/matters/{id}/contact-readings", ReadContact.Handle).Does("readContact", "查看群众联系方式（留痕）").Answers<ReadContact.Response>().Refuses(400, 404);
        staff.MapGet("/matters/{id}/timeline", ReadInternalTimeline.Handle).Does("readInternalTimeline", "查看完整办理记录（含内部）").Answers<ReadInternalTimeline.Response>().Refuses(404);

        routes.MapGroup("/v1/admin/matters").For(Audience.Admin, "事项查询").RequireAuthorization(Policies.Administrator)
            .MapPost("/search", SearchMatters.Handle).Does("searchAllMatters", "查找全部事项（不含群众陈述）").Answers<Page<SearchMatters.Item>>().Refuses(400);
    }
}
