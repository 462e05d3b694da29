using System.Data.Common;
using System.Net;
using Dapper;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Identity;

/// <summary>Counts tries to sign in, in the database, so that all nodes count together and a restart forgets nothing.</summary>
public sealed class ThrottleRepository(Database database, Sealer sealer)
{
    /// <summary>Counts a try for a user name and an address before the password is looked at.</summary>
    /// <returns>The refusal, while either is locked; nothing is counted then.</returns>
    public async Task<Refusal?> CountAsync(UnitOfWork tx, string userName, IPAddress? address)
    {
        var counts = new List<(string Key, int Limit, Throttle Throttle, int? Version)>();
        foreach (var (key, limit) in Keys(userName, address))
        {
            var (throttle, version) = await LoadAsync(tx, key);
            counts.Add((key, limit, throttle, version));
        }
        if (counts.Max(c => c.Throttle.LockedFor(tx.Now)) is { } left) return IdentityRefusals.LoginLocked with { RetryAfter = left };
        foreach (var (key, limit, throttle, version) in counts) await SaveAsync(tx, key, throttle.Count(limit, tx.Now), version);
        return null;
    }

    /// <summary>The try was right: the user name starts anew, the address gets this one try back.</summary>
    public async Task GiveBackAsync(UnitOfWork tx, string userName, IPAddress? address)
    {
        foreach (var (key, limit) in Keys(userName, address))
        {
            var (throttle, version) = await LoadAsync(tx, key);
            if (version is null) continue;
            await SaveAsync(tx, key, limit == Throttle.PerAccount ? Throttle.None with { UpdatedAt = tx.Now } : throttle.GiveBack(limit, tx.Now), version);
        }
    }

    /// <summary>An administrator lets a user name in again.</summary>
    public Task UnlockAsync(UnitOfWork tx, string userName) => tx.ExecuteAsync("DELETE FROM login_throttles WHERE id = @id", new { id = AccountKey(userName) });

    /// <summary>Which of these user names are locked out, and until when.</summary>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> LockedUntilAsync(DbConnection connection, DbTransaction? transaction, IReadOnlyList<string> userNames, DateTimeOffset now)
    {
        var keys = userNames.ToDictionary(AccountKey, userName => userName);
        var rows = await connection.QueryAsync<LockRow>("SELECT id, locked_until FROM login_throttles WHERE id IN @ids AND locked_until > @now", new { ids = keys.Keys, now }, transaction);
        return rows.ToDictionary(r => keys[r.Id], r => r.LockedUntil);
    }

    /// <summary>Forgets what no longer counts. Run by the clock.</summary>
    public Task<int> CleanAsync() => database.WriteAlwaysAsync(tx => tx.ExecuteAsync(
        "DELETE FROM login_throttles WHERE updated_at < @before AND locked_until < @Now", new { before = tx.Now - Throttle.LongestLock, tx.Now }));

    private (string Key, int Limit)[] Keys(string userName, IPAddress? address) =>
        [(AccountKey(userName), Throttle.PerAccount), (AddressKey(address), Throttle.PerAddress)];

    /// <summary>Hashed, because people type passwords into the field of the user name.</summary>
    private string AccountKey(string userName) => "account:" + sealer.LookupHash(LookupKind.UserName, userName);

    /// <summary>An IPv6 subscriber has 2^64 addresses and counts as one.</summary>
    private string AddressKey(IPAddress? address)
    {
        if (address is { IsIPv4MappedToIPv6: true }) address = address.MapToIPv4();
        var bytes = address?.GetAddressBytes() ?? [];
        return "address:" + sealer.LookupHash(LookupKind.NetworkAddress, Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, 8))));
    }

    private static async Task<(Throttle Throttle, int? Version)> LoadAsync(UnitOfWork tx, string id)
    {
        var row = await tx.FirstOrDefaultAsync<Row>("SELECT failures, locks, locked_until, updated_at, version FROM login_throttles WHERE id = @id", new { id });
        return row is null ? (Throttle.None with { UpdatedAt = tx.Now }, null) : (new Throttle(row.Failures, row.Locks, row.LockedUntil, row.UpdatedAt), row.Version);
    }

    private static Task SaveAsync(UnitOfWork tx, string id, Throttle throttle, int? version) => version is null
        // Another try may just have made the row: then none is inserted and the whole transaction runs again.
        ? tx.ExecuteExpectingOneAsync($"""
            {tx.Dialect.InsertIgnore} login_throttles (id, failures, locks, locked_until, updated_at, version)
            VALUES (@id, @Failures, @Locks, @LockedUntil, @UpdatedAt, 1)
            """, new { id, throttle.Failures, throttle.Locks, throttle.LockedUntil, throttle.UpdatedAt })
        : tx.ExecuteExpectingOneAsync("""
            UPDATE login_throttles SET failures = @Failures, locks = @Locks, locked_until = @LockedUntil, updated_at = @UpdatedAt, version = version + 1
            WHERE id = @id AND version = @version
            """, new { id, throttle.Failures, throttle.Locks, throttle.LockedUntil, throttle.UpdatedAt, version });

    private sealed record LockRow
    {
        public required string Id { get; init; }
        public DateTimeOffset LockedUntil { get; init; }
    }

    private sealed record Row
    {
        public int Failures { get; init; }
        public int Locks { get; init; }
        public DateTimeOffset LockedUntil { get; init; }
        public DateTimeOffset UpdatedAt { get; init; }
        public int Version { get; init; }
    }
}
