using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>Loads and saves materials with their versions. The version of the row guards every verb: attaching and deleting at once cannot both be done.</summary>
public sealed class MaterialRepository(MaterialObjects objects)
{
    private const string Columns = "id, owner_id, name, item_code, state, concerns_minor, current_version, uses, created_at, erased_at, version";

    public async Task<Material?> FindAsync(UnitOfWork tx, string id) =>
        !Id.IsWellFormed(id) ? null : (await tx.FirstOrDefaultAsync<Row>($"SELECT {Columns} FROM materials WHERE id = @id", new { id }))?.ToMaterial();

    /// <summary>The citizen's own, or null: not theirs and not there are the same. What is in quarantine is not shown to them, either.</summary>
    public async Task<Material?> FindOwnAsync(UnitOfWork tx, string id, string ownerId) => await FindAsync(tx, id) is { } material && material.OwnerId == ownerId ? material : null;

    internal async Task InsertAsync(UnitOfWork tx, Material m, Kept kept)
    {
        await tx.ExecuteAsync($"""
            INSERT INTO materials ({Columns}) VALUES (@Id, @OwnerId, @Name, @ItemCode, @state, @ConcernsMinor, @CurrentVersion, @Uses, @CreatedAt, @ErasedAt, 1)
            """, new { m.Id, m.OwnerId, m.Name, m.ItemCode, state = m.State.ToString(), m.ConcernsMinor, m.CurrentVersion, m.Uses, m.CreatedAt, m.ErasedAt });
        await InsertVersionAsync(tx, m, kept);
    }

    /// <exception cref="ConcurrencyConflictException">Somebody else saved in between; the transaction runs again.</exception>
    public Task SaveAsync(UnitOfWork tx, Material m) => tx.ExecuteExpectingOneAsync("""
        UPDATE materials SET name = @Name, state = @state, concerns_minor = @ConcernsMinor, current_version = @CurrentVersion, uses = @Uses, erased_at = @ErasedAt, version = version + 1
        WHERE id = @Id AND version = @Version
        """, new { m.Name, state = m.State.ToString(), m.ConcernsMinor, m.CurrentVersion, m.Uses, m.ErasedAt, m.Id, m.Version });

    /// <summary>Writes the newest version of a material.</summary>
    internal async Task InsertVersionAsync(UnitOfWork tx, Material m, Kept kept)
    {
        var original = await objects.InsertAsync(tx, kept.Original, ObjectPurpose.Original, m.OwnerId);
        var thumbnail = kept.ThumbnailObject is null ? null : await objects.InsertAsync(tx, kept.ThumbnailObject, ObjectPurpose.Thumbnail, m.OwnerId);
        var warnings = kept.Warnings.ToList();
        if (kept.PictureHash is { } hash && await LooksLikeAnotherAsync(tx, m, hash)) warnings.Add(PhotoWarning.Duplicate);
        await tx.ExecuteAsync("""
            INSERT INTO material_versions (material_id, number, object_id, type, bytes, sha256, sent_sha256, width, height, pages, picture_hash, warnings, scan, thumbnail, thumbnail_object_id, uploaded_at)
            VALUES (@Id, @CurrentVersion, @original, @type, @Bytes, @Sha256, @SentSha256, @Width, @Height, @Pages, @PictureHash, @warned, @scan, @state, @thumbnail, @Now)
            """, new
        {
            m.Id, m.CurrentVersion, original, type = kept.Type.ToString(), kept.Bytes, kept.Sha256, kept.SentSha256, kept.Width, kept.Height, kept.Pages, kept.PictureHash,
            warned = string.Join(',', warnings), scan = kept.Scan.ToString(), state = kept.Thumbnail.ToString(), thumbnail, tx.Now,
        });
    }

    /// <summary>A thumbnail that came later, with what the photo coach saw.</summary>
    internal async Task<bool> PutThumbnailAsync(UnitOfWork tx, string materialId, int number, string ownerId, ThumbnailState state, NewObject? made, PictureLook? look, IReadOnlyList<PhotoWarning> warnings)
    {
        var thumbnail = made is null ? null : await objects.InsertAsync(tx, made, ObjectPurpose.Thumbnail, ownerId);
        await tx.ExecuteExpectingOneAsync("""
            UPDATE material_versions SET thumbnail = @state, thumbnail_object_id = @thumbnail, picture_hash = @hash, warnings = @warned
            WHERE material_id = @materialId AND number = @number AND thumbnail = 'Pending'
            """, new { state = state.ToString(), thumbnail, hash = look?.Hash, warned = string.Join(',', warnings), materialId, number });
        return true;
    }

    /// <summary>The scanner's word on a version that nobody had scanned.</summary>
    public static Task PutScanAsync(UnitOfWork tx, string materialId, int number, ScanResult scan) => tx.ExecuteAsync(
        "UPDATE material_versions SET scan = @scan WHERE material_id = @materialId AND number = @number", new { scan = scan.ToString(), materialId, number });

    /// <summary>What one citizen has: number and bytes, versions and thumbnails and parts included.</summary>
    public static async Task<(long Materials, long Bytes)> UsedAsync(UnitOfWork tx, string ownerId) => (
        await tx.ScalarAsync<long>("SELECT COUNT(*) FROM materials WHERE owner_id = @ownerId AND state <> 'Erased'", new { ownerId }),
        await tx.ScalarAsync<long>("SELECT COALESCE(SUM(bytes), 0) FROM material_objects WHERE owner_id = @ownerId", new { ownerId }));

    /// <summary>Whether the owner has another picture that looks like this one.</summary>
    private static async Task<bool> LooksLikeAnotherAsync(UnitOfWork tx, Material m, long hash) =>
        (await tx.QueryAsync<long>("""
            SELECT v.picture_hash FROM materials o JOIN material_versions v ON v.material_id = o.id AND v.number = o.current_version
            WHERE o.owner_id = @OwnerId AND o.id <> @Id AND o.state = 'Ready' AND v.picture_hash IS NOT NULL
            """, new { m.OwnerId, m.Id })).Any(other => MaterialVersion.LooksLike(other, hash));

    private sealed record Row
    {
        public required string Id { get; init; }
        public required string OwnerId { get; init; }
        public required string Name { get; init; }
        public string? ItemCode { get; init; }
        public required MaterialState State { get; init; }
        public bool ConcernsMinor { get; init; }
        public int CurrentVersion { get; init; }
        public int Uses { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset? ErasedAt { get; init; }
        public int Version { get; init; }

        public Material ToMaterial() => Material.Restore(
            new Material { Id = Id, OwnerId = OwnerId, Name = Name, ItemCode = ItemCode, CreatedAt = CreatedAt, Version = Version }, State, ConcernsMinor, CurrentVersion, Uses, ErasedAt);
    }
}
