using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Infrastructure.Hotline;

namespace MicroPlatform.Api.Hotline;

/// <summary>
/// 对账: a day's tickets as they stood at midnight, as JSON page by page, or whole as CSV for a spreadsheet (<c>Accept: text/csv</c>). The vendor sends its own
/// list and hears what each side lacks and where they differ.
/// </summary>
public static class Reconcile
{
    private const string Csv = "text/csv";
    private const int MaxPage = 500;

    public sealed record Counts(int Tickets, int Calls, int Events, int Satisfactions);

    /// <param name="Sha256">Of the body that was last accepted, as it was sent.</param>
    public sealed record Item(string TicketNo, HotlineTicketState Status, HotlineResult? Result, int Version, DateTimeOffset UpdatedAt, string Sha256)
    {
        internal static Item Of(DayItemRow r) => new(r.TicketNo, r.Status, r.Result, r.Version, r.UpdatedAt.InChina(), r.Sha256);
    }

    /// <param name="Sha256">Of the day's CSV before its last line: two lists with one hash are one list.</param>
    public sealed record Response(DateOnly Date, DateTimeOffset GeneratedAt, Counts Counts, string Sha256, IReadOnlyList<Item> Items, string? NextCursor);

    /// <summary>What the vendor has; what is absent is not compared.</summary>
    public sealed record TheirItem(
        [property: Required, MaxLength(HotlineContent.MaxTicketNo)] string? TicketNo, HotlineTicketState? Status, HotlineResult? Result, [property: Range(0, int.MaxValue)] int? Version, [property: MaxLength(64)] string? Sha256);

    public sealed record Request([property: Required, MaxLength(20_000)] IReadOnlyList<TheirItem>? Items);

    public sealed record Difference(string TicketNo, string Field, string? Ours, string? Theirs);

    /// <param name="MissingHere">In their list only.</param>
    /// <param name="MissingThere">In ours only.</param>
    public sealed record DiffResponse(DateOnly Date, bool Equal, IReadOnlyList<string> MissingHere, IReadOnlyList<string> MissingThere, IReadOnlyList<Difference> Different);

