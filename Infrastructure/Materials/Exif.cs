using System.Buffers.Binary;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>Of all that Exif says, the one thing a picture needs: which way is up (tag 0x0112 of IFD0, CIPA DC-008).</summary>
internal static class Exif
{
    public static ReadOnlySpan<byte> Header => "Exif\0\0"u8;

    /// <param name="tiff">Begins with the byte order.</param>
    /// <returns>1 to 8; 1 where nothing sensible is said.</returns>
    public static int Orientation(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 14) return 1;
        var little = tiff[0] == 'I';
        if (!(little ? tiff.StartsWith("II*\0"u8) : tiff.StartsWith("MM\0*"u8))) return 1;
        var at = (long)U32(tiff[4..], little);
        if (at + 2 > tiff.Length) return 1;
        var count = U16(tiff[(int)at..], little);
        for (var (i, entry) = (0, at + 2); i < count && entry + 12 <= tiff.Length; i++, entry += 12)
            if (U16(tiff[(int)entry..], little) == 0x0112)
                return U16(tiff[((int)entry + 8)..], little) is >= 1 and <= 8 and var orientation ? orientation : 1;
        return 1;
    }

    /// <summary>A TIFF that says which way is up and nothing else.</summary>
    public static byte[] Only(int orientation) =>
        [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];

    /// <summary>From 5 on the picture lies on its side.</summary>
    public static (int Width, int Height) Upright(int width, int height, int orientation) => orientation >= 5 ? (height, width) : (width, height);

    private static ushort U16(ReadOnlySpan<byte> s, bool little) => little ? BinaryPrimitives.ReadUInt16LittleEndian(s) : BinaryPrimitives.ReadUInt16BigEndian(s);

    private static uint U32(ReadOnlySpan<byte> s, bool little) => little ? BinaryPrimitives.ReadUInt32LittleEndian(s) : BinaryPrimitives.ReadUInt32BigEndian(s);
}
