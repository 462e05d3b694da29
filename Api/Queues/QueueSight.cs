using System.Data.Common;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Queues;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Queues;

/// <summary>What somebody who waits sees of the queue.</summary>
/// <param name="Wait">Null for who does not wait.</param>
public sealed record QueueSight(WaitEstimate? Wait, bool IsOpen, IReadOnlyList<OnDutyView> OnDuty)
{
    /// <summary>What makes a screen worth drawing anew. The estimate changes with every second and is not in it.</summary>
    public string Mark => $"{Wait?.Before}-{(IsOpen ? "o" : "c")}{OnDuty.Count}{OnDuty.Count(s => s.State == PresenceState.On)}";
}

/// <summary>Looks at queues: who is there, how long it will take.</summary>
public sealed class QueueSights(Database database, QueueProjection projection, PresenceRepository presence, QueueRepository queues, TimeProvider time)
{
    public async Task<QueueSight> OfAsync(TicketDetail ticket, CancellationToken cancel)
    {
        var here = await presence.HereAsync(cancel);
        var before = ticket.State == TicketState.Waiting ? (await projection.FindAsync(ticket.QueueId, ticket.Id, ticket.RankAt, cancel)).Before : (int?)null;
        var queue = (await queues.FindAsync(ticket.QueueId, cancel))!;
        return await database.ReadAsync(c => OfAsync(c, null, queue, before, here, time.GetUtcNow()), cancel);
    }

    /// <param name="before">People before; null for who does not wait.</param>
    /// <param name="here">Whose hearts beat, read before the transaction.</param>
    public async Task<QueueSight> OfAsync(DbConnection connection, DbTransaction? transaction, QueueSettings queue, int? before, IReadOnlySet<string> here, DateTimeOffset now)
    {
        var staff = (await QueueStaff.OfAsync(connection, queue.OrganisationId, now, transaction)).ToList();
        var present = staff.Where(s => here.Contains(s.Id)).ToList();
        var shown = staff.Where(s => s.IsOnDuty || here.Contains(s.Id))
            .Select(s => (s.Name, s.Title, State: !here.Contains(s.Id) ? PresenceState.Off : s.IsBusy ? PresenceState.Busy : PresenceState.On));
        var wait = before is not { } people ? null : WaitEstimate.Of(people, present.Count(s => !s.IsBusy), present.Count,
            await QueueQueries.RecentAsync(connection, queue.Id, transaction), queue.TypicalService);
        return new QueueSight(wait, queue.Active && staff.Exists(s => s.IsOnDuty || here.Contains(s.Id)), [.. shown.Select(s => new OnDutyView(s.Name, s.Title, s.State, s.State.Label()))]);
    }
}
