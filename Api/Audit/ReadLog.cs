using System.Globalization;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Csv;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Audit;

/// <summary>
/// 谁查看了什么: which staff member read whose name, phone, identity number or address, and when; newest first. By the citizen, by the number of one of their matters,
/// by the reader, by period, or all of it. What was read is not shown: only that it was.
/// </summary>
public static class ReadLog
{
    private const string List = "read-log";

    /// <summary>Lines of a file. More than that is asked for by shorter periods.</summary>
    private const int MostExported = 10_000;

    /// <remarks>Properties and no constructor: for a nullable parameter of one the generator of request delegates writes what does not compile.</remarks>
    public sealed record Query
    {
        public string? CitizenId { get; init; }
        public string? Number { get; init; }
        public string? ReaderId { get; init; }
        public DateTimeOffset? From { get; init; }
        public DateTimeOffset? Until { get; init; }
    }

    /// <param name="Fields">What was read: name, phone, nationalId, address.</param>
    public sealed record Entry(DateTimeOffset At, string ReaderId, string? ReaderName, string CitizenId, IReadOnlyList<string> Fields);

    public static async Task<IResult> Handle([AsParameters] Query query, string? cursor, int? limit, HttpContext http, ReadLogQueries log, Cursors cursors)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var before = cursors.Read(List, cursor);
        if (before.IsRefused) return before.Refusal!.ToResult();
        var filter = await FilterAsync(query, log, http.RequestAborted);
        if (filter.IsRefused) return filter.Refusal!.ToResult();
        var rows = await log.ListAsync(filter.Value, before.Value is { } at ? Edge(at) : null, count.Value + 1, http.RequestAborted);
        return Results.Json(Paging.Of(rows, count.Value, Of, r => cursors.Write(List, $"{r.At.ToUnixTimeMilliseconds()} {r.Position}")), WireJson.Options);
    }

    /// <summary>The same as a file for a spreadsheet.</summary>
    public static async Task<IResult> ExportAsync([AsParameters] Query query, CurrentUser user, HttpContext http, ReadLogQueries log, Database database)
    {
        var filter = await FilterAsync(query, log, http.RequestAborted);
        if (filter.IsRefused) return filter.Refusal!.ToResult();
        var rows = await log.ListAsync(filter.Value, null, MostExported, http.RequestAborted);
        await database.WriteAlwaysAsync(async tx =>
        {
            await tx.AuditAsync(user.Actor, "audit.export_reads", "audit", "reads", $"{rows.Count} rows");
            return true;
        }, http.RequestAborted);
        return CsvFile.Write(http, "read-log.csv", ["时间", "查看人", "用户名", "查看人编号", "群众编号", "查看内容"],
            rows.Select(r => (IReadOnlyList<string?>)[CsvCells.Of(r.At), r.ReaderName, r.ReaderUsername, r.ReaderId, r.CitizenId, r.Fields]));
    }

    private static async Task<Outcome<ReadLogFilter>> FilterAsync(Query query, ReadLogQueries log, CancellationToken cancel)
    {
        var citizen = string.IsNullOrEmpty(query.CitizenId) ? null : query.CitizenId;
        if (citizen is not null && !Id.IsWellFormed(citizen)) return CommonRefusals.Invalid.At("citizenId", "群众编号不正确");
        if (!string.IsNullOrEmpty(query.ReaderId) && !Id.IsWellFormed(query.ReaderId)) return CommonRefusals.Invalid.At("readerId", "查看人编号不正确");
        if (!string.IsNullOrEmpty(query.Number))
        {
            if (citizen is not null) return CommonRefusals.Invalid.At("number", "不能与citizenId同时使用");
            if (MatterNumber.Parse(query.Number) is not { } number || await log.CitizenOfAsync(number, cancel) is not { } found) return CommonRefusals.Invalid.At("number", "没有这个受理编号");
            citizen = found;
        }
        return new ReadLogFilter(citizen, string.IsNullOrEmpty(query.ReaderId) ? null : query.ReaderId, query.From, query.Until);
    }

    private static (long At, long Position) Edge(string position)
    {
        var parts = position.Split(' ');
        return (long.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    private static Entry Of(ReadLogRow r) => new(r.At, r.ReaderId, r.ReaderName, r.CitizenId, (r.Fields ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries));
}
