using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Infrastructure.Appointments;

namespace MicroPlatform.Api.Appointments;

/// <summary>One's own places on the waiting list, newest first, each with the time that is kept for one now.</summary>
public static class ListMyWaitlist
{
    private const string List = "waitlist";

    public static async Task<IResult> Handle(string? cursor, int? limit, CurrentUser user, HttpContext http, WaitlistQueries queries, Cursors cursors)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var before = cursors.Read(List, cursor);
        if (before.IsRefused) return before.Refusal!.ToResult();
        var rows = await queries.OfCitizenAsync(user.Id, before.Value, count.Value + 1, http.RequestAborted);
        return Results.Json(Paging.Of(rows, count.Value, WaitlistView.Of, w => cursors.Write(List, w.Id)), WireJson.Options);
    }
}
