using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Consultations;

namespace MicroPlatform.Api.Consultations;

/// <summary>Back to the unit's inbox, unanswered. The duty rule then finds somebody else, never again the one who let it go.</summary>
public static class ReleaseConsultation
{
    public static Task<IResult> Handle(string id, CurrentUser user, HttpContext http, Idempotency idempotency, ConsultationRepository consultations) =>
        idempotency.RunAsync<StaffConsultationView>(http, StatusCodes.Status200OK, async tx =>
        {
            if (await consultations.FindForStaffAsync(tx, id, user.Id) is not { } held) return CommonRefusals.NotFound;
            if (!held.MayDecide) return ConsultationRefusals.NotResponsible;
            if (held.Matter.HandlerId is not { } had) return ConsultationRefusals.WrongState;
            var released = held.Consultation.Release(held.Mine ? "负责人退回待办" : "由单位收回待办", tx.Now);
            if (released.IsRefused) return released.Refusal!;
            await consultations.SaveAsync(tx, held.Consultation, user.Actor);
            await consultations.ExcludeFromDispatchAsync(tx, id, had);
            await tx.AuditAsync(user.Actor, "consultations.release", "matter", held.Matter.Id, had);
            return await StaffConsultationView.ReadAsync(tx, id, user.Id);
        });
}
