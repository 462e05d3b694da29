using System.Buffers.Binary;
using System.IO.Hashing;
using MicroPlatform.Domain.Materials;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>PNG (RFC 2083, ISO 15948): keeps what makes the picture and drops texts, times and whatever else; of eXIf only which way is up.</summary>
internal static class PngCleaner
{
    public static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    private static readonly HashSet<string> Kept = new(StringComparer.Ordinal) { "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "iCCP", "sRGB", "cICP", "sBIT", "bKGD", "pHYs" };

    public static CleanFile Inspect(Stream file, MaterialsOptions limits)
    {
        var (pieces, width, height) = Clean(file, limits, requireTailClean: true);
        return new CleanFile(MaterialType.Png, width, height, null, target => Piece.Write(pieces, file, target));
    }

    public static (List<Piece> Pieces, int Width, int Height) Clean(Stream file, MaterialsOptions limits, bool requireTailClean)
    {
        var source = new ByteSource(file) { Position = 8 };
        var pieces = new List<Piece> { new(0, 8) };
        var (width, height, orientation, data) = (0u, 0u, 1, false);
        while (true)
        {
            var begin = source.Position;
            var length = source.U32();
            if (length > int.MaxValue) throw BadFileException.Damaged;
            var type = System.Text.Encoding.ASCII.GetString(source.Peek(4));
            if (begin == 8 && type != "IHDR") throw BadFileException.Damaged;
            if (type == "IHDR")
            {
                if (begin != 8 || length != 13) throw BadFileException.Damaged;
                var header = source.Peek(12);
                (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(header[4..]), BinaryPrimitives.ReadUInt32BigEndian(header[8..]));
                Cleaning.CheckPixels(width, height, limits);
            }
            if (type == "eXIf" && length <= 64 * 1024 && source.Length - source.Position > 4) orientation = Exif.Orientation(source.PeekUpTo((int)Math.Min(length + 4, 4096))[4..]);
            CheckCrc(source, length);
            data |= type == "IDAT";
            if (Kept.Contains(type)) pieces.Add(new Piece(begin, 12 + length));
            if (type != "IEND") continue;
            if (!data) throw BadFileException.Damaged;
            if (requireTailClean) Cleaning.CheckTail(source);
            if (orientation > 1) pieces.Insert(2, Piece.Of(Chunk("eXIf"u8, Exif.Only(orientation))));
            var upright = Exif.Upright((int)width, (int)height, orientation);
            return (pieces, upright.Width, upright.Height);
        }
    }

    private static void CheckCrc(ByteSource source, uint length)
    {
        var crc = new Crc32();
        for (var left = (long)length + 4; left > 0;)
        {
            var piece = source.Take((int)Math.Min(left, 16 * 1024));
            crc.Append(piece);
            left -= piece.Length;
        }
        if (source.U32() != crc.GetCurrentHashAsUInt32()) throw BadFileException.Damaged;
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] chunk = [0, 0, 0, 0, .. type, .. data, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(^4), Crc32.HashToUInt32(chunk.AsSpan(4, data.Length + 4)));
        return chunk;
    }
}
