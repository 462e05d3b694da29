using System.IO.Compression;
using MicroPlatform.Domain.Materials;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>
/// The objects of a PDF, found by walking the file from its beginning: its own table of contents is not believed. Of several objects of one number the
/// last one counts, as with incremental updates.
/// </summary>
internal sealed class PdfFile
{
    private const int MaxObjects = 20_000;
    private const int MaxNumber = 8_388_607;
    private const int MaxBody = 1 << 20;

    private readonly Stream _file;
    private readonly Dictionary<int, Place> _objects = [];
    private (int Number, byte[] Bytes, int First) _unpacked = (-1, [], 0);

    /// <param name="Container">The object stream it is packed in; 0: it stands in the file.</param>
    /// <param name="Body">From where to where its value goes; of a packed one within the unpacked stream.</param>
    /// <param name="DataBytes">Length of its stream; -1 when it has none.</param>
    private readonly record struct Place(int Container, long Body, long BodyEnd, long Data, long DataBytes);

    public PdfFile(Stream file)
    {
        _file = file;
        var source = new ByteSource(file) { Position = 8 };
        var tokens = new PdfTokens(source);
        while (tokens.Next() is { Kind: not PdfTokenKind.End } token)
        {
            if (token.Is("trailer")) ReadTrailer(Body(tokens));
            else if (token.Int is { } number && Heads(tokens)) ReadObject(tokens, source, number);
        }
        if (Root is null) throw BadFileException.Damaged;
    }

    /// <summary>Number of the catalogue.</summary>
    public int? Root { get; private set; }

    public bool Holds(int number) => _objects.ContainsKey(number);

    /// <summary>Where the stream of an object stands; null when it has none.</summary>
    public (long At, long Bytes)? DataOf(int number) => _objects[number] is { DataBytes: >= 0 } place ? (place.Data, place.DataBytes) : null;

    /// <summary>The value of an object.</summary>
    public byte[] BodyOf(int number)
    {
        var place = _objects[number];
        if (place.Container == 0) return Bytes(place.Body, place.BodyEnd);
        Unpack(place.Container);
        return _unpacked.Bytes[(int)place.Body..(int)place.BodyEnd];
    }

    /// <summary>The values of a dictionary's own keys: their first word, and the reference where it is one.</summary>
    public static Dictionary<string, (PdfToken Token, int? Reference)> KeysOf(byte[] body)
    {
        var tokens = new PdfTokens(new ByteSource(new MemoryStream(body)));
        var keys = new Dictionary<string, (PdfToken, int?)>(StringComparer.Ordinal);
        if (tokens.Next().Kind != PdfTokenKind.DictionaryOpen) return keys;
        while (tokens.Next() is { Kind: PdfTokenKind.Name, Word: { } key })
        {
            var value = tokens.Next();
            var reference = value.Kind == PdfTokenKind.Number ? tokens.Reference(value) : null;
            // Of a list with one thing in it, that thing: /Filter [/FlateDecode].
            if (value.Kind == PdfTokenKind.ArrayOpen)
            {
                var after = tokens.Position;
                var only = tokens.Next();
                if (only.Kind != PdfTokenKind.ArrayClose && tokens.Next().Kind == PdfTokenKind.ArrayClose)
                {
                    keys[key] = (only, null);
                    continue;
                }
                tokens.Position = after;
            }
            keys[key] = (value, reference);
            if (reference is null) tokens.SkipValue(value);
        }
        return keys;
    }

    /// <summary>After a number: <c>0 obj</c> follows.</summary>
    private static bool Heads(PdfTokens tokens)
    {
        var after = tokens.Position;
        if (tokens.Next().Int is not null && tokens.Next().Is("obj")) return true;
        tokens.Position = after;
        return false;
    }

    private byte[] Body(PdfTokens tokens)
    {
        var first = tokens.Next();
        tokens.SkipValue(first);
        return Bytes(first.Start, tokens.Position);
    }

    private byte[] Bytes(long from, long until)
    {
        if (until - from > MaxBody) throw new BadFileException(MaterialRefusals.TooMuchInside);
        var bytes = new byte[until - from];
        _file.Position = from;
        _file.ReadExactly(bytes);
        return bytes;
    }

