using System.Buffers.Binary;
using MicroPlatform.Domain.Materials;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>Recordings: keeps the sound, drops titles, comments, pictures and positions.</summary>
internal static class AudioCleaner
{
    private static readonly int[] AmrNarrow = [12, 13, 15, 17, 19, 20, 26, 31, 5, -1, -1, -1, -1, -1, -1, 0];
    private static readonly int[] AmrWide = [17, 23, 32, 36, 40, 46, 50, 58, 60, 5, -1, -1, -1, -1, 0, 0];
    private static readonly int[] Kilobits1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    private static readonly int[] Kilobits2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    private static readonly int[] Rates = [44100, 48000, 32000];

    /// <summary>MPEG-1 and -2 layer III (ISO 11172-3): frame after frame; tags before and behind are dropped, and whatever is neither.</summary>
    public static CleanFile InspectMp3(Stream file)
    {
        var source = new ByteSource(file);
        while (source.PeekUpTo(10) is { Length: 10 } tag && tag.StartsWith("ID3"u8))
        {
            var size = (tag[6] & 0x7F) << 21 | (tag[7] & 0x7F) << 14 | (tag[8] & 0x7F) << 7 | tag[9] & 0x7F;
            source.Position += 10 + size + ((tag[5] & 0x10) != 0 ? 10 : 0);
        }
        while (!source.AtEnd && source.PeekUpTo(1)[0] == 0) source.Position++;
        var (begin, frames) = (source.Position, 0);
        while (source.Length - source.Position >= 4 && FrameBytes(source.Peek(4)) is > 0 and var bytes)
        {
            frames++;
            source.Position = Math.Min(source.Position + bytes, source.Length);
        }
        if (frames < 3) throw BadFileException.Damaged;
        var end = source.Position;
        Cleaning.CheckTail(source);
        return Sound(file, MaterialType.Mp3, [new Piece(begin, end - begin)]);
    }

    public static CleanFile InspectWav(Stream file)
    {
        var source = new ByteSource(file) { Position = 12 };
        var (pieces, format, data) = (new List<Piece>(), false, false);
        while (source.Length - source.Position >= 8)
        {
            var begin = source.Position;
            var type = System.Text.Encoding.ASCII.GetString(source.Take(4));
            var length = (long)source.U32Little();
            if (source.Position + length > source.Length) throw BadFileException.Damaged;
            if (type is "fmt " or "fact" or "data")
            {
                pieces.Add(new Piece(begin, 8 + length));
                if ((length & 1) == 1) pieces.Add(Piece.Of([0]));
            }
            (format, data) = (format || type == "fmt ", data || type == "data");
            source.Position = Math.Min(source.Position + length + (length & 1), source.Length);
        }
        if (!format || !data) throw BadFileException.Damaged;
        var riff = new byte[12];
        "RIFF"u8.CopyTo(riff);
        BinaryPrimitives.WriteUInt32LittleEndian(riff.AsSpan(4), (uint)(4 + pieces.Sum(p => p.Bytes)));
        "WAVE"u8.CopyTo(riff.AsSpan(8));
        return Sound(file, MaterialType.Wav, [Piece.Of(riff), .. pieces]);
    }

    /// <summary>AMR and AMR-WB (RFC 4867 §5): a row of frames and nothing else.</summary>
    public static CleanFile InspectAmr(Stream file)
    {
        var source = new ByteSource(file);
        var wide = source.PeekUpTo(9).SequenceEqual("#!AMR-WB\n"u8);
        if (!wide && !source.PeekUpTo(6).SequenceEqual("#!AMR\n"u8)) throw BadFileException.Damaged;
        source.Position = wide ? 9 : 6;
        var (sizes, frames) = (wide ? AmrWide : AmrNarrow, 0);
        while (!source.AtEnd)
        {
            var head = source.Read();
            var size = (head & 0x83) != 0 ? -1 : sizes[head >> 3 & 15];
            if (size < 0 || source.Position + size > source.Length) throw BadFileException.Damaged;
            source.Position += size;
            frames++;
        }
        if (frames == 0) throw BadFileException.Damaged;
        return Sound(file, MaterialType.Amr, [new Piece(0, file.Length)]);
    }

    private static CleanFile Sound(Stream file, MaterialType type, List<Piece> pieces) => new(type, null, null, null, target => Piece.Write(pieces, file, target));

    /// <summary>Length of a layer III frame by its header; 0 when it is none.</summary>
    private static int FrameBytes(ReadOnlySpan<byte> head)
    {
        if (head[0] != 0xFF || (head[1] & 0xE6) != 0xE2) return 0;
        var version = head[1] >> 3 & 3;
        var (bits, rate) = (head[2] >> 4, head[2] >> 2 & 3);
        if (version == 1 || bits is 0 or 15 || rate == 3) return 0;
        var (kilobits, hertz) = version == 3 ? (Kilobits1[bits], Rates[rate]) : (Kilobits2[bits], Rates[rate] >> (version == 2 ? 1 : 2));
        return (version == 3 ? 144_000 : 72_000) * kilobits / hertz + (head[2] >> 1 & 1);
    }
}
