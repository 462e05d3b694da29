using System.Globalization;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Api.Registry;

/// <summary>The shifts of one of the caller's units, by beginning; of the next two weeks unless another span is asked for.</summary>
public static class ListShifts
{
    private const string List = "duty-shifts";

    public static async Task<IResult> Handle(
        string? organisationId, DateTimeOffset? from, DateTimeOffset? to, string? cursor, int? limit, CurrentUser user, HttpContext http,
        DutyQueries duty, RegistryQueries registry, Cursors cursors, TimeProvider time)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var position = cursors.Read(List, cursor);
        if (position.IsRefused) return position.Refusal!.ToResult();
        if (!Id.IsWellFormed(organisationId)) return CommonRefusals.Invalid.At("organisationId", "请选择单位").ToResult();
        if (!await registry.InScopeAsync(user.Id, organisationId!, http.RequestAborted)) return CommonRefusals.NotFound.ToResult();
        var edge = (position.Value ?? "0 ").Split(' ', 2);
        var begin = from ?? time.GetUtcNow();
        var rows = await duty.OfUnitAsync(organisationId!, begin, to ?? begin.AddDays(14), long.Parse(edge[0], CultureInfo.InvariantCulture), edge[1], count.Value + 1, http.RequestAborted);
        return Results.Json(Paging.Of(rows, count.Value, ShiftView.Of, s => cursors.Write(List, $"{s.StartsAt.ToUnixTimeMilliseconds()} {s.Id}")), WireJson.Options);
    }
}
