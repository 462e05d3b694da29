using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;

namespace MicroPlatform.Api.Audit;

/// <summary>审计: read by the auditor alone, changed by nobody. The whole chain is verified by <c>audit verify</c> on the command line.</summary>
public static class AuditEndpoints
{
    public static void MapAudit(this IEndpointRouteBuilder routes)
    {
        var audit = routes.MapGroup("/v1/admin/audit-entries").For(Audience.Admin, "审计").RequireAuthorization(Policies.Auditor);

        audit.MapGet("", ListAuditEntries.Handle).Does("listAuditEntries", "审计记录：谁对什么做了什么").Answers<Page<ListAuditEntries.Entry>>().Refuses(400);
    }
}
