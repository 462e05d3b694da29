using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Materials;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Materials;

/// <summary>The office accepts a material or sends it back with a coded reason. It judges the version it has seen: where a newer one has come, it is told so.</summary>
public static class ReviewMaterial
{
    /// <param name="VersionNumber">The version that was looked at.</param>
    /// <param name="ItemCode">Puts it to another item of the checklist; absent: stays where it is.</param>
    public sealed record AcceptRequest([property: Required] int? VersionNumber, [property: RegularExpression(ChecklistItem.CodePattern), MaxLength(40)] string? ItemCode);

    /// <param name="Note">Told to the citizen; required with <c>other</c>.</param>
    public sealed record RejectRequest([property: Required] int? VersionNumber, [property: Required] RejectionReason? Reason, [property: MaxLength(MaterialUse.MaxNote)] string? Note);

    public static Task<IResult> AcceptAsync(
        string id, AcceptRequest request, CurrentUser user, HttpContext http, Idempotency idempotency, UseRepository uses, MaterialScope scope, MatterRepository matters, NoticeRepository notices) =>
        idempotency.RunAsync<MatterMaterialsView>(http, StatusCodes.Status200OK, async tx =>
        {
            if (request.ItemCode is not null && !await ChecklistRepository.ExistsAsync(tx, request.ItemCode)) return MaterialRefusals.UnknownItem.At("itemCode", "没有这个材料项目");
            return await ReviewAsync(tx, id, request.VersionNumber!.Value, user, uses, scope, matters, notices, "materials.accept", (use, name) =>
            {
                use.ItemCode = request.ItemCode ?? use.ItemCode;
                return (use.Accept(user.Id, tx.Now), $"材料已通过：{name}");
            });
        });

    public static Task<IResult> RejectAsync(
        string id, RejectRequest request, CurrentUser user, HttpContext http, Idempotency idempotency, UseRepository uses, MaterialScope scope, MatterRepository matters, NoticeRepository notices) =>
        idempotency.RunAsync<MatterMaterialsView>(http, StatusCodes.Status200OK, async tx =>
        {
            var note = Text.CleanOptional(request.Note, "note", MaterialUse.MaxNote);
            if (note.IsRefused) return note.Refusal!;
            return await ReviewAsync(tx, id, request.VersionNumber!.Value, user, uses, scope, matters, notices, "materials.reject", (use, name) =>
                (use.Reject(request.Reason!.Value, note.Value, user.Id, tx.Now), $"材料需补正：{name}（{request.Reason.Value.Label()}{(note.Value is null ? "" : $"：{note.Value}")}）"));
        });

    private static async Task<Outcome<MatterMaterialsView>> ReviewAsync(
        UnitOfWork tx, string id, int seen, CurrentUser user, UseRepository uses, MaterialScope scope, MatterRepository matters, NoticeRepository notices, string action,
        Func<MaterialUse, string, (Outcome<Done> Outcome, string Told)> review)
    {
        if (!Id.IsWellFormed(id) || await uses.FindAsync(tx, id) is not { } use || await scope.MatterForAsync(tx, use.MatterId, user) is not { } found) return CommonRefusals.NotFound;
        if (use.MaterialVersion != seen) return MaterialRefusals.VersionChanged;
        var name = (await MaterialQueries.FindAsync(tx, use.MaterialId))!.Name;
        var (outcome, told) = review(use, name);
        if (outcome.IsRefused) return outcome.Refusal!;
        await uses.SaveAsync(tx, use);
        found.Matter.Tell(tx.Now, action == "materials.accept" ? "material_accepted" : "material_rejected", told);
        await matters.SaveAsync(tx, found.Matter, user.Actor);
        await tx.AuditAsync(user.Actor, action, "material", use.MaterialId, use.Reason?.ToString());
        return await MatterMaterials.ReadAsync(tx, use.MatterId, found.Matter.CategoryCode, notices);
    }
}
