using MicroPlatform.Domain.Materials;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>
/// JPEG (ITU-T T.81): keeps frame, tables and scans as they are, so the pixels do not change; of the application segments only JFIF, colour profile and
/// Adobe's, and from Exif the orientation. Whatever follows the end of the picture is cut off.
/// </summary>
internal static class JpegCleaner
{
    /// <summary>Scans of a progressive picture; real ones have about ten, and each costs the decoder a pass.</summary>
    private const int MaxScans = 100;

    public static CleanFile Inspect(Stream file, MaterialsOptions limits)
    {
        var (pieces, width, height) = Clean(file, 0, file.Length, limits, requireTailClean: true);
        return new CleanFile(MaterialType.Jpeg, width, height, null, target => Piece.Write(pieces, file, target));
    }

    /// <summary>Also used for pictures inside documents.</summary>
    public static (List<Piece> Pieces, int Width, int Height) Clean(Stream file, long from, long until, MaterialsOptions limits, bool requireTailClean)
    {
        var source = new ByteSource(file) { Position = from };
        var pieces = new List<Piece>();
        var (width, height, scans, orientation) = (0, 0, 0, 1);
        if (source.U16() != 0xFFD8) throw BadFileException.Damaged;
        pieces.Add(new Piece(from, 2));
        while (source.Position < until)
        {
            var begin = source.Position;
            if (source.Read() != 0xFF) throw BadFileException.Damaged;
            int marker;
            while ((marker = source.Read()) == 0xFF) begin++;
            if (marker == 0xD9)
            {
                if (scans == 0 || width == 0) throw BadFileException.Damaged;
                pieces.Add(new Piece(begin, 2));
                if (requireTailClean) Cleaning.CheckTail(source);
                if (orientation > 1) pieces.Insert(1, Piece.Of([0xFF, 0xE1, 0, 34, .. Exif.Header, .. Exif.Only(orientation)]));
                var upright = Exif.Upright(width, height, orientation);
                return (pieces, upright.Width, upright.Height);
            }
            if (marker is 0 or 0x01 or -1 or (>= 0xD0 and <= 0xD8)) throw BadFileException.Damaged;
            var length = source.U16();
            if (length < 2) throw BadFileException.Damaged;
            var next = source.Position + length - 2;
            if (next > until) throw BadFileException.Damaged;
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                source.Position++;
                (height, width) = (source.U16(), source.U16());
                Cleaning.CheckPixels(width, height, limits);
            }
            if (marker == 0xE1 && length > 8 && source.PeekUpTo(6).SequenceEqual(Exif.Header))
            {
                source.Position += 6;
                orientation = Exif.Orientation(source.PeekUpTo((int)Math.Min(length - 8, 4096)));
            }
            source.Position = begin + 4;
            if (marker == 0xE0 && length >= 16 && source.PeekUpTo(5).SequenceEqual("JFIF\0"u8))
                // Without the small picture that some write into it.
                pieces.Insert(1, Piece.Of([0xFF, 0xE0, 0, 16, .. source.Peek(12)[..12], 0, 0]));
            else if (IsKept(marker, source)) pieces.Add(new Piece(begin, next - begin));
            source.Position = next;
            if (marker != 0xDA) continue;
            if (++scans > MaxScans) throw new BadFileException(MaterialRefusals.TooMuchInside);
            SkipScan(source, until);
            pieces.Add(new Piece(next, source.Position - next));
        }
        throw BadFileException.Damaged;
    }

    private static bool IsKept(int marker, ByteSource source) => marker switch
    {
        0xE2 => source.PeekUpTo(12).SequenceEqual("ICC_PROFILE\0"u8),
        0xEE => source.PeekUpTo(5).SequenceEqual("Adobe"u8),
        >= 0xE0 and <= 0xEF or 0xFE => false,
        _ => true,
    };

    /// <summary>To the next marker: FF00 is a byte of data and FFD0 to FFD7 divide it.</summary>
    private static void SkipScan(ByteSource source, long until)
    {
        while (source.Find(0xFF) && source.Position + 1 < until)
        {
            var second = source.Peek(2)[1];
            if (second is not (0 or (>= 0xD0 and <= 0xD7)))
            {
                if (second != 0xFF) return;
                source.Position++;
                continue;
            }
            source.Position += 2;
        }
        throw BadFileException.Damaged;
    }
}
