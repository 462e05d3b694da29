using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Api.Http.Csv;

/// <summary>A CSV body as rows of named cells.</summary>
public sealed class CsvSheet
{
    /// <summary>Bytes.</summary>
    public const int MaxBytes = 512 * 1024;

    public const int MaxRows = 2000;

    private CsvSheet(IReadOnlyList<CsvRow> rows) => Rows = rows;

    public IReadOnlyList<CsvRow> Rows { get; }

    /// <param name="columns">Those that an export has; in whatever order, and those that are told to people only may be missing.</param>
    public static async Task<Outcome<CsvSheet>> ReadAsync(HttpContext http, CsvColumns columns)
    {
        using var bytes = new MemoryStream();
        await http.Request.Body.CopyToAsync(bytes, http.RequestAborted);
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.GetBuffer(), 0, (int)bytes.Length).TrimStart('\uFEFF');
        }
        catch (ArgumentException)
        {
            return CsvRefusals.NotUtf8;
        }
        if (CsvText.Read(text, out var line) is not { } records) return CsvRefusals.Malformed.At($"lines[{line}]", "引号没有成对");
        if (records.Count == 0) return CsvRefusals.Columns.At("lines[1]", $"缺少表头：{string.Join("、", columns.Needed)}");
        var header = records[0].Cells.Select(c => c.Trim()).ToList();
        if (columns.Needed.Except(header).ToList() is { Count: > 0 } missing) return CsvRefusals.Columns.At("lines[1]", $"缺少列：{string.Join("、", missing)}");
        if (header.Except(columns.All).ToList() is { Count: > 0 } unknown) return CsvRefusals.Columns.At("lines[1]", $"没有这些列：{string.Join("、", unknown)}");
        if (header.Count != header.Distinct().Count()) return CsvRefusals.Columns.At("lines[1]", "列名重复");
        if (records.Count - 1 > MaxRows) return CsvRefusals.TooManyRows.At("lines", $"最多{MaxRows}行");
        var wide = records.Where(r => r.Cells.Count > header.Count).ToDictionary(r => $"lines[{r.Line}]", r => new[] { $"有{r.Cells.Count}列，表头只有{header.Count}列" });
        if (wide.Count > 0) return CsvRefusals.RowsInvalid with { Errors = wide };
        return new CsvSheet([.. records.Skip(1).Select(r => new CsvRow(r.Line, header.Index().ToDictionary(h => h.Item, h => h.Index < r.Cells.Count ? r.Cells[h.Index].Trim() : "")))]);
    }
}

/// <param name="Needed">Columns that say something.</param>
/// <param name="Told">Columns that an export adds for people to read.</param>
public sealed record CsvColumns(IReadOnlyList<string> Needed, IReadOnlyList<string> Told)
{
    public IReadOnlyList<string> All { get; } = [.. Needed, .. Told];
}

/// <param name="Line">Where it begins in the file, counted from 1; the header is 1.</param>
public sealed record CsvRow(int Line, IReadOnlyDictionary<string, string> Cells)
{
    /// <summary>Empty where the column is missing.</summary>
    public string this[string column] => Cells.GetValueOrDefault(column, "");
}

/// <summary>Every fault of every row, so that all are mended at once.</summary>
/// <param name="columns">Columns of JSON names: a row is judged by the same use case as a request.</param>
public sealed class CsvErrors(IReadOnlyDictionary<string, string> columns)
{
    private const int MostTold = 500;

    private readonly Dictionary<string, List<string>> _errors = [];

    public bool Any => _errors.Count > 0;

    public Refusal Refusal => CsvRefusals.RowsInvalid with { Errors = _errors.Take(MostTold).ToDictionary(e => e.Key, e => e.Value.ToArray()) };

    /// <param name="column">Null: the whole row.</param>
    public void Add(CsvRow row, string? column, string message)
    {
        var key = column is null ? $"lines[{row.Line}]" : $"lines[{row.Line}].{column}";
        if (!_errors.TryGetValue(key, out var messages)) _errors[key] = messages = [];
        if (!messages.Contains(message)) messages.Add(message);
    }

    /// <summary>What a use case said to a row.</summary>
    public void Add(CsvRow row, Refusal refusal)
    {
        if (refusal.Errors.Count == 0) Add(row, null, refusal.Title);
        foreach (var (field, messages) in refusal.Errors)
            foreach (var message in messages) Add(row, ColumnOf(field), message);
    }

    /// <summary>Judges what a row was read into by the same attributes as a request.</summary>
    public bool Holds(CsvRow row, object request)
    {
        var found = new List<ValidationResult>();
        if (Validator.TryValidateObject(request, new ValidationContext(request), found, validateAllProperties: true)) return true;
        foreach (var fault in found) Add(row, ColumnOf(JsonNamingPolicy.CamelCase.ConvertName(fault.MemberNames.FirstOrDefault() ?? "")), Validation.Translate(fault.ErrorMessage ?? ""));
        return false;
    }

    private string? ColumnOf(string field) => columns.GetValueOrDefault(field.Split('.')[^1]);
}

/// <summary>What an import did, or with <c>validateOnly=true</c> would do.</summary>
/// <param name="ValidateOnly">True: nothing was changed.</param>
/// <param name="Unchanged">Rows that say what stands already: nothing was written for them.</param>
public sealed record CsvImported(bool ValidateOnly, int Added, int Changed, int Unchanged);

/// <summary>Counts while rows are carried out.</summary>
public sealed class CsvTally
{
    public int Added { get; set; }
    public int Changed { get; set; }
    public int Unchanged { get; set; }

    public CsvImported Told(bool? validateOnly) => new(validateOnly == true, Added, Changed, Unchanged);
}
