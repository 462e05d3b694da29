using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Materials;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Materials;

/// <summary>
/// The rows of a file that is in the store: a new material, or a new version of one. Shared by the upload at once and the upload in parts. What was put into
/// the store and got no row (a repeat, a refusal, the loser of a race) is taken out again.
/// </summary>
public sealed class Filing(
    Idempotency idempotency, Database database, MaterialRepository materials, MaterialObjects objects, UseRepository uses, MatterRepository matters, Attaching attaching, IOptions<MaterialsOptions> options)
{
    /// <param name="ReplacesId">The material that gets a new version; null for a new one.</param>
    internal sealed record Paper(string Name, string? ItemCode, bool ConcernsMinor, string? ReplacesId);

    /// <summary>What else happens in the transaction.</summary>
    /// <param name="Before">Says whether somebody was first, with the material that came of it.</param>
    /// <param name="After">Knows the material's id.</param>
    internal sealed record Alongside(Func<UnitOfWork, Task<Outcome<string?>>> Before, Func<UnitOfWork, string, Task<Outcome<Done>>> After);

    internal async Task<IResult> FileAsync(HttpContext http, CurrentUser user, Paper paper, Kept kept, Alongside? alongside = null)
    {
        var made = new[] { kept.Original, kept.ThumbnailObject }.OfType<NewObject>().ToList();
        try
        {
            if (kept.Scan != ScanResult.Infected) return await idempotency.RunAsync<MaterialView>(http, StatusCodes.Status201Created, tx => WriteAsync(tx, user, paper, kept, alongside));
            await QuarantineAsync(user, paper, kept, http.RequestAborted);
            return MaterialRefusals.Infected.ToResult();
        }
        finally
        {
            await objects.DropUnlessKeptAsync(made);
        }
    }

    private async Task<Outcome<MaterialView>> WriteAsync(UnitOfWork tx, CurrentUser user, Paper paper, Kept kept, Alongside? alongside)
    {
        if (alongside is not null)
        {
            var first = await alongside.Before(tx);
            if (first.IsRefused) return first.Refusal!;
            if (first.Value is { } done) return MaterialView.Of((await MaterialQueries.FindAsync(tx, done))!);
        }
        // Writes the citizen's row: two uploads of one person do not both see the last free place.
        if (await CitizenRepository.EngageWhollyAsync(tx, user.Id) is not { } citizen) return IdentityRefusals.SessionRevoked;
        if (!citizen.HasConsented) return IdentityRefusals.ConsentRequired;
        if (paper.ItemCode is not null && !await ChecklistRepository.ExistsAsync(tx, paper.ItemCode)) return MaterialRefusals.UnknownItem.At("itemCode", "没有这个材料项目");
        var used = await MaterialRepository.UsedAsync(tx, user.Id);
        if (used.Bytes + kept.Bytes > options.Value.QuotaBytes || (paper.ReplacesId is null && used.Materials >= options.Value.QuotaMaterials)) return MaterialRefusals.QuotaExceeded;
        var written = paper.ReplacesId is null ? await AddAsync(tx, user, paper, kept) : await ReplaceAsync(tx, user, paper.ReplacesId, kept);
        if (written.IsRefused) return written.Refusal!;
        if (alongside is not null && await alongside.After(tx, written.Value) is { IsRefused: true } no) return no.Refusal!;
        return MaterialView.Of((await MaterialQueries.FindAsync(tx, written.Value))!);
    }

    private async Task<Outcome<string>> AddAsync(UnitOfWork tx, CurrentUser user, Paper paper, Kept kept)
    {
        var material = Material.Upload(new Material { Id = tx.NewId(), OwnerId = user.Id, Name = paper.Name, ItemCode = paper.ItemCode, CreatedAt = tx.Now }, paper.ConcernsMinor, infected: false);
        await materials.InsertAsync(tx, material, kept);
        await tx.AuditAsync(user.Actor, "materials.upload", "material", material.Id, kept.Type.ToString());
        return material.Id;
    }

    /// <summary>A new version reaches every matter that is still open; what is over keeps the one it was decided by.</summary>
    private async Task<Outcome<string>> ReplaceAsync(UnitOfWork tx, CurrentUser user, string id, Kept kept)
    {
        if (await materials.FindOwnAsync(tx, id, user.Id) is not { } material) return CommonRefusals.NotFound;
        var number = material.Replace();
        if (number.IsRefused) return number.Refusal!;
        await materials.SaveAsync(tx, material);
        await materials.InsertVersionAsync(tx, material, kept);
        foreach (var use in await uses.OpenOfAsync(tx, id))
        {
            use.Resubmit(number.Value);
            await uses.SaveAsync(tx, use);
            var matter = (await matters.FindAsync(tx, use.MatterId))!;
            matter.Tell(tx.Now, "material_replaced", $"您更新了材料：{material.Name}");
            await attaching.FulfilAsync(tx, matter);
            await matters.SaveAsync(tx, matter, user.Actor);
        }
        await tx.AuditAsync(user.Actor, "materials.replace", "material", id, kept.Type.ToString());
        return id;
    }

    /// <summary>Kept for the administrator to look into; the citizen is refused. The same file again is not kept again.</summary>
    private Task<bool> QuarantineAsync(CurrentUser user, Paper paper, Kept kept, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        var known = await tx.ScalarAsync<long>("""
            SELECT COUNT(*) FROM materials m JOIN material_versions v ON v.material_id = m.id WHERE m.owner_id = @Id AND m.state = 'Quarantined' AND v.sent_sha256 = @SentSha256
            """, new { user.Id, kept.SentSha256 });
        if (known > 0) return false;
        var material = Material.Upload(new Material { Id = tx.NewId(), OwnerId = user.Id, Name = paper.Name, ItemCode = paper.ItemCode, CreatedAt = tx.Now }, paper.ConcernsMinor, infected: true);
        await materials.InsertAsync(tx, material, kept);
        await tx.AuditAsync(user.Actor, "materials.quarantine", "material", material.Id);
        return true;
    }, cancel);
}
