using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Csv;
using MicroPlatform.Api.Http.Limits;
using MicroPlatform.Api.Identity;

namespace MicroPlatform.Api.Registry;

/// <summary>值班: who is on duty for which unit, when.</summary>
public static class DutyEndpoints
{
    public static void MapDuty(this IEndpointRouteBuilder routes)
    {
        var shifts = routes.MapGroup("/v1/staff/duty-shifts").For(Audience.Staff, "值班").RequireAuthorization(Policies.Dispatcher);
        shifts.MapGet("", ListShifts.Handle).Does("listDutyShifts", "单位的班次").Answers<Page<ShiftView>>().Refuses(400, 404);
        shifts.MapPost("", AddShift.Handle).Does("addDutyShift", "排班").Creates<ShiftView>().Refuses(400, 404, 409, 422);
        shifts.MapDelete("/{id}", RemoveShift.Handle).Does("removeDutyShift", "取消班次").Answers<ShiftView>().Refuses(404, 409);

        var files = routes.MapGroup("/v1/staff/duty-shifts/csv").For([Audience.Staff, Audience.Admin], "值班").RequireAuthorization(Policies.Overseer);
        files.MapGet("", DutyCsv.ExportAsync).Does("exportDutyShifts", "导出值班表（CSV）").AnswersCsv().Refuses(400);
        files.MapPost("", DutyCsv.ImportAsync).TakesCsv().MayTake(TimeSpan.FromMinutes(1)).Does("importDutyShifts", "导入值班表（CSV，全部成功或全部不导入）").Answers<CsvImported>().Refuses(400, 413, 415, 422);

        var staff = routes.MapGroup("/v1/staff").For(Audience.Staff, "值班").RequireAuthorization(Policies.Handler);
        staff.MapGet("/on-duty", ListOnDuty.Handle).Does("listOnDuty", "当前值班人员").Answers<ListOnDuty.Response>().Refuses(400, 404);
        staff.MapPost("/me/off-duty", GoOffDuty.Handle).Does("goOffDuty", "提前结束当前值班").Answers<ShiftView>().Refuses(409);
    }
}
