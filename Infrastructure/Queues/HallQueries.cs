using Dapper;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Queues;

/// <summary>What screens in a hall show, and what whoever calls there sees.</summary>
public sealed class HallQueries(Database database)
{
    /// <summary>Numbers that are shown as called, and that are shown as next, of a hall.</summary>
    private const int Shown = 12;

    /// <summary>How far back people of the office count as serving.</summary>
    private static readonly TimeSpan ServingWithin = TimeSpan.FromMinutes(30);

    /// <summary>Window queues of a unit that are switched on.</summary>
    public Task<List<HallQueueRow>> QueuesAsync(string organisationId, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<HallQueueRow>("""
        SELECT q.id, q.name, q.prefix, l.seq, (SELECT COUNT(*) FROM tickets t WHERE t.queue_id = q.id AND t.state = 'Waiting') AS waiting
        FROM queues q JOIN queue_lines l ON l.queue_id = q.id WHERE q.organisation_id = @organisationId AND q.kind = 'Window' AND q.active = 1 ORDER BY q.prefix
        """, new { organisationId })).AsList(), cancel);

    /// <summary>Who is called or served now, latest first.</summary>
    public Task<List<HallTicketRow>> CalledAsync(IReadOnlyList<string> queueIds, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<HallTicketRow>($"""
        SELECT queue_id, number, desk, state, called_at FROM tickets WHERE queue_id IN @queueIds AND state IN ('Called', 'InService') ORDER BY called_at DESC, id LIMIT {Shown}
        """, new { queueIds })).AsList(), cancel);

    /// <summary>Who is next.</summary>
    public Task<List<HallTicketRow>> NextAsync(IReadOnlyList<string> queueIds, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<HallTicketRow>($"""
        SELECT queue_id, number, desk, state, called_at FROM tickets WHERE queue_id IN @queueIds AND state = 'Waiting' ORDER BY rank_at, id LIMIT {Shown}
        """, new { queueIds })).AsList(), cancel);

    /// <summary>What was called out lately, oldest first: each is to be said once.</summary>
    public Task<List<AnnouncementRow>> AnnouncementsAsync(IReadOnlyList<string> queueIds, DateTimeOffset since, CancellationToken cancel) => database.ReadAsync(async c =>
        (await c.QueryAsync<AnnouncementRow>("""
            SELECT e.queue_id, e.seq, t.number, t.desk, e.at FROM ticket_events e JOIN tickets t ON t.id = e.ticket_id
            WHERE e.queue_id IN @queueIds AND e.at >= @since AND e.action IN ('Call', 'Pick', 'Recall') AND t.state IN ('Called', 'InService') ORDER BY e.at, e.queue_id, e.seq
            """, new { queueIds, since })).AsList(), cancel);

    /// <summary>Appointments in person of a unit today whose citizens have not come yet.</summary>
    public Task<List<ExpectedRow>> ExpectedAsync(string organisationId, DateOnly day, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<ExpectedRow>("""
        SELECT a.id, a.starts_at, a.ends_at, v.name AS service_name, a.staff_id, s.name AS staff_name, m.number AS matter_number
        FROM appointments a JOIN appointment_services v ON v.code = a.service_code JOIN matters m ON m.id = a.matter_id LEFT JOIN staff_members s ON s.id = a.staff_id
        WHERE a.organisation_id = @organisationId AND a.starts_at >= @from AND a.starts_at < @until AND a.mode = 'InPerson' AND a.state = 'Booked' ORDER BY a.starts_at, a.id LIMIT 200
        """, new { organisationId, from = Raster.At(day, 0), until = Raster.At(day.AddDays(1), 0) })).AsList(), cancel);

    /// <summary>People before a ticket of a window, and how long it will take. Zero before once it is called.</summary>
    public Task<WaitEstimate> EstimateAsync(QueueSettings queue, string ticketId, DateTimeOffset now, CancellationToken cancel) => database.ReadAsync(async c =>
    {
        var before = await c.ExecuteScalarAsync<int>("""
            SELECT COUNT(*) FROM tickets o JOIN tickets t ON t.id = @ticketId
            WHERE o.queue_id = t.queue_id AND o.state = 'Waiting' AND (o.rank_at < t.rank_at OR (o.rank_at = t.rank_at AND o.id < t.id))
            """, new { ticketId });
        var serving = await c.ExecuteScalarAsync<int>("SELECT COUNT(DISTINCT staff_id) FROM tickets WHERE queue_id = @Id AND first_called_at >= @since", new { queue.Id, since = now - ServingWithin });
        return WaitEstimate.Of(before, free: 0, serving, await QueueQueries.RecentAsync(c, queue.Id), queue.TypicalService);
    }, cancel);

    /// <summary>Tickets of windows that were left over from days gone by.</summary>
    public Task<List<string>> LeftOverAsync(DateTimeOffset now, int limit, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<string>(
        "SELECT id FROM tickets WHERE kind = 'Window' AND state IN ('Waiting', 'Parked') AND day < @today ORDER BY id LIMIT @limit", new { today = DayCode.Of(now.DateInChina()), limit })).AsList(), cancel);
}

public sealed record HallQueueRow
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Prefix { get; init; }

    /// <summary>Number of the last line of its history: whoever has seen it has seen all.</summary>
    public long Seq { get; init; }
    public int Waiting { get; init; }
}

/// <summary>A number as the hall sees it: nothing of the person.</summary>
public sealed record HallTicketRow
{
    public required string QueueId { get; init; }
    public required string Number { get; init; }
    public string? Desk { get; init; }
    public TicketState State { get; init; }
    public DateTimeOffset? CalledAt { get; init; }
}

public sealed record AnnouncementRow
{
    public required string QueueId { get; init; }
    public long Seq { get; init; }
    public required string Number { get; init; }
    public string? Desk { get; init; }
    public DateTimeOffset At { get; init; }
}

public sealed record ExpectedRow
{
    public required string Id { get; init; }
    public DateTimeOffset StartsAt { get; init; }
    public DateTimeOffset EndsAt { get; init; }
    public required string ServiceName { get; init; }
    public string? StaffId { get; init; }
    public string? StaffName { get; init; }
    public required string MatterNumber { get; init; }
}
