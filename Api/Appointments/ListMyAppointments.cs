using System.Globalization;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Infrastructure.Appointments;

namespace MicroPlatform.Api.Appointments;

/// <summary>One's own appointments: those ahead, soonest first; with <c>past=true</c> those behind, latest first.</summary>
public static class ListMyAppointments
{
    public static async Task<IResult> Handle(
        bool? past, string? cursor, int? limit, CurrentUser user, HttpContext http, AppointmentQueries queries, Cursors cursors, TimeProvider time)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var list = past == true ? "appointments-past" : "appointments-ahead";
        var position = cursors.Read(list, cursor);
        if (position.IsRefused) return position.Refusal!.ToResult();
        (DateTimeOffset, string)? edge = position.Value?.Split(' ', 2) is [var at, var id]
            ? (DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(at, CultureInfo.InvariantCulture)), id)
            : null;
        var rows = await queries.OfCitizenAsync(user.Id, past != true, time.GetUtcNow(), edge, count.Value + 1, http.RequestAborted);
        return Results.Json(Paging.Of(rows, count.Value, AppointmentView.Of, a => cursors.Write(list, $"{a.StartsAt.ToUnixTimeMilliseconds()} {a.Id}")), WireJson.Options);
    }
}
