using MicroPlatform.Api.Http;
using MicroPlatform.Infrastructure.Materials;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Materials;

/// <summary>What is stored and where, what waits, and the limits and times in force (set in section <c>Materials</c> of the configuration).</summary>
public static class ReadMaterialFigures
{
    /// <param name="ByPurpose">Originals, thumbnails, parts of uploads: everything in the store that a row knows.</param>
    /// <param name="ThumbnailTool">Whether small pictures can be made on this node.</param>
    public sealed record Response(
        string Store, IReadOnlyList<Figure> ByPurpose, IReadOnlyList<Figure> ByType, long Ready, long Quarantined, long Erased, long NotScanned, long ThumbnailsPending, long UploadsOpen,
        bool ScannerOn, bool ThumbnailTool, Limits Limits);

    public sealed record Figure(string What, long Count, long Bytes);

    /// <param name="RetainDays">After the last matter has ended.</param>
    public sealed record Limits(
        long MaxImageBytes, long MaxDocumentBytes, long MaxAudioBytes, long MaxPixels, int MaxPages, long QuotaBytes, int QuotaMaterials, int UnusedDays, int RetainDays, int ReuseDays, int LinkMinutes);

    public static async Task<IResult> Handle(HttpContext http, MaterialQueries queries, IObjectStore store, VirusScan scanner, PictureTool pictures, IOptions<MaterialsOptions> options)
    {
        var f = await queries.FiguresAsync(http.RequestAborted);
        var o = options.Value;
        return Results.Json(new Response(
            store.Name, [.. f.ByPurpose.Select(FigureOf)], [.. f.ByType.Select(FigureOf)], f.Ready, f.Quarantined, f.Erased, f.NotScanned, f.ThumbnailsPending, f.UploadsOpen, scanner.IsOn, pictures.IsThere,
            new Limits(o.MaxImageBytes, o.MaxDocumentBytes, o.MaxAudioBytes, o.MaxPixels, o.MaxPages, o.QuotaBytes, o.QuotaMaterials, (int)o.UnusedFor.TotalDays, (int)o.RetainFor.TotalDays, (int)o.ReuseFor.TotalDays,
                (int)o.LinkFor.TotalMinutes)), WireJson.Options);
    }

    private static Figure FigureOf(FigureRow row) => new(row.What, row.N, row.Bytes);
}
