using System.Data.Common;
using Dapper;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Queues;

/// <summary>Queues as they are set, and their lines.</summary>
public sealed class QueueRepository(Database database)
{
    private const string Columns = """
        id, organisation_id, kind, name, prefix, ring_widths, ring_ms, grace_ms, elderly_ms, disabled_ms, soldier_ms, emergency_ms, max_waiting, typical_ms, active, version
        """;

    public Task<List<QueueSettings>> ListAsync(CancellationToken cancel) => database.ReadAsync(async c =>
        (await c.QueryAsync<Row>($"SELECT {Columns} FROM queues ORDER BY organisation_id, prefix")).Select(r => r.ToSettings()).ToList(), cancel);

    public Task<QueueSettings?> FindAsync(string id, CancellationToken cancel) => database.ReadAsync(c => FindAsync(c, id), cancel);

    public static async Task<QueueSettings?> FindAsync(UnitOfWork tx, string id) => await FindAsync(await tx.ConnectionAsync(), id, tx.Transaction);

    private static async Task<QueueSettings?> FindAsync(DbConnection connection, string id, DbTransaction? transaction = null) =>
        (await connection.QueryFirstOrDefaultAsync<Row>($"SELECT {Columns} FROM queues WHERE id = @id", new { id }, transaction))?.ToSettings();

    public async Task<Outcome<Done>> InsertAsync(UnitOfWork tx, QueueSettings queue)
    {
        try
        {
            await tx.ExecuteAsync($"""
                INSERT INTO queues ({Columns})
                VALUES (@Id, @OrganisationId, @Kind, @Name, @Prefix, @RingWidths, @RingMs, @GraceMs, @ElderlyMs, @DisabledMs, @SoldierMs, @EmergencyMs, @MaxWaiting, @TypicalMs, @Active, 1)
                """, Row.Of(queue));
        }
        catch (Exception e) when (database.IsDuplicateKey(e))
        {
            return QueueRefusals.PrefixTaken.At("prefix", "已被使用");
        }
        await tx.ExecuteAsync("INSERT INTO queue_lines (queue_id, entries, seq, day, sequence, is_open, opened_at, empty_since) VALUES (@Id, 0, 0, '', 0, 0, NULL, NULL)", new { queue.Id });
        return Done.It;
    }

    /// <summary>Refused when another edit came first.</summary>
    public async Task<Outcome<Done>> SaveAsync(UnitOfWork tx, QueueSettings queue)
    {
        try
        {
            return await tx.ExecuteAsync("""
                UPDATE queues SET name = @Name, prefix = @Prefix, ring_widths = @RingWidths, ring_ms = @RingMs, grace_ms = @GraceMs, elderly_ms = @ElderlyMs, disabled_ms = @DisabledMs,
                       soldier_ms = @SoldierMs, emergency_ms = @EmergencyMs, max_waiting = @MaxWaiting, typical_ms = @TypicalMs, active = @Active, version = version + 1
                WHERE id = @Id AND version = @Version
                """, Row.Of(queue)) == 1 ? Done.It : CommonRefusals.VersionMismatch;
        }
        catch (Exception e) when (database.IsDuplicateKey(e))
        {
            return QueueRefusals.PrefixTaken.At("prefix", "已被使用");
        }
    }

    /// <summary>
    /// The first thing that every move of a queue does: from here on it is alone in it, and what it reads is what the move before has left. To be called before
    /// anything is read in the transaction, for MySQL shows the state of the first reading.
    /// </summary>
    /// <returns>False when there is no such queue.</returns>
    public static async Task<bool> EnterAsync(UnitOfWork tx, string queueId) =>
        await tx.ExecuteAsync("UPDATE queue_lines SET entries = entries + 1 WHERE queue_id = @queueId", new { queueId }) == 1;

