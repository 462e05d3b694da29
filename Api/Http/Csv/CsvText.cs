using System.Text;

namespace MicroPlatform.Api.Http.Csv;

/// <summary>
/// Comma-separated values (RFC 4180) that a spreadsheet can open without running anything: a cell that it would take for a formula gets an apostrophe in front
/// when written and loses it when read, so that what is written is read back exactly.
/// </summary>
public static class CsvText
{
    /// <summary>What begins a formula, also in full width; and the apostrophe itself, so that taking it off is never a guess.</summary>
    private const string Dangerous = "=+-@\t\r\n＝＋－＠'";

    public static string Write(IEnumerable<IReadOnlyList<string?>> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Count; i++)
            {
                if (i > 0) text.Append(',');
                Append(text, row[i] ?? "");
            }
            text.Append("\r\n");
        }
        return text.ToString();
    }

    /// <summary>Records with the line each begins on, counted from 1. Empty lines are left out.</summary>
    /// <returns>Null when a quote is opened and not closed, or stands where none may stand; <paramref name="line"/> says where.</returns>
    public static List<(int Line, List<string> Cells)>? Read(string text, out int line)
    {
        var records = new List<(int, List<string>)>();
        var cells = new List<string>();
        var cell = new StringBuilder();
        (line, var began, var quoted, var wasQuoted) = (1, 1, false, false);

        void EndCell()
        {
            cells.Add(Bare(cell.ToString()));
            cell.Clear();
            wasQuoted = false;
        }

        void EndRecord()
        {
            EndCell();
            if (cells.Count > 1 || cells[0].Length > 0) records.Add((began, cells));
            cells = [];
        }

        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\n') line++;
            if (quoted)
            {
                if (c != '"') cell.Append(c);
                else if (i + 1 < text.Length && text[i + 1] == '"') { cell.Append('"'); i++; }
                else (quoted, wasQuoted) = (false, true);
                continue;
            }
            switch (c)
            {
                case '"' when cell.Length == 0 && !wasQuoted:
                    quoted = true;
                    break;
                case '"':
                    return null;
                case ',':
                    EndCell();
                    break;
                case '\r' when i + 1 < text.Length && text[i + 1] == '\n':
                    break;
                case '\r' or '\n':
                    EndRecord();
                    if (c == '\r') line++;
                    began = line;
                    break;
                case var _ when wasQuoted:
                    return null;
                default:
                    cell.Append(c);
                    break;
            }
        }
        if (quoted) return null;
        if (cell.Length > 0 || cells.Count > 0) EndRecord();
        return records;
    }

    private static void Append(StringBuilder text, string cell)
    {
        if (cell.Length > 0 && Dangerous.Contains(cell[0], StringComparison.Ordinal)) cell = "'" + cell;
        if (cell.AsSpan().IndexOfAny(",\"\r\n") < 0 && cell == cell.Trim()) text.Append(cell);
        else text.Append('"').Append(cell.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }

    private static string Bare(string cell) =>
        cell.Length > 1 && cell[0] == '\'' && Dangerous.Contains(cell[1], StringComparison.Ordinal) ? cell[1..] : cell;
}