    public static async Task<IResult> GetAsync(string date, string? cursor, int? pageSize, CurrentPartner caller, HttpContext http, ReconciliationRepository books, Cursors cursors)
    {
        if (Day(date) is not { } day) return CommonRefusals.Invalid.At("date", "应为yyyy-MM-dd").ToResult();
        if (pageSize is < 1 or > MaxPage) return CommonRefusals.Invalid.At("pageSize", $"应为1到{MaxPage}").ToResult();
        if (await books.FindAsync(caller.AppId, day, http.RequestAborted) is not { } book) return HotlineRefusals.ReconciliationNotReady.ToResult();
        var all = await books.ItemsAsync(caller.AppId, day, "", null, http.RequestAborted);
        var lines = Lines(all);
        var sha = Convert.ToHexStringLower(SHA256.HashData(lines));
        if (http.Request.Headers.Accept.ToString().Contains(Csv, StringComparison.OrdinalIgnoreCase))
        {
            http.Response.Headers.ContentDisposition = $"attachment; filename=\"{caller.AppId}-{date}.csv\"";
            return Results.Bytes([.. lines, .. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"#TOTAL,{all.Count},{sha}\r\n"))], $"{Csv}; charset=utf-8");
        }
        var list = $"reconciliation-{caller.AppId}-{date}";
        var after = cursors.Read(list, cursor);
        if (after.IsRefused) return after.Refusal!.ToResult();
        var page = Paging.Of([.. all.SkipWhile(i => after.Value is not null && string.CompareOrdinal(i.TicketNo, after.Value) <= 0).Take((pageSize ?? MaxPage) + 1)], pageSize ?? MaxPage, Item.Of, r => cursors.Write(list, r.TicketNo));
        return Results.Json(PartnerAnswer<Response>.Ok(http, new Response(
            day, book.GeneratedAt.InChina(), new Counts(book.Tickets, book.Calls, book.Events, book.Satisfactions), sha, page.Items, page.NextCursor)), WireJson.Options);
    }

    public static async Task<IResult> CompareAsync(string date, Request request, CurrentPartner caller, HttpContext http, ReconciliationRepository books)
    {
        if (Day(date) is not { } day) return CommonRefusals.Invalid.At("date", "应为yyyy-MM-dd").ToResult();
        if (await books.FindAsync(caller.AppId, day, http.RequestAborted) is null) return HotlineRefusals.ReconciliationNotReady.ToResult();
        var ours = (await books.ItemsAsync(caller.AppId, day, "", null, http.RequestAborted)).ToDictionary(i => i.TicketNo, StringComparer.Ordinal);
        var theirs = new Dictionary<string, TheirItem>(StringComparer.Ordinal);
        foreach (var item in request.Items!)
        {
            if (item?.TicketNo is null) return CommonRefusals.Invalid.At("items", "不能为空").ToResult();
            if (!theirs.TryAdd(item.TicketNo, item)) return CommonRefusals.Invalid.At("items", $"工单号重复：{item.TicketNo}").ToResult();
        }
        var different = theirs.Where(t => ours.ContainsKey(t.Key)).SelectMany(t => Differences(ours[t.Key], t.Value)).OrderBy(d => d.TicketNo, StringComparer.Ordinal).ToList();
        string[] here = [.. theirs.Keys.Where(n => !ours.ContainsKey(n)).Order(StringComparer.Ordinal)], there = [.. ours.Keys.Where(n => !theirs.ContainsKey(n)).Order(StringComparer.Ordinal)];
        return Results.Json(PartnerAnswer<DiffResponse>.Ok(http, new DiffResponse(day, here.Length + there.Length + different.Count == 0, here, there, different)), WireJson.Options);
    }

    private static IEnumerable<Difference> Differences(DayItemRow ours, TheirItem theirs)
    {
        if (theirs.Status is { } status && status != ours.Status) yield return new(ours.TicketNo, "status", HotlineTicketWords.Of(ours.Status), HotlineTicketWords.Of(status));
        if (theirs.Result is { } result && result != ours.Result) yield return new(ours.TicketNo, "result", ours.Result is { } r ? HotlineTicketWords.Of(r) : null, HotlineTicketWords.Of(result));
        if (theirs.Version is { } version && version != ours.Version) yield return new(ours.TicketNo, "version", $"{ours.Version}", $"{version}");
        if (theirs.Sha256 is { Length: > 0 } sha && !sha.Equals(ours.Sha256, StringComparison.OrdinalIgnoreCase)) yield return new(ours.TicketNo, "sha256", ours.Sha256, sha);
    }

    /// <summary>UTF-8 with its mark, so that Excel reads it; CRLF; numbers of a vendor's own making cannot become formulas.</summary>
    private static byte[] Lines(IEnumerable<DayItemRow> items)
    {
        var text = new StringBuilder("\uFEFFticketNo,status,result,version,updatedAt,sha256\r\n");
        foreach (var i in items)
            text.Append(Cell(i.TicketNo)).Append(',').Append(HotlineTicketWords.Of(i.Status)).Append(',').Append(i.Result is { } r ? HotlineTicketWords.Of(r) : "").Append(',').Append(CultureInfo.InvariantCulture, $"{i.Version},{i.UpdatedAt.InChina():yyyy-MM-ddTHH:mm:ss.fffzzz},{i.Sha256}\r\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Cell(string value)
    {
        var safe = value[0] is '=' or '+' or '-' or '@' ? "'" + value : value;
        return safe.IndexOfAny([',', '"']) < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static DateOnly? Day(string date) => DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}

/// <summary>Makes the books of days that are over, from two in the morning on, and forgets those of ninety days ago.</summary>
public sealed class MakeReconciliationsJob(PartnerRepository partners, ReconciliationRepository books, TimeProvider time, ILogger<MakeReconciliationsJob> log) : IJob
{
    public async Task<int> RunOnceAsync(CancellationToken cancel)
    {
        var days = from partner in await partners.ListAsync(cancel)
                   from day in ReconciliationRepository.ReadyDays(time.GetUtcNow())
                   where day >= partner.CreatedAt.DateInChina()
                   select (partner.AppId, day);
        return await JobItems.EachAsync(days.ToList(), d => books.MakeAsync(d.AppId, d.day, cancel), log, cancel) + await books.SweepAsync(cancel);
    }
}
