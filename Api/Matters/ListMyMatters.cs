using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Infrastructure.Matters;

namespace MicroPlatform.Api.Matters;

/// <summary>The caller's matters, newest first.</summary>
public static class ListMyMatters
{
    private const string List = "my-matters";

    public static async Task<IResult> Handle(string? cursor, int? limit, CurrentUser user, HttpContext http, MatterQueries queries, Cursors cursors)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var after = cursors.Read(List, cursor);
        if (after.IsRefused) return after.Refusal!.ToResult();
        var rows = await queries.OfCitizenAsync(user.Id, after.Value, count.Value + 1, http.RequestAborted);
        return Results.Json(Paging.Of(rows, count.Value, MatterView.Of, m => cursors.Write(List, m.Id)), WireJson.Options);
    }
}
