using System.Globalization;
using System.Text;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Api.Http.Csv;

/// <summary>CSV as it leaves: UTF-8 with a byte order mark, which is how a Chinese Windows knows that it is UTF-8.</summary>
public static class CsvFile
{
    public const string ContentType = "text/csv";

    /// <param name="name">File name, ASCII.</param>
    public static IResult Write(HttpContext http, string name, IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string?>> rows)
    {
        http.Response.Headers.CacheControl = "no-store";
        var text = CsvText.Write(rows.Prepend(header));
        return Results.File([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)], $"{ContentType}; charset=utf-8", name);
    }
}

/// <summary>How values stand in a cell, and how they are read out of one.</summary>
public static class CsvCells
{
    public const string Yes = "是";
    public const string No = "否";

    private const string InstantForm = "yyyy-MM-dd HH:mm";

    /// <summary>Forms of an instant in China that people and spreadsheets write.</summary>
    private static readonly string[] Instants = [InstantForm, "yyyy-MM-dd HH:mm:ss", "yyyy/M/d H:mm", "yyyy/M/d H:mm:ss", "yyyy-M-d H:mm"];
    private static readonly string[] Days = ["yyyy-MM-dd", "yyyy/M/d", "yyyy-M-d", "yyyy年M月d日"];

    public static string Of(DateTimeOffset instant) => instant.InChina().ToString(InstantForm, CultureInfo.InvariantCulture);

    public static string Of(DateOnly day) => day.ToString(Days[0], CultureInfo.InvariantCulture);

    public static string Of(bool yes) => yes ? Yes : No;

    public static string Of(int number) => number.ToString(CultureInfo.InvariantCulture);

    public static string? Of(double? number) => number?.ToString("0.######", CultureInfo.InvariantCulture);

    public static bool Read(string cell, out DateTimeOffset instant)
    {
        var read = DateTime.TryParseExact(cell, Instants, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local);
        instant = read ? new DateTimeOffset(local, ChinaTime.Offset) : default;
        return read;
    }

    public static bool Read(string cell, out DateOnly day) => DateOnly.TryParseExact(cell, Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    /// <summary>Yes, no, or empty, which is no.</summary>
    public static bool Read(string cell, out bool yes)
    {
        yes = cell == Yes;
        return cell is Yes or No or "";
    }

    public static bool Read(string cell, out int? number)
    {
        var read = int.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out var n);
        number = read ? n : null;
        return read || cell.Length == 0;
    }

    public static bool Read(string cell, out double? number)
    {
        var read = double.TryParse(cell, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var n);
        number = read ? n : null;
        return read || cell.Length == 0;
    }

    /// <summary>A word of a closed list, by its Chinese label.</summary>
    public static bool Read<T>(string cell, Func<T, string> label, out T? word)
        where T : struct, Enum
    {
        word = null;
        foreach (var value in Enum.GetValues<T>())
            if (label(value) == cell) word = value;
        return word is not null || cell.Length == 0;
    }
}
