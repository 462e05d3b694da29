using System.Security.Cryptography;
using System.Text;
using Dapper;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Audit;

/// <summary>Key of the audit chain; kept outside the database, so that whoever can write there cannot forge the chain.</summary>
public sealed record AuditKey(byte[] Bytes);

/// <summary>
/// Links audit rows into one chain: each row's HMAC-SHA-256 covers its content and the row before. Linking happens just after the
/// commit, in one place at a time, so that writers do not queue for the end of the chain (docs/adr/0004). Changing, removing or
/// inserting a linked row breaks every link after it; the end of the chain carries a MAC of its own, so that cutting it short is seen
/// too. Against somebody who puts back an older copy of everything, an auditor notes the head that <see cref="VerifyAsync"/> tells and
/// gives it to the next verification.
/// </summary>
public sealed class AuditChain(Database database, AuditKey key)
{
    private const int Batch = 500;
    private const int Together = 25;
    private const string Columns = "position, id, at, actor_kind, actor_id, action, subject_kind, subject_id, detail, chain_seq, hash";
    private static readonly string Beginning = new('0', 64);

    /// <summary>Links what is not linked yet.</summary>
    /// <returns>How many rows were linked.</returns>
    public async Task<int> LinkAsync(CancellationToken cancel = default)
    {
        var linked = 0;
        while (true)
        {
            var count = await database.WriteAlwaysAsync(LinkBatchAsync, cancel);
            linked += count;
            if (count < Batch) return linked;
        }
    }

