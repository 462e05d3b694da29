using System.Globalization;
using Dapper;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Matters;

/// <summary>
/// Keeps <c>matter_terms</c>. It runs behind the matters by a second or two and costs those who open one nothing: what is not marked yet is found by id, from a little before the last one marked.
/// </summary>
public sealed class SearchIndex(Database database)
{
    private const int Batch = 100;

    /// <summary>A matter's id is made before its commit: so long before the last one marked there may be some that were not there to be seen.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(10);

    /// <summary>Marks what is not marked yet.</summary>
    /// <returns>How many matters were looked at.</returns>
    public async Task<int> CatchUpAsync(CancellationToken cancel)
    {
        var last = await database.ReadAsync(c => c.ExecuteScalarAsync<string?>("SELECT MAX(matter_id) FROM matter_terms WHERE term = @Seen", new { SearchTerms.Seen }), cancel);
        var (total, from) = (0, last is null ? "" : Id.Floor(Id.TimeOf(last) - Margin));
        while (true)
        {
            var rows = await NextAsync(from, cancel);
            if (rows.Count > 0) await database.WriteAlwaysAsync(tx => AddAsync(tx, rows), cancel);
            total += rows.Count;
            if (rows.Count < Batch) return total;
            // What lies before has been looked at in this run: in busy times to look again for each batch would take longer than the batch.
            from = rows[^1].Id;
        }
    }

    private Task<List<Row>> NextAsync(string from, CancellationToken cancel) => database.ReadAsync(async c =>
        (await c.QueryAsync<Row>("""
            SELECT m.id, m.title,
                   (SELECT substr(x.text, 1, 300) FROM consultations q JOIN messages x ON x.consultation_id = q.id WHERE q.matter_id = m.id AND x.seq = 1) AS question,
                   (SELECT MAX(substr(a.reason, 1, 300)) FROM appointments a WHERE a.matter_id = m.id) AS reason
            FROM matters m
            WHERE m.id > @from AND NOT EXISTS (SELECT 1 FROM matter_terms t WHERE t.term = @Seen AND t.matter_id = m.id)
            ORDER BY m.id LIMIT @Batch
            """, new { from, SearchTerms.Seen, Batch })).AsList(), cancel);

    private static async Task<int> AddAsync(UnitOfWork tx, List<Row> rows)
    {
        foreach (var row in rows)
        {
            var terms = SearchTerms.Of(row.Title).Concat(SearchTerms.Of(row.Question ?? "")).Concat(SearchTerms.Of(row.Reason ?? "")).Append(SearchTerms.Seen).Distinct();
            // Numbers, not parameters: some hundred of them for each matter.
            var values = string.Join(", ", terms.Select(t => string.Create(CultureInfo.InvariantCulture, $"({t}, @Id)")));
            await tx.ExecuteLaterAsync($"{tx.Dialect.InsertIgnore} matter_terms (term, matter_id) VALUES {values}", new { row.Id });
        }
        return rows.Count;
    }

    private sealed record Row
    {
        public required string Id { get; init; }
        public required string Title { get; init; }
        public string? Question { get; init; }
        public string? Reason { get; init; }
    }
}
