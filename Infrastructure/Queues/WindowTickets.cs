using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Queues;

/// <summary>Who takes a number at a window.</summary>
/// <param name="CitizenId">Null for somebody who is not known to the platform.</param>
/// <param name="Appointment">With which they have come; null for a walk-in.</param>
/// <param name="Category">What a walk-in who is known has come about; the matter is opened with it.</param>
public sealed record WindowVisitor(string? CitizenId, VisitorAppointment? Appointment, PriorityClass Priority, CodeRow? Category, string? Reason, ContactPreference Preference)
{
    public static WindowVisitor Nobody(PriorityClass priority, string? reason) => new(null, null, priority, null, reason, ContactPreference.Visible);
}

public sealed record VisitorAppointment(string Id, string MatterId, DateTimeOffset StartsAt);

/// <summary>The way to a number at a window that every path shares: the clerk, the printer in the hall, the citizen's own phone, arriving for an appointment.</summary>
public sealed class WindowTickets(TicketRepository tickets, MatterRepository matters, HallQueries hall)
{
    /// <summary>The window queue of a unit that somebody goes to who has not chosen one: the first; null when there is none.</summary>
    public async Task<string?> QueueOfUnitAsync(string organisationId, CancellationToken cancel) => (await hall.QueuesAsync(organisationId, cancel)).FirstOrDefault()?.Id;

    /// <summary>Gives out the next number. Inside <see cref="QueueRepository.EnterAsync"/>.</summary>
    public async Task<Outcome<Ticket>> IssueAsync(UnitOfWork tx, string queueId, WindowVisitor visitor, Channel channel, Actor actor)
    {
        if (await QueueRepository.FindAsync(tx, queueId) is not { Kind: QueueKind.Window, Active: true } queue) return QueueRefusals.NoWindowQueue;
        if (await tx.ScalarAsync<long>("SELECT COUNT(*) FROM tickets WHERE queue_id = @queueId AND state = 'Waiting'", new { queueId }) >= queue.MaxWaiting) return QueueRefusals.Full;
        var matterId = visitor.Appointment?.MatterId ?? (visitor is { CitizenId: not null, Category: not null } ? await OpenVisitAsync(tx, queue, visitor, channel, actor) : null);
        var joinedAt = await QueueRepository.JoinedAtAsync(tx, queueId);
        var ticket = Ticket.Join(new Ticket
        {
            Id = tx.NewId(), Kind = QueueKind.Window, CitizenId = visitor.CitizenId, MatterId = matterId, AppointmentId = visitor.Appointment?.Id, CategoryCode = visitor.Category?.Code,
            Reason = visitor.Reason, JoinedAt = joinedAt,
        }, await QueueRepository.NextPlaceAsync(tx, queue), WindowOrder.RankOf(queue, visitor.Appointment?.StartsAt, joinedAt, visitor.Priority), TicketWish.AtTheWindow);
        var inserted = await tickets.InsertAsync(tx, ticket, actor);
        return inserted.IsRefused ? inserted.Refusal! : ticket;
    }

    private async Task<string> OpenVisitAsync(UnitOfWork tx, QueueSettings queue, WindowVisitor visitor, Channel channel, Actor actor)
    {
        var matter = new Matter
        {
            Id = tx.NewId(), Number = MatterNumber.New(tx.Now), Kind = MatterKind.Visit, CategoryCode = visitor.Category!.Code, Channel = channel, CitizenId = visitor.CitizenId!,
            RegionCode = (await tx.ScalarAsync<string>("SELECT region_code FROM organisations WHERE id = @OrganisationId", new { queue.OrganisationId }))!,
            Title = Matter.TitleOf(visitor.Reason is { Length: > 0 } reason ? $"来访：{reason}" : $"来访：{visitor.Category.Name}"), OpenedAt = tx.Now, OrganisationId = queue.OrganisationId,
        };
        matter.Open(visitor.Preference, tx.Now);
        // Waits in the hall, not in the inbox of those who answer messages.
        matter.TakeOn(null, waits: false, tx.Now);
        await matters.InsertAsync(tx, matter, actor);
        return matter.Id;
    }
}