    private void ReadObject(PdfTokens tokens, ByteSource source, int number)
    {
        if (number is 0 or > MaxNumber) throw BadFileException.Damaged;
        var first = tokens.Next();
        tokens.SkipValue(first);
        var end = tokens.Position;
        // A value may be a reference of its own: 12 0 R.
        if (tokens.Next() is var next && first.Int is not null && next.Int is not null && tokens.Next().Is("R")) (end, next) = (tokens.Position, tokens.Next());
        if (!next.Is("stream"))
        {
            Add(number, new Place(0, first.Start, end, 0, -1));
            if (!next.Is("endobj")) tokens.Position = next.Start;
            return;
        }
        if (source.Peek(1)[0] == '\r') source.Position++;
        if (source.Peek(1)[0] == '\n') source.Position++;
        var data = source.Position;
        var body = Bytes(first.Start, end);
        var keys = KeysOf(body);
        var bytes = keys.GetValueOrDefault("Length") is { Reference: null } length ? length.Token.Int : null;
        if (bytes is null || !EndsAt(tokens, source, data + bytes.Value)) bytes = (int)Math.Min(int.MaxValue, Search(source, data));
        Add(number, new Place(0, first.Start, end, data, bytes.Value));
        if (keys.TryGetValue("Type", out var type))
        {
            if (type.Token.IsName("XRef")) ReadTrailer(body);
            if (type.Token.IsName("ObjStm")) AddPacked(number);
        }
        source.Position = data + bytes.Value;
        if (!tokens.Next().Is("endstream")) throw BadFileException.Damaged;
    }

    private static bool EndsAt(PdfTokens tokens, ByteSource source, long end)
    {
        if (end > source.Length) return false;
        tokens.Position = end;
        try
        {
            return tokens.Next().Is("endstream");
        }
        catch (BadFileException)
        {
            return false;
        }
    }

    private static long Search(ByteSource source, long data)
    {
        source.Position = data;
        if (!source.Find("endstream"u8)) throw BadFileException.Damaged;
        return source.Position - data;
    }

    private void ReadTrailer(byte[] trailer)
    {
        var keys = KeysOf(trailer);
        if (keys.ContainsKey("Encrypt")) throw new BadFileException(MaterialRefusals.ActiveContent);
        if (keys.GetValueOrDefault("Root").Reference is { } root) Root = root;
    }

    private void Add(int number, Place place)
    {
        _objects[number] = place;
        if (_objects.Count > MaxObjects) throw new BadFileException(MaterialRefusals.TooMuchInside);
    }

    /// <summary>Objects packed into a stream (ISO 32000-1 §7.5.7).</summary>
    private void AddPacked(int container)
    {
        Unpack(container);
        var tokens = new PdfTokens(new ByteSource(new MemoryStream(_unpacked.Bytes)));
        var heads = new List<(int Number, int At)>();
        while (tokens.Position < _unpacked.First && tokens.Next().Int is { } number && tokens.Next().Int is { } at) heads.Add((number, _unpacked.First + at));
        foreach (var (i, head) in heads.Index())
        {
            var end = i + 1 < heads.Count ? heads[i + 1].At : _unpacked.Bytes.Length;
            if (head.Number is 0 or > MaxNumber || head.At > end || end > _unpacked.Bytes.Length) throw BadFileException.Damaged;
            Add(head.Number, new Place(container, head.At, end, 0, -1));
        }
    }

    private void Unpack(int container)
    {
        if (_unpacked.Number == container) return;
        var place = _objects[container];
        if (place.Container != 0 || place.DataBytes is < 0 or > MaxBody) throw BadFileException.Damaged;
        var keys = KeysOf(Bytes(place.Body, place.BodyEnd));
        var packed = Bytes(place.Data, place.Data + place.DataBytes);
        if (keys.TryGetValue("Filter", out var filter))
        {
            if (!filter.Token.IsName("FlateDecode") || keys.ContainsKey("DecodeParms")) throw BadFileException.Damaged;
            packed = Inflate(packed);
        }
        _unpacked = (container, packed, keys.GetValueOrDefault("First").Token.Int ?? throw BadFileException.Damaged);
    }

    private static byte[] Inflate(byte[] packed)
    {
        var bytes = new byte[MaxBody + 1];
        try
        {
            using var zlib = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress);
            var count = zlib.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return count > MaxBody ? throw new BadFileException(MaterialRefusals.TooMuchInside) : bytes[..count];
        }
        catch (InvalidDataException)
        {
            throw BadFileException.Damaged;
        }
    }
}
