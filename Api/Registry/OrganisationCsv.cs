using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Csv;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Registry;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Registry;

/// <summary>
/// The tree of units as a file: export, mend, import. A row with a number changes and moves that unit, one without adds it under the parent named, which may be a row above. Rows
/// that are left out stay as they are; units are closed by their own route.
/// </summary>
public static class OrganisationCsv
{
    private const string IdColumn = "机构编号";
    private const string ParentColumn = "上级机构";
    private const string KindColumn = "机构类型";
    private const string NameColumn = "名称";
    private const string RegionColumn = "行政区划";
    private const string PhoneColumn = "电话";
    private const string AddressColumn = "地址";
    private const string LatitudeColumn = "纬度";
    private const string LongitudeColumn = "经度";
    private const string HoursColumn = "开放时间";
    private const string PointColumn = "服务点";
    private const string AreaColumn = "城乡";
    private const string TakesColumn = "受理留言";
    private const string StateColumn = "状态";
    private const string VersionColumn = "版本";

    private static readonly CsvColumns Columns = new(
        [IdColumn, ParentColumn, KindColumn, NameColumn, RegionColumn, PhoneColumn, AddressColumn, LatitudeColumn, LongitudeColumn, HoursColumn, PointColumn, AreaColumn, TakesColumn],
        [StateColumn, VersionColumn]);

    private static readonly Dictionary<string, string> Fields = new()
    {
        ["parentId"] = ParentColumn, ["kind"] = KindColumn, ["name"] = NameColumn, ["regionCode"] = RegionColumn, ["phone"] = PhoneColumn, ["address"] = AddressColumn,
        ["latitude"] = LatitudeColumn, ["longitude"] = LongitudeColumn, ["openingHours"] = HoursColumn, ["areaKind"] = AreaColumn,
    };

    public static async Task<IResult> ExportAsync(HttpContext http, OrganisationQueries organisations, Database database)
    {
        var units = await UnitNames.ReadAsync(database, http.RequestAborted);
        var rows = new List<OrganisationRow>();
        while (true)
        {
            var page = await organisations.ListAsync(new OrganisationFilter(null, null, null, null), rows.Count == 0 ? null : rows[^1].Id, Paging.MaxLimit, http.RequestAborted);
            rows.AddRange(page);
            if (page.Count < Paging.MaxLimit) break;
        }
        return CsvFile.Write(http, "organisations.csv", Columns.All, rows.Select(r => Cells(r, units)));
    }

