using MicroPlatform.Domain.Materials;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>
/// HEIC (ISO 23008-12) and M4A (ISO 14496-14). Nothing may move in them, as they are full of offsets: what is not known to make picture or sound is
/// overwritten with zeros where it stands. Which way is up is a property of a HEIC of its own (irot) and stays.
/// </summary>
internal static class IsoCleaner
{
    private const int MaxItems = 4096;

    private static readonly HashSet<string> KeptProperties = new(StringComparer.Ordinal) { "hvcC", "ispe", "irot", "imir", "colr", "pixi", "auxC", "clap", "pasp", "clli", "mdcv", "free" };
    private static readonly HashSet<string> KeptInMeta = new(StringComparer.Ordinal) { "hdlr", "pitm", "iloc", "iinf", "iref", "iprp", "idat", "dinf", "grpl", "free" };
    private static readonly HashSet<string> PictureItems = new(StringComparer.Ordinal) { "hvc1", "grid", "iden", "iovl" };
    private static readonly HashSet<string> WithTimes = new(StringComparer.Ordinal) { "mvhd", "tkhd", "mdhd" };
    private static readonly HashSet<string> Containers = new(StringComparer.Ordinal) { "moov", "trak", "mdia", "minf", "stbl", "edts", "dinf", "mvex" };
    private static readonly HashSet<string> Sounds = new(StringComparer.Ordinal)
    {
        "ftyp", "moov", "mdat", "mvhd", "trak", "tkhd", "edts", "elst", "mdia", "mdhd", "hdlr", "minf", "smhd", "dinf", "dref", "stbl", "stsd", "stts", "stsc", "stsz", "stz2", "stco", "co64",
        "ctts", "stss", "sgpd", "sbgp", "mvex", "mehd", "trex", "moof", "sidx", "iods", "nmhd",
    };

    /// <summary>By the brands of its first box; films and series of pictures are not taken.</summary>
    public static MaterialType? TypeOf(Stream file)
    {
        var source = new ByteSource(file);
        var size = source.U32();
        if (size is < 16 or > 1024 || size > source.Length) return null;
        source.Position = 8;
        var brands = new List<string> { System.Text.Encoding.Latin1.GetString(source.Take(4)) };
        source.Position = 16;
        while (source.Position + 4 <= size) brands.Add(System.Text.Encoding.Latin1.GetString(source.Take(4)));
        if (brands[0] is "heic" or "heix" or "heim" or "heis" || (brands[0] is "mif1" && brands.Any(b => b is "heic" or "heix"))) return MaterialType.Heic;
        return brands.Any(b => b is "M4A " or "M4B " or "mp42" or "mp41" or "isom" or "iso2" or "3gp4" or "3gp5") && brands[0] is not ("qt  " or "avif") ? MaterialType.M4a : null;
    }

    public static CleanFile InspectHeic(Stream file, MaterialsOptions limits)
    {
        var source = new ByteSource(file);
        var top = IsoBoxes.Read(source, 0, file.Length);
        if (top.Count(b => b.Type == "meta") != 1 || top.Any(b => b.Type == "moov")) throw new BadFileException(MaterialRefusals.TypeUnsupported);
        var meta = top.Find("meta")!.Value;
        var inner = IsoBoxes.Read(source, meta.Body + 4, meta.End);
        var changes = new List<(long, Piece)>();
        foreach (var box in top.Where(b => b.Type is not ("ftyp" or "meta" or "mdat"))) changes.AddRange(box.Blank());
        foreach (var box in inner.Where(b => !KeptInMeta.Contains(b.Type))) changes.AddRange(box.Blank());
        if (inner.Find("iprp") is not { } iprp || IsoBoxes.Read(source, iprp.Body, iprp.End).Find("ipco") is not { } ipco) throw BadFileException.Damaged;
        var (width, height, turned) = (0L, 0L, false);
        foreach (var property in IsoBoxes.Read(source, ipco.Body, ipco.End))
        {
            if (!KeptProperties.Contains(property.Type)) changes.AddRange(property.Blank());
            source.Position = property.Body;
            if (property.Type == "irot") turned |= (source.Read() & 1) == 1;
            if (property.Type != "ispe") continue;
            source.Position += 4;
            var (w, h) = ((long)source.U32(), (long)source.U32());
            Cleaning.CheckPixels(w, h, limits);
            if (w * h > width * height) (width, height) = (w, h);
        }
        Cleaning.CheckPixels(width, height, limits);
        changes.AddRange(Unreferenced(source, top, inner));
        var pieces = Piece.Overwrite(file.Length, changes);
        return new CleanFile(MaterialType.Heic, (int)(turned ? height : width), (int)(turned ? width : height), null, target => Piece.Write(pieces, file, target));
    }

