using MicroPlatform.Api.Consultations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Api.Matters;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Api.Audit;

/// <summary>An example of the audit trail.</summary>
public sealed class AuditExamples : OperationExamples
{
    public AuditExamples() =>
        For("listAuditEntries", null, new Page<ListAuditEntries.Entry>(
            [new("01KAN8R4XF5J2N8YB6D0S1K7TR", ConsultationExamples.Asked, ActorKind.Staff, "01KAN8R4XF5J2N8YB6D0S1K7TS", "张敏", "matters.read-contact", "matter", MatterExamples.MatterId, null, true)],
            null, false), ("limit", "20"));
}
