using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Infrastructure.Materials;

namespace MicroPlatform.Api.Materials;

/// <summary>Who has looked at one's material, when, and why; newest first. Thumbnails count as looking.</summary>
public static class ListReadings
{
    private const string List = "material-readings";

    /// <param name="Purpose">What the reader gave as the purpose; null where none was asked for.</param>
    public sealed record Reading(DateTimeOffset At, string StaffName, string? OrganisationName, int VersionNumber, MaterialVariant Variant, string VariantText, string? Purpose);

    public static async Task<IResult> Handle(string id, int? limit, string? cursor, CurrentUser user, HttpContext http, MaterialQueries queries, Cursors cursors)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var after = cursors.Read(List, cursor);
        if (after.IsRefused) return after.Refusal!.ToResult();
        if (!Id.IsWellFormed(id) || await queries.FindAsync(id, http.RequestAborted) is not { } material || material.OwnerId != user.Id) return CommonRefusals.NotFound.ToResult();
        var rows = await queries.ReadingsAsync(id, after.Value, count.Value + 1, http.RequestAborted);
        return Results.Json(Paging.Of(rows, count.Value, r => new Reading(r.At, r.StaffName, r.OrganisationName, r.MaterialVersion, r.Variant, r.Variant.Label(), r.Purpose), r => cursors.Write(List, r.Id)), WireJson.Options);
    }
}
