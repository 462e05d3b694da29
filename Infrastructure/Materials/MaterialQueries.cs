using System.Data.Common;
using Dapper;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>What screens show of materials, straight from SQL.</summary>
public sealed class MaterialQueries(Database database)
{
    private const string Columns = """
        m.id, m.owner_id, m.name, m.item_code, m.state, m.concerns_minor, m.uses, m.created_at, m.current_version, m.version, v.number, v.type, v.bytes, v.sha256, v.width, v.height, v.pages,
        v.warnings, v.scan, v.thumbnail, v.uploaded_at, v.object_id, v.thumbnail_object_id
        """;

    private const string Current = "FROM materials m JOIN material_versions v ON v.material_id = m.id AND v.number = m.current_version";

    private const string Used = """
        u.id AS use_id, u.matter_id, u.material_id, u.item_code, u.appointment_id, u.state AS use_state, u.reused, u.reason, u.note, s.name AS reviewed_by_name, u.reviewed_at, u.added_at, u.material_version,
        m.name, m.state, m.concerns_minor, v.type, v.bytes, v.width, v.height, v.pages, v.warnings, v.scan, v.thumbnail, v.uploaded_at
        """;

    public Task<MaterialRow?> FindAsync(string id, CancellationToken cancel) => database.ReadAsync(c =>
        c.QueryFirstOrDefaultAsync<MaterialRow>($"SELECT {Columns} {Current} WHERE m.id = @id", new { id }), cancel);

    /// <summary>The same inside a transaction, for the answer to a write.</summary>
    public static Task<MaterialRow?> FindAsync(UnitOfWork tx, string id) => tx.FirstOrDefaultAsync<MaterialRow>($"SELECT {Columns} {Current} WHERE m.id = @id", new { id });

    /// <summary>A certain version.</summary>
    public Task<MaterialRow?> FindVersionAsync(string id, int number, CancellationToken cancel) => database.ReadAsync(c => c.QueryFirstOrDefaultAsync<MaterialRow>(
        $"SELECT {Columns} FROM materials m JOIN material_versions v ON v.material_id = m.id WHERE m.id = @id AND v.number = @number", new { id, number }), cancel);

