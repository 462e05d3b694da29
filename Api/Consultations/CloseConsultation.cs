using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Consultations;

namespace MicroPlatform.Api.Consultations;

/// <summary>The citizen says that it is settled. Afterwards it can be rated.</summary>
public static class CloseConsultation
{
    public static Task<IResult> Handle(string id, CurrentUser user, HttpContext http, Idempotency idempotency, ConsultationRepository consultations) =>
        idempotency.RunAsync<ConsultationView>(http, StatusCodes.Status200OK, async tx =>
        {
            if (await consultations.FindOwnAsync(tx, id, user.Id) is not { } consultation) return CommonRefusals.NotFound;
            var closed = consultation.Close(user.Actor, tx.Now);
            if (closed.IsRefused) return closed.Refusal!;
            await consultations.SaveAsync(tx, consultation, user.Actor);
            await tx.AuditAsync(user.Actor, "consultations.close", "matter", consultation.Matter.Id);
            return await ConsultationReply.ReadAsync(tx, id);
        });
}