    /// <summary>The next number of today. Inside <see cref="EnterAsync"/>.</summary>
    public static async Task<TicketPlace> NextPlaceAsync(UnitOfWork tx, QueueSettings queue)
    {
        var today = DayCode.Of(tx.Now.DateInChina());
        await tx.ExecuteAsync("UPDATE queue_lines SET sequence = CASE WHEN day = @today THEN sequence + 1 ELSE 1 END, day = @today WHERE queue_id = @Id", new { today, queue.Id });
        var sequence = await tx.ScalarAsync<int>("SELECT sequence FROM queue_lines WHERE queue_id = @Id", new { queue.Id });
        return new TicketPlace(queue.Id, tx.Now.DateInChina(), sequence, queue.NumberOf(sequence));
    }

    /// <summary>
    /// The time of joining: now, and later than everybody who has joined before, whatever the nodes' clocks say and however long this waited for the line. Inside
    /// <see cref="EnterAsync"/>.
    /// </summary>
    public static async Task<DateTimeOffset> JoinedAtAsync(UnitOfWork tx, string queueId)
    {
        await tx.ExecuteAsync("UPDATE queue_lines SET last_join_at = CASE WHEN last_join_at >= @Now THEN last_join_at + 1 ELSE @Now END WHERE queue_id = @queueId", new { tx.Now, queueId });
        return DateTimeOffset.FromUnixTimeMilliseconds(await tx.ScalarAsync<long>("SELECT last_join_at FROM queue_lines WHERE queue_id = @queueId", new { queueId }));
    }

    public static Task<LineRow?> LineAsync(UnitOfWork tx, string queueId) =>
        tx.FirstOrDefaultAsync<LineRow>("SELECT queue_id, seq, is_open, opened_at, empty_since FROM queue_lines WHERE queue_id = @queueId", new { queueId });

    private sealed record Row
    {
        public required string Id { get; init; }
        public required string OrganisationId { get; init; }
        public required string Kind { get; init; }
        public required string Name { get; init; }
        public required string Prefix { get; init; }
        public required string RingWidths { get; init; }
        public long RingMs { get; init; }
        public long GraceMs { get; init; }
        public long ElderlyMs { get; init; }
        public long DisabledMs { get; init; }
        public long SoldierMs { get; init; }
        public long EmergencyMs { get; init; }
        public int MaxWaiting { get; init; }
        public long TypicalMs { get; init; }
        public bool Active { get; init; }
        public int Version { get; init; }

        public static Row Of(QueueSettings q) => new()
        {
            Id = q.Id, OrganisationId = q.OrganisationId, Kind = q.Kind.ToString(), Name = q.Name, Prefix = q.Prefix, RingWidths = string.Join(',', q.RingWidths), RingMs = Ms(q.RingFor),
            GraceMs = Ms(q.Grace), ElderlyMs = Ms(q.HeadStarts.Elderly), DisabledMs = Ms(q.HeadStarts.Disabled), SoldierMs = Ms(q.HeadStarts.Soldier),
            EmergencyMs = Ms(q.HeadStarts.Emergency), MaxWaiting = q.MaxWaiting, TypicalMs = Ms(q.TypicalService), Active = q.Active, Version = q.Version,
        };

        public QueueSettings ToSettings() => new(
            Id, OrganisationId, Enum.Parse<QueueKind>(Kind), Name, Prefix, [.. RingWidths.Split(',').Select(int.Parse)], Span(RingMs), Span(GraceMs),
            new HeadStarts(Span(ElderlyMs), Span(DisabledMs), Span(SoldierMs), Span(EmergencyMs)), MaxWaiting, Span(TypicalMs), Active, Version);

        private static long Ms(TimeSpan span) => (long)span.TotalMilliseconds;

        private static TimeSpan Span(long ms) => TimeSpan.FromMilliseconds(ms);
    }
}

/// <summary>How a queue runs now.</summary>
public sealed record LineRow
{
    public required string QueueId { get; init; }

    /// <summary>Number of the last line of its history.</summary>
    public long Seq { get; init; }
    public bool IsOpen { get; init; }
    public DateTimeOffset? OpenedAt { get; init; }

    /// <summary>Since when nobody has served it; null while somebody does.</summary>
    public DateTimeOffset? EmptySince { get; init; }
}
