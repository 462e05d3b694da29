using System.Data.Common;
using Dapper;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Queues;

/// <summary>What screens show of queues, straight from SQL.</summary>
public sealed class QueueQueries(Database database)
{
    /// <summary>Services of which the estimate is made.</summary>
    private const int Recent = 50;

    private const string Select = """
        SELECT t.id, t.queue_id, q.name AS queue_name, q.organisation_id, o.name AS organisation_name, o.path AS organisation_path, t.kind, t.number, t.citizen_id, t.matter_id, m.title,
               m.number AS matter_number, t.appointment_id, t.category_code, k.name AS category_name, r.name AS region_name, t.reason, t.priority, t.joined_at, t.rank_at, t.state, t.wants,
               t.staff_id, s.name AS staff_name, s.title AS staff_title, t.desk, t.call_id, t.calls, t.ring_until, t.called_at, t.started_at, t.kept_until, t.served_at, t.ended_at, t.told_before,
               t.told_low50, t.told_high50, t.told_low90, t.told_high90, t.version
        FROM tickets t JOIN queues q ON q.id = t.queue_id JOIN organisations o ON o.id = q.organisation_id LEFT JOIN matters m ON m.id = t.matter_id
        LEFT JOIN categories k ON k.code = t.category_code LEFT JOIN regions r ON r.code = t.region_code LEFT JOIN staff_members s ON s.id = t.staff_id
        """;

    public Task<TicketDetail?> TicketAsync(string id, CancellationToken cancel) =>
        database.ReadAsync(c => c.QueryFirstOrDefaultAsync<TicketDetail>($"{Select} WHERE t.id = @id", new { id }), cancel);

    public static async Task<TicketDetail> TicketAsync(UnitOfWork tx, string id) =>
        await tx.FirstOrDefaultAsync<TicketDetail>($"{Select} WHERE t.id = @id", new { id }) ?? throw new InvalidOperationException($"Ticket {id} was just written.");

    /// <summary>Which queue a ticket stands in, to enter it; read before the transaction.</summary>
    public async Task<string?> QueueOfAsync(string ticketId, CancellationToken cancel) => Domain.Common.Id.IsWellFormed(ticketId)
        ? await database.ReadAsync(c => c.ExecuteScalarAsync<string>("SELECT queue_id FROM tickets WHERE id = @ticketId", new { ticketId }), cancel)
        : null;

    /// <summary>A citizen's tickets, newest first, after the edge.</summary>
    public Task<List<TicketDetail>> OfCitizenAsync(string citizenId, string? before, int limit, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<TicketDetail>(
        $"{Select} WHERE t.citizen_id = @citizenId {(before is null ? "" : "AND t.id < @before")} ORDER BY t.id DESC LIMIT @limit", new { citizenId, before, limit })).AsList(), cancel);

    /// <summary>For whom somebody's phone rings now.</summary>
    public Task<List<TicketDetail>> RingingAsync(string staffId, DateTimeOffset now, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<TicketDetail>($"""
        {Select} JOIN ticket_rings g ON g.ticket_id = t.id
        WHERE g.staff_id = @staffId AND g.until_at > @now AND g.declined_at IS NULL AND t.state = 'Waiting' ORDER BY t.rank_at, t.id
        """, new { staffId, now })).AsList(), cancel);

    /// <summary>Whom somebody has in hand; at most one.</summary>
    public Task<TicketDetail?> InHandAsync(string staffId, CancellationToken cancel) =>
        database.ReadAsync(c => c.QueryFirstOrDefaultAsync<TicketDetail>($"{Select} WHERE t.serving_key = @staffId", new { staffId }), cancel);

    /// <summary>Those who wait in a queue, first to last; then who is set aside.</summary>
    public Task<List<TicketDetail>> InLineAsync(string queueId, int limit, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<TicketDetail>(
        $"{Select} WHERE t.queue_id = @queueId AND t.state IN ('Waiting', 'Parked') ORDER BY CASE t.state WHEN 'Waiting' THEN 0 ELSE 1 END, t.rank_at, t.id LIMIT @limit", new { queueId, limit })).AsList(), cancel);

    /// <summary>Set aside, and the time in which the place was kept is over.</summary>
    public Task<List<string>> LapsedAsync(DateTimeOffset now, int limit, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<string>(
        "SELECT id FROM tickets WHERE state = 'Parked' AND kept_until <= @now ORDER BY kept_until, id LIMIT @limit", new { now, limit })).AsList(), cancel);

    /// <summary>Waiting or set aside at a video queue since before the edge.</summary>
    public Task<List<string>> ForgottenAsync(DateTimeOffset edge, int limit, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<string>("""
        SELECT t.id FROM tickets t JOIN queues q ON q.id = t.queue_id WHERE q.kind = 'Video' AND t.state IN ('Waiting', 'Parked') AND t.joined_at <= @edge ORDER BY t.joined_at LIMIT @limit
        """, new { edge, limit })).AsList(), cancel);

    /// <summary>How good the promises of a queue were: of the last ones that have come true, those who were told something and were called.</summary>
    public Task<List<PromiseRow>> PromisesAsync(string queueId, int limit, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<PromiseRow>("""
        SELECT joined_at, first_called_at, told_low50, told_high50, told_low90, told_high90 FROM tickets
        WHERE queue_id = @queueId AND first_called_at > 0 AND told_before IS NOT NULL ORDER BY first_called_at DESC LIMIT @limit
        """, new { queueId, limit })).AsList(), cancel);

    /// <summary>The video queues that somebody may serve now; first the one where the earliest place is.</summary>
    public Task<IReadOnlyList<string>> ServedByAsync(string staffId, DateTimeOffset now, CancellationToken cancel) => database.ReadAsync<IReadOnlyList<string>>(async c =>
    {
        var mine = await QueueStaff.QueuesOfAsync(c, staffId, nameof(QueueKind.Video), now);
        if (mine.Count < 2) return mine;
        var first = await c.ExecuteScalarAsync<string?>("SELECT queue_id FROM tickets WHERE queue_id IN @mine AND state = 'Waiting' ORDER BY rank_at, id LIMIT 1", new { mine });
        return [.. mine.OrderBy(q => q != first)];
    }, cancel);

    /// <summary>The video queues that somebody may serve now.</summary>
    public Task<List<LineDetail>> LinesAsync(string staffId, DateTimeOffset now, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<LineDetail>("""
        SELECT q.id, q.name, o.name AS organisation_name, l.is_open, (SELECT COUNT(*) FROM tickets t WHERE t.queue_id = q.id AND t.state = 'Waiting') AS waiting
        FROM queues q JOIN organisations o ON o.id = q.organisation_id JOIN queue_lines l ON l.queue_id = q.id WHERE q.id IN @mine ORDER BY q.id
        """, new { mine = await QueueStaff.QueuesOfAsync(c, staffId, nameof(QueueKind.Video), now) })).AsList(), cancel);

    /// <summary>How long the last services of a queue took.</summary>
    public static async Task<IReadOnlyList<TimeSpan>> RecentAsync(DbConnection connection, string queueId, DbTransaction? transaction = null) =>
        [.. (await connection.QueryAsync<ServiceRow>($"""
            SELECT started_at, served_at FROM tickets WHERE queue_id = @queueId AND served_at > 0 AND started_at IS NOT NULL ORDER BY served_at DESC LIMIT {Recent}
            """, new { queueId }, transaction)).Select(r => r.ServedAt - r.StartedAt)];

    /// <summary>
    /// Queues that take citizens of a region, nearest first: those of units of the region itself and of the units above them, then of the region above it, and so on.
    /// </summary>
    public static async Task<IReadOnlyList<QueueUnit>> ForRegionAsync(DbConnection connection, string regionCode, QueueKind kind)
    {
        var found = new List<QueueUnit>();
        for (var code = regionCode; code is not null;)
        {
            var units = await connection.QueryAsync<string>("SELECT path FROM organisations WHERE region_code = @code AND active = 1 ORDER BY id", new { code });
            var chain = units.SelectMany(p => p.Split('/', StringSplitOptions.RemoveEmptyEntries)).Distinct().ToList();
            if (chain.Count > 0)
                found.AddRange((await connection.QueryAsync<QueueUnit>("""
                    SELECT q.id, q.organisation_id FROM queues q JOIN organisations o ON o.id = q.organisation_id
                    WHERE q.organisation_id IN @chain AND q.kind = @kind AND q.active = 1 AND o.active = 1 ORDER BY LENGTH(o.path) DESC, q.id
                    """, new { chain, kind = kind.ToString() })).Where(q => !found.Contains(q)));
            code = await connection.ExecuteScalarAsync<string>("SELECT parent_code FROM regions WHERE code = @code", new { code });
        }
        return found;
    }

    private sealed record ServiceRow
    {
        public DateTimeOffset StartedAt { get; init; }
        public DateTimeOffset ServedAt { get; init; }
    }
}

