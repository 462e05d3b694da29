using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Consultations;

namespace MicroPlatform.Api.Consultations;

/// <summary>The citizen takes the question back before anybody has answered it.</summary>
public static class WithdrawConsultation
{
    public static Task<IResult> Handle(string id, CurrentUser user, HttpContext http, Idempotency idempotency, ConsultationRepository consultations) =>
        idempotency.RunAsync<ConsultationView>(http, StatusCodes.Status200OK, async tx =>
        {
            if (await consultations.FindOwnAsync(tx, id, user.Id) is not { } consultation) return CommonRefusals.NotFound;
            var withdrawn = consultation.Withdraw(tx.Now);
            if (withdrawn.IsRefused) return withdrawn.Refusal!;
            await consultations.SaveAsync(tx, consultation, user.Actor);
            await tx.AuditAsync(user.Actor, "consultations.withdraw", "matter", consultation.Matter.Id);
            return await ConsultationReply.ReadAsync(tx, id);
        });
}
