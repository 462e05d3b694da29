using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Materials;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>
/// What happens to a file between its arrival and its row: what is it, is it whole, is it clean of viruses, of scripts and of what the person did not mean to
/// tell; a small picture; and into the store. All of it outside any transaction. What is kept and gets no row is swept.
/// </summary>
public sealed class MaterialIntake(Staging staging, IObjectStore store, PictureTool pictures, VirusScan scanner, IOptions<MaterialsOptions> options)
{
    /// <summary>Takes in a stream, at most as long as the largest file of any type.</summary>
    /// <exception cref="StoreException">This node's disk is full.</exception>
    internal async Task<Outcome<StagedFile>> ReceiveAsync(Stream body, CancellationToken cancel)
    {
        var staged = staging.New();
        try
        {
            if (await staged.FillAsync(body, options.Value.MaxBytes, cancel)) return staged;
            staged.Dispose();
            return MaterialRefusals.TooLarge;
        }
        catch
        {
            staged.Dispose();
            throw;
        }
    }

    /// <summary>Judges, cleans and keeps a file that has arrived.</summary>
    /// <param name="sha256">What the client says it is, hex; null when it says nothing.</param>
    internal async Task<Outcome<Kept>> KeepAsync(StagedFile arrived, string? sha256, CancellationToken cancel)
    {
        if (arrived.Bytes == 0) return MaterialRefusals.Empty;
        if (sha256 is not null && !string.Equals(sha256, arrived.Sha256, StringComparison.OrdinalIgnoreCase)) return MaterialRefusals.HashMismatch;
        await using var file = arrived.Open();
        if (Cleaning.TypeOf(file) is not { } type) return MaterialRefusals.TypeUnsupported;
        if (arrived.Bytes > MostOf(type)) return MaterialRefusals.TooLarge;
        var inspected = Cleaning.Inspect(file, type, options.Value);
        if (inspected.IsRefused) return inspected.Refusal!;
        ScanResult scan;
        await using (var again = arrived.Open()) scan = await scanner.ScanAsync(again, cancel);

        using var clean = staging.New();
        var written = Cleaning.Write(inspected.Value, clean);
        if (written.IsRefused) return written.Refusal!;
        using var small = staging.New();
        // What a scanner has found something in is not shown to a decoder, either.
        var (thumbnail, look) = scan == ScanResult.Infected ? (ThumbnailState.None, null) : await pictures.MakeAsync(clean.Open, type, small, patient: false, cancel);
        if (thumbnail == ThumbnailState.Failed && type.IsImage()) return MaterialRefusals.Damaged;
        var (width, height) = (inspected.Value.Width, inspected.Value.Height);
        var original = await PutAsync(clean, cancel);
        var kept = new Kept(type, original, clean.Bytes, clean.Sha256, arrived.Sha256, width, height, inspected.Value.Pages, look?.Hash, look?.Warnings(width!.Value, height!.Value) ?? [], scan,
            thumbnail, thumbnail == ThumbnailState.Done ? await PutAsync(small, cancel) : null);
        return kept;
    }

    /// <summary>A part of an upload, kept as it came.</summary>
    internal Task<NewObject> KeepPartAsync(StagedFile part, CancellationToken cancel) => PutAsync(part, cancel);

    /// <summary>A later try at the small picture.</summary>
    internal async Task<(ThumbnailState State, NewObject? Object, PictureLook? Look)> MakeThumbnailAsync(Func<Stream> open, MaterialType type, CancellationToken cancel)
    {
        using var small = staging.New();
        var (state, look) = await pictures.MakeAsync(open, type, small, patient: true, cancel);
        return (state, state == ThumbnailState.Done ? await PutAsync(small, cancel) : null, look);
    }

    private async Task<NewObject> PutAsync(StagedFile file, CancellationToken cancel)
    {
        file.Sync();
        var stored = new NewObject(file.Address, file.Bytes, file.Key);
        await store.PutAsync(file.Address, file.Path, cancel);
        return stored;
    }

    private long MostOf(MaterialType type) => type switch
    {
        MaterialType.Pdf or MaterialType.Docx => options.Value.MaxDocumentBytes,
        _ => type.IsImage() ? options.Value.MaxImageBytes : options.Value.MaxAudioBytes,
    };
}

/// <summary>Bytes that are in the store and have no row yet.</summary>
/// <param name="Bytes">Before sealing.</param>
internal sealed record NewObject(string Address, long Bytes, byte[] Key);

/// <summary>A file that was judged fit, cleaned and put into the store.</summary>
internal sealed record Kept(
    MaterialType Type, NewObject Original, long Bytes, string Sha256, string SentSha256, int? Width, int? Height, int? Pages, long? PictureHash, IReadOnlyList<PhotoWarning> Warnings, ScanResult Scan,
    ThumbnailState Thumbnail, NewObject? ThumbnailObject);
