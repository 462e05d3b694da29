using Dapper;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>Keeps requests to swap. One is open for the hours of a day at a time: <c>open_key</c> is unique and null once answered.</summary>
public sealed class SwapRepository(Database database)
{
    private const string Select = """
        SELECT w.id, w.office_hours_id, w.day, w.organisation_id, o.name AS organisation_name, w.from_minute, w.to_minute, w.from_staff_id, f.name AS from_name, w.to_staff_id, t.name AS to_name,
               w.state, w.asked_at, w.starts_at, w.decided_at, w.version
        FROM office_swaps w JOIN organisations o ON o.id = w.organisation_id JOIN staff_members f ON f.id = w.from_staff_id JOIN staff_members t ON t.id = w.to_staff_id
        """;

    public static Task<SwapRow?> FindAsync(UnitOfWork tx, string id) => tx.FirstOrDefaultAsync<SwapRow>($"{Select} WHERE w.id = @id", new { id });

    /// <summary>Those that a person has asked for or been asked for, latest first.</summary>
    public Task<List<SwapRow>> OfPersonAsync(string staffId, string? before, int limit, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<SwapRow>($"""
        {Select} WHERE (w.from_staff_id = @staffId OR w.to_staff_id = @staffId) {(before is null ? "" : "AND w.id < @before")} ORDER BY w.id DESC LIMIT @limit
        """, new { staffId, before, limit })).AsList(), cancel);

    /// <summary>Open ones whose hours have begun.</summary>
    public Task<List<string>> DueAsync(DateTimeOffset now, int limit, CancellationToken cancel) => database.ReadAsync(async c =>
        (await c.QueryAsync<string>("SELECT id FROM office_swaps WHERE state = 'Asked' AND starts_at <= @now ORDER BY starts_at LIMIT @limit", new { now, limit })).AsList(), cancel);

    /// <returns>False when one is open for these hours and this day.</returns>
    public static async Task<bool> TryInsertAsync(UnitOfWork tx, OfficeSwap swap) => await tx.ExecuteAsync($"""
        {tx.Dialect.InsertIgnore} office_swaps (id, office_hours_id, day, organisation_id, from_minute, to_minute, from_staff_id, to_staff_id, state, open_key, asked_at, starts_at, decided_at, version)
        VALUES (@Id, @OfficeHoursId, @day, @OrganisationId, @FromMinute, @ToMinute, @FromStaffId, @ToStaffId, @state, @openKey, @AskedAt, @StartsAt, NULL, 1)
        """, new
    {
        swap.Id, swap.OfficeHoursId, day = DayCode.Of(swap.Day), swap.OrganisationId, swap.FromMinute, swap.ToMinute, swap.FromStaffId, swap.ToStaffId, state = swap.State.ToString(),
        openKey = $"{swap.OfficeHoursId} {DayCode.Of(swap.Day)}", swap.AskedAt, swap.StartsAt,
    }) == 1;

    /// <exception cref="ConcurrencyConflictException">Somebody else decided in between; the transaction runs again.</exception>
    public static Task SaveAsync(UnitOfWork tx, OfficeSwap swap) => tx.ExecuteExpectingOneAsync(
        "UPDATE office_swaps SET state = @state, decided_at = @DecidedAt, open_key = NULL, version = version + 1 WHERE id = @Id AND version = @Version",
        new { swap.Id, state = swap.State.ToString(), swap.DecidedAt, swap.Version });
}

public sealed record SwapRow
{
    public required string Id { get; init; }
    public required string OfficeHoursId { get; init; }
    public required string Day { get; init; }
    public required string OrganisationId { get; init; }
    public required string OrganisationName { get; init; }
    public int FromMinute { get; init; }
    public int ToMinute { get; init; }
    public required string FromStaffId { get; init; }
    public required string FromName { get; init; }
    public required string ToStaffId { get; init; }
    public required string ToName { get; init; }
    public SwapState State { get; init; }
    public DateTimeOffset AskedAt { get; init; }
    public DateTimeOffset StartsAt { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
    public int Version { get; init; }

    public OfficeSwap ToSwap() => new(Id, OfficeHoursId, DayCode.Parse(Day), OrganisationId, FromMinute, ToMinute, FromStaffId, ToStaffId, State, AskedAt, StartsAt, DecidedAt, Version);
}
