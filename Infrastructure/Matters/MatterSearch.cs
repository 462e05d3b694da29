using System.Data.Common;
using System.Globalization;
using Dapper;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Matters;

/// <summary>What is looked for, and where the seeker may look; null: not narrowed by it.</summary>
/// <param name="CitizenIds">Whose matters; empty: nobody's.</param>
/// <param name="Terms">Pairs of characters, all of which must be there.</param>
/// <param name="Paths">Units with everything below them.</param>
/// <param name="SeekerId">What this person is responsible for is found wherever it lies.</param>
public sealed record MatterFilter(
    string? Number, IReadOnlyList<string>? CitizenIds, IReadOnlyList<long>? Terms, MatterStatus? Status, string? CategoryCode, DateTimeOffset? From, DateTimeOffset? Until,
    IReadOnlyList<string>? Paths, string? SeekerId);

/// <param name="Next">Where to go on; null when all has been looked at. A page may be short, or empty, and still have a next one.</param>
public sealed record MatterPage(IReadOnlyList<MatterRow> Items, string? Next);

/// <summary>
/// Finds matters, newest first, at a cost that does not grow with what is stored: the narrowest index is read backwards for a window of at most <see cref="Window"/> matters, and
/// everything else is judged within it. When the window ends before the page is full, the page ends there, too, and says where to go on.
/// </summary>
public sealed class MatterSearch(Database database)
{
    /// <summary>Matters looked at for one page.</summary>
    private const int Window = 2000;

    /// <summary>Units read by ranges of their own; more than that, and the newest matters of all are read instead.</summary>
    private const int MostRanges = 40;

    /// <summary>So many of a pair are counted to find the rarest.</summary>
    private const int MostCounted = 500;

    public Task<MatterPage> FindAsync(MatterFilter filter, string? before, int limit, CancellationToken cancel) => database.ReadAsync(async c =>
    {
        var args = new DynamicParameters(new { filter.Number, filter.SeekerId, status = filter.Status?.ToString(), filter.CategoryCode, filter.From, filter.Until });
        var span = Span(filter, before, args);
        var ranges = await RangesAsync(c, filter, span, args);
        if (ranges.Count == 0) return new MatterPage([], null);
        var window = Math.Max(Window / ranges.Count, limit + 1);
        args.Add("window", window);
        var seen = (await c.QueryAsync<Seen>($"""
            SELECT r.part, m.id, CASE WHEN {Condition(filter, args)} THEN 1 ELSE 0 END AS hit
            FROM ({string.Join(" UNION ALL ", ranges.Index().Select(r => $"SELECT {r.Index} AS part, id FROM ({r.Item} ORDER BY id DESC LIMIT @window) b{r.Index}"))}) r
            JOIN matters m ON m.id = r.id JOIN organisations o ON o.id = m.organisation_id
            """, args)).AsList();

        // Of a range that was not read to its end nothing is known below its last; so nothing is said of what lies below, in any.
        var floor = seen.GroupBy(s => s.Part).Where(g => g.Count() == window).Select(g => g.Select(s => s.Id).Min(StringComparer.Ordinal)).Max(StringComparer.Ordinal);
        var hits = seen.Where(s => s.Hit && (floor is null || string.CompareOrdinal(s.Id, floor) >= 0)).Select(s => s.Id).Distinct().OrderDescending(StringComparer.Ordinal).Take(limit + 1).ToList();
        var next = hits.Count > limit ? hits[limit - 1] : floor;
        var ids = hits.Take(limit).ToList();
        if (ids.Count == 0) return new MatterPage([], next);
        var rows = await c.QueryAsync<MatterRow>($"SELECT {MatterQueries.Columns} FROM matters m {MatterQueries.Joins} WHERE m.id IN @ids", new { ids });
        return new MatterPage([.. rows.OrderByDescending(r => r.Id, StringComparer.Ordinal)], next);
    }, cancel);

    /// <summary>Ids carry the time, so a span of days is a span of ids; a minute more, as the id is made a moment after the instant that is kept.</summary>
    private static string Span(MatterFilter filter, string? before, DynamicParameters args)
    {
        args.Add("before", before);
        args.Add("floor", filter.From is { } from ? Id.Floor(from) : null);
        args.Add("ceiling", filter.Until is { } until ? Id.Floor(until.AddMinutes(1)) : null);
        return $"{(before is null ? "" : " AND {id} < @before")}{(filter.From is null ? "" : " AND {id} >= @floor")}{(filter.Until is null ? "" : " AND {id} < @ceiling")}";
    }