    public static async Task<IResult> ImportAsync(bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, AvailabilityProjection availability)
    {
        var sheet = await CsvSheet.ReadAsync(http, Columns);
        if (sheet.IsRefused) return sheet.Refusal!.ToResult();
        return await runs.RunAsync<CsvImported>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            await OrganisationRepository.LockTreeAsync(tx);
            var units = await UnitNames.ReadAsync(tx);
            var (errors, tally) = (new CsvErrors(Fields), new CsvTally());
            foreach (var row in sheet.Value.Rows)
            {
                if (Read(row, errors) is not { } facts) continue;
                string? parent = null;
                if (row[ParentColumn].Length > 0 && (parent = units.Find(row[ParentColumn], message => errors.Add(row, ParentColumn, message))) is null) continue;
                // The same file twice is one unit: a row without a number means the unit of this name under this parent, where there is one.
                var id = row[IdColumn].Length > 0 ? row[IdColumn] : await OrganisationQueries.IdOfAsync(tx, facts.Name!, parent);
                if (id is null)
                {
                    var added = await WriteOrganisation.CarryOutAddAsync(tx, user.Actor, parent, facts, "");
                    if (added.IsRefused) errors.Add(row, added.Refusal!);
                    else
                    {
                        units.Add(added.Value, facts.Name!.Trim());
                        tally.Added++;
                    }
                    continue;
                }
                var changed = await ChangeAsync(tx, user, id, row, facts, parent, units, availability);
                if (changed.IsRefused) errors.Add(row, changed.Refusal!);
                else if (changed.Value) tally.Changed++;
                else tally.Unchanged++;
            }
            if (errors.Any) return errors.Refusal;
            await tx.AuditAsync(user.Actor, "organisations.import", "organisation", "csv", $"{tally.Added} added, {tally.Changed} changed");
            return tally.Told(validateOnly);
        });
    }

    private static async Task<Outcome<bool>> ChangeAsync(
        UnitOfWork tx, CurrentUser user, string id, CsvRow row, WriteOrganisation.Facts facts, string? parent, UnitNames units, AvailabilityProjection availability)
    {
        if (!Id.IsWellFormed(id) || await OrganisationQueries.TryFindAsync(tx, id) is not { } now) return CommonRefusals.NotFound;
        if (row[VersionColumn].Length > 0 && row[VersionColumn] != CsvCells.Of(now.Version)) return CommonRefusals.VersionMismatch;
        if (row[StateColumn].Length > 0 && row[StateColumn] != State(now)) return CommonRefusals.Invalid with { Title = "导入不启用或停用机构，请使用机构管理中的操作" };
        var cells = Cells(now, units);
        var differs = Columns.Needed.Index().Skip(1).Where(c => row[c.Item] != (cells[c.Index] ?? "")).Select(c => c.Item).ToList();
        if (differs.Count == 0) return false;
        var version = now.Version;
        if (differs.Remove(ParentColumn) && now.ParentId != parent)
        {
            var moved = await MoveOrganisation.CarryOutAsync(tx, user.Actor, now.Id, version++, parent, availability);
            if (moved.IsRefused) return moved.Refusal!;
        }
        if (differs.Count == 0) return true;
        var edited = await WriteOrganisation.CarryOutEditAsync(tx, user.Actor, now.Id, version, facts);
        if (edited.IsRefused) return edited.Refusal!;
        units.Add(now.Id, facts.Name!.Trim());
        return true;
    }

    private static WriteOrganisation.Facts? Read(CsvRow row, CsvErrors errors)
    {
        var faults = 0;
        void Unless(bool right, string column, string message)
        {
            if (right) return;
            errors.Add(row, column, message);
            faults++;
        }

        Unless(CsvCells.Read<OrganisationKind>(row[KindColumn], OrganisationKinds.Label, out var kind), KindColumn, "没有这种机构类型");
        Unless(CsvCells.Read(row[LatitudeColumn], out double? latitude), LatitudeColumn, "应为度数，如33.87");
        Unless(CsvCells.Read(row[LongitudeColumn], out double? longitude), LongitudeColumn, "应为度数，如115.78");
        Unless(CsvCells.Read(row[PointColumn], out bool point), PointColumn, "应为“是”或“否”");
        Unless(CsvCells.Read<AreaKind>(row[AreaColumn], OrganisationKinds.Label, out var area), AreaColumn, "应为“城市”或“农村”");
        Unless(CsvCells.Read(row[TakesColumn], out bool takes), TakesColumn, "应为“是”或“否”");
        var facts = new WriteOrganisation.Facts(
            kind, row[NameColumn], row[RegionColumn], Given(row[PhoneColumn]), Given(row[AddressColumn]), latitude, longitude, Given(row[HoursColumn]), point, area, takes);
        return faults == 0 && errors.Holds(row, facts) ? facts : null;
    }

    private static string? Given(string cell) => cell.Length == 0 ? null : cell;

    private static string State(OrganisationRow o) => o.Active ? "启用" : "停用";

    private static IReadOnlyList<string?> Cells(OrganisationRow o, UnitNames units) =>
    [
        o.Id, o.ParentId is null ? "" : units.Word(o.ParentId), OrganisationKinds.Parse(o.Kind).Label(), o.Name, o.RegionCode, o.Phone, o.Address, CsvCells.Of(o.Latitude / 1e6),
        CsvCells.Of(o.Longitude / 1e6), o.OpeningHours, CsvCells.Of(o.IsServicePoint), o.AreaKind?.Label(), CsvCells.Of(o.TakesConsultations), State(o), CsvCells.Of(o.Version),
    ];
}