    /// <summary>Computes the whole chain again and compares.</summary>
    /// <param name="noted">A head noted earlier (<c>seq:hash</c>): must still be part of the chain.</param>
    public async Task<AuditVerification> VerifyAsync(string? noted = null, Action<long>? progress = null, CancellationToken cancel = default)
    {
        var (seq, hash) = (0L, Beginning);
        while (true)
        {
            var rows = await database.ReadAsync(async c => (await c.QueryAsync<Entry>(
                $"SELECT {Columns} FROM audit_entries WHERE chain_seq > @seq ORDER BY chain_seq LIMIT {Batch}", new { seq })).AsList(), cancel);
            foreach (var row in rows)
            {
                if (row.ChainSeq != seq + 1) return Broken(seq, $"Row {seq + 1} is missing");
                hash = Link(hash, seq + 1, row);
                if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(row.Hash ?? "")))
                    return Broken(seq, $"Row {seq + 1} ({row.Id}) does not fit the chain");
                seq++;
                if (noted is not null && noted == $"{seq}:{hash}") noted = null;
            }
            progress?.Invoke(seq);
            if (rows.Count < Batch) break;
        }
        if (noted is not null) return Broken(seq, $"The head noted earlier ({noted.Split(':')[0]}) is not part of the chain");
        var (end, waiting) = await database.ReadAsync(async c => (
            await c.QueryFirstOrDefaultAsync<ChainEnd>("SELECT last_seq, last_hash, mac FROM audit_chain WHERE id = 1"),
            await c.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM audit_entries WHERE chain_seq IS NULL")), cancel);
        // Rows may have been linked while we read; only an end before what we saw, or one that promises rows that are not there, is a fault.
        var fits = end is null ? seq == 0
            : end.Mac == EndMac(end.LastSeq, end.LastHash) && (end.LastSeq == seq ? end.LastHash == hash : end.LastSeq > seq && await HasAsync(seq + 1, cancel));
        return fits ? new AuditVerification(true, seq, waiting, $"{seq}:{hash}", null) : Broken(seq, "The chain does not end where it says");
    }

    private static AuditVerification Broken(long seq, string fault) => new(false, seq, 0, null, fault);

    private Task<bool> HasAsync(long seq, CancellationToken cancel) =>
        database.ReadAsync(async c => await c.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM audit_entries WHERE chain_seq = @seq", new { seq }) == 1, cancel);

    private async Task<int> LinkBatchAsync(UnitOfWork tx)
    {
        await tx.ExecuteAsync($"{tx.Dialect.InsertIgnore} audit_chain (id, last_seq, last_hash, mac) VALUES (1, 0, @Beginning, @mac)", new { Beginning, mac = EndMac(0, Beginning) });
        var end = (await tx.FirstOrDefaultAsync<ChainEnd>("SELECT last_seq, last_hash, mac FROM audit_chain WHERE id = 1"))!;
        var rows = (await tx.QueryAsync<Entry>($"SELECT {Columns} FROM audit_entries WHERE chain_seq IS NULL ORDER BY position LIMIT {Batch}")).AsList();
        if (rows.Count == 0) return 0;
        var (seq, hash) = (end.LastSeq, end.LastHash);
        var links = rows.Select(row => new NewLink(row.Position, ++seq, hash = Link(hash, seq, row))).ToList();
        // The end first: who else links these rows waits here, and finds another end.
        await tx.ExecuteExpectingOneAsync(
            "UPDATE audit_chain SET last_seq = @seq, last_hash = @hash, mac = @mac WHERE id = 1 AND last_seq = @old", new { seq, hash, mac = EndMac(seq, hash), old = end.LastSeq });
        foreach (var some in links.Chunk(Together))
        {
            if (some.Length == Together) await tx.ExecuteLaterAsync(LinkTogether, new Dictionary<string, object?>(some.Index().SelectMany(one => one.Item.Values(one.Index))));
            else foreach (var link in some) await tx.ExecuteLaterAsync(LinkOne, link);
        }
        return rows.Count;
    }

    private const string LinkOne = "UPDATE audit_entries SET chain_seq = @Seq, hash = @Hash WHERE position = @Position AND chain_seq IS NULL";

    /// <summary>Links of <see cref="Together"/> rows in one statement, for busy times.</summary>
    private static readonly string LinkTogether = $"""
        UPDATE audit_entries SET chain_seq = CASE position {Each(" ", n => $"WHEN @p{n} THEN @s{n}")} END, hash = CASE position {Each(" ", n => $"WHEN @p{n} THEN @h{n}")} END
        WHERE position IN ({Each(", ", n => $"@p{n}")}) AND chain_seq IS NULL
        """;

    private static string Each(string separator, Func<int, string> text) => string.Join(separator, Enumerable.Range(0, Together).Select(text));

    private sealed record NewLink(long Position, long Seq, string Hash)
    {
        public KeyValuePair<string, object?>[] Values(int n) => [new($"p{n}", Position), new($"s{n}", Seq), new($"h{n}", Hash)];
    }

    /// <summary>Fields are length-prefixed, so that no two different rows read the same.</summary>
    private string Link(string previous, long seq, Entry row)
    {
        var text = new StringBuilder();
        foreach (var field in new[] { previous, $"{seq}", row.Id, $"{row.At.ToUnixTimeMilliseconds()}", row.ActorKind, row.ActorId, row.Action, row.SubjectKind, row.SubjectId, row.Detail ?? "" })
            text.Append(field.Length).Append(':').Append(field);
        return Convert.ToHexStringLower(HMACSHA256.HashData(key.Bytes, Encoding.UTF8.GetBytes(text.ToString())));
    }

    private string EndMac(long seq, string hash) => Convert.ToHexStringLower(HMACSHA256.HashData(key.Bytes, Encoding.UTF8.GetBytes($"end {seq} {hash}")));

    private sealed record ChainEnd
    {
        public long LastSeq { get; init; }
        public required string LastHash { get; init; }
        public required string Mac { get; init; }
    }

    private sealed record Entry
    {
        public long Position { get; init; }
        public required string Id { get; init; }
        public DateTimeOffset At { get; init; }
        public required string ActorKind { get; init; }
        public required string ActorId { get; init; }
        public required string Action { get; init; }
        public required string SubjectKind { get; init; }
        public required string SubjectId { get; init; }
        public string? Detail { get; init; }
        public long? ChainSeq { get; init; }
        public string? Hash { get; init; }
    }
}

/// <param name="Intact">Whether every link fits.</param>
/// <param name="Checked">Links that were seen to fit.</param>
/// <param name="Waiting">Rows written but not linked yet (normally those of the last second).</param>
/// <param name="Head"><c>seq:hash</c> of the last link, to be noted outside the system and given to the next verification; null when broken.</param>
/// <param name="Fault">What is wrong, for the auditor.</param>
public sealed record AuditVerification(bool Intact, long Checked, long Waiting, string? Head, string? Fault);
