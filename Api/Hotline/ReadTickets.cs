using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Hotline;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Hotline;

/// <summary>A ticket as the office reads it, and all that happened to it. What waits stands in the inbox (<c>GET /v1/staff/inbox</c>) beside everything else.</summary>
public static class ReadTickets
{
    public sealed record Response(StaffHotlineTicketView Ticket, IReadOnlyList<TicketEventView> Events);

    public static async Task<IResult> GetAsync(string id, CurrentUser user, HttpContext http, Database database, HotlineTicketRepository tickets, HotlineTicketQueries queries, TicketMove move)
    {
        // In a transaction of its own, since it is judged as a change would be.
        var read = await database.WriteAsync<StaffHotlineTicketView>(async tx => await tickets.FindForStaffAsync(tx, id, user.Id) is { } found
            ? await move.ViewAsync(tx, found.Ticket.Id, user.Id) : CommonRefusals.NotFound, http.RequestAborted);
        if (read.IsRefused) return read.Refusal!.ToResult();
        var events = await queries.EventsAsync(id, http.RequestAborted);
        return Results.Json(new Response(read.Value, [.. events.Select(e => TicketEventView.Of(e, names: true))]), WireJson.Options);
    }

    /// <summary>By the number that the hotline or the caller names.</summary>
    public static async Task<IResult> FindAsync(string? appId, string? ticketNo, CurrentUser user, HttpContext http, Database database, HotlineTicketRepository tickets, TicketMove move)
    {
        if (string.IsNullOrEmpty(appId)) return CommonRefusals.Invalid.At("appId", "请填写应用标识").ToResult();
        if (string.IsNullOrEmpty(ticketNo)) return CommonRefusals.Invalid.At("ticketNo", "请填写工单号").ToResult();
        return (await database.WriteAsync<StaffHotlineTicketView>(async tx =>
            await tickets.FindByNoAsync(tx, appId, ticketNo) is { } ticket && await tickets.FindForStaffAsync(tx, ticket.Id, user.Id) is not null
                ? await move.ViewAsync(tx, ticket.Id, user.Id) : CommonRefusals.NotFound, http.RequestAborted)).ToReply();
    }
}
