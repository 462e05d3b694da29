namespace MicroPlatform.Domain.Materials;

/// <summary>One upload of a material. Never changes but for what comes later: a scan, a thumbnail.</summary>
/// <param name="Number">1, 2, 3 …</param>
/// <param name="ObjectId">The stored bytes.</param>
/// <param name="Bytes">Length of what is stored, after cleaning.</param>
/// <param name="Sha256">Of what is stored, hex.</param>
/// <param name="SentSha256">Of what the client sent, hex: a client that asks "is it there already" knows only this.</param>
/// <param name="Width">Pixels, upright; null where there are none.</param>
/// <param name="Pages">Of a PDF; null elsewhere.</param>
/// <param name="PictureHash">Perceptual hash (64-bit dHash), for finding near duplicates; null where there is no picture.</param>
public sealed record MaterialVersion(
    int Number, string ObjectId, MaterialType Type, long Bytes, string Sha256, string SentSha256, int? Width, int? Height, int? Pages, long? PictureHash,
    IReadOnlyList<PhotoWarning> Warnings, ScanResult Scan, ThumbnailState Thumbnail, string? ThumbnailObjectId, DateTimeOffset UploadedAt)
{
    /// <summary>Differing bits of 64 up to which two pictures count as the same one.</summary>
    public const int NearDuplicate = 6;

    public static bool LooksLike(long one, long other) => System.Numerics.BitOperations.PopCount((ulong)(one ^ other)) <= NearDuplicate;
}
