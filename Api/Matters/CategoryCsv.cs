using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Csv;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Matters;

/// <summary>The table of categories as a file: export, mend, import. Codes that are not there yet are added; rows that are left out stay as they are; categories are switched off by their own route.</summary>
public static class CategoryCsv
{
    private const string CodeColumn = "代码";
    private const string NameColumn = "名称";
    private const string AidColumn = "法律援助事项";
    private const string ExemptColumn = "免经济审查";
    private const string MediableColumn = "可调解";
    private const string ConfirmableColumn = "可司法确认";
    private const string ExternalColumn = "外部代码";
    private const string StateColumn = "状态";
    private const string VersionColumn = "版本";

    private static readonly CsvColumns Columns = new([CodeColumn, NameColumn, AidColumn, ExemptColumn, MediableColumn, ConfirmableColumn, ExternalColumn], [StateColumn, VersionColumn]);

    private static readonly Dictionary<string, string> Fields = new()
    {
        ["code"] = CodeColumn, ["name"] = NameColumn, ["legalAidItem"] = AidColumn, ["externalCode"] = ExternalColumn,
    };

    public static async Task<IResult> ExportAsync(HttpContext http, CategoryRepository categories) =>
        CsvFile.Write(http, "categories.csv", Columns.All, (await categories.ListAsync(http.RequestAborted)).Select(Cells));

    public static async Task<IResult> ImportAsync(bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, CategoryRepository categories)
    {
        var sheet = await CsvSheet.ReadAsync(http, Columns);
        if (sheet.IsRefused) return sheet.Refusal!.ToResult();
        return await runs.RunAsync<CsvImported>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            var (errors, tally, seen) = (new CsvErrors(Fields), new CsvTally(), new HashSet<string>());
            foreach (var row in sheet.Value.Rows)
            {
                if (Read(row, errors) is not { } wanted) continue;
                if (!seen.Add(wanted.Code!))
                {
                    errors.Add(row, CodeColumn, "代码在文件中重复");
                    continue;
                }
                var now = await categories.FindAsync(tx, wanted.Code!);
                if (now is not null && Columns.Needed.Zip(Cells(now)).All(c => row[c.First] == (c.Second ?? "")) && StateHolds(row, now))
                {
                    tally.Unchanged++;
                    continue;
                }
                var done = await CarryOutAsync(tx, user, row, wanted, now, categories);
                if (done.IsRefused) errors.Add(row, done.Refusal!);
                else if (now is null) tally.Added++;
                else tally.Changed++;
            }
            if (errors.Any) return errors.Refusal;
            await tx.AuditAsync(user.Actor, "categories.import", "category", "csv", $"{tally.Added} added, {tally.Changed} changed");
            return tally.Told(validateOnly);
        });
    }

    private static async Task<Outcome<CategoryView>> CarryOutAsync(UnitOfWork tx, CurrentUser user, CsvRow row, WriteCategory.AddRequest wanted, Category? now, CategoryRepository categories)
    {
        if (now is null) return await WriteCategory.CarryOutAddAsync(tx, user.Actor, wanted, categories);
        if (row[VersionColumn].Length > 0 && row[VersionColumn] != CsvCells.Of(now.Version)) return CommonRefusals.VersionMismatch;
        if (!StateHolds(row, now)) return CommonRefusals.Invalid with { Title = "导入不启用或停用类别，请使用类别管理中的操作" };
        return await WriteCategory.CarryOutEditAsync(
            tx, user.Actor, now.Code, now.Version,
            new WriteCategory.Request(wanted.Name, wanted.LegalAidItem, wanted.HardshipExempt, wanted.Mediable, wanted.Confirmable, wanted.ExternalCode), categories);
    }

    private static WriteCategory.AddRequest? Read(CsvRow row, CsvErrors errors)
    {
        var faults = 0;
        void Unless(bool right, string column, string message)
        {
            if (right) return;
            errors.Add(row, column, message);
            faults++;
        }

        Unless(CsvCells.Read(row[AidColumn], out int? item), AidColumn, "应为1到9，或不填");
        Unless(CsvCells.Read(row[ExemptColumn], out bool exempt), ExemptColumn, "应为“是”或“否”");
        Unless(CsvCells.Read(row[MediableColumn], out bool mediable), MediableColumn, "应为“是”或“否”");
        Unless(CsvCells.Read(row[ConfirmableColumn], out bool confirmable), ConfirmableColumn, "应为“是”或“否”");
        var wanted = new WriteCategory.AddRequest(
            row[CodeColumn], row[NameColumn], item, exempt, mediable, confirmable, row[ExternalColumn].Length == 0 ? null : row[ExternalColumn]);
        return errors.Holds(row, wanted) && faults == 0 ? wanted : null;
    }

    private static bool StateHolds(CsvRow row, Category c) => row[StateColumn].Length == 0 || row[StateColumn] == State(c);

    private static string State(Category c) => c.Active ? "启用" : "停用";

    private static IReadOnlyList<string?> Cells(Category c) =>
    [
        c.Code, c.Name, c.LegalAidItem is { } item ? CsvCells.Of(item) : "", CsvCells.Of(c.HardshipExempt), CsvCells.Of(c.Mediable), CsvCells.Of(c.Confirmable), c.ExternalCode, State(c),
        CsvCells.Of(c.Version),
    ];
}
