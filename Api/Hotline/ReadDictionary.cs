using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Hotline;

namespace MicroPlatform.Api.Hotline;

/// <summary>字典: our codes with the partner's own beside them, where an administrator has mapped them. A code of ours may always be sent as it is.</summary>
public static class ReadDictionary
{
    private const string Statuses = "statuses";

    /// <param name="ExternalCodes">The partner's codes for it.</param>
    public sealed record Item(string Code, string? ParentCode, string Name, IReadOnlyList<string> ExternalCodes);

    public sealed record Response(string Name, IReadOnlyList<Item> Items);

    public static async Task<IResult> Handle(string name, CurrentPartner caller, HttpContext http, MappingRepository mappings)
    {
        if (name == Statuses)
            return Results.Json(PartnerAnswer<Response>.Ok(http, new Response(name, [.. Enum.GetValues<HotlineTicketState>().Select(s => new Item(HotlineTicketWords.Of(s), null, s.Label(), []))])), WireJson.Options);
        if (!MappingRepository.Dictionaries.Contains(name)) return CommonRefusals.NotFound.ToResult();
        var mapped = (await mappings.ListAsync(caller.AppId, name, http.RequestAborted)).ToLookup(m => m.InternalCode, m => m.ExternalCode, StringComparer.Ordinal);
        var own = await mappings.OwnAsync(name, http.RequestAborted);
        return Results.Json(PartnerAnswer<Response>.Ok(http, new Response(name, [.. own.Select(d => new Item(d.Code, d.ParentCode, d.Name, [.. mapped[d.Code]]))])), WireJson.Options);
    }
}

/// <summary>What a partner's codes mean here; the whole list of a dictionary at once.</summary>
public static class WriteMapping
{
    public const int MostEntries = 2000;

    public sealed record Entry([property: Required, MaxLength(HotlineContent.MaxCode)] string? ExternalCode, [property: Required, MaxLength(HotlineContent.MaxCode)] string? InternalCode);

    public sealed record Request([property: Required, MaxLength(MostEntries)] IReadOnlyList<Entry>? Items);

    public sealed record Response(string AppId, string Dictionary, IReadOnlyList<Entry> Items);

    public static async Task<IResult> GetAsync(string appId, string dictionary, HttpContext http, PartnerRepository partners, MappingRepository mappings)
    {
        if (!MappingRepository.Dictionaries.Contains(dictionary) || await partners.FindAsync(appId, http.RequestAborted) is null) return CommonRefusals.NotFound.ToResult();
        var rows = await mappings.ListAsync(appId, dictionary, http.RequestAborted);
        return Results.Json(new Response(appId, dictionary, [.. rows.Select(r => new Entry(r.ExternalCode, r.InternalCode))]), WireJson.Options);
    }

    public static Task<IResult> PutAsync(string appId, string dictionary, Request request, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, PartnerRepository partners) =>
        runs.RunAsync<Response>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            if (!MappingRepository.Dictionaries.Contains(dictionary) || await partners.FindAsync(tx, appId) is null) return CommonRefusals.NotFound;
            var rows = new Dictionary<string, MappingRow>(StringComparer.Ordinal);
            foreach (var (i, entry) in request.Items!.Index())
            {
                // A list may hold null: its elements are not looked at by the framework.
                if (entry?.InternalCode is null) return CommonRefusals.Invalid.At($"items[{i}]", "不能为空");
                var code = Text.Clean(entry.ExternalCode, $"items[{i}].externalCode", HotlineContent.MaxCode);
                if (code.IsRefused) return code.Refusal!;
                if (!await MappingRepository.ExistsAsync(tx, dictionary, entry.InternalCode)) return CommonRefusals.Invalid.At($"items[{i}].internalCode", "没有这个代码");
                if (!rows.TryAdd(code.Value, new MappingRow { ExternalCode = code.Value, InternalCode = entry.InternalCode! })) return CommonRefusals.Invalid.At($"items[{i}].externalCode", "重复");
            }
            await MappingRepository.ReplaceAsync(tx, appId, dictionary, rows.Values);
            await tx.AuditAsync(user.Actor, "hotline.map", "partner", appId, $"{dictionary} {rows.Count}");
            return new Response(appId, dictionary, [.. rows.Values.Select(r => new Entry(r.ExternalCode, r.InternalCode))]);
        });
}

/// <summary>States as they stand on the wire.</summary>
internal static class HotlineTicketWords
{
    public static string Of<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
