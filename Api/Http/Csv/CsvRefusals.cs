using MicroPlatform.Domain.Common;

namespace MicroPlatform.Api.Http.Csv;

public static class CsvRefusals
{
    /// <summary>A spreadsheet's plain "CSV" is GBK on a Chinese Windows.</summary>
    public static readonly Refusal NotUtf8 = new("csv_not_utf8", "文件不是UTF-8编码，请在表格软件中另存为“CSV UTF-8”", RefusalKind.Invalid);

    /// <summary>A quote is not closed, or stands where none may stand; <c>errors</c> has the line.</summary>
    public static readonly Refusal Malformed = new("csv_malformed", "文件格式有误，请检查引号", RefusalKind.Invalid);

    /// <summary>The first line is not the header that an export has; <c>errors</c> names the columns.</summary>
    public static readonly Refusal Columns = new("csv_columns", "表头不正确，请先导出再在导出的文件上修改", RefusalKind.Invalid);

    public static readonly Refusal TooManyRows = new("csv_too_many_rows", "行数过多，请分批导入", RefusalKind.Invalid);

    /// <summary>Nothing was written; <c>errors</c> has every fault by line, as <c>lines[3].用户名</c>.</summary>
    public static readonly Refusal RowsInvalid = new("csv_rows_invalid", "部分行有误，未导入任何内容", RefusalKind.Unprocessable);
}
