using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Csv;
using MicroPlatform.Api.Identity;

namespace MicroPlatform.Api.Audit;

/// <summary>审计: read by the auditor alone, changed by nobody. The whole chain is verified by <c>audit verify</c> on the command line.</summary>
public static class AuditEndpoints
{
    public static void MapAudit(this IEndpointRouteBuilder routes)
    {
        var audit = routes.MapGroup("/v1/admin/audit-entries").For(Audience.Admin, "审计").RequireAuthorization(Policies.Auditor);

        audit.MapGet("", ListAuditEntries.Handle).Does("listAuditEntries", "审计记录：谁对什么做了什么").Answers<Page<ListAuditEntries.Entry>>().Refuses(400);

        var reads = routes.MapGroup("/v1/admin/read-log").For(Audience.Admin, "审计").RequireAuthorization(Policies.Auditor);
        reads.MapGet("", ReadLog.Handle).Does("listReads", "查阅记录：谁查看了哪位群众的信息").Answers<Page<ReadLog.Entry>>().Refuses(400);
        reads.MapGet("/csv", ReadLog.ExportAsync).Does("exportReads", "导出查阅记录（CSV）").AnswersCsv().Refuses(400);
    }
}
