using System.Text;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>A box of an ISO base media file (ISO 14496-12).</summary>
/// <param name="At">Where its header begins.</param>
/// <param name="Body">Where its content begins.</param>
/// <param name="End">One past its last byte.</param>
internal readonly record struct IsoBox(string Type, long At, long Body, long End)
{
    /// <summary>Turns it into an empty space of the same length, so that nothing else moves.</summary>
    public IEnumerable<(long, Piece)> Blank()
    {
        yield return (At + 4, Piece.Of([.. "free"u8]));
        if (End > Body) yield return (Body, Piece.Zeros(End - Body));
    }
}

internal static class IsoBoxes
{
    private const int MaxBoxes = 20_000;

    /// <summary>The boxes between two places, in order.</summary>
    public static List<IsoBox> Read(ByteSource source, long from, long until)
    {
        var boxes = new List<IsoBox>();
        for (var at = from; at < until;)
        {
            if (until - at < 8 || boxes.Count > MaxBoxes) throw BadFileException.Damaged;
            source.Position = at;
            long size = source.U32();
            var type = Encoding.Latin1.GetString(source.Take(4));
            if (size == 1) size = (long)Math.Min(source.U64(), long.MaxValue);
            else if (size == 0) size = until - at;
            var body = source.Position;
            if (size < body - at || size > until - at) throw BadFileException.Damaged;
            boxes.Add(new IsoBox(type, at, body, at + size));
            at += size;
        }
        return boxes;
    }

    public static IsoBox? Find(this IEnumerable<IsoBox> boxes, string type) => boxes.Where(b => b.Type == type).Cast<IsoBox?>().FirstOrDefault();
}
