using Dapper;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Identity;

/// <summary>
/// The signing keys of the platform, read from the database that all nodes share and kept in memory. A successor is published
/// <see cref="TokenOptions.SigningKeyLead"/> before it signs, and every node reads the table anew far more often than that; a token
/// signed by a key this node has not seen makes it look at once.
/// </summary>
public sealed class SigningKeyStore(Database database, Sealer sealer, TokenOptions options, TimeProvider time) : IDisposable
{
    public static readonly SealedColumn PrivateKey = new("signing_keys", "private_key_sealed", "kid");

    /// <summary>A stranger sending tokens with invented key names must not make a query of each.</summary>
    private static readonly TimeSpan ReloadAtMostEvery = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile SigningKeys? _known;
    private long _loadedAt;

    /// <summary>The keys known to this node. The start reads them (<see cref="RotateAsync"/>) before anything is served.</summary>
    public SigningKeys Current => _known ?? throw new InvalidOperationException("The signing keys have not been read yet.");

    /// <summary>After a token with an unknown key name: perhaps another node has just made it.</summary>
    public Task<SigningKeys> ReloadAsync() => LoadAsync(force: true);

    /// <summary>Makes the successor when it is due, forgets keys whose last token has expired, and reads the table anew. Run by every node's clock.</summary>
    public async Task RotateAsync()
    {
        await database.WriteAlwaysAsync(tx => tx.ExecuteAsync("DELETE FROM signing_keys WHERE retires_at < @Now", new { tx.Now }));
        var keys = await ReadAsync();
        if (new SigningKeys(keys).NeedsSuccessor(time.GetUtcNow(), options)) await AddAsync();
        await LoadAsync(force: false);
    }

    public void Dispose() => _gate.Dispose();

    private async Task<SigningKeys> LoadAsync(bool force)
    {
        await _gate.WaitAsync();
        try
        {
            if (force && _known is { } recent && time.GetElapsedTime(_loadedAt) < ReloadAtMostEvery) return recent;
            var keys = await ReadAsync();
            if (keys.Count == 0)
            {
                await AddAsync();
                keys = await ReadAsync();
            }
            _loadedAt = time.GetTimestamp();
            return _known = new SigningKeys(keys);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<List<SigningKey>> ReadAsync()
    {
        var rows = await database.ReadAsync(connection => connection.QueryAsync<Row>(
            "SELECT kid, private_key_sealed, created_at, active_from, retires_at FROM signing_keys"));
        return [.. rows.Select(r => SigningKey.Import(sealer.Open(r.PrivateKeySealed, PrivateKey.Of(r.Kid)), r.CreatedAt, r.ActiveFrom, r.RetiresAt))];
    }

    /// <summary>The first key signs at once, every later one after the lead. Of nodes that do this together one wins, by the unique generation.</summary>
    private async Task AddAsync()
    {
        try
        {
            await database.WriteAlwaysAsync(async tx =>
            {
                var newest = await tx.FirstOrDefaultAsync<Newest>("SELECT generation, active_from FROM signing_keys ORDER BY generation DESC LIMIT 1");
                if (newest is not null && tx.Now < newest.ActiveFrom + options.SigningKeyLifetime - options.SigningKeyLead) return false;
                var key = SigningKey.New(tx.Now, newest is null ? tx.Now : tx.Now + options.SigningKeyLead);
                await tx.ExecuteAsync(
                    "UPDATE signing_keys SET retires_at = @at WHERE retires_at IS NULL",
                    new { at = key.ActiveFrom + options.AccessLifetime + TimeSpan.FromHours(2) });
                await tx.ExecuteAsync("""
                    INSERT INTO signing_keys (kid, generation, private_key_sealed, created_at, active_from, retires_at)
                    VALUES (@Kid, @generation, @secret, @CreatedAt, @ActiveFrom, NULL)
                    """, new { key.Kid, generation = (newest?.Generation ?? 0) + 1, secret = sealer.Seal(key.Export(), PrivateKey.Of(key.Kid)), key.CreatedAt, key.ActiveFrom });
                return true;
            });
        }
        catch (Exception e) when (database.IsDuplicateKey(e))
        {
            // Another node made it first; it is read next.
        }
    }

    private sealed record Newest
    {
        public int Generation { get; init; }
        public DateTimeOffset ActiveFrom { get; init; }
    }

    private sealed record Row
    {
        public required string Kid { get; init; }
        public required string PrivateKeySealed { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset ActiveFrom { get; init; }
        public DateTimeOffset? RetiresAt { get; init; }
    }
}
