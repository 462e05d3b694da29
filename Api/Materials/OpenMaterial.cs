using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Materials;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Materials;

/// <summary>
/// A link to the bytes: for one person, one version, two hours at most, revocable. Its first use is a reading, which is audited and which the citizen sees when it
/// was staff. Sent twice it makes two links: the answer is as good as the document and is not stored for replay.
/// </summary>
public static class OpenMaterial
{
    /// <param name="Variant">The original when absent.</param>
    /// <param name="VersionNumber">The newest one that the caller may see when absent.</param>
    /// <param name="Purpose">Why, 2 to 100 characters. Staff must say it where the material concerns somebody under age; the citizen sees it.</param>
    public sealed record Request(MaterialVariant? Variant, [property: Range(1, Material.MaxVersions)] int? VersionNumber, [property: MaxLength(100)] string? Purpose);

    public sealed record Revoked(string Id, DateTimeOffset RevokedAt);

    public static async Task<IResult> MineAsync(
        string id, Request? request, CurrentUser user, HttpContext http, Database database, MaterialQueries queries, LinkRepository links, IOptions<MaterialsOptions> options)
    {
        if (!Id.IsWellFormed(id) || await queries.FindAsync(id, http.RequestAborted) is not { } newest || newest.OwnerId != user.Id) return CommonRefusals.NotFound.ToResult();
        return await LinkAsync(id, request?.VersionNumber ?? newest.Number, request, null, user, http, database, queries, links, options.Value);
    }

    public static async Task<IResult> StaffAsync(
        string id, Request? request, CurrentUser user, HttpContext http, Database database, MaterialQueries queries, MaterialScope scope, LinkRepository links, IOptions<MaterialsOptions> options)
    {
        var purpose = Text.CleanOptional(request?.Purpose, "purpose", 100);
        if (purpose.IsRefused) return purpose.Refusal!.ToResult();
        if (!Id.IsWellFormed(id) || await scope.VersionsForAsync(user.Id, id, http.RequestAborted) is not { Count: > 0 } versions) return CommonRefusals.NotFound.ToResult();
        var number = request?.VersionNumber ?? versions.Max();
        if (!versions.Contains(number)) return CommonRefusals.NotFound.ToResult();
        if (purpose.Value is null or { Length: < 2 } && await queries.FindAsync(id, http.RequestAborted) is { ConcernsMinor: true })
            return MaterialRefusals.PurposeRequired.At("purpose", "请填写查看目的").ToResult();
        return await LinkAsync(id, number, request, purpose.Value, user, http, database, queries, links, options.Value);
    }

    public static Task<IResult> RevokeAsync(string id, CurrentUser user, HttpContext http, Idempotency idempotency) =>
        idempotency.RunAsync<Revoked>(http, StatusCodes.Status200OK, async tx =>
        {
            if (!Id.IsWellFormed(id) || !await LinkRepository.RevokeAsync(tx, id, user.Id)) return CommonRefusals.NotFound;
            await tx.AuditAsync(user.Actor, "materials.revoke-link", "link", id);
            return new Revoked(id, tx.Now);
        });

    private static async Task<IResult> LinkAsync(
        string id, int number, Request? request, string? purpose, CurrentUser user, HttpContext http, Database database, MaterialQueries queries, LinkRepository links, MaterialsOptions options)
    {
        if (await queries.FindVersionAsync(id, number, http.RequestAborted) is not { } version) return CommonRefusals.NotFound.ToResult();
        if (version.State != MaterialState.Ready) return (version.State == MaterialState.Quarantined ? MaterialRefusals.Quarantined : MaterialRefusals.Gone).ToResult();
        var variant = request?.Variant ?? MaterialVariant.Original;
        if (variant == MaterialVariant.Thumbnail && version.Thumbnail != ThumbnailState.Done) return MaterialRefusals.NoThumbnail.ToResult();
        var outcome = await database.WriteAsync<LinkView>(async tx =>
        {
            var link = new LinkRow
            {
                Id = tx.NewId(), MaterialId = id, MaterialVersion = number, Variant = variant, PersonKind = user.Kind, PersonId = user.Id, SessionId = user.SessionId, Purpose = purpose, CreatedAt = tx.Now,
                ExpiresAt = tx.Now + options.LinkFor,
            };
            await links.InsertAsync(tx, link);
            await tx.AuditAsync(user.Actor, "materials.link", "material", id, $"{number} {variant}");
            return new LinkView(link.Id, $"/v1/material-files/{links.TokenOf(link)}", variant == MaterialVariant.Original ? version.Type.ContentType() : "image/jpeg", version.Bytes, link.ExpiresAt);
        }, http.RequestAborted);
        http.Response.Headers.CacheControl = "no-store";
        return outcome.IsRefused ? outcome.Refusal!.ToResult() : Results.Json(outcome.Value, WireJson.Options, statusCode: StatusCodes.Status201Created);
    }
}
