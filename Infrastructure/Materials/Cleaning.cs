using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Materials;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>What a file is, and how it is written again without what nobody may keep: position, device, author, scripts, whatever hides behind its end.</summary>
/// <param name="Width">Upright, as it is shown.</param>
/// <param name="Write">Writes it; may find more to refuse on the way.</param>
internal sealed record CleanFile(MaterialType Type, int? Width, int? Height, int? Pages, Action<Stream> Write);

/// <summary>
/// Decides by content what a file is and takes it apart. Limits are judged from headers, before anything is decoded or unpacked; the output is put together
/// anew from the parts that are known, so what is not known does not get through.
/// </summary>
internal static class Cleaning
{
    /// <summary>Beginnings of what may hide behind the end of a picture or sound.</summary>
    private static readonly byte[][] Hidden = [[.. "PK\x03\x04"u8], [.. "%PDF-"u8], [.. "<html"u8], [.. "<HTML"u8], [.. "<script"u8], [.. "<?php"u8], [.. "<svg"u8], [.. "MZ\x90\0"u8], [0x7F, .. "ELF"u8], [.. "Rar!"u8]];

    public static MaterialType? TypeOf(Stream file)
    {
        Span<byte> head = stackalloc byte[32];
        file.Position = 0;
        var count = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        head = head[..count];
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])) return MaterialType.Jpeg;
        if (head.StartsWith(PngCleaner.Signature)) return MaterialType.Png;
        if (head.Length >= 12 && head.StartsWith("RIFF"u8)) return head[8..].StartsWith("WEBP"u8) ? MaterialType.WebP : head[8..].StartsWith("WAVE"u8) ? MaterialType.Wav : null;
        if (head.StartsWith("%PDF-"u8)) return MaterialType.Pdf;
        if (head.StartsWith("PK\x03\x04"u8)) return MaterialType.Docx;
        if (head.StartsWith("#!AMR"u8)) return MaterialType.Amr;
        if (head.StartsWith("ID3"u8) || (head.Length > 2 && head[0] == 0xFF && (head[1] & 0xE6) == 0xE2)) return MaterialType.Mp3;
        return head.Length >= 12 && head[4..].StartsWith("ftyp"u8) ? IsoCleaner.TypeOf(file) : null;
    }

    /// <param name="file">Seekable; read several times.</param>
    public static Outcome<CleanFile> Inspect(Stream file, MaterialType type, MaterialsOptions limits)
    {
        try
        {
            return type switch
            {
                MaterialType.Jpeg => JpegCleaner.Inspect(file, limits),
                MaterialType.Png => PngCleaner.Inspect(file, limits),
                MaterialType.WebP => WebPCleaner.Inspect(file, limits),
                MaterialType.Heic => IsoCleaner.InspectHeic(file, limits),
                MaterialType.M4a => IsoCleaner.InspectM4a(file),
                MaterialType.Pdf => PdfCleaner.Inspect(file, limits),
                MaterialType.Docx => DocxCleaner.Inspect(file, limits),
                MaterialType.Mp3 => AudioCleaner.InspectMp3(file),
                MaterialType.Wav => AudioCleaner.InspectWav(file),
                _ => AudioCleaner.InspectAmr(file),
            };
        }
        catch (BadFileException e)
        {
            return e.Refusal;
        }
    }

    /// <summary>Writes it, with what is found on the way.</summary>
    public static Outcome<Done> Write(CleanFile clean, StagedFile target)
    {
        try
        {
            target.Write(clean.Write);
            return Done.It;
        }
        catch (BadFileException e)
        {
            return e.Refusal;
        }
    }

    public static void CheckPixels(long width, long height, MaterialsOptions limits)
    {
        if (width <= 0 || height <= 0) throw BadFileException.Damaged;
        // Divided and not multiplied: two sides of 32 bits would overflow into something small.
        if (width > limits.MaxPixels / height) throw new BadFileException(MaterialRefusals.TooMuchInside);
    }

    /// <summary>What stands behind the end is cut off anyway; that somebody hid another file there is no accident.</summary>
    public static void CheckTail(ByteSource source)
    {
        var end = source.Position;
        foreach (var beginning in Hidden)
        {
            source.Position = end;
            if (source.Find(beginning)) throw new BadFileException(MaterialRefusals.ActiveContent);
        }
        source.Position = end;
    }
}
