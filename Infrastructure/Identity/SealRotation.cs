using Dapper;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Identity;

/// <summary>How many values of a column are sealed with a key that is not the current one.</summary>
public sealed record SealStatus(SealedColumn Column, string KeyId, long Count);

/// <summary>
/// Seals anew, with the current key, what older keys sealed (<c>seal rotate</c>). Works in small batches beside a running platform and
/// may be stopped and begun again at any time: what is done does not come up again.
/// </summary>
public sealed class SealRotation(Database database, Sealer sealer, KeyRing keys)
{
    private const int Batch = 200;

    /// <param name="onProgress">Called after each batch with the column and the number of values sealed anew in it so far.</param>
    /// <returns>How many values were sealed anew.</returns>
    public async Task<long> RotateAsync(Action<SealedColumn, long> onProgress, CancellationToken cancel = default)
    {
        var total = 0L;
        foreach (var column in SealedColumn.All)
        {
            var (after, done) = ("", 0L);
            while (await NextAsync(column, after, cancel) is { Count: > 0 } rows)
            {
                done += await database.WriteAlwaysAsync(async tx =>
                {
                    var sealedAnew = 0;
                    foreach (var row in rows)
                        // Only while it is still the value that was read: a newer one is sealed with the current key anyway.
                        sealedAnew += await tx.ExecuteAsync(
                            $"UPDATE {column.Table} SET {column.Column} = @fresh WHERE {column.Key} = @Id AND {column.Column} = @Value",
                            new { fresh = sealer.Seal(sealer.Open(row.Value, column.Of(row.Id)), column.Of(row.Id)), row.Id, row.Value });
                    return sealedAnew;
                }, cancel);
                after = rows[^1].Id;
                onProgress(column, done);
            }
            total += done;
        }
        return total;
    }

    /// <summary>What stands in the way of removing the older keys. Empty: they may go.</summary>
    public async Task<IReadOnlyList<SealStatus>> OutstandingAsync(CancellationToken cancel = default)
    {
        var found = new List<SealStatus>();
        foreach (var column in SealedColumn.All)
        {
            var counts = await database.ReadAsync(connection => connection.QueryAsync<Count>($"""
                SELECT substr({column.Column}, 4, instr(substr({column.Column}, 4), '.') - 1) AS key_id, COUNT(*) AS n FROM {column.Table}
                WHERE {column.Column} IS NOT NULL AND {column.Column} NOT LIKE @current
                GROUP BY substr({column.Column}, 4, instr(substr({column.Column}, 4), '.') - 1)
                """, new { current = Sealer.PrefixOf(keys.CurrentId) + "%" }), cancel);
            found.AddRange(counts.Select(c => new SealStatus(column, c.KeyId, c.N)));
        }
        return found;
    }

    private async Task<List<Row>> NextAsync(SealedColumn column, string after, CancellationToken cancel) =>
        await database.ReadAsync(async connection => (await connection.QueryAsync<Row>($"""
            SELECT {column.Key} AS id, {column.Column} AS value FROM {column.Table}
            WHERE {column.Key} > @after AND {column.Column} IS NOT NULL AND {column.Column} NOT LIKE @current
            ORDER BY {column.Key} LIMIT {Batch}
            """, new { after, current = Sealer.PrefixOf(keys.CurrentId) + "%" })).AsList(), cancel);

    private sealed record Row
    {
        public required string Id { get; init; }
        public required string Value { get; init; }
    }

    private sealed record Count
    {
        public required string KeyId { get; init; }
        public long N { get; init; }
    }
}
