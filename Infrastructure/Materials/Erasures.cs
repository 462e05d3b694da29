using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>Key that seals proofs of erasure.</summary>
public sealed record ErasureKey(byte[] Bytes);

/// <summary>
/// Destroys materials and keeps a proof: what (hashes), when, why, under a MAC that nobody makes without the platform's key; besides it stands in the audit
/// chain. The keys of the bytes go in the same transaction, so from the commit on no copy of the store, and no backup of it, can be read with this database.
/// </summary>
public sealed class Erasures(Database database, MaterialRepository materials, MaterialObjects objects, ErasureKey key)
{
    /// <summary>The aggregate has said yes; this carries it out.</summary>
    public async Task<ErasureRow> EraseAsync(UnitOfWork tx, Material material, ErasureReason reason, Actor by)
    {
        await materials.SaveAsync(tx, material);
        var versions = (await tx.QueryAsync<VersionRow>("""
            SELECT v.number, v.sha256, v.object_id, v.thumbnail_object_id, o.address FROM material_versions v LEFT JOIN material_objects o ON o.id = v.object_id
            WHERE v.material_id = @Id ORDER BY v.number
            """, new { material.Id })).ToList();
        var row = new ErasureRow
        {
            MaterialId = material.Id, OwnerId = material.OwnerId, Reason = reason, ErasedAt = tx.Now,
            Contents = JsonSerializer.Serialize(versions.Select(v => new ErasedVersion(v.Number, v.Sha256, v.Address ?? ""))), Mac = "",
        };
        row = row with { Mac = MacOf(row) };
        await tx.ExecuteAsync("INSERT INTO material_erasures (material_id, owner_id, reason, erased_at, contents, mac) VALUES (@MaterialId, @OwnerId, @reason, @ErasedAt, @Contents, @Mac)",
            new { row.MaterialId, row.OwnerId, reason = reason.ToString(), row.ErasedAt, row.Contents, row.Mac });
        await objects.DeleteAsync(tx, [.. versions.SelectMany(v => new[] { v.ObjectId, v.ThumbnailObjectId }).OfType<string>()]);
        // What could be found by is gone, too: hashes of a person's documents are traces of them.
        await tx.ExecuteAsync("UPDATE material_versions SET picture_hash = NULL, sent_sha256 = '', width = NULL, height = NULL WHERE material_id = @Id", new { material.Id });
        await tx.ExecuteAsync("UPDATE material_links SET revoked_at = @Now WHERE material_id = @Id AND revoked_at IS NULL", new { tx.Now, material.Id });
        await tx.AuditAsync(by, "materials.erase", "material", material.Id, reason.ToString());
        return row;
    }

    /// <summary>The account is deleted: what no matter relies on goes, the names of the rest go, all links end. The rest goes with its time of keeping.</summary>
    public async Task ForgetAsync(UnitOfWork tx, string ownerId, Actor by)
    {
        foreach (var id in (await tx.QueryAsync<string>("SELECT id FROM materials WHERE owner_id = @ownerId AND (uses = 0 OR state = 'Quarantined') AND state <> 'Erased'", new { ownerId })).ToList())
        {
            var material = (await materials.FindAsync(tx, id))!;
            if (!material.Erase(tx.Now).IsRefused) await EraseAsync(tx, material, ErasureReason.AccountDeleted, by);
        }
        await tx.ExecuteAsync("UPDATE materials SET name = '', version = version + 1 WHERE owner_id = @ownerId AND state <> 'Erased'", new { ownerId });
        await tx.ExecuteAsync("UPDATE material_uploads SET expires_at = @Now, name = '' WHERE owner_id = @ownerId AND state = 'Open'", new { tx.Now, ownerId });
    }

    public static Task<ErasureRow?> FindAsync(UnitOfWork tx, string materialId) => tx.FirstOrDefaultAsync<ErasureRow>(Select, new { materialId });

    /// <summary>The same outside a transaction.</summary>
    public Task<ErasureRow?> FindAsync(string materialId, CancellationToken cancel) => database.ReadAsync(c => c.QueryFirstOrDefaultAsync<ErasureRow>(Select, new { materialId }), cancel);

    private const string Select = "SELECT material_id, owner_id, reason, erased_at, contents, mac FROM material_erasures WHERE material_id = @materialId";

    /// <summary>Whether a proof is one of ours, unchanged.</summary>
    public bool IsGenuine(ErasureRow row) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(row.Mac), Encoding.ASCII.GetBytes(MacOf(row)));

    private string MacOf(ErasureRow row) => Convert.ToHexStringLower(HMACSHA256.HashData(key.Bytes,
        Encoding.UTF8.GetBytes($"{row.MaterialId}\n{row.OwnerId}\n{row.Reason}\n{row.ErasedAt.ToUnixTimeMilliseconds()}\n{row.Contents}")));

    private sealed record VersionRow
    {
        public int Number { get; init; }
        public required string Sha256 { get; init; }
        public required string ObjectId { get; init; }
        public string? ThumbnailObjectId { get; init; }
        public string? Address { get; init; }
    }
}

public sealed record ErasureRow
{
    public required string MaterialId { get; init; }
    public required string OwnerId { get; init; }
    public required ErasureReason Reason { get; init; }
    public required DateTimeOffset ErasedAt { get; init; }

    /// <summary>JSON of <see cref="ErasedVersion"/>.</summary>
    public required string Contents { get; init; }
    public required string Mac { get; init; }

    public IReadOnlyList<ErasedVersion> Versions => JsonSerializer.Deserialize<List<ErasedVersion>>(Contents)!;
}

/// <param name="Sha256">Of what was stored.</param>
/// <param name="Address">Of the sealed bytes that can no longer be opened.</param>
public sealed record ErasedVersion(int Number, string Sha256, string Address);
