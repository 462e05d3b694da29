using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Api.Consultations;

/// <summary>Transfers to or from the caller's units and those below, oldest first; those that wait for an answer unless another state is asked for.</summary>
public static class ListTransfers
{
    public enum Direction
    {
        /// <summary>转入</summary>
        Incoming,
        /// <summary>转出</summary>
        Outgoing,
    }

    public static async Task<IResult> Handle(
        string? direction, string? state, string? cursor, int? limit, CurrentUser user, HttpContext http, TransferQueries transfers, RegistryQueries registry, Cursors cursors)
    {
        var way = QueryWords.Read(direction, "direction", Direction.Incoming);
        if (way.IsRefused) return way.Refusal!.ToResult();
        var wanted = QueryWords.Read(state, "state", TransferState.Pending);
        if (wanted.IsRefused) return wanted.Refusal!.ToResult();
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var list = $"transfers-{way.Value}-{wanted.Value}";
        var after = cursors.Read(list, cursor);
        if (after.IsRefused) return after.Refusal!.ToResult();
        var units = await registry.UnitsAsync(await registry.ScopeAsync(user.Id, http.RequestAborted), http.RequestAborted);
        var rows = await transfers.OfUnitsAsync(way.Value == Direction.Incoming, units, wanted.Value, after.Value ?? "", count.Value + 1, http.RequestAborted);
        return Results.Json(Paging.Of(rows, count.Value, TransferView.Of, t => cursors.Write(list, t.Id)), WireJson.Options);
    }
}