    /// <summary>Ranges of one index that hold everything looked for.</summary>
    private async Task<IReadOnlyList<string>> RangesAsync(DbConnection c, MatterFilter filter, string span, DynamicParameters args)
    {
        string Of(string condition, string? index) =>
            $"SELECT id FROM matters {(index is null ? "" : database.Dialect.UseIndex(index))} WHERE {condition}{span.Replace("{id}", "id", StringComparison.Ordinal)}";

        if (filter.Number is not null) return [Of("number = @Number", null)];
        if (filter.CitizenIds is { } citizens) return Each(citizens, "c", n => Of($"citizen_id = @{n}", "ix_matters_citizen"), args);
        if (filter.Terms is { Count: > 0 } terms)
        {
            var rarest = await RarestAsync(c, terms);
            var others = terms.Where(t => t != rarest).Select(t => string.Create(
                CultureInfo.InvariantCulture, $" AND EXISTS (SELECT 1 FROM matter_terms x{t} WHERE x{t}.term = {t} AND x{t}.matter_id = t.matter_id)"));
            return [string.Create(CultureInfo.InvariantCulture,
                $"SELECT id FROM (SELECT t.matter_id AS id FROM matter_terms t WHERE t.term = {rarest}{span.Replace("{id}", "t.matter_id", StringComparison.Ordinal)}{string.Concat(others)}) s WHERE 1 = 1")];
        }
        if (filter.Paths is { } paths)
        {
            var units = new List<string>();
            foreach (var path in paths)
                units.AddRange(await c.QueryAsync<string>("SELECT id FROM organisations WHERE path LIKE @below LIMIT @most", new { below = path + "%", most = MostRanges + 1 }));
            if (units.Distinct().Count() <= MostRanges) return Each([.. units.Distinct()], "u", n => Of($"organisation_id = @{n}", "ix_matters_unit"), args);
        }
        return [Of("id > ''", null)];
    }

    private static IReadOnlyList<string> Each(IReadOnlyList<string> values, string prefix, Func<string, string> range, DynamicParameters args)
    {
        foreach (var (n, value) in values.Index()) args.Add($"{prefix}{n}", value);
        return [.. values.Select((_, n) => range($"{prefix}{n}"))];
    }

    private static async Task<long> RarestAsync(DbConnection c, IReadOnlyList<long> terms)
    {
        var (rarest, least) = (terms[0], long.MaxValue);
        foreach (var term in terms)
        {
            var count = await c.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM (SELECT 1 AS one FROM matter_terms WHERE term = @term LIMIT @MostCounted) x", new { term, MostCounted });
            if (count < least) (rarest, least) = (term, count);
            if (least == 0) break;
        }
        return rarest;
    }

    private static string Condition(MatterFilter filter, DynamicParameters args)
    {
        var all = new List<string> { "1 = 1" };
        if (filter.Status is not null) all.Add("m.status = @status");
        if (filter.CategoryCode is not null) all.Add("(m.category_code = @CategoryCode OR substr(m.category_code, 1, 2) = @CategoryCode)");
        if (filter.From is not null) all.Add("m.opened_at >= @From");
        if (filter.Until is not null) all.Add("m.opened_at < @Until");
        // Whoever has deleted their account is not found by their words.
        if (filter.Terms is not null) all.Add("NOT EXISTS (SELECT 1 FROM citizens z WHERE z.id = m.citizen_id AND z.restricted_at IS NOT NULL)");
        if (filter.Paths is { } paths)
        {
            foreach (var (n, path) in paths.Index()) args.Add($"p{n}", path + "%");
            var places = paths.Select((_, n) => $"o.path LIKE @p{n}").ToList();
            if (filter.SeekerId is not null) places.Add("m.handler_id = @SeekerId");
            all.Add(places.Count == 0 ? "1 = 0" : $"({string.Join(" OR ", places)})");
        }
        return string.Join(" AND ", all);
    }

    private sealed record Seen
    {
        public required long Part { get; init; }
        public required string Id { get; init; }
        public required bool Hit { get; init; }
    }
}
