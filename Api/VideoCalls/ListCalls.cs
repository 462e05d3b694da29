using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Api.VideoCalls;

/// <summary>
/// Calls, newest first: a citizen's own; for the office its own (<c>mine=true</c>, with those one is invited to) or those of a unit and below. <c>view</c>: all, today,
/// running, owed (without the obligatory summary), missedByOffice.
/// </summary>
public static class ListCalls
{
    public static async Task<IResult> Handle(string? cursor, int? limit, CurrentUser user, HttpContext http, VideoCallReading reading, Cursors cursors, TimeProvider time)
    {
        const string List = "video-calls";
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var position = cursors.Read(List, cursor);
        if (position.IsRefused) return position.Refusal!.ToResult();
        var rows = await reading.OfCitizenAsync(user.Id, position.Value, count.Value + 1, http.RequestAborted);
        return Results.Json(Paging.Of(rows, count.Value, c => CallView.Of(c, user.Id, time.GetUtcNow()), c => cursors.Write(List, c.Id)), WireJson.Options);
    }

    public static async Task<IResult> ByStaffAsync(
        string? view, bool? mine, string? organisationId, string? cursor, int? limit, CurrentUser user, HttpContext http, VideoCallReading reading, RegistryQueries registry, Cursors cursors,
        TimeProvider time)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var selection = QueryWords.Read(view, "view", CallSelection.All);
        if (selection.IsRefused) return selection.Refusal!.ToResult();
        var units = mine == true ? [] : await UnitsAsync(organisationId, user, registry, http.RequestAborted);
        if (units is null) return CommonRefusals.NotFound.ToResult();
        var list = $"staff-video-calls-{(mine == true ? "mine" : organisationId)}-{selection.Value}";
        var position = cursors.Read(list, cursor);
        if (position.IsRefused) return position.Refusal!.ToResult();
        var today = time.GetUtcNow().InChina().Date;
        var from = new DateTimeOffset(today, ChinaTime.Offset);
        var rows = await reading.OfOfficeAsync(new CallWish(mine == true ? user.Id : null, units, selection.Value, from, from.AddDays(1)), position.Value, count.Value + 1, http.RequestAborted);
        return Results.Json(Paging.Of(rows, count.Value, c => StaffCallView.Of(c, user.Id, time.GetUtcNow()), c => cursors.Write(list, c.Id)), WireJson.Options);
    }

    /// <summary>Null when the unit named is not one of the caller's.</summary>
    private static async Task<IReadOnlyList<string>?> UnitsAsync(string? organisationId, CurrentUser user, RegistryQueries registry, CancellationToken cancel)
    {
        var scope = await registry.ScopeAsync(user.Id, cancel);
        if (string.IsNullOrEmpty(organisationId)) return await registry.UnitsAsync(scope, cancel);
        if (!Id.IsWellFormed(organisationId) || await registry.PathAsync(organisationId, cancel) is not { } path || !scope.Covers(path)) return null;
        return await registry.UnitsAsync(new StaffScope([path]), cancel);
    }
}
