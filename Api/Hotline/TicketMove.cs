using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Hotline;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Hotline;

/// <summary>What every verb of the office on a hotline ticket shares: load in scope, change, save, audit, answer with the whole.</summary>
public sealed class TicketMove(Idempotency idempotency, HotlineTicketRepository tickets, HotlineTicketQueries queries, CalendarStore calendars, IOptions<HotlineOptions> options)
{
    /// <param name="action">For the audit trail.</param>
    /// <param name="change">Judges who may and asks the aggregate; given an id for the event it makes.</param>
    public Task<IResult> RunAsync(string id, CurrentUser user, HttpContext http, string action, Func<UnitOfWork, StaffTicket, string, Task<Outcome<Done>>> change) =>
        idempotency.RunAsync<StaffHotlineTicketView>(http, StatusCodes.Status200OK, async tx =>
        {
            if (await tickets.FindForStaffAsync(tx, id, user.Id) is not { } found) return CommonRefusals.NotFound;
            var changed = await change(tx, found, $"mp-{tx.NewId()}");
            if (changed.IsRefused) return changed.Refusal!;
            await tickets.SaveAsync(tx, found.Ticket, user.Actor);
            await tx.AuditAsync(user.Actor, action, "matter", found.Ticket.Matter.Id, found.Ticket.TicketNo);
            return await ViewAsync(tx, found.Ticket.Id, user.Id);
        });

    public async Task<StaffHotlineTicketView> ViewAsync(UnitOfWork tx, string id, string callerId)
    {
        var row = await queries.FindAsync(tx, id);
        var ticket = (await tickets.FindAsync(tx, id))!;
        var may = !ticket.IsDecided && HotlineTransitions.Table.ContainsKey((ticket.State, HotlineEventType.Returned));
        return StaffHotlineTicketView.Of(row, callerId, may ? await RefusableUntilAsync(tx, ticket) : null, await HotlineTicketQueries.SimilarAsync(tx, id, tx.Now.AddDays(-options.Value.SimilarDays)));
    }

    public async Task<DateOnly> RefusableUntilAsync(UnitOfWork tx, HotlineTicket ticket) => ticket.RefusableUntil(await calendars.ReadAsync(tx), options.Value.RefuseWithinWorkingDays);
}
