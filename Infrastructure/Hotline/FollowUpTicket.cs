using MicroPlatform.Domain.Hotline;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.Hotline;

/// <summary>What a ticket leads to: the alarm of one of life and limb, the return visit of one that was answered, and one more of somebody dissatisfied.</summary>
public sealed class FollowUpTicket(Database database, HotlineTicketRepository tickets, AlarmRepository alarms, HotlineTaskRepository tasks, OutboxWriter outbox, IOptions<HotlineOptions> options)
    : IHandle<HotlineTicketOpened>, IHandle<HotlineTicketMoved>, IHandle<HotlineRated>, IHandle<MatterRated>
{
    /// <summary>2 and 1 of GB/T 39735: 不满意 and 非常不满意.</summary>
    public const int Dissatisfied = 2;

    public Task HandleAsync(HotlineTicketOpened happened, Delivery delivery, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        await alarms.RaiseAsync(tx, happened.TicketId, happened.AppId);
        return true;
    }, cancel);

    public Task HandleAsync(HotlineTicketMoved happened, Delivery delivery, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        if (happened.Type == HotlineEventType.FollowedUp) await HotlineTaskRepository.EndVisitAsync(tx, happened.TicketId);
        else await OweVisitAsync(tx, HotlineTaskKind.ReturnVisit, happened.TicketId, delivery.OccurredAt.AddDays(options.Value.ReturnVisitDays));
        return true;
    }, cancel);

    public Task HandleAsync(HotlineRated happened, Delivery delivery, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        await OweVisitAsync(tx, HotlineTaskKind.DissatisfiedVisit, happened.TicketId, delivery.OccurredAt.AddDays(options.Value.ReturnVisitDays));
        return true;
    }, cancel);

    /// <summary>The caller has said so in the mini-program: the ticket's own news goes out from here.</summary>
    public Task HandleAsync(MatterRated happened, Delivery delivery, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        if (await tickets.FindByMatterAsync(tx, happened.MatterId) is not { } ticket) throw new DeadLetterException($"Matter {happened.MatterId} has no hotline ticket");
        await outbox.WriteAsync(tx, [new HotlineRated(ticket.Id, ticket.AppId, happened.MatterId, happened.Score, ByPartner: false)]);
        return true;
    }, cancel);

    private async Task OweVisitAsync(UnitOfWork tx, HotlineTaskKind kind, string ticketId, DateTimeOffset dueAt)
    {
        if (await tickets.FindAsync(tx, ticketId) is not { } ticket || ticket.Content.Phone is not { } phone) return;
        // Delivered twice it is one: a visit of this sort is made once per ticket.
        if (await tx.ScalarAsync<long>("SELECT COUNT(*) FROM hotline_tasks WHERE ticket_id = @ticketId AND kind = @kind", new { ticketId, kind = kind.ToString() }) > 0) return;
        await tasks.TryAddAsync(tx, kind, ticket.AppId, ticket.CentreId, ticketId, null, phone, dueAt);
    }
}
