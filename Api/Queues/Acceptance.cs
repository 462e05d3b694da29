using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Queues;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Api.Queues;

/// <summary>
/// Somebody of the office takes a citizen from a video queue: the ticket, its call and the matter in one transaction, by whatever way they came to it. That the
/// ticket has one taker and the taker one ticket is judged by the line of the queue, the ticket's version and the key of who serves.
/// </summary>
public sealed class Acceptance(TicketRepository tickets, MatterRepository matters, VideoCallRepository calls, VideoProviders providers)
{
    /// <summary>May the caller be given anybody of this queue now? Inside <see cref="QueueRepository.EnterAsync"/>.</summary>
    public static async Task<Refusal?> WhyNotServeAsync(UnitOfWork tx, QueueSettings? queue, CurrentUser user)
    {
        if (queue is not { Kind: QueueKind.Video } || !await QueueStaff.MayServeAsync(tx, user.Id, queue.OrganisationId)) return CommonRefusals.NotFound;
        if (await PresenceRepository.SaidAsync(tx, user.Id) != PresenceState.On) return QueueRefusals.NotPresent;
        // What was said at a booked time is written down before the next is heard.
        return await VideoCallReading.OwedOfBookedAsync(tx, user.Id) > 0 ? CallRefusals.SummaryOwed : null;
    }

    /// <summary>Takes a ticket whose turn it is; the caller has seen to that. The citizen is rung when the transaction is committed.</summary>
    public async Task<Outcome<Done>> TakeAsync(UnitOfWork tx, Ticket ticket, QueueSettings queue, CurrentUser user)
    {
        var callId = tx.NewId();
        var called = ticket.Call(user.Id, callId, null, tx.Now);
        if (called.IsRefused) return called;
        var saved = await tickets.SaveAsync(tx, ticket, user.Actor);
        if (saved.IsRefused) return saved;
        var matter = await matters.FindAsync(tx, ticket.MatterId!) ?? throw new InvalidOperationException($"Ticket {ticket.Id} has no matter.");
        // Cut off, summed up, and back again: it goes on under the same number.
        if (matter.Status.IsOver()) matter.Reopen(tx.Now, "继续视频咨询");
        var name = (await tx.ScalarAsync<string>("SELECT name FROM staff_members WHERE id = @Id", new { user.Id }))!;
        var call = VideoCall.RingCitizen(
            new VideoCall { Id = callId, Matter = matter, OrganisationId = queue.OrganisationId, TicketId = ticket.Id, Provider = providers.Current.Name, CreatedAt = tx.Now },
            ticket.Wants == TicketWish.Callback ? CallMedium.Phone : CallMedium.Video,
            new CallParticipant { Id = tx.NewId(), Side = CallSide.Citizen, PersonId = ticket.CitizenId, DisplayName = "群众", InvitedAt = tx.Now },
            new CallParticipant { Id = tx.NewId(), Side = CallSide.Staff, PersonId = user.Id, DisplayName = name, InvitedAt = tx.Now }, name, tx.Now);
        var rung = await calls.InsertAsync(tx, call, user.Actor);
        if (rung.IsRefused) return rung;
        await tx.AuditAsync(user.Actor, "queues.take", "ticket", ticket.Id, callId);
        return Done.It;
    }
}
