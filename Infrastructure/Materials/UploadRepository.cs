using Dapper;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>Uploads in parts. The row's version decides between two who finish one upload; a part that comes again takes the place of the first.</summary>
public sealed class UploadRepository(Database database, MaterialObjects objects)
{
    private const string Columns = "id, owner_id, name, item_code, concerns_minor, bytes, sha256, replaces_id, state, material_id, expires_at, version";
    private const string PartsSql = "SELECT number, object_id FROM material_upload_parts WHERE upload_id = @uploadId ORDER BY number";

    public async Task<Upload?> FindOwnAsync(UnitOfWork tx, string id, string ownerId) =>
        !Id.IsWellFormed(id) ? null : (await tx.FirstOrDefaultAsync<Row>($"SELECT {Columns} FROM material_uploads WHERE id = @id AND owner_id = @ownerId", new { id, ownerId }))?.ToUpload();

    public async Task<Upload?> FindAsync(UnitOfWork tx, string id) =>
        (await tx.FirstOrDefaultAsync<Row>($"SELECT {Columns} FROM material_uploads WHERE id = @id", new { id }))?.ToUpload();

    /// <summary>
    /// The citizen's own with the parts that have arrived, outside a transaction. Null: not theirs or not there. Parts come first: what ends an upload takes them away with
    /// the same commit, so when the row still says Open, they were all that had arrived.
    /// </summary>
    public Task<(Upload Upload, IReadOnlyList<PartRow> Parts)?> ReadOwnAsync(string id, string ownerId, CancellationToken cancel) => database.ReadAsync<(Upload, IReadOnlyList<PartRow>)?>(async c =>
    {
        if (!Id.IsWellFormed(id)) return null;
        await using var answers = await c.QueryMultipleAsync($"{PartsSql}; SELECT {Columns} FROM material_uploads WHERE id = @uploadId AND owner_id = @ownerId", new { uploadId = id, ownerId });
        var parts = (await answers.ReadAsync<PartRow>()).AsList();
        return await answers.ReadFirstOrDefaultAsync<Row>() is { } row ? (row.ToUpload(), parts) : null;
    }, cancel);

    public static Task<int> CountOpenAsync(UnitOfWork tx, string ownerId) =>
        tx.ScalarAsync<int>("SELECT COUNT(*) FROM material_uploads WHERE owner_id = @ownerId AND state = 'Open'", new { ownerId });

    public static Task InsertAsync(UnitOfWork tx, Upload u) => tx.ExecuteAsync($"""
        INSERT INTO material_uploads ({Columns}) VALUES (@Id, @OwnerId, @Name, @ItemCode, @ConcernsMinor, @Bytes, @Sha256, @ReplacesId, @state, @MaterialId, @ExpiresAt, 1)
        """, new { u.Id, u.OwnerId, u.Name, u.ItemCode, u.ConcernsMinor, u.Bytes, u.Sha256, u.ReplacesId, state = u.State.ToString(), u.MaterialId, u.ExpiresAt });

    /// <summary>Saves the state; an upload that is over gives its parts back.</summary>
    /// <exception cref="ConcurrencyConflictException">Somebody else was first; the transaction runs again.</exception>
    public async Task SaveAsync(UnitOfWork tx, Upload u)
    {
        await tx.ExecuteExpectingOneAsync("UPDATE material_uploads SET state = @state, material_id = @MaterialId, version = version + 1 WHERE id = @Id AND version = @Version",
            new { state = u.State.ToString(), u.MaterialId, u.Id, u.Version });
        if (u.State == UploadState.Open) return;
        var parts = (await PartsAsync(tx, u.Id)).Select(p => p.ObjectId).ToList();
        await tx.ExecuteAsync("DELETE FROM material_upload_parts WHERE upload_id = @Id", new { u.Id });
        await objects.DeleteAsync(tx, parts);
    }

    internal async Task PutPartAsync(UnitOfWork tx, Upload u, int number, NewObject made)
    {
        // The upload's row first: a part and the end of the upload cannot pass each other unseen.
        await tx.ExecuteExpectingOneAsync("UPDATE material_uploads SET version = version + 1 WHERE id = @Id AND version = @Version", new { u.Id, u.Version });
        var before = await tx.ScalarAsync<string>("SELECT object_id FROM material_upload_parts WHERE upload_id = @Id AND number = @number", new { u.Id, number });
        var objectId = await objects.InsertAsync(tx, made, ObjectPurpose.Part, u.OwnerId);
        if (before is null) await tx.ExecuteAsync("INSERT INTO material_upload_parts (upload_id, number, object_id) VALUES (@Id, @number, @objectId)", new { u.Id, number, objectId });
        else
        {
            await tx.ExecuteAsync("UPDATE material_upload_parts SET object_id = @objectId WHERE upload_id = @Id AND number = @number", new { objectId, u.Id, number });
            await objects.DeleteAsync(tx, [before]);
        }
    }

    /// <summary>Those that have arrived, in order.</summary>
    public static async Task<IReadOnlyList<PartRow>> PartsAsync(UnitOfWork tx, string uploadId) =>
        [.. await tx.QueryAsync<PartRow>(PartsSql, new { uploadId })];

    private sealed record Row
    {
        public required string Id { get; init; }
        public required string OwnerId { get; init; }
        public required string Name { get; init; }
        public string? ItemCode { get; init; }
        public bool ConcernsMinor { get; init; }
        public long Bytes { get; init; }
        public required string Sha256 { get; init; }
        public string? ReplacesId { get; init; }
        public UploadState State { get; init; }
        public string? MaterialId { get; init; }
        public DateTimeOffset ExpiresAt { get; init; }
        public int Version { get; init; }

        public Upload ToUpload() => Upload.Restore(
            new Upload
            {
                Id = Id, OwnerId = OwnerId, Name = Name, ItemCode = ItemCode, ConcernsMinor = ConcernsMinor, Bytes = Bytes, Sha256 = Sha256, ReplacesId = ReplacesId, ExpiresAt = ExpiresAt, Version = Version,
            }, State, MaterialId);
    }
}

public sealed record PartRow
{
    public int Number { get; init; }
    public required string ObjectId { get; init; }
}
