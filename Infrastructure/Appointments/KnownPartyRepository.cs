using MicroPlatform.Domain.Appointments;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>A name on somebody's list, in clear.</summary>
public sealed record KnownParty(string Id, string Name, DateTimeOffset AddedAt);

/// <summary>
/// 回避名单: names that a person must not act against. Kept sealed, found by a keyed hash of the normalised name; each person reads and changes their own.
/// </summary>
public sealed class KnownPartyRepository(Sealer sealer)
{
    public async Task<IReadOnlyList<KnownParty>> OfAsync(UnitOfWork tx, string staffId) => [.. (await tx.QueryAsync<Row>(
        "SELECT id, name_sealed, added_at FROM known_parties WHERE staff_id = @staffId ORDER BY id LIMIT @most", new { staffId, most = PartyName.MostPerPerson + 1 }))
        .Select(r => new KnownParty(r.Id, sealer.Open(r.NameSealed, AppointmentRepository.PartyName.Of(r.Id)), r.AddedAt))];

    public static Task<int> CountAsync(UnitOfWork tx, string staffId) => tx.ScalarAsync<int>("SELECT COUNT(*) FROM known_parties WHERE staff_id = @staffId", new { staffId });

    /// <summary>Adds a name, or finds the one that is there under another spelling.</summary>
    public async Task<KnownParty> AddAsync(UnitOfWork tx, string staffId, string name)
    {
        var (id, hash) = (tx.NewId(), sealer.LookupHash(LookupKind.PartyName, PartyName.Normalise(name)));
        await tx.ExecuteAsync($"""
            {tx.Dialect.InsertIgnore} known_parties (id, staff_id, name_hash, name_sealed, added_at) VALUES (@id, @staffId, @hash, @name, @Now)
            """, new { id, staffId, hash, name = sealer.Seal(name, AppointmentRepository.PartyName.Of(id)), tx.Now });
        // None is seen when another transaction is just adding it: run again and find it.
        var row = await tx.FirstOrDefaultAsync<Row>("SELECT id, name_sealed, added_at FROM known_parties WHERE staff_id = @staffId AND name_hash = @hash", new { staffId, hash })
            ?? throw new ConcurrencyConflictException();
        return new KnownParty(row.Id, sealer.Open(row.NameSealed, AppointmentRepository.PartyName.Of(row.Id)), row.AddedAt);
    }

    /// <returns>False when it is not there, or not theirs.</returns>
    public static async Task<bool> RemoveAsync(UnitOfWork tx, string staffId, string id) =>
        await tx.ExecuteAsync("DELETE FROM known_parties WHERE id = @id AND staff_id = @staffId", new { id, staffId }) == 1;

    private sealed record Row
    {
        public required string Id { get; init; }
        public required string NameSealed { get; init; }
        public DateTimeOffset AddedAt { get; init; }
    }
}