public sealed record LineDetail
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string OrganisationName { get; init; }
    public bool IsOpen { get; init; }
    public int Waiting { get; init; }
}

/// <summary>What somebody was told when joining, and when they were called.</summary>
public sealed record PromiseRow
{
    public DateTimeOffset JoinedAt { get; init; }
    public DateTimeOffset FirstCalledAt { get; init; }
    public int ToldLow50 { get; init; }
    public int ToldHigh50 { get; init; }
    public int ToldLow90 { get; init; }
    public int ToldHigh90 { get; init; }
}

public sealed record QueueUnit
{
    public required string Id { get; init; }
    public required string OrganisationId { get; init; }
}

/// <summary>A ticket with what stands around it.</summary>
public sealed record TicketDetail
{
    public required string Id { get; init; }
    public required string QueueId { get; init; }
    public required string QueueName { get; init; }
    public required string OrganisationId { get; init; }
    public required string OrganisationName { get; init; }
    public required string OrganisationPath { get; init; }
    public QueueKind Kind { get; init; }
    public required string Number { get; init; }
    public string? CitizenId { get; init; }
    public string? MatterId { get; init; }
    public string? Title { get; init; }
    public string? MatterNumber { get; init; }
    public string? AppointmentId { get; init; }
    public string? CategoryCode { get; init; }
    public string? CategoryName { get; init; }
    public string? RegionName { get; init; }
    public string? Reason { get; init; }
    public PriorityClass Priority { get; init; }
    public DateTimeOffset JoinedAt { get; init; }
    public DateTimeOffset RankAt { get; init; }
    public TicketState State { get; init; }
    public TicketWish Wants { get; init; }
    public string? StaffId { get; init; }
    public string? StaffName { get; init; }
    public string? StaffTitle { get; init; }
    public string? Desk { get; init; }
    public string? CallId { get; init; }
    public int Calls { get; init; }
    public DateTimeOffset? RingUntil { get; init; }
    public DateTimeOffset? CalledAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? KeptUntil { get; init; }
    public DateTimeOffset? ServedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public int? ToldBefore { get; init; }
    public int? ToldLow50 { get; init; }
    public int? ToldHigh50 { get; init; }
    public int? ToldLow90 { get; init; }
    public int? ToldHigh90 { get; init; }
    public int Version { get; init; }

    public WaitEstimate? Promise => ToldBefore is { } before ? new WaitEstimate(before, ToldLow50 ?? 0, ToldHigh50 ?? 0, ToldLow90 ?? 0, ToldHigh90 ?? 0) : null;
}
