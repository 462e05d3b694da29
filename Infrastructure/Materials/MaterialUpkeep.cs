using Dapper;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>What is to be done about materials without anybody asking: what has run out, what is left over, what has to be tried once more.</summary>
public sealed class MaterialUpkeep(
    Database database, MaterialRepository materials, UploadRepository uploads, MaterialObjects objects, Erasures erasures, LinkRepository links, MaterialIntake intake, VirusScan scanner,
    IObjectStore store, Staging staging, IOptions<MaterialsOptions> options, TimeProvider time)
{
    private const int Batch = 200;

    /// <summary>Objects that no row knows, staged files of killed processes, links that are over.</summary>
    public async Task<int> SweepAsync(CancellationToken cancel)
    {
        var (swept, batch, before) = (0, new List<string>(), time.GetUtcNow() - options.Value.OrphanGrace);
        await foreach (var found in store.ListAsync(cancel))
        {
            if (found.WrittenAt > before || found.Address.Length != 64) continue;
            batch.Add(found.Address);
            if (batch.Count == Batch) swept += await SweepAsync(batch, cancel);
        }
        swept += await SweepAsync(batch, cancel);
        return swept + staging.Sweep(before) + await links.SweepAsync(time.GetUtcNow() - TimeSpan.FromDays(1), cancel);
    }

    private async Task<int> SweepAsync(List<string> batch, CancellationToken cancel)
    {
        if (batch.Count == 0) return 0;
        var known = await objects.KnownAsync(batch, cancel);
        var orphans = batch.Where(a => !known.Contains(a)).ToList();
        foreach (var orphan in orphans) await store.DeleteAsync(orphan, cancel);
        batch.Clear();
        return orphans.Count;
    }

    /// <summary>Uploads that nobody went on with.</summary>
    public Task<List<string>> ExpiredUploadsAsync(CancellationToken cancel) => IdsAsync("SELECT id FROM material_uploads WHERE state = 'Open' AND expires_at <= @now ORDER BY expires_at LIMIT 500", time.GetUtcNow(), cancel);

    public Task<bool> ExpireUploadAsync(string id, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        if (await uploads.FindAsync(tx, id) is not { } upload || upload.ExpiresAt > tx.Now || upload.Expire().IsRefused) return false;
        await uploads.SaveAsync(tx, upload);
        return true;
    }, cancel);

    /// <summary>Materials nobody ever used, and those whose matters have all been over for the time they must be kept.</summary>
    public async Task<List<(string Id, ErasureReason Reason)>> OutlivedAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var unused = await IdsAsync("SELECT id FROM materials WHERE state = 'Ready' AND uses = 0 AND created_at <= @now ORDER BY id LIMIT 500", now - options.Value.UnusedFor, cancel);
        var kept = await IdsAsync("""
            SELECT m.id FROM materials m WHERE m.state = 'Ready' AND m.uses > 0
              AND NOT EXISTS (SELECT 1 FROM material_uses u JOIN matters t ON t.id = u.matter_id WHERE u.material_id = m.id AND (t.closed_at IS NULL OR t.closed_at > @now))
            ORDER BY m.id LIMIT 500
            """, now - options.Value.RetainFor, cancel);
        return [.. unused.Select(id => (id, ErasureReason.Unused)), .. kept.Select(id => (id, ErasureReason.Retention))];
    }

    /// <summary>Looks again inside the transaction: somebody may have attached it since.</summary>
    public Task<bool> EraseAsync(string id, ErasureReason reason, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        if (await materials.FindAsync(tx, id) is not { } material || (reason == ErasureReason.Unused) != (material.Uses == 0)) return false;
        if (material.Erase(tx.Now).IsRefused) return false;
        await erasures.EraseAsync(tx, material, reason, Actor.System);
        return true;
    }, cancel);

    /// <summary>Versions whose thumbnail is still to be made.</summary>
    public Task<List<PendingRow>> ThumbnailsPendingAsync(CancellationToken cancel) => PendingAsync("v.thumbnail = 'Pending'", cancel);

    /// <summary>Versions nobody has scanned; none while there is no scanner.</summary>
    public Task<List<PendingRow>> NotScannedAsync(CancellationToken cancel) => scanner.IsOn ? PendingAsync("v.scan = 'NotScanned'", cancel) : Task.FromResult(new List<PendingRow>());

    public async Task<bool> MakeThumbnailAsync(PendingRow row, CancellationToken cancel)
    {
        await using var file = await objects.OpenAsync(row.ObjectId, cancel);
        if (file is null) return false;
        var (state, made, look) = await intake.MakeThumbnailAsync(() => file, row.Type, cancel);
        if (state == ThumbnailState.Pending) return false;
        var warnings = look?.Warnings(row.Width ?? 0, row.Height ?? 0) ?? [];
        try
        {
            return await database.WriteAlwaysAsync(tx => materials.PutThumbnailAsync(tx, row.MaterialId, row.Number, row.OwnerId, state, made, look, warnings), cancel);
        }
        finally
        {
            if (made is not null) await objects.DropUnlessKeptAsync([made]);
        }
    }

    /// <summary>Asks the scanner about one that came while it was away. What it finds goes into quarantine, and all links to it end.</summary>
    public async Task<bool> ScanAsync(PendingRow row, CancellationToken cancel)
    {
        await using var file = await objects.OpenAsync(row.ObjectId, cancel);
        if (file is null) return false;
        var scan = await scanner.ScanAsync(file, cancel);
        if (scan == ScanResult.NotScanned) return false;
        return await database.WriteAlwaysAsync(async tx =>
        {
            await MaterialRepository.PutScanAsync(tx, row.MaterialId, row.Number, scan);
            if (scan != ScanResult.Infected || await materials.FindAsync(tx, row.MaterialId) is not { } material || material.Quarantine().IsRefused) return true;
            await materials.SaveAsync(tx, material);
            await LinkRepository.RevokeAllAsync(tx, material.Id);
            return true;
        }, cancel);
    }

    private Task<List<PendingRow>> PendingAsync(string which, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<PendingRow>($"""
        SELECT v.material_id, v.number, v.type, v.object_id, v.width, v.height, m.owner_id FROM material_versions v JOIN materials m ON m.id = v.material_id
        WHERE {which} AND m.state = 'Ready' ORDER BY v.material_id LIMIT 100
        """)).AsList(), cancel);

    private Task<List<string>> IdsAsync(string sql, DateTimeOffset now, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<string>(sql, new { now })).AsList(), cancel);
}

public sealed record PendingRow
{
    public required string MaterialId { get; init; }
    public int Number { get; init; }
    public required MaterialType Type { get; init; }
    public required string ObjectId { get; init; }
    public int? Width { get; init; }
    public int? Height { get; init; }
    public required string OwnerId { get; init; }
}
