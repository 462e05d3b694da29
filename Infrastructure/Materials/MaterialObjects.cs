using Dapper;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>What bytes in the store are for.</summary>
internal enum ObjectPurpose
{
    Original,
    Thumbnail,
    /// <summary>Of an upload that is not complete.</summary>
    Part,
}

/// <summary>
/// The rows of stored objects, each with its key wrapped by the master key (so <c>seal rotate</c> wraps them anew and touches no file). Deleting the row makes
/// the bytes unreadable at once; the bytes themselves go after the commit, or with the next sweep.
/// </summary>
public sealed class MaterialObjects(Database database, Sealer sealer, IObjectStore store)
{
    public static readonly SealedColumn Key = new("material_objects", "key_sealed", "id");

    internal async Task<string> InsertAsync(UnitOfWork tx, NewObject made, ObjectPurpose purpose, string ownerId)
    {
        var id = tx.NewId();
        await tx.ExecuteAsync("""
            INSERT INTO material_objects (id, address, purpose, owner_id, bytes, key_sealed, created_at) VALUES (@id, @Address, @purpose, @ownerId, @Bytes, @key, @Now)
            """, new { id, made.Address, purpose = purpose.ToString(), ownerId, made.Bytes, key = sealer.Seal(Convert.ToBase64String(made.Key), Key.Of(id)), tx.Now });
        return id;
    }

    /// <summary>Destroys the key now and the bytes after the commit.</summary>
    public async Task DeleteAsync(UnitOfWork tx, IReadOnlyCollection<string> ids)
    {
        if (ids.Count == 0) return;
        var addresses = (await tx.QueryAsync<string>("SELECT address FROM material_objects WHERE id IN @ids", new { ids })).ToList();
        await tx.ExecuteAsync("DELETE FROM material_objects WHERE id IN @ids", new { ids });
        tx.AfterCommit(async () =>
        {
            foreach (var address in addresses) await store.DeleteAsync(address, CancellationToken.None);
        });
    }

    /// <summary>Takes back what was put into the store for a row that was never written: a repeat, a refusal, the loser of a race.</summary>
    internal async Task DropUnlessKeptAsync(IEnumerable<NewObject> made)
    {
        foreach (var one in made)
        {
            var kept = await database.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM material_objects WHERE address = @Address", new { one.Address }));
            if (kept == 0) await store.DeleteAsync(one.Address, CancellationToken.None);
        }
    }

    /// <summary>Opens an object to be read, from any place on.</summary>
    /// <returns>Null when its row is gone.</returns>
    public async Task<Stream?> OpenAsync(string objectId, CancellationToken cancel)
    {
        var row = await database.ReadAsync(c => c.QueryFirstOrDefaultAsync<Row>("SELECT id, address, bytes, key_sealed FROM material_objects WHERE id = @objectId", new { objectId }), cancel);
        if (row is null) return null;
        var key = Convert.FromBase64String(sealer.Open(row.KeySealed, Key.Of(row.Id)));
        return new SealedReader(async (offset, token) => await store.OpenAsync(row.Address, offset, token), row.Bytes, key);
    }

    /// <summary>Of many addresses those that a row knows.</summary>
    public async Task<HashSet<string>> KnownAsync(IReadOnlyCollection<string> addresses, CancellationToken cancel) => await database.ReadAsync(async c =>
        (await c.QueryAsync<string>("SELECT address FROM material_objects WHERE address IN @addresses", new { addresses })).ToHashSet(StringComparer.Ordinal), cancel);

    private sealed record Row
    {
        public required string Id { get; init; }
        public required string Address { get; init; }
        public long Bytes { get; init; }
        public required string KeySealed { get; init; }
    }
}
