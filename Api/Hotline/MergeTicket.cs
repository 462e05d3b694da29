using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Infrastructure.Hotline;

namespace MicroPlatform.Api.Hotline;

/// <summary>并单: a ticket of the same caller goes on for both. Each keeps its number; the caller sees one.</summary>
public static class MergeTicket
{
    /// <param name="IntoTicketNo">The ticket that goes on, of the same hotline.</param>
    public sealed record Request([property: Required, MaxLength(HotlineContent.MaxTicketNo)] string? IntoTicketNo);

    public static Task<IResult> Handle(string id, Request request, CurrentUser user, HttpContext http, TicketMove move, HotlineTicketRepository tickets) =>
        move.RunAsync(id, user, http, "hotline.merge", async (tx, found, eventId) =>
        {
            if (!found.MayDecide) return CommonRefusals.Forbidden;
            var other = await tickets.FindByNoAsync(tx, found.Ticket.AppId, request.IntoTicketNo!);
            if (other is null || await tickets.FindForStaffAsync(tx, other.Id, user.Id) is not { } into) return CommonRefusals.NotFound.At("intoTicketNo", "没有这个工单");
            var merged = found.Ticket.MergeInto(into.Ticket, user.Actor, eventId, tx.Now);
            if (merged.IsRefused) return merged.Refusal!;
            into.Ticket.Matter.Remark(tx.Now, "hotline_merged_here", $"热线工单{found.Ticket.TicketNo}并入本件");
            // Saved as well, so that nobody closes it in the same moment.
            await tickets.SaveAsync(tx, into.Ticket, user.Actor);
            return Done.It;
        });
}