    public static CleanFile InspectM4a(Stream file)
    {
        var source = new ByteSource(file);
        var top = IsoBoxes.Read(source, 0, file.Length);
        if (top.Find("moov") is not { } moov || top.Find("mdat") is null) throw BadFileException.Damaged;
        var (changes, sound) = (new List<(long, Piece)>(), false);
        foreach (var box in top.Where(b => b.Type != "moov"))
            if (!Sounds.Contains(box.Type)) changes.AddRange(box.Blank());
        Walk(moov, 0);
        if (!sound) throw new BadFileException(MaterialRefusals.TypeUnsupported);
        var pieces = Piece.Overwrite(file.Length, changes);
        return new CleanFile(MaterialType.M4a, null, null, null, target => Piece.Write(pieces, file, target));

        void Walk(IsoBox parent, int depth)
        {
            if (depth > 8) throw BadFileException.Damaged;
            foreach (var box in IsoBoxes.Read(source, parent.Body, parent.End))
            {
                if (!Sounds.Contains(box.Type)) changes.AddRange(box.Blank());
                if (box.Type == "hdlr" && parent.Type == "mdia")
                {
                    source.Position = box.Body + 8;
                    var kind = source.Take(4);
                    if (kind.SequenceEqual("vide"u8)) throw new BadFileException(MaterialRefusals.TypeUnsupported);
                    sound |= kind.SequenceEqual("soun"u8);
                }
                if (WithTimes.Contains(box.Type))
                {
                    source.Position = box.Body;
                    var times = source.Read() == 1 ? 16 : 8;
                    if (box.End - box.Body > times + 4) changes.Add((box.Body + 4, Piece.Zeros(times)));
                }
                if (Containers.Contains(box.Type)) Walk(box, depth + 1);
            }
        }
    }

    /// <summary>Everything in the data that belongs to no picture: Exif, XMP, and what somebody may have hidden.</summary>
    private static IEnumerable<(long, Piece)> Unreferenced(ByteSource source, List<IsoBox> top, List<IsoBox> inner)
    {
        var pictures = PictureIds(source, inner.Find("iinf") ?? throw BadFileException.Damaged);
        var kept = Extents(source, inner.Find("iloc") ?? throw BadFileException.Damaged, inner.Find("idat")).Where(e => pictures.Contains(e.Item)).OrderBy(e => e.At).ToList();
        if (kept.Count == 0) throw BadFileException.Damaged;
        if (kept.Any(e => e.At < 0 || e.Bytes < 0 || e.At + e.Bytes > source.Length)) throw BadFileException.Damaged;
        foreach (var data in top.Where(b => b.Type == "mdat").Concat(inner.Where(b => b.Type == "idat")))
        {
            var position = data.Body;
            foreach (var extent in kept.Where(e => e.At + e.Bytes > data.Body && e.At < data.End))
            {
                if (extent.At > position) yield return (position, Piece.Zeros(extent.At - position));
                position = Math.Max(position, Math.Min(extent.At + extent.Bytes, data.End));
            }
            if (position < data.End) yield return (position, Piece.Zeros(data.End - position));
        }
    }

    private static HashSet<uint> PictureIds(ByteSource source, IsoBox iinf)
    {
        source.Position = iinf.Body;
        var version = source.Read();
        source.Position = iinf.Body + 4 + (version == 0 ? 2 : 4);
        var ids = new HashSet<uint>();
        foreach (var entry in IsoBoxes.Read(source, source.Position, iinf.End).Where(b => b.Type == "infe"))
        {
            source.Position = entry.Body;
            var of = source.Read();
            if (of < 2) continue;
            source.Position = entry.Body + 4;
            var id = of == 2 ? source.U16() : source.U32();
            source.Position += 2;
            if (PictureItems.Contains(System.Text.Encoding.Latin1.GetString(source.Take(4)))) ids.Add(id);
        }
        return ids;
    }

    private static IEnumerable<(uint Item, long At, long Bytes)> Extents(ByteSource source, IsoBox iloc, IsoBox? idat)
    {
        source.Position = iloc.Body;
        var version = source.Read();
        source.Position = iloc.Body + 4;
        var (sizes, more) = (source.Read(), source.Read());
        var (offsetBytes, lengthBytes, baseBytes, indexBytes) = (sizes >> 4, sizes & 15, more >> 4, version > 0 ? more & 15 : 0);
        var items = version < 2 ? source.U16() : source.U32();
        if (items > MaxItems) throw BadFileException.Damaged;
        for (var i = 0; i < items; i++)
        {
            var id = version < 2 ? source.U16() : source.U32();
            var method = version > 0 ? source.U16() & 15 : 0;
            source.Position += 2;
            var start = Number(source, baseBytes);
            var count = source.U16();
            if (method == 1 && idat is null || method > 1) throw BadFileException.Damaged;
            for (var e = 0; e < count; e++)
            {
                source.Position += indexBytes;
                var offset = Number(source, offsetBytes);
                var length = Number(source, lengthBytes);
                yield return (id, start + offset + (method == 1 ? idat!.Value.Body : 0), length);
            }
        }
    }

    private static long Number(ByteSource source, int bytes) => bytes switch
    {
        0 => 0,
        4 => source.U32(),
        8 => (long)Math.Min(source.U64(), long.MaxValue / 4),
        _ => throw BadFileException.Damaged,
    };
}
