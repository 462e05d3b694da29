using System.Text;

namespace MicroPlatform.Infrastructure.Materials;

internal enum PdfTokenKind
{
    End,
    Name,
    Number,
    Text,
    DictionaryOpen,
    DictionaryClose,
    ArrayOpen,
    ArrayClose,
    Keyword,
}

/// <param name="Word">Of names without their slash and with <c>#xx</c> resolved, of numbers and keywords as written; null for texts.</param>
internal readonly record struct PdfToken(PdfTokenKind Kind, long Start, long End, string? Word)
{
    public bool Is(string keyword) => Kind == PdfTokenKind.Keyword && Word == keyword;

    public bool IsName(string name) => Kind == PdfTokenKind.Name && Word == name;

    public int? Int => Kind == PdfTokenKind.Number && int.TryParse(Word, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var n) ? n : null;
}

/// <summary>The words of a PDF (ISO 32000-1 §7.2 and §7.3), one after another.</summary>
internal sealed class PdfTokens(ByteSource source)
{
    private const int MaxWord = 256;

    public long Position { get => source.Position; set => source.Position = value; }

    public PdfToken Next()
    {
        SkipBlanks();
        var start = source.Position;
        var c = source.Read();
        switch (c)
        {
            case -1: return new PdfToken(PdfTokenKind.End, start, start, null);
            case '/': return new PdfToken(PdfTokenKind.Name, start, 0, Name()) with { End = source.Position };
            case '(':
                SkipText();
                return new PdfToken(PdfTokenKind.Text, start, source.Position, null);
            case '<':
                if (Peek() == '<')
                {
                    source.Position++;
                    return new PdfToken(PdfTokenKind.DictionaryOpen, start, source.Position, null);
                }
                if (!source.Find((byte)'>')) throw BadFileException.Damaged;
                source.Position++;
                return new PdfToken(PdfTokenKind.Text, start, source.Position, null);
            case '>':
                if (source.Read() != '>') throw BadFileException.Damaged;
                return new PdfToken(PdfTokenKind.DictionaryClose, start, source.Position, null);
            case '[': return new PdfToken(PdfTokenKind.ArrayOpen, start, source.Position, null);
            case ']': return new PdfToken(PdfTokenKind.ArrayClose, start, source.Position, null);
            case ')' or '{' or '}': return new PdfToken(PdfTokenKind.Keyword, start, source.Position, ((char)c).ToString());
        }
        source.Position = start;
        var word = Word();
        return new PdfToken(char.IsAsciiDigit(word[0]) || word[0] is '+' or '-' or '.' ? PdfTokenKind.Number : PdfTokenKind.Keyword, start, source.Position, word);
    }

    /// <summary>Passes over one value whose first word has been read.</summary>
    public void SkipValue(PdfToken first)
    {
        var depth = 0;
        for (var token = first; ; token = Next())
        {
            switch (token.Kind)
            {
                case PdfTokenKind.DictionaryOpen or PdfTokenKind.ArrayOpen:
                    if (++depth > 64) throw BadFileException.Damaged;
                    break;
                case PdfTokenKind.DictionaryClose or PdfTokenKind.ArrayClose:
                    depth--;
                    break;
                case PdfTokenKind.End:
                    throw BadFileException.Damaged;
            }
            if (depth <= 0) return;
        }
    }

    /// <summary>After a number: whether it began a reference <c>12 0 R</c>. Passes over it when it did.</summary>
    public int? Reference(PdfToken number)
    {
        if (number.Int is not { } id) return null;
        var after = source.Position;
        if (Next().Int is not null && Next().Is("R")) return id;
        source.Position = after;
        return null;
    }

    private void SkipBlanks()
    {
        while (true)
        {
            var c = Peek();
            if (c == '%')
            {
                while (Peek() is not (-1 or '\r' or '\n')) source.Position++;
                continue;
            }
            if (!IsBlank(c)) return;
            source.Position++;
        }
    }

    private void SkipText()
    {
        for (var depth = 1; depth > 0;)
        {
            switch (source.Read())
            {
                case '\\': source.Position++; break;
                case '(': depth++; break;
                case ')': depth--; break;
                case -1: throw BadFileException.Damaged;
            }
        }
    }

    private string Name()
    {
        var text = new StringBuilder();
        while (Peek() is var c && IsRegular(c))
        {
            source.Position++;
            if (c == '#' && Hex(Peek()) is >= 0 and var high)
            {
                source.Position++;
                c = high << 4 | Math.Max(0, Hex(source.Read()));
            }
            if (text.Append((char)c).Length > MaxWord) throw BadFileException.Damaged;
        }
        return text.ToString();
    }

    private string Word()
    {
        var text = new StringBuilder();
        while (Peek() is var c && IsRegular(c))
        {
            source.Position++;
            if (text.Append((char)c).Length > MaxWord) break;
        }
        if (text.Length == 0) throw BadFileException.Damaged;
        return text.ToString();
    }

    private int Peek() => source.AtEnd ? -1 : source.Peek(1)[0];

    private static int Hex(int c) => c < 0 ? -1 : c is >= '0' and <= '9' ? c - '0' : (c | 0x20) is >= 'a' and <= 'f' ? (c | 0x20) - 'a' + 10 : -1;

    private static bool IsBlank(int c) => c is 0 or 9 or 10 or 12 or 13 or 32;

    private static bool IsRegular(int c) => c >= 0 && !IsBlank(c) && c is not ('(' or ')' or '<' or '>' or '[' or ']' or '{' or '}' or '/' or '%');
}
