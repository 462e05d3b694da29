using System.Buffers.Binary;
using MicroPlatform.Domain.Materials;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>WebP (RFC 9649): keeps picture, transparency and colour profile. Moving pictures are not taken.</summary>
internal static class WebPCleaner
{
    private const byte HasExif = 0x08;
    private const byte HasXmp = 0x04;
    private const byte IsMoving = 0x02;

    public static CleanFile Inspect(Stream file, MaterialsOptions limits)
    {
        var source = new ByteSource(file) { Position = 4 };
        var end = source.U32Little() + 8L;
        if (end > file.Length) throw BadFileException.Damaged;
        source.Position = 12;
        var pieces = new List<Piece>();
        var (width, height, orientation, picture, extended) = (0, 0, 1, false, -1);
        byte[]? vp8x = null;
        while (source.Position + 8 <= end)
        {
            var begin = source.Position;
            var type = System.Text.Encoding.ASCII.GetString(source.Take(4));
            var length = source.U32Little();
            var next = source.Position + length + (length & 1);
            if (source.Position + length > end) throw BadFileException.Damaged;
            switch (type)
            {
                case "VP8X" when vp8x is null && length >= 10:
                    vp8x = source.Peek(10).ToArray();
                    if ((vp8x[0] & IsMoving) != 0) throw new BadFileException(MaterialRefusals.TypeUnsupported);
                    (width, height) = ((vp8x[4] | vp8x[5] << 8 | vp8x[6] << 16) + 1, (vp8x[7] | vp8x[8] << 8 | vp8x[9] << 16) + 1);
                    extended = pieces.Count;
                    break;
                case "VP8 " or "VP8L":
                    var (w, h) = Size(type, source.Peek((int)Math.Min(length, 10)));
                    Cleaning.CheckPixels(w, h, limits);
                    if (vp8x is null) (width, height) = (w, h);
                    picture = true;
                    pieces.Add(new Piece(begin, Math.Min(next, end) - begin));
                    break;
                case "ALPH" or "ICCP":
                    pieces.Add(new Piece(begin, Math.Min(next, end) - begin));
                    break;
                case "EXIF":
                    var tiff = source.PeekUpTo((int)Math.Min(length, 4096));
                    orientation = Exif.Orientation(tiff.StartsWith(Exif.Header) ? tiff[6..] : tiff);
                    break;
                case "ANIM" or "ANMF":
                    throw new BadFileException(MaterialRefusals.TypeUnsupported);
            }
            source.Position = Math.Min(next, end);
        }
        if (!picture) throw BadFileException.Damaged;
        Cleaning.CheckPixels(width, height, limits);
        source.Position = end;
        Cleaning.CheckTail(source);
        if (vp8x is not null)
        {
            vp8x[0] = (byte)(vp8x[0] & ~(HasExif | HasXmp) | (orientation > 1 ? HasExif : 0));
            pieces.Insert(extended, Piece.Of([.. "VP8X"u8, 10, 0, 0, 0, .. vp8x]));
            if (orientation > 1) pieces.Add(Piece.Of([.. "EXIF"u8, 26, 0, 0, 0, .. Exif.Only(orientation)]));
        }
        else orientation = 1;
        var riff = new byte[12];
        "RIFF"u8.CopyTo(riff);
        BinaryPrimitives.WriteUInt32LittleEndian(riff.AsSpan(4), (uint)(4 + pieces.Sum(p => p.Bytes)));
        "WEBP"u8.CopyTo(riff.AsSpan(8));
        pieces.Insert(0, Piece.Of(riff));
        var upright = Exif.Upright(width, height, orientation);
        return new CleanFile(MaterialType.WebP, upright.Width, upright.Height, null, target => Piece.Write(pieces, file, target));
    }

    private static (int Width, int Height) Size(string type, ReadOnlySpan<byte> head)
    {
        if (type == "VP8L")
        {
            if (head.Length < 5 || head[0] != 0x2F) throw BadFileException.Damaged;
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(head[1..]);
            return ((int)(bits & 0x3FFF) + 1, (int)(bits >> 14 & 0x3FFF) + 1);
        }
        if (head.Length < 10 || !head[3..].StartsWith((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A])) throw BadFileException.Damaged;
        return (BinaryPrimitives.ReadUInt16LittleEndian(head[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(head[8..]) & 0x3FFF);
    }
}
