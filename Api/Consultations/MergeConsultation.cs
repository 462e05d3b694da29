using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Consultations;

namespace MicroPlatform.Api.Consultations;

/// <summary>The same citizen has asked the same thing twice: this one ends, the other goes on.</summary>
public static class MergeConsultation
{
    /// <param name="IntoConsultationId">The one that goes on.</param>
    public sealed record Request([property: Required, MaxLength(Id.Length)] string? IntoConsultationId);

    public static Task<IResult> Handle(string id, Request request, CurrentUser user, HttpContext http, Idempotency idempotency, ConsultationRepository consultations) =>
        idempotency.RunAsync<StaffConsultationView>(http, StatusCodes.Status200OK, async tx =>
        {
            if (await consultations.FindForStaffAsync(tx, id, user.Id) is not { } held) return CommonRefusals.NotFound;
            if (!held.MayDecide) return ConsultationRefusals.NotResponsible;
            if (await consultations.FindForStaffAsync(tx, request.IntoConsultationId!, user.Id) is not { } other)
                return ConsultationRefusals.MergeNotPossible.At("intoConsultationId", "没有找到该咨询");
            var merged = held.Consultation.MergeInto(other.Consultation, tx.Now);
            if (merged.IsRefused) return merged.Refusal!;
            await consultations.SaveAsync(tx, held.Consultation, user.Actor);
            await consultations.SaveAsync(tx, other.Consultation, user.Actor);
            await tx.AuditAsync(user.Actor, "consultations.merge", "matter", held.Matter.Id, other.Matter.Id);
            return await StaffConsultationView.ReadAsync(tx, id, user.Id);
        });
}
