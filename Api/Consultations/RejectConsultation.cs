using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Consultations;

namespace MicroPlatform.Api.Consultations;

/// <summary>Not a matter for this office. The reason is told to the citizen.</summary>
public static class RejectConsultation
{
    /// <summary>A reason shorter than this tells nothing.</summary>
    private const int MinReason = 5;

    /// <param name="Reason">5 to 500 characters, read by the citizen.</param>
    public sealed record Request([property: Required, MaxLength(500)] string? Reason);

    public static Task<IResult> Handle(string id, Request request, CurrentUser user, HttpContext http, Idempotency idempotency, ConsultationRepository consultations) =>
        idempotency.RunAsync<StaffConsultationView>(http, StatusCodes.Status200OK, async tx =>
        {
            var reason = Text.Clean(request.Reason, "reason", 500, MinReason);
            if (reason.IsRefused) return reason.Refusal!;
            if (await consultations.FindForStaffAsync(tx, id, user.Id) is not { } held) return CommonRefusals.NotFound;
            if (!held.MayDecide) return ConsultationRefusals.NotResponsible;
            var rejected = held.Consultation.Reject(reason.Value, tx.Now);
            if (rejected.IsRefused) return rejected.Refusal!;
            await consultations.SaveAsync(tx, held.Consultation, user.Actor);
            await tx.AuditAsync(user.Actor, "consultations.reject", "matter", held.Matter.Id);
            return await StaffConsultationView.ReadAsync(tx, id, user.Id);
        });
}
