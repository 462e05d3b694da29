using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Infrastructure.Materials;

namespace MicroPlatform.Api.Materials;

/// <summary>Everything one has uploaded, newest first: what was photographed once is attached again, not photographed again.</summary>
public static class ListMyMaterials
{
    private const string List = "my-materials";

    public static async Task<IResult> Handle(int? limit, string? cursor, CurrentUser user, HttpContext http, MaterialQueries queries, Cursors cursors)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var after = cursors.Read(List, cursor);
        if (after.IsRefused) return after.Refusal!.ToResult();
        var rows = await queries.OfOwnerAsync(user.Id, after.Value, count.Value + 1, http.RequestAborted);
        return Results.Json(Paging.Of(rows, count.Value, MaterialView.Of, m => cursors.Write(List, m.Id)), WireJson.Options);
    }
}