    /// <summary>All versions, newest first.</summary>
    public Task<List<MaterialRow>> VersionsAsync(string id, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<MaterialRow>(
        $"SELECT {Columns} FROM materials m JOIN material_versions v ON v.material_id = m.id WHERE m.id = @id ORDER BY v.number DESC", new { id })).AsList(), cancel);

    /// <summary>A citizen's own, newest first, after the one named by the cursor.</summary>
    public Task<List<MaterialRow>> OfOwnerAsync(string ownerId, string? after, int limit, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<MaterialRow>($"""
        SELECT {Columns} {Current} WHERE m.owner_id = @ownerId AND m.state = 'Ready' {(after is null ? "" : "AND m.id < @after")} ORDER BY m.id DESC LIMIT @limit
        """, new { ownerId, after, limit })).AsList(), cancel);

    /// <summary>In quarantine, oldest first.</summary>
    public Task<List<MaterialRow>> QuarantinedAsync(string? after, int limit, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<MaterialRow>($"""
        SELECT {Columns} {Current} WHERE m.state = 'Quarantined' {(after is null ? "" : "AND m.id > @after")} ORDER BY m.id LIMIT @limit
        """, new { after, limit })).AsList(), cancel);

    /// <summary>Everything on a matter, in the order it came.</summary>
    public Task<List<UsedMaterialRow>> OfMatterAsync(string matterId, CancellationToken cancel) => database.ReadAsync(c => OfMatterAsync(c, null, matterId), cancel);

    public static async Task<List<UsedMaterialRow>> OfMatterAsync(UnitOfWork tx, string matterId) => await OfMatterAsync(await tx.ConnectionAsync(), tx.Transaction, matterId);

    /// <summary>What messages carry, in their order.</summary>
    public static async Task<ILookup<string, AttachmentRow>> OfMessagesAsync(DbConnection connection, DbTransaction? transaction, IReadOnlyList<string> messageIds) =>
        (await connection.QueryAsync<AttachmentRow>("""
            SELECT a.message_id, a.material_id, a.material_version, m.name, m.state, m.concerns_minor, v.type, v.bytes, v.width, v.height, v.thumbnail, v.scan
            FROM message_attachments a JOIN materials m ON m.id = a.material_id JOIN material_versions v ON v.material_id = a.material_id AND v.number = a.material_version
            JOIN citizens z ON z.id = m.owner_id WHERE a.message_id IN @messageIds AND z.restricted_at IS NULL ORDER BY a.message_id, a.position
            """, new { messageIds }, transaction)).ToLookup(a => a.MessageId, StringComparer.Ordinal);

    /// <summary>Matters through which staff may see a material: with their unit's path and who is responsible. The deleted accounts' are not among them.</summary>
    public Task<List<UsedOnRow>> UsedOnAsync(string materialId, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<UsedOnRow>("""
        SELECT u.matter_id, m.handler_id, o.path, u.material_version FROM material_uses u JOIN matters m ON m.id = u.matter_id JOIN organisations o ON o.id = m.organisation_id
        JOIN citizens z ON z.id = m.citizen_id WHERE u.material_id = @materialId AND z.restricted_at IS NULL
        """, new { materialId })).AsList(), cancel);

    /// <summary>Who has looked, newest first.</summary>
    public Task<List<ReadingRow>> ReadingsAsync(string materialId, string? after, int limit, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<ReadingRow>($"""
        SELECT r.id, r.material_version, r.variant, r.purpose, r.at, s.name AS staff_name,
               (SELECT MIN(o.name) FROM posts p JOIN organisations o ON o.id = p.organisation_id WHERE p.staff_id = r.staff_id) AS organisation_name
        FROM material_readings r JOIN staff_members s ON s.id = r.staff_id
        WHERE r.material_id = @materialId {(after is null ? "" : "AND r.id < @after")} ORDER BY r.id DESC LIMIT @limit
        """, new { materialId, after, limit })).AsList(), cancel);

    /// <summary>The administrator's figures.</summary>
    public Task<MaterialFigures> FiguresAsync(CancellationToken cancel) => database.ReadAsync(async c => new MaterialFigures(
        (await c.QueryAsync<FigureRow>("SELECT purpose AS what, COUNT(*) AS n, COALESCE(SUM(bytes), 0) AS bytes FROM material_objects GROUP BY purpose ORDER BY purpose")).AsList(),
        (await c.QueryAsync<FigureRow>("SELECT v.type AS what, COUNT(*) AS n, COALESCE(SUM(v.bytes), 0) AS bytes FROM material_versions v JOIN material_objects o ON o.id = v.object_id GROUP BY v.type ORDER BY v.type")).AsList(),
        await c.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM materials WHERE state = 'Ready'"),
        await c.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM materials WHERE state = 'Quarantined'"),
        await c.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM materials WHERE state = 'Erased'"),
        await c.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM material_versions v JOIN material_objects o ON o.id = v.object_id WHERE v.scan = 'NotScanned'"),
        await c.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM material_versions v JOIN material_objects o ON o.id = v.object_id WHERE v.thumbnail = 'Pending'"),
        await c.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM material_uploads WHERE state = 'Open'")), cancel);

    private static async Task<List<UsedMaterialRow>> OfMatterAsync(DbConnection connection, DbTransaction? transaction, string matterId) => (await connection.QueryAsync<UsedMaterialRow>($"""
        SELECT {Used} FROM material_uses u JOIN materials m ON m.id = u.material_id JOIN material_versions v ON v.material_id = u.material_id AND v.number = u.material_version
        LEFT JOIN staff_members s ON s.id = u.reviewed_by WHERE u.matter_id = @matterId ORDER BY u.id
        """, new { matterId }, transaction)).AsList();
}

public sealed record MaterialRow
{
    public required string Id { get; init; }
    public required string OwnerId { get; init; }
    public required string Name { get; init; }
    public string? ItemCode { get; init; }
    public required MaterialState State { get; init; }
    public bool ConcernsMinor { get; init; }
    public int Uses { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public int CurrentVersion { get; init; }
    public int Version { get; init; }
    public int Number { get; init; }
    public required MaterialType Type { get; init; }
    public long Bytes { get; init; }
    public required string Sha256 { get; init; }
    public int? Width { get; init; }
    public int? Height { get; init; }
    public int? Pages { get; init; }
    public required string Warnings { get; init; }
    public required ScanResult Scan { get; init; }
    public required ThumbnailState Thumbnail { get; init; }
    public DateTimeOffset UploadedAt { get; init; }
    public required string ObjectId { get; init; }
    public string? ThumbnailObjectId { get; init; }
}

/// <summary>A material as it was handed in on a matter.</summary>
public sealed record UsedMaterialRow
{
    public required string UseId { get; init; }
    public required string MatterId { get; init; }
    public required string MaterialId { get; init; }
    public string? ItemCode { get; init; }
    public string? AppointmentId { get; init; }
    public required UseState UseState { get; init; }
    public bool Reused { get; init; }
    public RejectionReason? Reason { get; init; }
    public string? Note { get; init; }
    public string? ReviewedByName { get; init; }
    public DateTimeOffset? ReviewedAt { get; init; }
    public DateTimeOffset AddedAt { get; init; }
    public int MaterialVersion { get; init; }
    public required string Name { get; init; }
    public required MaterialState State { get; init; }
    public bool ConcernsMinor { get; init; }
    public required MaterialType Type { get; init; }
    public long Bytes { get; init; }
    public int? Width { get; init; }
    public int? Height { get; init; }
    public int? Pages { get; init; }
    public required string Warnings { get; init; }
    public required ScanResult Scan { get; init; }
    public required ThumbnailState Thumbnail { get; init; }
    public DateTimeOffset UploadedAt { get; init; }
}

/// <summary>A material that a message carries.</summary>
public sealed record AttachmentRow
{
    public required string MessageId { get; init; }
    public required string MaterialId { get; init; }
    public int MaterialVersion { get; init; }
    public required string Name { get; init; }
    public required MaterialState State { get; init; }
    public bool ConcernsMinor { get; init; }
    public required MaterialType Type { get; init; }
    public long Bytes { get; init; }
    public int? Width { get; init; }
    public int? Height { get; init; }
    public required ThumbnailState Thumbnail { get; init; }
    public required ScanResult Scan { get; init; }
}

public sealed record UsedOnRow
{
    public required string MatterId { get; init; }
    public string? HandlerId { get; init; }
    public required string Path { get; init; }
    public int MaterialVersion { get; init; }
}

public sealed record ReadingRow
{
    public required string Id { get; init; }
    public int MaterialVersion { get; init; }
    public required MaterialVariant Variant { get; init; }
    public string? Purpose { get; init; }
    public DateTimeOffset At { get; init; }
    public required string StaffName { get; init; }
    public string? OrganisationName { get; init; }
}

public sealed record FigureRow
{
    public required string What { get; init; }
    public long N { get; init; }
    public long Bytes { get; init; }
}

/// <param name="ByPurpose">Everything in the store that a row knows.</param>
public sealed record MaterialFigures(
    IReadOnlyList<FigureRow> ByPurpose, IReadOnlyList<FigureRow> ByType, long Ready, long Quarantined, long Erased, long NotScanned, long ThumbnailsPending, long UploadsOpen);
