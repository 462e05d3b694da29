using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Materials;
using MicroPlatform.Infrastructure.Matters;

namespace MicroPlatform.Api.Materials;

/// <summary>Hands materials in on an open matter, each for an item of its checklist or for none. One that was accepted elsewhere for the same item counts as accepted.</summary>
public static class AttachMaterials
{
    /// <param name="AppointmentId">An appointment on the matter that they are for.</param>
    public sealed record Request([property: Required, MinLength(1), MaxLength(Material.MaxAttachments)] IReadOnlyList<Item>? Items, [property: MaxLength(Id.Length)] string? AppointmentId);

    /// <param name="ItemCode">The one it was uploaded for when absent.</param>
    public sealed record Item([property: Required, MaxLength(Id.Length)] string? MaterialId, [property: RegularExpression(ChecklistItem.CodePattern), MaxLength(40)] string? ItemCode);

    public static Task<IResult> Handle(
        string id, Request request, CurrentUser user, HttpContext http, Idempotency idempotency, MatterRepository matters, AppointmentRepository appointments, Attaching attaching, NoticeRepository notices) =>
        idempotency.RunAsync<MatterMaterialsView>(http, StatusCodes.Status201Created, async tx =>
        {
            if (!await CitizenRepository.EngageAsync(tx, user.Id)) return IdentityRefusals.SessionRevoked;
            if (!Id.IsWellFormed(id) || await matters.FindAsync(tx, id) is not { } matter || matter.CitizenId != user.Id) return CommonRefusals.NotFound;
            if (matter.Status.IsOver()) return MaterialRefusals.MatterOver;
            var minor = false;
            if (request.AppointmentId is not null)
            {
                if (await appointments.FindOwnAsync(tx, request.AppointmentId, user.Id) is not { } appointment || appointment.Matter.Id != id) return CommonRefusals.NotFound.At("appointmentId", "没有这个预约");
                minor = Attaching.IsForMinor(appointment, tx.Now);
            }
            var attached = await attaching.AttachAsync(tx, matter, [.. request.Items!.Select(i => new Attachment(i.MaterialId!, i.ItemCode))], request.AppointmentId, minor);
            if (attached.IsRefused) return attached.Refusal!;
            matter.Tell(tx.Now, "materials_added", $"您提交了{attached.Value.Count}份材料");
            await matters.SaveAsync(tx, matter, user.Actor);
            await tx.AuditAsync(user.Actor, "materials.attach", "matter", id, $"{attached.Value.Count}");
            return await MatterMaterials.ReadAsync(tx, id, matter.CategoryCode, notices);
        });
}
