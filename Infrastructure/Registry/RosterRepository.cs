using MicroPlatform.Domain.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Registry;

/// <summary>
/// Loads and saves a person's duty roster. Every change raises the roster's version under the condition that it is the one read, so of two
/// changes at once the second sees the first: no two shifts of a person overlap, on any engine.
/// </summary>
public sealed class RosterRepository
{
    /// <summary>The roster as far as it is not over.</summary>
    public async Task<Roster> LoadAsync(UnitOfWork tx, string staffId)
    {
        var version = await tx.ScalarAsync<int>("SELECT version FROM duty_rosters WHERE staff_id = @staffId", new { staffId });
        var shifts = await tx.QueryAsync<Row>(
            "SELECT id, staff_id, organisation_id, starts_at, ends_at FROM duty_shifts WHERE staff_id = @staffId AND ends_at > @Now", new { staffId, tx.Now });
        return new Roster(staffId, version, shifts.Select(r => r.ToShift()));
    }

    public async Task<Shift?> FindAsync(UnitOfWork tx, string id) => (await tx.FirstOrDefaultAsync<Row>(
        "SELECT id, staff_id, organisation_id, starts_at, ends_at FROM duty_shifts WHERE id = @id", new { id }))?.ToShift();

    public async Task AddAsync(UnitOfWork tx, Roster roster, Shift shift)
    {
        await RaiseAsync(tx, roster);
        await tx.ExecuteAsync("""
            INSERT INTO duty_shifts (id, staff_id, organisation_id, starts_at, ends_at) VALUES (@Id, @StaffId, @OrganisationId, @StartsAt, @EndsAt)
            """, shift);
    }

    public async Task RemoveAsync(UnitOfWork tx, Roster roster, Shift shift)
    {
        await RaiseAsync(tx, roster);
        await tx.ExecuteAsync("DELETE FROM duty_shifts WHERE id = @Id", new { shift.Id });
    }

    public async Task EndAsync(UnitOfWork tx, Roster roster, Shift shift)
    {
        await RaiseAsync(tx, roster);
        await tx.ExecuteAsync("UPDATE duty_shifts SET ends_at = @EndsAt WHERE id = @Id", new { shift.EndsAt, shift.Id });
    }

    /// <exception cref="ConcurrencyConflictException">Somebody else changed this person's roster in between; the transaction runs again.</exception>
    private static async Task RaiseAsync(UnitOfWork tx, Roster roster)
    {
        var sql = roster.Version == 0
            ? $"{tx.Dialect.InsertIgnore} duty_rosters (staff_id, version) VALUES (@StaffId, 1)"
            : "UPDATE duty_rosters SET version = version + 1 WHERE staff_id = @StaffId AND version = @Version";
        await tx.ExecuteExpectingOneAsync(sql, new { roster.StaffId, roster.Version });
    }

    private sealed record Row
    {
        public required string Id { get; init; }
        public required string StaffId { get; init; }
        public required string OrganisationId { get; init; }
        public DateTimeOffset StartsAt { get; init; }
        public DateTimeOffset EndsAt { get; init; }

        public Shift ToShift() => new(Id, StaffId, OrganisationId, StartsAt, EndsAt);
    }
}
