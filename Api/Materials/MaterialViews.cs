using MicroPlatform.Domain.Materials;
using MicroPlatform.Infrastructure.Materials;

namespace MicroPlatform.Api.Materials;

/// <summary>A material with its newest version, as its owner sees it.</summary>
/// <param name="ItemCode">The item of a checklist it was uploaded for.</param>
/// <param name="VersionNumber">1, 2, 3 …</param>
/// <param name="Bytes">After cleaning: position, device and the like are gone.</param>
/// <param name="Sha256">Of what is stored, hex; another one than of what was sent.</param>
/// <param name="Width">Pixels, upright; null where there are none.</param>
/// <param name="Warnings">Hints of the photo coach; nothing is refused for them.</param>
/// <param name="HasThumbnail">Whether a link to the small picture can be had now.</param>
/// <param name="Uses">Matters it is on. Only what is on none can be deleted.</param>
public sealed record MaterialView(
    string Id, string Name, string? ItemCode, MaterialState State, string StateText, int VersionNumber, MaterialType Type, string TypeText, string ContentType, long Bytes, string Sha256,
    int? Width, int? Height, int? Pages, IReadOnlyList<WarningView> Warnings, ScanResult Scan, string ScanText, ThumbnailState Thumbnail, bool HasThumbnail, bool ConcernsMinor, int Uses,
    DateTimeOffset CreatedAt, DateTimeOffset UploadedAt)
{
    public static MaterialView Of(MaterialRow m) => new(
        m.Id, m.Name, m.ItemCode, m.State, m.State.Label(), m.Number, m.Type, m.Type.Label(), m.Type.ContentType(), m.Bytes, m.Sha256, m.Width, m.Height, m.Pages, WarningView.Of(m.Warnings),
        m.Scan, m.Scan.Label(), m.Thumbnail, m.Thumbnail == ThumbnailState.Done, m.ConcernsMinor, m.Uses, m.CreatedAt, m.UploadedAt);
}

/// <param name="Text">Chinese, to be shown.</param>
public sealed record WarningView(PhotoWarning Code, string Text)
{
    public static IReadOnlyList<WarningView> Of(string stored) =>
        [.. stored.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<PhotoWarning>).Select(w => new WarningView(w, w.Label()))];
}

/// <param name="Versions">Newest first.</param>
public sealed record MaterialDetailView(MaterialView Material, IReadOnlyList<VersionView> Versions);

public sealed record VersionView(int Number, MaterialType Type, long Bytes, int? Width, int? Height, int? Pages, IReadOnlyList<WarningView> Warnings, ThumbnailState Thumbnail, DateTimeOffset UploadedAt)
{
    public static VersionView Of(MaterialRow v) => new(v.Number, v.Type, v.Bytes, v.Width, v.Height, v.Pages, WarningView.Of(v.Warnings), v.Thumbnail, v.UploadedAt);
}

/// <summary>A material that a message carries. Its bytes come by a link.</summary>
public sealed record AttachmentView(string MaterialId, int VersionNumber, string Name, MaterialState State, MaterialType Type, string TypeText, long Bytes, int? Width, int? Height, bool HasThumbnail, bool ConcernsMinor)
{
    public static AttachmentView Of(AttachmentRow a) => new(
        a.MaterialId, a.MaterialVersion, a.Name, a.State, a.Type, a.Type.Label(), a.Bytes, a.Width, a.Height, a.Thumbnail == ThumbnailState.Done && a.State == MaterialState.Ready, a.ConcernsMinor);
}

/// <summary>An upload in parts.</summary>
/// <param name="PartBytes">Length of every part but the last.</param>
/// <param name="Received">Numbers of the parts that are there, in order; the others are to be sent.</param>
/// <param name="ReceivedBytes">For a progress bar.</param>
/// <param name="MaterialId">What has come of it; null until it is complete.</param>
public sealed record UploadView(
    string Id, UploadState State, string StateText, string Name, long Bytes, int PartBytes, int Parts, IReadOnlyList<int> Received, long ReceivedBytes, DateTimeOffset ExpiresAt, string? MaterialId)
{
    public static UploadView Of(Upload u, IReadOnlyList<PartRow> parts) => new(
        u.Id, u.State, u.State.Label(), u.Name, u.Bytes, Upload.PartBytes, u.Parts, [.. parts.Select(p => p.Number)],
        u.State == UploadState.Completed ? u.Bytes : parts.Sum(p => (long)u.BytesOf(p.Number)), u.ExpiresAt, u.MaterialId);
}

/// <summary>Shows that a material was destroyed, and nothing of what it was.</summary>
/// <param name="Mac">Made with a key of the platform: shown to the office, it proves that this paper is genuine.</param>
public sealed record ErasureView(string MaterialId, ErasureReason Reason, string ReasonText, DateTimeOffset ErasedAt, IReadOnlyList<ErasedVersion> Versions, string Mac, bool Genuine)
{
    public static ErasureView Of(ErasureRow e, Erasures erasures) => new(e.MaterialId, e.Reason, e.Reason.Label(), e.ErasedAt, e.Versions, e.Mac, erasures.IsGenuine(e));
}

/// <param name="Path">To be put behind the platform's address; needs no header, so it fits an image's <c>src</c>.</param>
public sealed record LinkView(string Id, string Path, string ContentType, long Bytes, DateTimeOffset ExpiresAt);
