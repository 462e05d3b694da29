using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Administration;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Materials;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Materials;

/// <summary>What the virus scanner found something in: the administrator destroys it, with another's approval where there is one, or releases it where the scanner was wrong. Nobody can open it there.</summary>
public static class Quarantine
{
    private const string List = "quarantine";

    /// <summary>Without its name: that is the citizen's.</summary>
    public sealed record Item(string Id, MaterialState State, string StateText, MaterialType Type, string TypeText, long Bytes, string Sha256, int Uses, DateTimeOffset UploadedAt)
    {
        internal static Item Of(MaterialRow m) => new(m.Id, m.State, m.State.Label(), m.Type, m.Type.Label(), m.Bytes, m.Sha256, m.Uses, m.UploadedAt);
    }

    /// <param name="Reason">Why it is harmless, 2 to 200 characters; kept in the audit.</param>
    public sealed record ReleaseRequest([property: Required, MinLength(2), MaxLength(200)] string? Reason);

    public static async Task<IResult> ListAsync(int? limit, string? cursor, HttpContext http, MaterialQueries queries, Cursors cursors)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var after = cursors.Read(List, cursor);
        if (after.IsRefused) return after.Refusal!.ToResult();
        var rows = await queries.QuarantinedAsync(after.Value, count.Value + 1, http.RequestAborted);
        return Results.Json(Paging.Of(rows, count.Value, Item.Of, m => cursors.Write(List, m.Id)), WireJson.Options);
    }

    public static Task<IResult> ReleaseAsync(string id, ReleaseRequest request, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, MaterialRepository materials) =>
        runs.RunAsync<Item>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            var reason = Text.Clean(request.Reason, "reason", 200, min: 2);
            if (reason.IsRefused) return reason.Refusal!;
            if (await materials.FindAsync(tx, id) is not { } material) return CommonRefusals.NotFound;
            var released = material.Release();
            if (released.IsRefused) return released.Refusal!;
            await materials.SaveAsync(tx, material);
            await MaterialRepository.PutScanAsync(tx, id, material.CurrentVersion, ScanResult.Clean);
            await tx.AuditAsync(user.Actor, "materials.release", "material", id, reason.Value);
            return Item.Of((await MaterialQueries.FindAsync(tx, id))!);
        });

    public static async Task<IResult> DestroyAsync(
        string id, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, SecondAdministrator second, MaterialRepository materials, Erasures erasures) =>
        await second.DemandedAsync(validateOnly, http.RequestAborted) is { } no ? no.ToResult() : await runs.RunAsync<ErasureView>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            var destroyed = await CarryOutDestroyAsync(tx, user.Actor, id, materials, erasures);
            return destroyed.IsRefused ? destroyed.Refusal! : ErasureView.Of(destroyed.Value, erasures);
        });

    internal static async Task<Outcome<ErasureRow>> CarryOutDestroyAsync(UnitOfWork tx, Actor by, string id, MaterialRepository materials, Erasures erasures)
    {
        if (await materials.FindAsync(tx, id) is not { } material) return CommonRefusals.NotFound;
        // Only out of quarantine: what is fit for use is not an administrator's to destroy.
        if (material.State == MaterialState.Ready) return MaterialRefusals.WrongState;
        var erased = material.Erase(tx.Now);
        return erased.IsRefused ? erased.Refusal! : await erasures.EraseAsync(tx, material, ErasureReason.Infected, by);
    }
}
