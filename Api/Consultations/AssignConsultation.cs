using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Api.Consultations;

/// <summary>
/// A handler takes a consultation that nobody has, or a clerk or head gives it to a colleague, also from one to another. Of two who claim
/// at once one has it and the other hears <c>consultation_taken</c>.
/// </summary>
public static class AssignConsultation
{
    /// <param name="HandlerId">To whom; oneself when absent, as without a body.</param>
    public sealed record Request([property: MaxLength(Id.Length)] string? HandlerId);

    public static Task<IResult> Handle(string id, Request? request, CurrentUser user, HttpContext http, Idempotency idempotency, ConsultationRepository consultations) =>
        idempotency.RunAsync<StaffConsultationView>(http, StatusCodes.Status200OK, async tx =>
        {
            if (await consultations.FindForStaffAsync(tx, id, user.Id) is not { } held) return CommonRefusals.NotFound;
            var handlerId = request?.HandlerId ?? user.Id;
            var claim = handlerId == user.Id;
            if (!claim && !held.Directs) return CommonRefusals.Forbidden;
            var path = await RegistryQueries.PathAsync(tx, held.Matter.OrganisationId);
            if (await RegistryQueries.HandlerAsync(tx, handlerId, path) is not { } handler) return ConsultationRefusals.HandlerUnsuitable.At("handlerId", "不能指派给该人员");

            var had = held.Matter.HandlerId;
            var assigned = held.Consultation.AssignTo(handler.Id, handler.Name, onlyIfFree: claim, tx.Now);
            if (assigned.IsRefused) return assigned.Refusal!;
            if (had != handler.Id)
            {
                await consultations.SaveAsync(tx, held.Consultation, user.Actor);
                await tx.AuditAsync(user.Actor, claim ? "consultations.claim" : "consultations.assign", "matter", held.Matter.Id, claim ? null : handler.Id);
            }
            return await StaffConsultationView.ReadAsync(tx, id, user.Id);
        });
}
