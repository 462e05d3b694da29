using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Hotline;

/// <summary>
/// Which nonces were used. In the database and not in Redis (docs/adr/0020): a fail-over of Redis forgets what it acknowledged, and each forgotten
/// nonce is a request that can be played again.
/// </summary>
public sealed class NonceStore(Database database)
{
    private const int AtOnce = 1000;

    /// <returns>False when it was used before.</returns>
    public Task<bool> TryUseAsync(string appId, string nonce, TimeSpan kept, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
        await tx.ExecuteAsync($"{tx.Dialect.InsertIgnore} hotline_nonces (app_id, nonce, expires_at) VALUES (@appId, @nonce, @until)", new { appId, nonce, until = tx.Now + kept }) == 1, cancel);

    /// <summary>Forgets those that the timestamp keeps out by itself, in small pieces.</summary>
    public async Task<int> SweepAsync(CancellationToken cancel)
    {
        var total = 0;
        while (true)
        {
            var gone = await database.WriteAlwaysAsync(async tx =>
            {
                // The edge of a piece: neither engine's DELETE … LIMIT is the other's.
                var edge = await tx.ScalarAsync<long?>("SELECT MAX(expires_at) FROM (SELECT expires_at FROM hotline_nonces WHERE expires_at < @Now ORDER BY expires_at LIMIT @AtOnce) e", new { tx.Now, AtOnce });
                return edge is null ? 0 : await tx.ExecuteAsync("DELETE FROM hotline_nonces WHERE expires_at <= @edge", new { edge });
            }, cancel);
            if (gone == 0) return total;
            total += gone;
        }
    }
}
