namespace MicroPlatform.Domain.Materials;

/// <summary>What a file is. Decided by its content, never by its name or by what the client says.</summary>
public enum MaterialType
{
    Jpeg,
    Png,
    Heic,
    WebP,
    Pdf,
    Docx,
    Mp3,
    /// <summary>AAC or ALAC in an MPEG-4 file: what WeChat's recorder and iPhones write.</summary>
    M4a,
    Wav,
    Amr,
}

public static class MaterialTypes
{
    public static string Label(this MaterialType type) => type switch
    {
        MaterialType.Jpeg => "JPEG图片",
        MaterialType.Png => "PNG图片",
        MaterialType.Heic => "HEIC图片",
        MaterialType.WebP => "WebP图片",
        MaterialType.Pdf => "PDF文档",
        MaterialType.Docx => "Word文档",
        MaterialType.Mp3 => "MP3录音",
        MaterialType.M4a => "M4A录音",
        MaterialType.Wav => "WAV录音",
        MaterialType.Amr => "AMR录音",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>The one content type that is ever sent for it.</summary>
    public static string ContentType(this MaterialType type) => type switch
    {
        MaterialType.Jpeg => "image/jpeg",
        MaterialType.Png => "image/png",
        MaterialType.Heic => "image/heic",
        MaterialType.WebP => "image/webp",
        MaterialType.Pdf => "application/pdf",
        MaterialType.Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        MaterialType.Mp3 => "audio/mpeg",
        MaterialType.M4a => "audio/mp4",
        MaterialType.Wav => "audio/wav",
        MaterialType.Amr => "audio/amr",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>With it a download is named: <c>wx.openDocument</c> goes by the extension (R17).</summary>
    public static string Extension(this MaterialType type) => type switch
    {
        MaterialType.Jpeg => ".jpg",
        _ => "." + type.ToString().ToLowerInvariant(),
    };

    public static bool IsImage(this MaterialType type) => type is MaterialType.Jpeg or MaterialType.Png or MaterialType.Heic or MaterialType.WebP;

    /// <summary>Whether there is something to see of it as a small picture.</summary>
    public static bool HasThumbnail(this MaterialType type) => type.IsImage() || type == MaterialType.Pdf;
}
