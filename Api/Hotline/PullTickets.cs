using System.Globalization;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Infrastructure.Hotline;

namespace MicroPlatform.Api.Hotline;

/// <summary>
/// A hotline's own tickets by their last change, oldest first: for those without an address to push to. Begin each round a minute before the last
/// <c>updatedAt</c> seen and pass over versions that are known: a change that was being written may have an older time.
/// </summary>
public static class PullTickets
{
    public const int MaxPage = 200;

    public static async Task<IResult> Handle(string? updatedSince, string? cursor, int? pageSize, CurrentPartner caller, HttpContext http, HotlineTicketQueries queries, Cursors cursors)
    {
        var since = TicketForm.Instant(updatedSince, "updatedSince");
        if (since.IsRefused) return since.Refusal!.ToResult();
        if (pageSize is < 1 or > MaxPage) return CommonRefusals.Invalid.At("pageSize", $"应为1到{MaxPage}").ToResult();
        var list = $"partner-tickets-{caller.AppId}";
        var position = cursors.Read(list, cursor);
        if (position.IsRefused) return position.Refusal!.ToResult();
        var (at, after) = position.Value is { } p ? (long.Parse(p.AsSpan(0, p.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture), p[(p.IndexOf(' ', StringComparison.Ordinal) + 1)..])
            : (since.Value?.ToUnixTimeMilliseconds() ?? 0, "");
        var limit = pageSize ?? 50;
        var rows = await queries.ChangedSinceAsync(caller.AppId, at, after, limit + 1, http.RequestAborted);
        var page = Paging.Of(rows, limit, r => PartnerTicketView.Of(r, caller.Partner.May(PartnerScope.Pii)), r => cursors.Write(list, $"{r.UpdatedAt.ToUnixTimeMilliseconds()} {r.Id}"));
        return Results.Json(PartnerAnswer<Page<PartnerTicketView>>.Ok(http, page), WireJson.Options);
    }

    public static async Task<IResult> OneAsync(string ticketNo, CurrentPartner caller, HttpContext http, HotlineTicketQueries queries)
    {
        if (await queries.FindByNoAsync(caller.AppId, ticketNo, http.RequestAborted) is not { } row) return CommonRefusals.NotFound.ToResult();
        var events = await queries.EventsAsync(row.Id, http.RequestAborted);
        var pii = caller.Partner.May(PartnerScope.Pii);
        return Results.Json(PartnerAnswer<PartnerTicketWhole>.Ok(http, new PartnerTicketWhole(PartnerTicketView.Of(row, pii), [.. events.Select(e => TicketEventView.Of(e, pii))])), WireJson.Options);
    }
}
