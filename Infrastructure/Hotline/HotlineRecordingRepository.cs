using System.Security.Cryptography;
using System.Text;
using Dapper;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.Hotline;

/// <summary>录音: what is to be fetched, and our own copies. Voices are personal: a copy is sealed (AES-256-GCM with the row's place authenticated), in a folder that backups take along.</summary>
public sealed class HotlineRecordingRepository(Database database, Sealer sealer, KeyRing keys, IOptions<HotlineOptions> options, IOptions<DataOptions> data)
{
    public static readonly SealedColumn Url = new("hotline_recordings", "url_sealed", "id");

    public const int MostAttempts = 10;

    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(2);

    /// <returns><c>created</c>, <c>updated</c> or <c>unchanged</c>.</returns>
    public async Task<string> KeepAsync(UnitOfWork tx, string appId, string callId, Uri url, string format, int? duration, long? size, string? sha256, DateTimeOffset? expiresAt, string hash)
    {
        var known = await tx.FirstOrDefaultAsync<KnownRow>("SELECT id, content_hash, state FROM hotline_recordings WHERE app_id = @appId AND call_id = @callId", new { appId, callId });
        if (known is not null && (known.ContentHash == hash || known.State == "Fetched")) return "unchanged";
        var id = known?.Id ?? tx.NewId();
        var row = new { id, appId, callId, url = sealer.Seal(url.AbsoluteUri, Url.Of(id)), format, duration, size, sha256, expiresAt, hash, tx.Now };
        if (known is not null)
        {
            await tx.ExecuteAsync("""
                UPDATE hotline_recordings SET url_sealed = @url, format = @format, duration_seconds = @duration, size_bytes = @size, sha256 = @sha256, expires_at = @expiresAt, content_hash = @hash,
                       state = 'Pending', attempts = 0, next_at = @Now, claimed_until = 0, error = NULL WHERE id = @id
                """, row);
            return "updated";
        }
        var added = await tx.ExecuteAsync($"""
            {tx.Dialect.InsertIgnore} hotline_recordings (id, app_id, call_id, url_sealed, format, duration_seconds, size_bytes, sha256, expires_at, state, attempts, next_at, claimed_until, content_hash)
            VALUES (@id, @appId, @callId, @url, @format, @duration, @size, @sha256, @expiresAt, 'Pending', 0, @Now, 0, @hash)
            """, row);
        return added == 1 ? "created" : throw new ConcurrencyConflictException();
    }

    public Task<List<RecordingRow>> DueAsync(DateTimeOffset now, int limit, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<RecordingRow>("""
        SELECT id, app_id, url_sealed, sha256, size_bytes, attempts FROM hotline_recordings WHERE state = 'Pending' AND next_at <= @now AND claimed_until < @now ORDER BY next_at LIMIT @limit
        """, new { now, limit })).Select(r => r with { UrlSealed = sealer.Open(r.UrlSealed, Url.Of(r.Id)) }).ToList(), cancel);

    public Task<bool> ClaimAsync(RecordingRow row, CancellationToken cancel) => database.WriteAlwaysAsync(async tx => await tx.ExecuteAsync(
        "UPDATE hotline_recordings SET claimed_until = @until, attempts = attempts + 1 WHERE id = @Id AND state = 'Pending' AND claimed_until < @Now AND attempts = @Attempts",
        new { until = tx.Now + Claim, tx.Now, row.Id, row.Attempts }) == 1, cancel);

    public Task<int> FetchedAsync(RecordingRow row, long bytes) => database.WriteAlwaysAsync(tx => tx.ExecuteAsync(
        "UPDATE hotline_recordings SET state = 'Fetched', fetched_at = @Now, stored_bytes = @bytes, claimed_until = 0, error = NULL WHERE id = @Id", new { tx.Now, bytes, row.Id }), CancellationToken.None);

    /// <param name="forGood">Trying again cannot help.</param>
    public Task<int> FailedAsync(RecordingRow row, string error, bool forGood) => database.WriteAlwaysAsync(tx => tx.ExecuteAsync(
        "UPDATE hotline_recordings SET state = @state, next_at = @next, claimed_until = 0, error = @error WHERE id = @Id",
        new { state = forGood || row.Attempts + 1 >= MostAttempts ? "Failed" : "Pending", next = tx.Now + TimeSpan.FromSeconds(Math.Min(15 * Math.Pow(2, row.Attempts), 3600)), error, row.Id }), CancellationToken.None);

    /// <summary>Seals and keeps the copy: written beside and then moved, so that there is a whole one or none.</summary>
    public async Task StoreAsync(string id, byte[] content, CancellationToken cancel)
    {
        var box = new byte[12 + content.Length + 16];
        RandomNumberGenerator.Fill(box.AsSpan(0, 12));
        using (var aes = new AesGcm(Key(keys.Current), 16)) aes.Encrypt(box.AsSpan(0, 12), content, box.AsSpan(12, content.Length), box.AsSpan(^16), Encoding.UTF8.GetBytes(id));
        var file = PathOf(id, keys.CurrentId);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllBytesAsync(file + ".part", box, cancel);
        File.Move(file + ".part", file, overwrite: true);
    }

    /// <summary>The copy, opened; null when there is none.</summary>
    public async Task<byte[]?> OpenAsync(string id, CancellationToken cancel)
    {
        var folder = Path.GetDirectoryName(PathOf(id, ""))!;
        if (!Directory.Exists(folder) || Directory.EnumerateFiles(folder, $"{id}.*.rec").FirstOrDefault() is not { } file) return null;
        var box = await File.ReadAllBytesAsync(file, cancel);
        var keyId = Path.GetFileName(file).Split('.')[1];
        if (keys.Find(keyId) is not { } key) throw new SealBrokenException($"The recording {id} is sealed with the key '{keyId}', which is not among Identity:MasterKeys.");
        var content = new byte[box.Length - 28];
        using var aes = new AesGcm(Key(key), 16);
        aes.Decrypt(box.AsSpan(0, 12), box.AsSpan(12, content.Length), box.AsSpan(^16), content, Encoding.UTF8.GetBytes(id));
        return content;
    }

    private static byte[] Key(byte[] master) => HKDF.DeriveKey(HashAlgorithmName.SHA256, master, 32, info: "microplatform recordings"u8.ToArray());

    private string PathOf(string id, string keyId) => Path.Combine(options.Value.RecordingsFolder ?? Path.Combine(data.Value.Folder, "recordings"), id[..8], $"{id}.{keyId}.rec");

    private sealed record KnownRow
    {
        public required string Id { get; init; }
        public required string ContentHash { get; init; }
        public required string State { get; init; }
    }
}

public sealed record RecordingRow
{
    public required string Id { get; init; }
    public required string AppId { get; init; }

    /// <summary>Opened by whoever reads it.</summary>
    public required string UrlSealed { get; init; }
    public string? Sha256 { get; init; }
    public long? SizeBytes { get; init; }
    public int Attempts { get; init; }
}
