using System.Globalization;
using System.Text.Json;
using Dapper;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>Notices of what is missing. The unique <c>open_key</c> lets a matter have one open notice.</summary>
public sealed class NoticeRepository(Database database, OutboxWriter outbox)
{
    private const string Columns = "id, matter_id, item_codes, extra, note, due_on, sent_by, sent_at, state, ended_at, version";

    public async Task<SupplementNotice?> FindAsync(UnitOfWork tx, string id) =>
        (await tx.FirstOrDefaultAsync<Row>($"SELECT {Columns} FROM supplement_notices WHERE id = @id", new { id }))?.ToNotice();

    public async Task<SupplementNotice?> OpenOfAsync(UnitOfWork tx, string matterId) =>
        (await tx.FirstOrDefaultAsync<Row>($"SELECT {Columns} FROM supplement_notices WHERE open_key = @matterId", new { matterId }))?.ToNotice();

    /// <summary>All of a matter, newest first.</summary>
    public Task<List<SupplementNotice>> OfAsync(string matterId, CancellationToken cancel) => database.ReadAsync(async c =>
        (await c.QueryAsync<Row>($"SELECT {Columns} FROM supplement_notices WHERE matter_id = @matterId ORDER BY id DESC LIMIT 50", new { matterId })).Select(r => r.ToNotice()).ToList(), cancel);

    public static Task<int> CountAsync(UnitOfWork tx, string matterId) => tx.ScalarAsync<int>("SELECT COUNT(*) FROM supplement_notices WHERE matter_id = @matterId", new { matterId });

    /// <returns>False when one is open already.</returns>
    public async Task<bool> TryInsertAsync(UnitOfWork tx, SupplementNotice n)
    {
        try
        {
            await tx.ExecuteAsync($"""
                INSERT INTO supplement_notices ({Columns}, open_key) VALUES (@Id, @MatterId, @codes, @extra, @Note, @due, @SentBy, @SentAt, @state, NULL, 1, @MatterId)
                """, new
            {
                n.Id, n.MatterId, codes = JsonSerializer.Serialize(n.ItemCodes), extra = JsonSerializer.Serialize(n.Extra), n.Note, due = n.DueOn.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                n.SentBy, n.SentAt, state = n.State.ToString(),
            });
        }
        catch (Exception e) when (database.IsDuplicateKey(e))
        {
            return false;
        }
        await outbox.WriteAsync(tx, n.Events);
        return true;
    }

    public static Task SaveAsync(UnitOfWork tx, SupplementNotice n) => tx.ExecuteExpectingOneAsync(
        "UPDATE supplement_notices SET state = @state, ended_at = @EndedAt, open_key = NULL, version = version + 1 WHERE id = @Id AND version = @Version",
        new { state = n.State.ToString(), n.EndedAt, n.Id, n.Version });

    private sealed record Row
    {
        public required string Id { get; init; }
        public required string MatterId { get; init; }
        public required string ItemCodes { get; init; }
        public required string Extra { get; init; }
        public string? Note { get; init; }
        public required string DueOn { get; init; }
        public required string SentBy { get; init; }
        public DateTimeOffset SentAt { get; init; }
        public NoticeState State { get; init; }
        public DateTimeOffset? EndedAt { get; init; }
        public int Version { get; init; }

        public SupplementNotice ToNotice() => SupplementNotice.Restore(new SupplementNotice
        {
            Id = Id, MatterId = MatterId, ItemCodes = JsonSerializer.Deserialize<List<string>>(ItemCodes)!, Extra = JsonSerializer.Deserialize<List<string>>(Extra)!, Note = Note,
            DueOn = DateOnly.ParseExact(DueOn, "yyyy-MM-dd", CultureInfo.InvariantCulture), SentBy = SentBy, SentAt = SentAt, Version = Version,
        }, State, EndedAt);
    }
}
