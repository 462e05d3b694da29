using MicroPlatform.Domain.Materials;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>Materials on matters, and the messages that carry them.</summary>
public sealed class UseRepository(OutboxWriter outbox)
{
    private const string Columns = "id, matter_id, material_id, material_version, item_code, appointment_id, state, reused, reason, note, reviewed_by, reviewed_at, added_at, version";

    public async Task<MaterialUse?> FindAsync(UnitOfWork tx, string id) =>
        (await tx.FirstOrDefaultAsync<Row>($"SELECT {Columns} FROM material_uses WHERE id = @id", new { id }))?.ToUse();

    public async Task<MaterialUse?> FindAsync(UnitOfWork tx, string matterId, string materialId) =>
        (await tx.FirstOrDefaultAsync<Row>($"SELECT {Columns} FROM material_uses WHERE matter_id = @matterId AND material_id = @materialId", new { matterId, materialId }))?.ToUse();

    /// <summary>On matters that are still open: a new version reaches these.</summary>
    public async Task<IReadOnlyList<MaterialUse>> OpenOfAsync(UnitOfWork tx, string materialId) =>
        [.. (await tx.QueryAsync<Row>($"SELECT {Prefixed} FROM material_uses u JOIN matters m ON m.id = u.matter_id WHERE u.material_id = @materialId AND m.closed_at IS NULL", new { materialId })).Select(r => r.ToUse())];

    /// <summary>Item and state of everything on a matter, as <see cref="Checklists"/> wants it.</summary>
    public static async Task<IReadOnlyList<(string? ItemCode, UseState State)>> StandingsAsync(UnitOfWork tx, string matterId) =>
        [.. (await tx.QueryAsync<Row>($"SELECT {Columns} FROM material_uses WHERE matter_id = @matterId", new { matterId })).Select(r => (r.ItemCode, r.State))];

    /// <summary>The newest acceptance of this version for this item, on whatever matter, not older than <paramref name="since"/>.</summary>
    public static async Task<UseReview?> AcceptedBeforeAsync(UnitOfWork tx, string materialId, int materialVersion, string? itemCode, DateTimeOffset since) =>
        itemCode is null ? null : await tx.FirstOrDefaultAsync<Row>($"""
            SELECT {Columns} FROM material_uses WHERE material_id = @materialId AND material_version = @materialVersion AND item_code = @itemCode AND state = 'Accepted' AND reviewed_at >= @since
            ORDER BY reviewed_at DESC LIMIT 1
            """, new { materialId, materialVersion, itemCode, since }) is { } row ? new UseReview(null, null, row.ReviewedBy, row.ReviewedAt) : null;

    public Task InsertAsync(UnitOfWork tx, MaterialUse use) => tx.ExecuteAsync($"""
        INSERT INTO material_uses ({Columns})
        VALUES (@Id, @MatterId, @MaterialId, @MaterialVersion, @ItemCode, @AppointmentId, @state, @Reused, @reason, @Note, @ReviewedBy, @ReviewedAt, @AddedAt, 1)
        """, Args(use));

    /// <exception cref="ConcurrencyConflictException">Somebody else saved in between; the transaction runs again.</exception>
    public async Task SaveAsync(UnitOfWork tx, MaterialUse use)
    {
        await tx.ExecuteExpectingOneAsync("""
            UPDATE material_uses SET material_version = @MaterialVersion, item_code = @ItemCode, appointment_id = @AppointmentId, state = @state, reused = @Reused, reason = @reason, note = @Note,
                   reviewed_by = @ReviewedBy, reviewed_at = @ReviewedAt, version = version + 1
            WHERE id = @Id AND version = @Version
            """, Args(use));
        await outbox.WriteAsync(tx, use.Events);
    }

    /// <summary>What a message carries, in its order.</summary>
    public static async Task AttachToMessageAsync(UnitOfWork tx, string messageId, string consultationId, IReadOnlyList<MaterialUse> uses)
    {
        if (uses.Count == 0) return;
        await tx.InsertLaterAsync("message_attachments", "message_id, position, material_id, material_version", [.. uses.Select((u, i) => new object?[] { messageId, i, u.MaterialId, u.MaterialVersion })]);
        await tx.ExecuteLaterAsync("UPDATE messages SET attachments = @count WHERE consultation_id = @consultationId AND id = @messageId", new { count = uses.Count, consultationId, messageId });
    }

    private static string Prefixed => string.Join(", ", Columns.Split(", ").Select(c => $"u.{c}"));

    private static object Args(MaterialUse u) => new
    {
        u.Id, u.MatterId, u.MaterialId, u.MaterialVersion, u.ItemCode, u.AppointmentId, state = u.State.ToString(), u.Reused, reason = u.Reason?.ToString(), u.Note, u.ReviewedBy, u.ReviewedAt, u.AddedAt, u.Version,
    };

    private sealed record Row
    {
        public required string Id { get; init; }
        public required string MatterId { get; init; }
        public required string MaterialId { get; init; }
        public int MaterialVersion { get; init; }
        public string? ItemCode { get; init; }
        public string? AppointmentId { get; init; }
        public UseState State { get; init; }
        public bool Reused { get; init; }
        public RejectionReason? Reason { get; init; }
        public string? Note { get; init; }
        public string? ReviewedBy { get; init; }
        public DateTimeOffset? ReviewedAt { get; init; }
        public DateTimeOffset AddedAt { get; init; }
        public int Version { get; init; }

        public MaterialUse ToUse() => MaterialUse.Restore(
            new MaterialUse { Id = Id, MatterId = MatterId, MaterialId = MaterialId, AppointmentId = AppointmentId, ItemCode = ItemCode, AddedAt = AddedAt, Version = Version },
            MaterialVersion, State, Reused, new UseReview(Reason, Note, ReviewedBy, ReviewedAt));
    }
}
