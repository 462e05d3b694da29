using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Queues;

/// <summary>
/// What becomes of a place when its call goes on. A citizen who does not answer keeps it for the grace period; whom the platform or the office drops comes back to
/// the head. News of a call that the ticket has left behind changes nothing, so hearing it twice is hearing it once.
/// </summary>
public sealed class FollowCalls(Database database, TicketRepository tickets, QueueQueries queries, MatterRepository matters)
    : IHandle<CallConnected>, IHandle<CallMissed>, IHandle<CallEnded>, IHandle<CallCancelled>, IHandle<CallSummarised>
{
    public Task HandleAsync(CallConnected happened, Delivery delivery, CancellationToken cancel) => MoveAsync(happened, (ticket, _, now) => ticket.Start(now), cancel);

    public Task HandleAsync(CallMissed happened, Delivery delivery, CancellationToken cancel) => MoveAsync(happened, (ticket, queue, now) =>
        happened.Absent == CallAbsence.Staff ? ticket.Requeue(now) : ticket.PassOver(now + queue.Grace, now), cancel);

    public Task HandleAsync(CallEnded happened, Delivery delivery, CancellationToken cancel) => MoveAsync(happened, (ticket, queue, now) => happened.How switch
    {
        CallEnd.PlatformFailed => ticket.Requeue(now),
        // Most likely the citizen's network in the village: they come back when it does.
        CallEnd.NetworkLost => ticket.PassOver(now + queue.Grace, now),
        // Before anybody had talked there is nothing to sum up.
        CallEnd.WentToMessages when ticket.State == TicketState.Called => ticket.Complete(now),
        _ => ticket.Finish(now),
    }, cancel);

    public Task HandleAsync(CallCancelled happened, Delivery delivery, CancellationToken cancel) => MoveAsync(happened, (ticket, _, now) => ticket.Requeue(now), cancel);

    public Task HandleAsync(CallSummarised happened, Delivery delivery, CancellationToken cancel) => MoveAsync(happened, (ticket, _, now) => ticket.Complete(now), cancel);

    private async Task MoveAsync(CallEvent happened, Func<Ticket, QueueSettings, DateTimeOffset, Outcome<Done>> move, CancellationToken cancel)
    {
        if (happened.TicketId is not { } ticketId || await queries.QueueOfAsync(ticketId, cancel) is not { } queueId) return;
        await database.WriteAlwaysAsync(async tx =>
        {
            await QueueRepository.EnterAsync(tx, queueId);
            if (await TicketRepository.FindAsync(tx, ticketId) is not { } ticket || ticket.CallId != happened.CallId || ticket.Place.QueueId != queueId) return false;
            var queue = (await QueueRepository.FindAsync(tx, queueId))!;
            if (move(ticket, queue, tx.Now).IsRefused || ticket.History.Count == 0) return false;
            if (ticket.State is TicketState.Waiting or TicketState.Parked) await ReleaseMatterAsync(tx, ticket);
            await tickets.SaveAsync(tx, ticket, Actor.System);
            return true;
        }, cancel);
    }

    /// <summary>Nobody in particular is responsible while it waits again.</summary>
    private async Task ReleaseMatterAsync(UnitOfWork tx, Ticket ticket)
    {
        if (ticket.MatterId is null || await matters.FindAsync(tx, ticket.MatterId) is not { Kind: MatterKind.VideoConsultation } matter || matter.Status.IsOver()) return;
        matter.Release(tx.Now, "通话未完成，回到排队");
        matter.Tell(tx.Now, "queued_again", ticket.State == TicketState.Parked ? "您的位置已保留，点击“我回来了”即可继续" : "已为您回到队首，将尽快接通");
        await matters.SaveAsync(tx, matter, Actor.System);
    }
}
