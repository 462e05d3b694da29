using MicroPlatform.Api.Consultations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Api.Matters;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Api.Audit;

/// <summary>An example of the audit trail.</summary>
public sealed class AuditExamples : OperationExamples
{
    public AuditExamples()
    {
        For("listAuditEntries", null, new Page<ListAuditEntries.Entry>(
            [new("01KAN8R4XF5J2N8YB6D0S1K7TR", ConsultationExamples.Asked, ActorKind.Staff, "01KAN8R4XF5J2N8YB6D0S1K7TS", "张敏", "matters.read-contact", "matter", MatterExamples.MatterId, null, true)],
            null, false), ("limit", "20"));
        For("listReads", null, new Page<ReadLog.Entry>(
            [new(ConsultationExamples.Asked.AddHours(1), "01KAN8R4XF5J2N8YB6D0S1K7TS", "张敏", "01KAN8R4XF5J2N8YB6D0S1K7TT", ["name", "phone"])], null, false), ("limit", "20"));
        ForCsv("exportReads", answer: "时间,查看人,用户名,查看人编号,群众编号,查看内容\r\n2026-11-25 10:12,张敏,zhang.min,01KAN8R4XF5J2N8YB6D0S1K7TS,01KAN8R4XF5J2N8YB6D0S1K7TT,\"name,phone\"\r\n");
    }
}
