using System.Globalization;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Api.Appointments;

/// <summary>
/// The plan of a day or of some days, in order of time: the caller's own (<c>mine=true</c>), a unit's with those below it (<c>organisationId</c>),
/// or that of all units the caller works for. Days are China's; today when none is given.
/// </summary>
public static class ListAgenda
{
    private const int MostDays = 31;

    public static async Task<IResult> Handle(
        string? organisationId, bool? mine, DateOnly? date, DateOnly? from, int? days, string? state, string? cursor, int? limit, CurrentUser user, HttpContext http, AgendaQueries agenda,
        RegistryQueries registry, Cursors cursors, TimeProvider time)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var span = SpanOf(date, from, days, time.GetUtcNow().DateInChina());
        if (span.IsRefused) return span.Refusal!.ToResult();
        var stateRead = QueryWords.Read(state, "state", AppointmentState.Booked);
        if (stateRead.IsRefused) return stateRead.Refusal!.ToResult();
        var scope = await registry.ScopeAsync(user.Id, http.RequestAborted);
        var units = mine == true ? [] : await UnitsAsync(organisationId, scope, registry, http.RequestAborted);
        if (units is null) return CommonRefusals.NotFound.ToResult();
        var wish = new AgendaWish(mine == true ? user.Id : null, units, Raster.At(span.Value.From, 0), Raster.At(span.Value.Until, 0), string.IsNullOrEmpty(state) ? null : stateRead.Value);
        var list = $"agenda-{(mine == true ? "mine" : organisationId)}-{span.Value.From:yyyyMMdd}-{span.Value.Until:yyyyMMdd}-{wish.State}";
        var position = cursors.Read(list, cursor);
        if (position.IsRefused) return position.Refusal!.ToResult();
        (DateTimeOffset, string)? edge = position.Value?.Split(' ', 2) is [var at, var id]
            ? (DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(at, CultureInfo.InvariantCulture)), id)
            : null;
        var rows = await agenda.PageAsync(wish, edge, count.Value + 1, http.RequestAborted);
        return Results.Json(
            Paging.Of(rows, count.Value, a => StaffAppointmentView.Of(a, user.Id, scope, time.GetUtcNow()), a => cursors.Write(list, $"{a.StartsAt.ToUnixTimeMilliseconds()} {a.Id}")),
            WireJson.Options);
    }

    private static Outcome<(DateOnly From, DateOnly Until)> SpanOf(DateOnly? date, DateOnly? from, int? days, DateOnly today)
    {
        if (date is not null && (from is not null || days is not null)) return CommonRefusals.Invalid.At("date", "date与from、days不能同时使用");
        if (days is < 1 or > MostDays) return CommonRefusals.Invalid.At("days", $"应为1到{MostDays}");
        var first = date ?? from ?? today;
        if (first.Year is < 2000 or > 2100) return CommonRefusals.Invalid.At(date is null ? "from" : "date", "日期不正确");
        return (first, first.AddDays(days ?? 1));
    }

    /// <summary>Null when the unit named is not one of the caller's.</summary>
    private static async Task<IReadOnlyList<string>?> UnitsAsync(string? organisationId, StaffScope scope, RegistryQueries registry, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(organisationId)) return await registry.UnitsAsync(scope, cancel);
        if (!Id.IsWellFormed(organisationId) || await registry.PathAsync(organisationId, cancel) is not { } path || !scope.Covers(path)) return null;
        return await registry.UnitsAsync(new StaffScope([path]), cancel);
    }
}
