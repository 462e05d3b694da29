using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Csv;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Registry;

/// <summary>
/// Duty rosters as a file: export, write on, import. Shifts that are not there yet are added, by the rules of the single route; none is removed. Clerks and heads within their units,
/// administrators everywhere.
/// </summary>
public static class DutyCsv
{
    private const string UserNameColumn = "用户名";
    private const string NameColumn = "姓名";
    private const string UnitColumn = "单位";
    private const string StartColumn = "开始";
    private const string EndColumn = "结束";

    /// <summary>Shifts of a file; more are asked for by shorter spans.</summary>
    private const int MostExported = CsvSheet.MaxRows;

    private static readonly CsvColumns Columns = new([UserNameColumn, UnitColumn, StartColumn, EndColumn], [NameColumn]);

    private static readonly Dictionary<string, string> Fields = new() { ["staffId"] = UserNameColumn, ["organisationId"] = UnitColumn, ["startsAt"] = StartColumn, ["endsAt"] = EndColumn };

    /// <summary>What is not over, of the next 31 days unless another span is asked for.</summary>
    public static async Task<IResult> ExportAsync(
        DateTimeOffset? from, DateTimeOffset? until, CurrentUser user, HttpContext http, DutyQueries duty, RegistryQueries registry, Database database, TimeProvider time)
    {
        if (from is { Year: > 9000 } || until is { Year: > 9000 }) return CommonRefusals.Invalid.At("from", "日期不正确").ToResult();
        var begin = from ?? time.GetUtcNow();
        var paths = user.Is(Role.Administrator) ? null : (await registry.ScopeAsync(user.Id, http.RequestAborted)).DirectedPaths;
        var units = await UnitNames.ReadAsync(database, http.RequestAborted);
        var shifts = await duty.BelowAsync(paths, begin, until ?? begin.AddDays(31), MostExported, http.RequestAborted);
        return CsvFile.Write(http, "duty.csv", Columns.All, shifts.Select(s => (IReadOnlyList<string?>)
            [s.StaffUsername, units.Word(s.OrganisationId), CsvCells.Of(s.StartsAt), CsvCells.Of(s.EndsAt), s.StaffName]));
    }

    public static async Task<IResult> ImportAsync(bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, StaffAccountRepository accounts, RosterRepository rosters)
    {
        var sheet = await CsvSheet.ReadAsync(http, Columns);
        if (sheet.IsRefused) return sheet.Refusal!.ToResult();
        return await runs.RunAsync<CsvImported>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            var (errors, tally) = (new CsvErrors(Fields), new CsvTally());
            var (units, scope, anywhere) = (await UnitNames.ReadAsync(tx), await RegistryQueries.ScopeAsync(tx, user.Id), user.Is(Role.Administrator));
            foreach (var row in sheet.Value.Rows)
            {
                var found = units.Find(row[UnitColumn], message => errors.Add(row, UnitColumn, message));
                var person = UserName.TryParse(row[UserNameColumn], out var name) ? await accounts.FindByUserNameAsync(tx, name) : null;
                if (person is null) errors.Add(row, UserNameColumn, "没有这个用户名");
                else if (row[NameColumn].Length > 0 && row[NameColumn] != person.Name) errors.Add(row, NameColumn, $"该用户名属于{person.Name}");
                var (begins, ends) = (CsvCells.Read(row[StartColumn], out DateTimeOffset start), CsvCells.Read(row[EndColumn], out DateTimeOffset end));
                if (!begins) errors.Add(row, StartColumn, "应为时间，如2026-12-01 09:00");
                if (!ends) errors.Add(row, EndColumn, "应为时间，如2026-12-01 12:00");
                if (found is null || person is null || !begins || !ends) continue;
                var unit = (await RegistryQueries.UnitAsync(tx, found))!;
                if (!anywhere && !scope.Directs(unit.Path)) errors.Add(row, UnitColumn, "不是您管理的单位");
                else if (await DutyQueries.HasAsync(tx, person.Id, unit.Id, start, end)) tally.Unchanged++;
                else if (await AddShift.CarryOutAsync(tx, user.Actor, person.Id, unit, start, end, rosters) is { IsRefused: true } added) errors.Add(row, added.Refusal!);
                else tally.Added++;
            }
            if (errors.Any) return errors.Refusal;
            await tx.AuditAsync(user.Actor, "duty.import", "duty", "csv", $"{tally.Added} added");
            return tally.Told(validateOnly);
        });
    }
}
