using System.Globalization;
using System.Text;
using MicroPlatform.Domain.Materials;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>
/// Writes a PDF anew from what its pages need: what cannot be reached from the catalogue is left out, and so are document information, XMP, dates and authors.
/// Scripts, attached files, forms that send, and encryption are refused. Pictures inside (DCTDecode) are cleaned like JPEGs of their own.
/// </summary>
internal static class PdfCleaner
{
    private static readonly HashSet<string> Forbidden = new(StringComparer.Ordinal)
    {
        "JavaScript", "JS", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia", "XFA", "GoToE", "GoToR", "SubmitForm", "ImportData", "Rendition", "Movie", "Encrypt",
    };

    private static readonly HashSet<string> Dropped = new(StringComparer.Ordinal)
    {
        "Metadata", "PieceInfo", "LastModified", "CreationDate", "ModDate", "Author", "Creator", "Producer", "AA", "SpiderInfo", "Thumb",
    };

    public static CleanFile Inspect(Stream file, MaterialsOptions limits)
    {
        var pdf = new PdfFile(file);
        var (order, seen, pages) = (new List<int>(), new HashSet<int>(), 0);
        var waiting = new Queue<int>([pdf.Root!.Value]);
        if (!pdf.Holds(pdf.Root.Value)) throw BadFileException.Damaged;
        seen.Add(pdf.Root.Value);
        while (waiting.TryDequeue(out var number))
        {
            order.Add(number);
            var (body, references) = Rewrite(pdf.BodyOf(number), dropLength: pdf.DataOf(number) is not null);
            if (PdfFile.KeysOf(body).GetValueOrDefault("Type").Token.IsName("Page") && ++pages > limits.MaxPages) throw new BadFileException(MaterialRefusals.TooMuchInside);
            foreach (var reference in references)
                if (pdf.Holds(reference) && seen.Add(reference)) waiting.Enqueue(reference);
        }
        if (pages == 0) throw BadFileException.Damaged;
        order.Sort();
        return new CleanFile(MaterialType.Pdf, null, null, pages, target => Write(pdf, file, order, limits, target));
    }

    /// <summary>The value without what is dropped, and whom it names.</summary>
    private static (byte[] Body, List<int> References) Rewrite(byte[] body, bool dropLength)
    {
        var tokens = new PdfTokens(new ByteSource(new MemoryStream(body)));
        using var output = new MemoryStream(body.Length);
        var references = new List<int>();
        var open = new Stack<bool>(); // true: a dictionary
        var key = false;
        for (var token = tokens.Next(); token.Kind != PdfTokenKind.End; token = tokens.Next())
        {
            if (token.Kind == PdfTokenKind.Name && Forbidden.Contains(token.Word!)) throw new BadFileException(MaterialRefusals.ActiveContent);
            if (key && token.Kind == PdfTokenKind.Name)
            {
                key = false;
                if (Dropped.Contains(token.Word!) || (dropLength && open.Count == 1 && token.Word == "Length"))
                {
                    var value = tokens.Next();
                    if (tokens.Reference(value) is null) tokens.SkipValue(value);
                    key = true;
                    continue;
                }
                Copy(token);
                continue;
            }
            switch (token.Kind)
            {
                case PdfTokenKind.DictionaryOpen or PdfTokenKind.ArrayOpen:
                    open.Push(token.Kind == PdfTokenKind.DictionaryOpen);
                    break;
                case PdfTokenKind.DictionaryClose or PdfTokenKind.ArrayClose:
                    if (!open.TryPop(out _)) throw BadFileException.Damaged;
                    break;
                case PdfTokenKind.Number when tokens.Reference(token) is { } reference:
                    references.Add(reference);
                    token = token with { End = tokens.Position };
                    break;
                case PdfTokenKind.Keyword when token.Word is not ("true" or "false" or "null"):
                    throw BadFileException.Damaged;
            }
            Copy(token);
            // Inside a dictionary a value ends where a key may begin.
            key = open.TryPeek(out var dictionary) && dictionary;
        }
        if (open.Count > 0) throw BadFileException.Damaged;
        return (output.ToArray(), references);

        void Copy(PdfToken token)
        {
            if (output.Length > 0) output.WriteByte((byte)' ');
            output.Write(body.AsSpan((int)token.Start, (int)(token.End - token.Start)));
        }
    }

    private static void Write(PdfFile pdf, Stream file, List<int> order, MaterialsOptions limits, Stream target)
    {
        var (position, offsets) = (0L, new List<long>(order.Count));
        Text("%PDF-1.7\n");
        Bytes([(byte)'%', 0xE2, 0xE3, 0xCF, 0xD3, (byte)'\n']);
        foreach (var number in order)
        {
            offsets.Add(position);
            Text($"{number} 0 obj\n");
            var data = pdf.DataOf(number);
            var (body, _) = Rewrite(pdf.BodyOf(number), dropLength: data is not null);
            if (data is not { } found)
            {
                Bytes(body);
                Text("\nendobj\n");
                continue;
            }
            var isJpeg = PdfFile.KeysOf(body).GetValueOrDefault("Filter").Token.IsName("DCTDecode");
            IReadOnlyList<Piece> pieces = isJpeg ? JpegCleaner.Clean(file, found.At, found.At + found.Bytes, limits, requireTailClean: false).Pieces : [new Piece(found.At, found.Bytes)];
            var length = pieces.Sum(p => p.Bytes);
            Bytes(body.AsSpan(0, body.Length - 2));
            Text($"/Length {length} >>\nstream\n");
            Piece.Write(pieces, file, target);
            position += length;
            Text("\nendstream\nendobj\n");
        }
        var table = position;
        Text("xref\n0 1\n0000000000 65535 f\r\n");
        for (var i = 0; i < order.Count;)
        {
            var run = 1;
            while (i + run < order.Count && order[i + run] == order[i] + run) run++;
            Text($"{order[i]} {run}\n");
            for (var end = i + run; i < end; i++) Text($"{offsets[i].ToString("0000000000", CultureInfo.InvariantCulture)} 00000 n\r\n");
        }
        Text($"trailer\n<< /Size {order[^1] + 1} /Root {pdf.Root} 0 R >>\nstartxref\n{table}\n%%EOF\n");

        void Text(string text) => Bytes(Encoding.Latin1.GetBytes(text));

        void Bytes(ReadOnlySpan<byte> bytes)
        {
            target.Write(bytes);
            position += bytes.Length;
        }
    }
}
